# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face encoder as a node uses it: pictures and weights in, encodings at ticks out."""

import itertools

from affect_encoders.encoder import CATEGORIES
from affect_encoders.facial_expression import actions
from affect_encoders.facial_expression import FacialExpressionEncoder
from affect_encoders.facial_expression.encoder import PICTURES
from affect_encoders.facial_expression.face_finder import FaceFinder
from affect_encoders.facial_expression.face_finder import NEAR_LOOKS
from affect_encoders.facial_expression.features import standardise
from affect_encoders.facial_expression.features import to_grey
from affect_encoders.facial_expression.looks import HALF_LIFE_S
from affect_encoders.facial_expression.model import FaceNetwork
from affect_encoders.facial_expression.model import FastFaceNetwork
import cv2
import numpy as np
import pytest
import torch

EVERYTHING = np.ones(actions.SHAPES, dtype=bool)


@pytest.fixture(scope='module', autouse=True)
def one_thread():
    threads, cv_threads = torch.get_num_threads(), cv2.getNumThreads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    yield
    torch.set_num_threads(threads)
    cv2.setNumThreads(cv_threads)


@pytest.fixture
def encoder():
    return FacialExpressionEncoder()


def drawn_face(mouth: int = 0, px: int = 48, skin: int = 180) -> np.ndarray:
    """Return a face drawn on grey, uint8 [px, px]; ``mouth`` > 0 smiles, < 0 frowns."""
    canvas = np.full((240, 240), 60, np.uint8)
    cv2.ellipse(canvas, (120, 125), (88, 115), 0, 0, 360, skin, -1)
    cv2.ellipse(canvas, (120, 20), (95, 50), 0, 0, 360, 30, -1)
    for x in (82, 158):
        cv2.ellipse(canvas, (x, 95), (20, 9), 0, 0, 360, skin // 2, -1)
        cv2.circle(canvas, (x, 95), 7, 20, -1)
        cv2.ellipse(canvas, (x, 74), (24, 6), 0, 180, 360, 50, 4)
    cv2.line(canvas, (120, 100), (112, 145), skin - 50, 4)
    cv2.ellipse(canvas, (120, 148), (16, 6), 0, 0, 180, skin - 60, 4)
    if mouth >= 0:
        cv2.ellipse(canvas, (120, 175), (40, 6 + 4 * mouth), 0, 0, 180, 60, 5)
    else:
        cv2.ellipse(canvas, (120, 195), (40, 6 - 4 * mouth), 0, 180, 360, 60, 5)
    canvas = cv2.GaussianBlur(canvas, (0, 0), 3.0)
    return cv2.resize(canvas, (px, px), interpolation=cv2.INTER_AREA)


def look(encoder, image, stamp_s=10.0, delay_s=0.05):
    encoder.reset()
    encoder.push_image(image, stamp_s)
    return encoder.encode(stamp_s + delay_s)


def smile(strength=0.8):
    values = np.zeros(actions.SHAPES)
    values[[23, 24, 47, 48]] = strength
    return values


def feature(encoder, encoding, name):
    return float(encoding.features[list(encoder.info.feature_names).index(name)])


def test_nothing_seen_is_no_evidence(encoder):
    encoding = encoder.encode(1.0)
    assert encoding.quality == 0.0
    assert encoding.reason == 'no face image and no face weights'
    assert np.isnan(encoding.embedding).all()
    assert np.isnan(encoding.estimate.probabilities).all()


def test_a_face_crop_gives_an_estimate_without_calm(encoder):
    encoding = look(encoder, drawn_face())
    assert encoding.quality > 0.3
    known = [name for name, p in zip(CATEGORIES, encoding.estimate.probabilities, strict=True)
             if np.isfinite(p)]
    assert known == [name for name in CATEGORIES if name != 'calm']
    assert np.nansum(encoding.estimate.probabilities) == pytest.approx(1.0, abs=1e-5)
    assert len(encoding.embedding) == encoder.info.embedding_dimension
    assert np.isfinite(encoding.embedding).all()
    assert encoding.window_start_s == encoding.evidence_end_s == 10.0


def test_features_match_their_description(encoder):
    encoding = look(encoder, drawn_face())
    assert len(encoding.features) == len(encoder.info.features)
    for value, spec in zip(encoding.features, encoder.info.features, strict=True):
        assert np.isnan(value) or spec.low - 1e-6 <= value <= spec.high + 1e-6, spec.name
    # No weights came: their features are unknown, not zero.
    assert np.isnan(feature(encoder, encoding, 'AU12'))


def test_brightness_and_contrast_of_the_picture_do_not_change_the_emotion(encoder):
    face = drawn_face().astype(np.float64)
    plain = look(encoder, face.astype(np.uint8))
    brighter = look(encoder, np.rint(face * 0.6 + 90.0).astype(np.uint8))
    np.testing.assert_allclose(
        plain.estimate.probabilities, brighter.estimate.probabilities, atol=0.02)
    assert feature(encoder, brighter, 'brightness') > feature(encoder, plain, 'brightness')
    assert feature(encoder, brighter, 'contrast') < feature(encoder, plain, 'contrast')


def test_the_mirror_image_shows_the_same_emotion(encoder):
    face = drawn_face()
    face[:, 30:] = np.maximum(face[:, 30:], 90)
    plain, mirrored = look(encoder, face), look(encoder, np.ascontiguousarray(face[:, ::-1]))
    np.testing.assert_allclose(
        plain.estimate.probabilities, mirrored.estimate.probabilities, atol=1e-4)


def test_a_half_lit_face_is_less_symmetric(encoder):
    face = drawn_face()
    shaded = face.copy()
    shaded[:, :24] //= 2
    name = 'picture_asymmetry'
    assert feature(encoder, look(encoder, shaded), name) > feature(
        encoder, look(encoder, face), name) + 0.1


def test_blur_lowers_sharpness_and_quality(encoder):
    sharp = look(encoder, drawn_face())
    soft = look(encoder, cv2.GaussianBlur(drawn_face(), (0, 0), 1.0))
    assert feature(encoder, soft, 'sharpness') < feature(encoder, sharp, 'sharpness')
    assert soft.quality < 0.7 * sharp.quality


@pytest.mark.parametrize('picture', [
    np.full((48, 48), 128, np.uint8),
    np.zeros((48, 48), np.uint8),
    np.full((48, 48), 255, np.uint8),
    np.random.default_rng(0).integers(0, 256, (48, 48), dtype=np.uint8),
    np.ascontiguousarray(drawn_face()[::-1]),
    (drawn_face() // 25).astype(np.uint8),
    np.where(drawn_face() > 100, 255, 0).astype(np.uint8),
], ids=['blank', 'black', 'white', 'noise', 'upside down', 'dark', 'saturated'])
def test_what_is_no_usable_face_has_low_quality_and_a_reason(encoder, picture):
    encoding = look(encoder, picture)
    assert encoding.quality < 0.5 * look(encoder, drawn_face()).quality
    assert encoding.quality < 0.3
    assert look(encoder, picture).reason


def test_colour_and_size_of_a_crop_do_not_matter_much(encoder):
    grey = look(encoder, drawn_face())
    colour = look(encoder, cv2.cvtColor(drawn_face(), cv2.COLOR_GRAY2BGR))
    np.testing.assert_allclose(
        grey.estimate.probabilities, colour.estimate.probabilities, atol=1e-3)
    larger = look(encoder, drawn_face(px=96))
    assert np.nanargmax(larger.estimate.probabilities) == np.nanargmax(
        grey.estimate.probabilities)


def test_a_large_picture_without_a_face_says_so(encoder):
    encoding = look(encoder, np.full((240, 320), 90, np.uint8))
    assert encoding.quality == 0.0
    assert encoding.reason == 'no face'


def test_a_face_in_a_large_picture_is_found_and_its_share_told(encoder):
    picture = np.full((240, 320), 100, np.uint8)
    picture[60:180, 100:220] = drawn_face(px=120)
    if encoder._find_face(picture) is None:
        pytest.fail('the drawn face must be one that the cascade finds')
    encoding = look(encoder, picture)
    assert 0.02 < feature(encoder, encoding, 'face_share') < 0.4
    assert feature(encoder, look(encoder, drawn_face()), 'face_share') == 1.0


def placed(column, row, size=120):
    picture = np.full((240, 320), 100, np.uint8)
    picture[row:row + size, column:column + size] = drawn_face(px=size)
    return picture


def test_a_face_that_moves_is_followed_and_one_that_jumps_is_found():
    finder = FaceFinder(lambda crops: np.ones(len(crops)))
    assert finder(placed(40, 60)) is not None
    for column, row in ((46, 62), (52, 64), (180, 40)):
        assert finder(placed(column, row)) is not None
        left, top, side = finder._before
        assert abs(left + side / 2 - (column + 60)) < 20
        assert abs(top + side / 2 - (row + 60)) < 20


def test_a_followed_face_does_not_hide_a_larger_one_for_long():
    finder = FaceFinder(lambda crops: np.ones(len(crops)))
    picture = placed(15, 20, 105)
    small = finder(picture).face_share
    picture[60:230, 140:310] = drawn_face(px=170)
    shares = [finder(picture).face_share for _ in range(NEAR_LOOKS + 2)]
    assert shares[-1] > 1.5 * small


def test_a_lost_face_is_held_with_falling_quality_and_told(encoder):
    encoder.push_image(drawn_face(), 10.0)
    first = encoder.encode(10.05)
    encoder.push_image(np.full((240, 320), 90, np.uint8), 10.1)
    second = encoder.encode(10.15)
    assert 0.0 < second.quality < first.quality
    assert second.reason == 'no face'
    assert second.evidence_end_s == 10.0


def test_quality_halves_per_half_life_of_the_picture(encoder):
    encoder.push_image(drawn_face(), 10.0)
    first, later = encoder.encode(10.1), encoder.encode(10.1 + HALF_LIFE_S)
    assert later.quality == pytest.approx(first.quality / 2.0, rel=1e-6)
    np.testing.assert_array_equal(first.embedding, later.embedding)
    assert encoder.encode(20.0).quality == 0.0


def test_pictures_after_the_tick_change_nothing():
    one, two = FacialExpressionEncoder(), FacialExpressionEncoder()
    for encoder in (one, two):
        encoder.push_image(drawn_face(), 10.0)
    two.push_image(drawn_face(mouth=-4), 10.2)
    a, b = one.encode(10.1), two.encode(10.1)
    np.testing.assert_array_equal(a.embedding, b.embedding)
    assert a.evidence_end_s == b.evidence_end_s == 10.0
    assert two.encode(10.3).evidence_end_s == 10.2


def test_only_the_newest_picture_of_a_tick_is_judged(encoder, monkeypatch):
    calls = []
    judge = encoder._model.__class__.__call__
    monkeypatch.setattr(encoder._model.__class__, '__call__',
                        lambda self, crops: calls.append(len(crops)) or judge(self, crops))
    for k in range(30):
        encoder.push_image(drawn_face(), 10.0 + k / 30.0)
    encoder.encode(10.5)
    encoder.encode(11.0)
    encoder.encode(11.1)
    assert calls == [1, 1]


def test_looks_at_pictures_keep_the_distance_that_is_asked_for():
    encoder = FacialExpressionEncoder(least_look_s=0.15)
    seen = []
    for k in range(1, 61):
        encoder.push_image(drawn_face(), 10.0 + k / 30.0)
        if k % 3 == 0:
            seen.append(encoder.encode(10.0 + k / 30.0).evidence_end_s - 10.0)
    # Every second tick shows the newest picture, the one between holds it.
    np.testing.assert_allclose(seen[0::2], np.arange(0.1, 2.0, 0.2), atol=1e-6)
    np.testing.assert_allclose(seen[1::2], seen[0::2])


def test_the_answer_is_smoothed_over_the_last_looks(encoder):
    a, b = drawn_face(mouth=5), drawn_face(mouth=-5)
    alone_a = look(encoder, a).estimate.valence
    alone_b = look(encoder, b).estimate.valence
    encoder.reset()
    encoder.push_image(a, 10.0)
    encoder.encode(10.05)
    encoder.push_image(b, 10.1)
    both = encoder.encode(10.15).estimate.valence
    assert min(alone_a, alone_b) - 1e-6 <= both <= max(alone_a, alone_b) + 1e-6
    for k in range(2, 30):
        encoder.push_image(b, 10.0 + k / 10.0)
        settled = encoder.encode(10.05 + k / 10.0)
    assert settled.estimate.valence == pytest.approx(alone_b, abs=1e-3)


def test_a_changing_face_has_more_change_than_a_still_one(encoder):
    for k in range(5):
        encoder.push_image(drawn_face(), 10.0 + k / 10.0)
        still = encoder.encode(10.05 + k / 10.0)
    encoder.push_image(drawn_face(mouth=6), 10.5)
    moved = encoder.encode(10.55)
    assert feature(encoder, still, 'picture_change') == pytest.approx(0.0, abs=1e-6)
    assert feature(encoder, moved, 'picture_change') > 0.1


def test_reset_forgets(encoder):
    look(encoder, drawn_face())
    encoder.reset()
    assert encoder.encode(10.1).quality == 0.0
    encoder.push_image(drawn_face(), 5.0)
    assert encoder.encode(5.05).quality > 0.0


def test_old_and_repeated_pictures_are_dropped_and_counted(encoder):
    encoder.push_image(drawn_face(), 10.0)
    encoder.push_image(drawn_face(), 10.0)
    encoder.push_image(drawn_face(), 9.0)
    assert encoder.dropped_inputs == 2


def test_one_stamp_from_the_future_does_not_blind(encoder):
    encoder.push_image(drawn_face(), 10.0)
    encoder.encode(10.1)
    encoder.push_image(drawn_face(), 3610.0)
    encoder.push_image(drawn_face(), 10.2)
    assert encoder.encode(10.3).evidence_end_s == 10.2


def test_pictures_that_are_never_asked_for_do_not_pile_up(encoder):
    for k in range(400):
        encoder.push_image(drawn_face(), float(k))
    assert encoder.dropped_inputs == 400 - PICTURES


@pytest.mark.parametrize(('image', 'message'), [
    (np.zeros((48, 48), np.float32), 'uint8'),
    (np.zeros((48, 48, 4), np.uint8), 'BGR'),
    (np.zeros((48,), np.uint8), 'need'),
    (np.zeros((0, 48), np.uint8), 'at least'),
    (np.zeros((8, 200), np.uint8), 'at least'),
])
def test_bad_pictures_are_refused_in_words(encoder, image, message):
    with pytest.raises(ValueError, match=message):
        encoder.push_image(image, 1.0)
    with pytest.raises(ValueError, match='not a time'):
        encoder.push_image(drawn_face(), float('nan'))
    assert look(encoder, drawn_face()).quality > 0.0


def test_the_callers_buffer_may_be_used_again(encoder):
    face = drawn_face()
    expected = look(encoder, face.copy()).embedding
    encoder.reset()
    encoder.push_image(face, 10.0)
    face[:] = 0
    np.testing.assert_array_equal(encoder.encode(10.05).embedding, expected)


def test_a_smile_in_weights_makes_happy_likelier_and_fills_the_units(encoder):
    values = []
    for strength in (0.1, 0.5, 1.0):
        encoder.reset()
        encoder.push_weights(smile(strength), EVERYTHING, 1.0, 1.0, 10.0)
        encoding = encoder.encode(10.05)
        values.append((encoding.estimate.probabilities[CATEGORIES.index('happy')],
                       encoding.estimate.valence, feature(encoder, encoding, 'AU12')))
    assert all(np.diff(values, axis=0).ravel() > 0.0)


def test_weights_fill_their_part_of_the_embedding(encoder):
    encoder.push_weights(smile(), EVERYTHING, 1.0, 1.0, 10.0)
    embedding = encoder.encode(10.05).embedding
    np.testing.assert_allclose(embedding[-actions.SHAPES:], smile(), atol=1e-6)
    assert not embedding[:-actions.SHAPES].any()


def test_hidden_shapes_and_low_confidence_lower_the_quality(encoder):
    def quality(observed, upper, lower):
        encoder.reset()
        encoder.push_weights(smile(), observed, upper, lower, 10.0)
        return encoder.encode(10.0)
    full = quality(EVERYTHING, 1.0, 1.0)
    half = EVERYTHING.copy()
    half[:30] = False
    assert full.quality == pytest.approx(1.0)
    assert quality(half, 1.0, 1.0).quality < full.quality
    assert quality(half, 1.0, 1.0).reason == 'few weights observed'
    assert quality(EVERYTHING, 0.2, 0.4).quality == pytest.approx((21 * 0.2 + 31 * 0.4) / 52)
    assert quality(EVERYTHING, 0.2, 0.4).reason == 'low tracking confidence'
    assert quality(EVERYTHING, float('nan'), float('nan')).quality == pytest.approx(1.0)
    assert quality(~EVERYTHING, 1.0, 1.0).quality == 0.0


def test_unobserved_shapes_do_not_reach_the_features(encoder):
    observed = EVERYTHING.copy()
    observed[[23, 24]] = False
    encoder.push_weights(smile(), observed, 1.0, 1.0, 10.0)
    assert np.isnan(feature(encoder, encoder.encode(10.0), 'AU12'))


@pytest.mark.parametrize('count', [0, 51, 53])
def test_a_wrong_number_of_weights_is_refused(encoder, count):
    with pytest.raises(ValueError, match='52'):
        encoder.push_weights(np.zeros(count), np.ones(count, bool), 1.0, 1.0, 0.0)


def test_a_usable_picture_is_gone_by_and_weights_do_not_mix_in(encoder):
    encoder.push_image(drawn_face(), 10.0)
    picture = encoder.encode(10.05)
    encoder.push_weights(smile(), EVERYTHING, 1.0, 1.0, 10.02)
    both = encoder.encode(10.05)
    assert encoder.source == 'picture'
    np.testing.assert_array_equal(both.embedding, picture.embedding)
    np.testing.assert_array_equal(both.estimate.probabilities, picture.estimate.probabilities)
    assert both.quality == picture.quality
    assert (both.window_start_s, both.evidence_end_s) == (10.0, 10.0)
    # Measurements stand each for themselves.
    assert np.isfinite(feature(encoder, both, 'AU12'))
    assert np.isfinite(feature(encoder, both, 'sharpness'))


def test_weights_are_gone_by_where_the_picture_shows_no_usable_face(encoder):
    encoder.push_image(np.ascontiguousarray(drawn_face()[::-1]), 10.0)
    encoder.push_weights(smile(), EVERYTHING, 1.0, 1.0, 10.02)
    both = encoder.encode(10.05)
    assert encoder.source == 'weights'
    assert both.quality > 0.9
    assert not both.embedding[:-actions.SHAPES].any()
    np.testing.assert_allclose(both.embedding[-actions.SHAPES:], smile(), atol=1e-6)


def test_the_input_does_not_flutter_when_a_face_is_lost_for_good(encoder):
    encoder.push_image(drawn_face(), 10.0)
    sources = []
    for k in range(40):
        stamp_s = 10.0 + k / 10.0
        encoder.push_weights(smile(), EVERYTHING, 0.9, 0.9, stamp_s)
        encoder.push_image(np.full((240, 320), 90, np.uint8), stamp_s + 0.01)
        encoder.encode(stamp_s)
        sources.append(encoder.source)
    assert sources[0] == sources[2] == 'picture'
    assert sources[-1] == 'weights'
    assert sum(a != b for a, b in itertools.pairwise(sources)) == 1
    encoder.encode(30.0)
    assert encoder.source == 'nothing'


def test_the_lower_face_alone_says_so_and_is_less_sure(encoder):
    def encoded(observed, upper_confidence):
        encoder.reset()
        encoder.push_weights(
            np.where(observed, smile(), np.nan), observed, upper_confidence, 1.0, 10.0)
        return encoder.encode(10.05)
    half, whole = encoded(~actions.UPPER, 0.0), encoded(EVERYTHING, 1.0)
    assert half.reason == 'only the lower face is observed'
    assert 0.3 < half.quality < whole.quality
    assert half.estimate.valence > 0.2
    assert half.estimate.valence_variance > whole.estimate.valence_variance
    assert half.estimate.arousal_variance > whole.estimate.arousal_variance


def test_a_picture_that_is_not_looked_at_is_not_decoded(encoder):
    decoded = []

    def decode(k):
        decoded.append(k)
        return drawn_face()
    for k in range(9):
        encoder.push_picture_to_come(lambda k=k: decode(k), 10.0 + 0.03 * k)
    assert encoder.encode(10.1).evidence_end_s == pytest.approx(10.09)
    assert encoder.encode(10.2).evidence_end_s == pytest.approx(10.18)
    assert decoded == [3, 6]


def test_standardised_crops_have_mean_zero_and_deviation_one():
    values = standardise(drawn_face(px=80))
    assert values.shape == (48, 48)
    assert values.mean() == pytest.approx(0.0, abs=1e-5)
    assert values.std() == pytest.approx(1.0, abs=1e-3)
    assert np.isfinite(standardise(np.zeros((48, 48), np.uint8))).all()


def test_grey_of_colour_is_weighted_as_the_eye_does():
    # ITU-R BT.601: green counts most.
    pure = [int(to_grey(np.full((16, 16, 3), channel, np.uint8))[0, 0])
            for channel in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    assert pure == [29, 150, 76]


@pytest.mark.parametrize('pixels', [40, 46])
def test_the_fast_network_computes_what_was_trained(pixels):
    generator = torch.Generator().manual_seed(5)
    network = FaceNetwork()
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if tensor.is_floating_point():
                values = torch.randn(tensor.shape, generator=generator)
                # Scales of both signs: a maximum and a negative factor may not change places.
                tensor.copy_(values.abs() + 0.5 if name.endswith('var') else values)
    network.eval()
    images = torch.randn(3, 1, pixels, pixels, generator=generator)
    with torch.inference_mode():
        for fast, slow in zip(FastFaceNetwork(network)(images), network(images), strict=True):
            assert torch.allclose(fast, slow, rtol=1e-4, atol=1e-4)
