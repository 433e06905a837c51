# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The scene from pictures of known light, colour and motion."""

from affect_encoders.scene import features as scene
from affect_encoders.scene import SceneEncoder
import cv2
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
from picture_signals import FOCAL_PX
from picture_signals import FOV_DEG
from picture_signals import view
import pytest

RATE_HZ = 10.0


class World:
    """A camera that turns and moves as told in front of a plane, and the inertial samples."""

    def __init__(self, *, yaw_rad_s=0.0, pitch_rad_s=0.0, growth_hz=0.0, shift_px_s=0.0,
                 gyroscope=True, change=lambda picture, k: picture, seconds=3.0, noise=1.0):
        self.yaw_rad_s, self.pitch_rad_s = yaw_rad_s, pitch_rad_s
        self.growth_hz, self.shift_px_s = growth_hz, shift_px_s
        self.change, self.noise = change, noise
        self.pictures_s = np.arange(1, round(seconds * RATE_HZ) + 1) / RATE_HZ
        self.middle_s = 0.5 * seconds
        self.imu_s = np.arange(0.0, seconds + 0.005, 0.005)
        self.rows = np.tile(
            [0.0, pitch_rad_s, yaw_rad_s, 0.0, 0.0, 9.81], (self.imu_s.size, 1))
        if not gyroscope:
            self.rows[:, :3] = np.nan

    def picture(self, t):
        late = t - self.middle_s
        k = round(t * RATE_HZ)
        return self.change(view(
            yaw_rad=self.yaw_rad_s * late, pitch_rad=self.pitch_rad_s * late,
            growth=np.exp(self.growth_hz * late), shift_px=self.shift_px_s * late,
            seed=k, noise=self.noise), k)

    def push(self, encoder, after_s, until_s):
        k = (self.imu_s > after_s) & (self.imu_s <= until_s)
        encoder.push_imu(self.imu_s[k], self.rows[k])
        for t in self.pictures_s[(self.pictures_s > after_s) & (self.pictures_s <= until_s)]:
            encoder.push_image(self.picture(t), t)

    def encoded(self, tick_s=None, **how):
        encoder = SceneEncoder(**{'horizontal_fov_deg': FOV_DEG, **how})
        self.push(encoder, -1.0, self.pictures_s[-1])
        encoding = encoder.encode(self.pictures_s[-1] if tick_s is None else tick_s)
        return encoding, named(encoder, encoding)


def named(encoder, encoding):
    return dict(zip(encoder.info.feature_names, encoding.features, strict=True))


def features_of(picture):
    """Return the features of one picture, held for a tick."""
    encoder = SceneEncoder()
    encoder.push_image(np.ascontiguousarray(picture), 1.0)
    encoding = encoder.encode(1.0)
    return encoding, named(encoder, encoding)


def plain(*bgr, size=(120, 160)):
    return np.full((*size, len(bgr)), bgr, np.uint8) if len(bgr) > 1 else np.full(
        size, bgr[0], np.uint8)


@pytest.mark.parametrize(('level', 'luminance'), [
    # IEC 61966-2-1: 188 is half of the light, 118 a photographer's 18 % grey.
    (0, 0.0), (118, 0.181), (188, 0.503), (255, 1.0)])
def test_luminance_is_linear_in_light(level, luminance):
    for picture in (plain(level), plain(level, level, level)):
        assert features_of(picture)[1]['luminance'] == pytest.approx(luminance, abs=0.001)


@pytest.mark.parametrize(('bgr', 'luminance'), [
    ((255, 0, 0), 0.0722), ((0, 255, 0), 0.7152), ((0, 0, 255), 0.2126)])
def test_luminance_weighs_colours_as_rec_709(bgr, luminance):
    assert features_of(plain(*bgr))[1]['luminance'] == pytest.approx(luminance, abs=1e-3)


def test_luminance_of_a_fine_pattern_is_the_mean_of_its_light_and_not_of_its_levels():
    checks = plain(0, size=(240, 320))
    checks[::2, ::2] = checks[1::2, 1::2] = 255
    assert features_of(checks)[1]['luminance'] == pytest.approx(0.5, abs=1e-3)


def test_contrast_is_the_spread_of_light():
    halves = plain(0, size=(240, 320))
    halves[:, 160:] = 255
    assert features_of(halves)[1]['contrast'] == pytest.approx(0.5, abs=0.01)
    assert features_of(plain(100))[1]['contrast'] == pytest.approx(0.0, abs=1e-6)


