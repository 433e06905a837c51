# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures that stand by themselves: of any size, type and number."""

from affect_encoders.facial_expression import FacialExpressionEncoder
from affect_encoders.facial_expression.features import grey_of_any
import cv2
from hypothesis import given
from hypothesis import settings
from hypothesis.extra import numpy as arrays
import numpy as np
import pytest
from test_facial_expression_encoder import drawn_face


@pytest.fixture(scope='module')
def encoder():
    return FacialExpressionEncoder()


def feature(encoder, encoding, name):
    return float(encoding.features[list(encoder.info.feature_names).index(name)])


def photograph(size=160, *, width=480, height=360):
    """Return a face on a plain wall, uint8 [height, width]."""
    picture = np.full((height, width), 110, np.uint8)
    picture[60:60 + size, 150:150 + size] = drawn_face(px=size)
    return picture


def test_a_picture_is_judged_as_one_that_came_live(encoder):
    face = drawn_face(mouth=4)
    live = FacialExpressionEncoder()
    live.push_image(face, 1.0)
    looked, [alone] = live.encode(1.0), encoder.encode_pictures([face])
    np.testing.assert_allclose(looked.embedding, alone.embedding, atol=1e-5)
    np.testing.assert_allclose(
        looked.estimate.probabilities, alone.estimate.probabilities, atol=1e-5)
    assert alone.quality == pytest.approx(looked.quality)
    assert np.isnan([alone.window_start_s, alone.evidence_end_s]).all()


def test_many_at_once_are_each_as_alone_and_in_order(encoder):
    pictures = [drawn_face(mouth=k) for k in (-5, 0, 5)] + [np.full((48, 48), 9, np.uint8)] * 70
    pictures += [photograph(), drawn_face(mouth=3)]
    together = encoder.encode_pictures(pictures)
    assert len(together) == len(pictures)
    for k in (0, 2, 3, -2, -1):
        [alone] = encoder.encode_pictures([pictures[k]])
        np.testing.assert_allclose(together[k].embedding, alone.embedding, atol=1e-4)
        assert together[k].quality == pytest.approx(alone.quality, abs=1e-5)
    assert encoder.encode_pictures([]) == []


def test_a_face_in_a_photograph_is_found_in_any_size_of_it(encoder):
    [crop] = encoder.encode_pictures([drawn_face()])
    for scale in (0.5, 1.0, 4.0):
        picture = cv2.resize(photograph(), None, fx=scale, fy=scale)
        [found] = encoder.encode_pictures([picture])
        assert found.quality > 0.3
        assert 0.05 < feature(encoder, found, 'face_share') < 0.3
        assert abs(found.estimate.valence - crop.estimate.valence) < 0.35


def test_a_tilted_head_is_found(encoder):
    picture = photograph()
    for angle in (-28.0, 28.0):
        turn = cv2.getRotationMatrix2D((230.0, 140.0), angle, 1.0)
        tilted = cv2.warpAffine(picture, turn, (480, 360), borderMode=cv2.BORDER_REPLICATE)
        [found] = encoder.encode_pictures([tilted])
        assert found.quality > 0.2


@pytest.mark.parametrize('form', [
    lambda p: p[:, :, None], lambda p: cv2.cvtColor(p, cv2.COLOR_GRAY2BGR),
    lambda p: cv2.cvtColor(p, cv2.COLOR_GRAY2BGRA), lambda p: p.astype(np.uint16) * 257,
    lambda p: p.astype(np.uint16) * 4, lambda p: p / 255.0, lambda p: p.astype(np.float32),
], ids=['one channel', 'colour', 'opacity', '16 bit', '10 bit', 'unit floats', 'floats'])
def test_the_type_of_a_picture_does_not_matter(encoder, form):
    face = drawn_face()
    plain, other = encoder.encode_pictures([face, form(face)])
    np.testing.assert_allclose(
        plain.estimate.probabilities, other.estimate.probabilities, atol=0.02)


def test_what_is_transparent_is_no_face():
    picture = np.zeros((20, 20, 4), np.uint8)
    picture[:10, :, :] = 255
    grey = grey_of_any(picture)
    assert (grey[:10] == 255).all()
    assert (grey[10:] == 128).all()


@pytest.mark.parametrize('picture', [
    np.zeros((1, 1), np.uint8), np.zeros((48, 3), np.uint8), np.zeros((4000, 15), np.uint8),
    np.zeros((0, 48, 3), np.uint8)])
def test_too_few_pixels_are_told(encoder, picture):
    [encoding] = encoder.encode_pictures([picture])
    assert encoding.quality == 0.0
    assert 'too few' in encoding.reason
    assert np.isnan(encoding.estimate.probabilities).all()


@pytest.mark.parametrize('picture', [
    np.zeros((48, 48, 5), np.uint8), np.zeros(48, np.uint8), np.full((48, 48), np.nan),
    np.zeros((48, 48), complex), np.full((48, 48), 'x')])
def test_what_is_no_picture_is_refused_in_words(encoder, picture):
    with pytest.raises(ValueError, match='face picture'):
        encoder.encode_pictures([picture])


@pytest.mark.parametrize('picture', [
    np.full((300, 400), 90, np.uint8), np.zeros((300, 400), np.uint8),
    np.random.default_rng(0).integers(0, 256, (300, 400), dtype=np.uint8),
    np.ascontiguousarray(photograph()[::-1])], ids=['blank', 'black', 'noise', 'upside down'])
def test_a_photograph_without_an_upright_face_is_not_trusted(encoder, picture):
    [encoding] = encoder.encode_pictures([picture])
    assert encoding.quality < 0.15
    assert encoding.reason


def test_two_faces_of_a_size_are_told_and_trusted_less(encoder):
    one = photograph(width=640)
    two = one.copy()
    two[60:220, 400:560] = drawn_face(px=160)
    alone, beside = encoder.encode_pictures([one, two])
    assert beside.reason == 'more than one face'
    assert beside.quality < 0.5 * alone.quality
    small = one.copy()
    small[60:120, 450:510] = drawn_face(px=60)
    [with_small] = encoder.encode_pictures([small])
    assert with_small.reason == alone.reason


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=60)))
def test_any_array_of_bytes_gives_an_encoding_or_says_why_not(picture):
    encoder = test_any_array_of_bytes_gives_an_encoding_or_says_why_not.encoder
    [encoding] = encoder.encode_pictures([picture])
    assert 0.0 <= encoding.quality <= 1.0
    known = encoding.estimate.probabilities[np.isfinite(encoding.estimate.probabilities)]
    assert (known.size == 0) == (encoding.quality == 0.0) or encoding.quality < 0.1
    assert known.size == 0 or known.sum() == pytest.approx(1.0, abs=1e-4)
    assert encoding.quality > 0.3 or encoding.reason


test_any_array_of_bytes_gives_an_encoding_or_says_why_not.encoder = FacialExpressionEncoder()