def test_colourfulness_is_hasler_and_suesstrunks():
    # Half pure red (rg 255, yb 127.5), half pure green (rg -255, yb 127.5): by hand.
    halves = plain(0, 0, 255)
    halves[:, 80:] = (0, 255, 0)
    # std 255 and 0, mean 0 and 127.5.
    assert features_of(halves)[1]['colourfulness'] == pytest.approx(255 + 0.3 * 127.5, rel=0.01)
    assert features_of(plain(90, 91, 90))[1]['colourfulness'] < 1.0


def test_brightness_and_saturation_are_cie_lightness_and_chroma():
    # CIE L*, C*ab of sRGB red: 53.2, 104.6; of mid grey 128: 53.6, 0.
    _, red = features_of(plain(0, 0, 255))
    assert red['brightness'] == pytest.approx(0.532, abs=0.01)
    assert red['saturation'] == pytest.approx(1.046, abs=0.02)
    _, grey = features_of(plain(128, 128, 129))
    assert grey['brightness'] == pytest.approx(0.536, abs=0.01)
    assert grey['saturation'] < 0.03


@pytest.mark.parametrize('picture', [view()[..., 1], view()[..., [1, 1, 1]]])
def test_a_camera_without_colour_says_nothing_of_colour_nor_of_affect(picture):
    encoding, features = features_of(picture)
    assert np.isnan(features['saturation']) and np.isnan(features['colourfulness'])
    assert encoding.reason == 'a camera without colour'
    assert np.isnan(encoding.estimate.valence) and np.isnan(encoding.estimate.arousal)
    assert features['brightness'] > 0.3


def test_bright_colours_please_and_vivid_dark_ones_arouse_a_little():
    bright = features_of(plain(230, 220, 255))[0].estimate
    dark = features_of(plain(10, 10, 120))[0].estimate
    assert bright.valence > dark.valence
    assert dark.arousal > bright.arousal
    for estimate in (bright, dark):
        # Nearly all of the uniform distribution's variance, 1/3.
        assert estimate.valence_variance > 0.3 and estimate.arousal_variance > 0.3
        assert np.all(np.isnan(estimate.probabilities))


@pytest.mark.parametrize('how', [{'yaw_rad_s': 0.5}, {'yaw_rad_s': -1.5}, {'pitch_rad_s': 0.5}])
def test_flow_that_the_turning_head_explains_is_taken_out(how):
    encoding, features = World(**how).encoded()
    rate_deg_s = np.degrees(abs(sum(how.values())))
    # Points away from the axis of the turn go slower.
    assert features['flow_speed'] == pytest.approx(rate_deg_s, rel=0.1)
    assert features['flow_less_rotation'] < 0.05 * rate_deg_s + 1.0
    assert features['looming'] == pytest.approx(0.0, abs=0.02)
    assert encoding.reason == '' and encoding.quality > 0.9


def test_a_picture_that_shifts_flows_at_the_speed_of_the_shift():
    _, features = World(shift_px_s=40.0).encoded()
    # In the middle 40 px/s are 40 / focal rad/s; towards the edges pixels are smaller angles.
    middle_deg_s = np.degrees(40.0 / FOCAL_PX)
    assert 0.7 * middle_deg_s < features['flow_speed'] < middle_deg_s
    assert features['flow_less_rotation'] == pytest.approx(features['flow_speed'], rel=0.01)


def test_without_a_gyroscope_the_flow_less_rotation_is_unknown_and_that_is_said():
    known, _ = World(yaw_rad_s=0.5).encoded()
    encoding, features = World(yaw_rad_s=0.5, gyroscope=False).encoded()
    assert np.isnan(features['flow_less_rotation'])
    assert features['flow_speed'] > 20.0
    assert features['looming'] == pytest.approx(0.0, abs=0.02)
    assert encoding.reason == 'head rotation unknown and not removed from the flow'
    assert encoding.quality == pytest.approx(0.8 * known.quality, rel=0.01)


@pytest.mark.parametrize('growth_hz', [-0.3, 0.1, 0.5])
@pytest.mark.parametrize('gyroscope', [True, False])
def test_looming_is_the_rate_at_which_things_grow(growth_hz, gyroscope):
    _, features = World(growth_hz=growth_hz, gyroscope=gyroscope).encoded()
    assert features['looming'] == pytest.approx(growth_hz, rel=0.1, abs=0.01)


def test_looming_is_seen_while_the_head_turns():
    _, features = World(growth_hz=0.3, yaw_rad_s=0.5).encoded()
    assert features['looming'] == pytest.approx(0.3, abs=0.07)


def test_one_thing_that_comes_nearer_is_seen_beside_a_world_that_stands_still():
    rings = np.add.outer(np.arange(-120, 120) ** 2, np.arange(-160, 160) ** 2) ** 0.5

    def ball(picture, k):
        radius = 40.0 * np.exp(0.05 * k)
        shade = 128 + 100 * np.sin(8 * np.pi * rings / radius)
        shade = np.where(rings < 0.9 * radius, shade, 60)
        inside = (rings < radius)[..., None]
        return np.where(inside, cv2.GaussianBlur(shade, (0, 0), 1.0)[..., None], picture).astype(
            np.uint8)
    _, features = World(change=ball, seconds=2.0).encoded()
    # It grows by 5 % from picture to picture, ten of them a second.
    assert features['looming_max'] == pytest.approx(0.5, rel=0.3)
    _, empty = World(seconds=2.0).encoded()
    assert empty['looming_max'] < 0.05


def test_a_tilted_camera_is_turned_back_about_its_own_axes():
    # Seen by a camera that looks down by a quarter turn, a head's yaw is a roll.
    def rolled(picture, k):
        turn = cv2.getRotationMatrix2D((159.5, 119.5), np.degrees(0.03 * k), 1.0)
        return cv2.warpAffine(picture, turn, (320, 240), borderMode=cv2.BORDER_REFLECT)
    down = World(change=rolled)
    # Pictures that turn counter-clockwise belong to a camera that rolls clockwise: looking down,
    # a head that turns to the right.
    down.rows[:, 2] = -0.3
    _, features = down.encoded(camera_pitch_down_rad=np.pi / 2)
    assert features['flow_speed'] > 3.0
    assert features['flow_less_rotation'] < 1.0


def test_focal_length_replaces_the_field_of_view():
    narrow, wide = SceneEncoder(), SceneEncoder(horizontal_fov_deg=100.0)
    wide.set_focal_length(0.5 / np.tan(np.radians(35.0)))
    world = World(yaw_rad_s=0.3, seconds=1.0)
    for encoder in (narrow, wide):
        world.push(encoder, -1.0, 1.0)
    np.testing.assert_allclose(
        narrow.encode(1.0).features, wide.encode(1.0).features, rtol=1e-5)


@pytest.mark.parametrize(
    'focal', [0.0, -1.0, float('nan'), float('inf'), 1e-300, 1e300, 0.004, 58.0])
def test_an_absurd_focal_length_is_refused(focal):
    with pytest.raises(ValueError, match='1 to 179 degrees'):
        SceneEncoder().set_focal_length(focal)


@pytest.mark.parametrize(('level', 'reason'), [
    (2, 'the picture is dark'), (253, 'the picture is saturated')])
def test_dark_and_saturated_pictures_count_little_and_keep_their_light(level, reason):
    rng = np.random.default_rng(0)
    encoding, features = features_of(
        np.clip(level + rng.normal(0, 1, (240, 320, 3)), 0, 255).astype(np.uint8))
    assert encoding.reason == reason
    assert 0.0 < encoding.quality <= 0.15
    assert features['luminance'] == pytest.approx(scene.LINEAR[level], abs=0.02)


def test_a_picture_of_one_colour_may_be_a_covered_camera():
    encoding, _ = features_of(plain(40, 50, 60))
    assert 'one single colour' in encoding.reason
    assert 0.0 < encoding.quality <= 0.1


def test_a_frame_whose_last_rows_are_empty_is_torn():
    def cut(picture, k):
        if k == 30:
            picture[120:] = 0
        return picture
    encoding, _ = World(change=cut, yaw_rad_s=0.3).encoded()
    assert encoding.reason == 'the frame is torn: its last rows are empty'
    assert encoding.quality < 0.6


def test_a_frame_that_does_not_follow_from_the_one_before_counts_less():
    def shuffled(picture, k):
        # Strips of rows in another order, as a camera gives that loses packets.
        strips = np.array_split(picture, 12)
        return np.concatenate(
            [strips[i] for i in np.random.default_rng(k).permutation(12)]) if k >= 30 else picture
    encoding, _ = World(change=shuffled).encoded()
    assert 'does not follow from the one before' in encoding.reason
    assert encoding.quality < 0.6


def test_a_picture_that_repeats_itself_is_no_new_evidence():
    encoder = SceneEncoder()
    world = World(yaw_rad_s=0.3)
    world.push(encoder, -1.0, 3.0)
    for t in np.arange(3.1, 6.0, 0.1):
        encoder.push_image(world.picture(3.0), t)
    encoding = encoder.encode(6.0)
    assert encoding.evidence_end_s == pytest.approx(3.0)
    assert encoding.reason == 'the picture stands still'
    assert encoding.quality < 0.15


def test_a_camera_may_change_its_size_and_its_colours_in_mid_stream():
    def changing(picture, k):
        if k >= 28:
            return np.ascontiguousarray(picture[..., 1])
        return cv2.resize(picture, (200, 200)) if k >= 20 else picture
    encoder = SceneEncoder()
    world = World(change=changing)
    for until in np.arange(0.5, 3.01, 0.5):
        world.push(encoder, until - 0.5, until)
        assert encoder.encode(until).quality > 0.7


def test_without_texture_flow_is_unknown_and_the_rest_is_not():
    def flat(picture, k):
        return np.full_like(picture, (90, 120, 150 + k % 2))
    _, features = World(change=flat).encoded()
    for name in ('flow_speed', 'flow_less_rotation', 'looming', 'looming_max'):
        assert np.isnan(features[name])
    assert features['brightness'] > 0.3


@pytest.mark.parametrize('picture', [
    plain(1, size=(15, 100)), plain(1, size=(100, 15)), np.zeros((50, 50, 4), np.uint8),
    np.zeros((50, 50), np.float32), np.zeros(50, np.uint8)])
def test_what_is_no_picture_is_refused_with_the_remedy(picture):
    with pytest.raises(ValueError, match='give'):
        SceneEncoder().push_image(picture, 1.0)


def test_a_giant_picture_says_what_a_small_one_does():
    small = view(noise=0.0)
    giant = cv2.resize(small, (3200, 2400), interpolation=cv2.INTER_NEAREST)
    _, one = features_of(small)
    _, other = features_of(giant)
    for name in ('luminance', 'contrast', 'brightness', 'saturation'):
        assert other[name] == pytest.approx(one[name], rel=0.05)


def test_quality_halves_with_each_second_of_silence():
    world = World()
    now, _ = world.encoded()
    later, _ = world.encoded(4.0)
    assert later.quality == pytest.approx(0.5 * now.quality, rel=1e-6)
    much_later, _ = world.encoded(15.0)
    assert (much_later.quality, much_later.reason) == (0.0, 'pictures stopped')


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(0.03, 1.5), min_size=1, max_size=12), st.booleans())
def test_chunks_of_any_size_with_or_without_ticks_between_give_the_same(steps, ticking):
    world = World(yaw_rad_s=0.3, growth_hz=0.2, seconds=2.5)
    whole, parts = SceneEncoder(), SceneEncoder()
    world.push(whole, -1.0, 2.5)
    at, k = -1.0, 0
    while at < 2.5:
        until = min(2.5, at + steps[k % len(steps)])
        world.push(parts, at, until)
        if ticking and until > 0.0:
            parts.encode(until)
        at, k = until, k + 1
    one, other = whole.encode(2.5), parts.encode(2.5)
    np.testing.assert_array_equal(one.features, other.features)
    assert (one.quality, one.reason) == (other.quality, other.reason)


def test_pictures_after_the_tick_are_not_used_until_the_tick_reaches_them():
    world = World(yaw_rad_s=0.3)
    early, exact = SceneEncoder(), SceneEncoder()
    world.push(early, -1.0, 3.0)
    world.push(exact, -1.0, 1.5)
    np.testing.assert_array_equal(early.encode(1.5).features, exact.encode(1.5).features)
    world.push(exact, 1.5, 3.0)
    np.testing.assert_array_equal(early.encode(3.0).features, exact.encode(3.0).features)


def test_reset_forgets_everything():
    world = World(yaw_rad_s=0.3)
    used, fresh = SceneEncoder(), SceneEncoder()
    world.push(used, -1.0, 1.5)
    used.encode(1.5)
    used.reset()
    assert used.encode(1.5).quality == 0.0
    for encoder in (used, fresh):
        world.push(encoder, 1.5, 3.0)
    np.testing.assert_array_equal(used.encode(3.0).features, fresh.encode(3.0).features)


@settings(max_examples=25, deadline=None)
@given(st.integers(16, 70), st.integers(16, 70), st.integers(0, 99), st.booleans(),
       st.sampled_from([0, 1, 128, 255]), st.floats(0.0, 200.0))
def test_any_pictures_keep_the_features_in_their_ranges(
        height, width, seed, is_grey, level, spread):
    rng = np.random.default_rng(seed)
    shape = (height, width) if is_grey else (height, width, 3)
    encoder = SceneEncoder()
    for t in (0.1, 0.2, 0.3):
        encoder.push_image(
            np.clip(level + rng.normal(0.0, spread, shape), 0, 255).astype(np.uint8), t)
    encoding = encoder.encode(0.3)
    assert 0.0 < encoding.quality <= 1.0
    assert np.all(np.isfinite(encoding.embedding))
    for spec, value in zip(encoder.info.features, encoding.features, strict=True):
        assert np.isnan(value) or spec.low <= value <= spec.high, (spec.name, value)
