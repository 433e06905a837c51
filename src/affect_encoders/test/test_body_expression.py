# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Body expression from clouds of known motion."""

from affect_encoders.body_expression import BodyExpressionEncoder
from affect_encoders.body_expression import features as body
from cloud_signals import ball
from cloud_signals import cloud
from cloud_signals import HANDS
from cloud_signals import raised
from cloud_signals import to_and_fro
from cloud_signals import WALL_M
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

G = 9.81
RATE_HZ = 10.0


class Wearer:
    """Hands, a wall and a head, each moving as told."""

    def __init__(self, *, hands=None, wall=lambda t: WALL_M, turn_rad_s=0.0, gyroscope=True,
                 gravity=True, change=lambda points: points, seconds=4.0):
        self.hands = hands or (lambda t: HANDS)
        self.wall = wall
        self.turn_rad_s = turn_rad_s
        self.change = change
        self.clouds_s = np.arange(1, round(seconds * RATE_HZ) + 1) / RATE_HZ
        self.imu_s = np.arange(0.0, seconds + 0.005, 0.005)
        # To and fro, so that the hands stay in view: 0.5 Hz.
        rate = turn_rad_s * np.cos(np.pi * self.imu_s)
        self.rows = np.zeros((self.imu_s.size, 6))
        self.rows[:, 2] = rate if gyroscope else np.nan
        self.rows[:, 5] = G if gravity else np.nan

    def cloud(self, t):
        yaw = self.turn_rad_s * np.sin(np.pi * t) / np.pi
        return self.change(cloud(
            self.hands(t), wall_m=self.wall(t), yaw_rad=yaw, seed=round(t * 1000)))

    def push(self, encoder, after_s, until_s):
        k = (self.imu_s > after_s) & (self.imu_s <= until_s)
        encoder.push_imu(self.imu_s[k], self.rows[k])
        for t in self.clouds_s[(self.clouds_s > after_s) & (self.clouds_s <= until_s)]:
            encoder.push_cloud(self.cloud(t), t)

    def encoded(self, tick_s=None):
        encoder = BodyExpressionEncoder()
        self.push(encoder, -1.0, self.clouds_s[-1])
        encoding = encoder.encode(self.clouds_s[-1] if tick_s is None else tick_s)
        return encoding, named(encoder, encoding)


def named(encoder, encoding):
    return dict(zip(encoder.info.feature_names, encoding.features, strict=True))


def waving(speed_m_s):
    return lambda t: raised(to_and_fro(t, speed_m_s))


@pytest.mark.parametrize('speed_m_s', [0.2, 0.5, 1.0])
def test_quantity_of_motion_is_the_speed_of_hands_that_all_move(speed_m_s):
    _, features = Wearer(hands=waving(speed_m_s)).encoded()
    assert features['quantity_of_motion'] == pytest.approx(speed_m_s, rel=0.2)
    assert features['stillness_share'] < 0.2


def test_one_of_two_hands_moves_half_as_much():
    def one(t):
        return (HANDS[0], *raised(to_and_fro(t, 0.6))[1:])
    _, features = Wearer(hands=one).encoded()
    assert features['quantity_of_motion'] == pytest.approx(0.3, rel=0.25)


def test_a_still_body_is_still():
    encoding, features = Wearer().encoded()
    assert features['quantity_of_motion'] < body.STILL_M_S
    assert features['stillness_share'] > 0.9
    assert encoding.quality > 0.9
    assert encoding.reason == ''


def test_turning_the_head_is_not_motion_of_the_body():
    _, still = Wearer(turn_rad_s=1.0).encoded()
    _, unknown = Wearer(turn_rad_s=1.0, gyroscope=False).encoded()
    assert still['quantity_of_motion'] < 0.12
    assert unknown['quantity_of_motion'] > 3.0 * still['quantity_of_motion']
    _, waved = Wearer(hands=waving(0.5), turn_rad_s=1.0).encoded()
    assert waved['quantity_of_motion'] == pytest.approx(0.5, rel=0.25)


def test_without_a_gyroscope_that_is_said_and_quality_is_lower():
    known, _ = Wearer().encoded()
    encoding, features = Wearer(gyroscope=False).encoded()
    assert encoding.reason == 'head rotation unknown and not removed'
    assert encoding.quality == pytest.approx(0.5 * known.quality, rel=0.01)
    # What only makes sense in axes that stand still is unknown.
    assert np.isnan(features['approach_speed']) and np.isnan(features['reach_speed'])


def test_without_gravity_that_is_said_and_quality_is_lower():
    known, _ = Wearer().encoded()
    encoding, _ = Wearer(gravity=False).encoded()
    assert encoding.reason == 'up is unknown'
    assert encoding.quality == pytest.approx(0.8 * known.quality, rel=0.01)


@pytest.mark.parametrize('speed_m_s', [-0.4, 0.4])
def test_what_comes_nearer_is_approach_and_what_goes_away_is_retreat(speed_m_s):
    _, features = Wearer(wall=lambda t: WALL_M - speed_m_s * t).encoded()
    assert features['approach_speed'] == pytest.approx(speed_m_s, abs=0.05)
    assert features['quantity_of_motion'] < body.STILL_M_S


@pytest.mark.parametrize('speed_m_s', [-0.1, 0.1])
def test_hands_that_go_forward_reach(speed_m_s):
    def reaching(t):
        return tuple((x + speed_m_s * (t - 2.0), y, z) for x, y, z in HANDS)
    _, features = Wearer(hands=reaching).encoded()
    assert features['reach_speed'] == pytest.approx(speed_m_s, abs=0.02)


def test_raised_hands_are_higher_and_spread_arms_are_more_expansive():
    _, low = Wearer().encoded()
    _, high = Wearer(hands=lambda t: raised(0.3)).encoded()
    assert high['hand_height'] - low['hand_height'] == pytest.approx(0.3, abs=0.03)
    spread = tuple((x, 1.6 * y, z) for x, y, z in HANDS)
    _, wide = Wearer(hands=lambda t: spread).encoded()
    # The centres of the hands, 0.5 m apart, go 0.3 m further apart.
    assert wide['lateral_extent'] - low['lateral_extent'] == pytest.approx(0.3, abs=0.03)
    assert wide['expansiveness'] > low['expansiveness']
    further = tuple((x + 0.15, y, z) for x, y, z in HANDS)
    _, far = Wearer(hands=lambda t: further).encoded()
    assert far['reach_distance'] - low['reach_distance'] == pytest.approx(0.15, abs=0.03)


def test_hands_alike_are_symmetric_and_one_hand_up_is_not():
    _, alike = Wearer().encoded()
    _, unlike = Wearer(hands=lambda t: (HANDS[0], raised(0.3)[1])).encoded()
    assert alike['symmetry'] > 0.8
    assert unlike['symmetry'] < 0.2


@pytest.mark.parametrize('before_m', [-0.05, 0.1])
def test_a_chest_before_or_behind_the_eyes_is_seen_in_the_lean(before_m):
    def with_chest(points):
        chest = ball((before_m, 0.0, -0.4), 800, np.random.default_rng(0))
        return np.concatenate([points, chest])
    _, features = Wearer(change=with_chest).encoded()
    assert features['trunk_lean'] == pytest.approx(np.arctan2(before_m, 0.4), abs=0.03)
    assert np.isnan(Wearer().encoded()[1]['trunk_lean'])


def test_the_height_of_hands_does_not_change_with_the_pitch_of_head_or_camera():
    def height(pitch_rad, camera_rad):
        encoder = BodyExpressionEncoder(camera_pitch_down_rad=camera_rad)
        c, s = np.cos(pitch_rad + camera_rad), np.sin(pitch_rad + camera_rad)
        # Rows: from level axes to those of a camera that looks below them.
        points = cloud() @ np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]]).T
        t = np.arange(0.0, 1.0, 0.01)
        force = G * np.array([-np.sin(pitch_rad), 0.0, np.cos(pitch_rad)])
        encoder.push_imu(t, np.tile([0.0, 0.0, 0.0, *force], (t.size, 1)))
        encoder.push_cloud(points, 0.9)
        return named(encoder, encoder.encode(0.95))['hand_height']
    level = height(0.0, 0.0)
    for pitch_rad, camera_rad in ((0.5, 0.0), (0.0, 0.9), (-0.3, 0.9)):
        assert height(pitch_rad, camera_rad) == pytest.approx(level, abs=0.01)


def test_arousal_rises_with_motion_and_nothing_else_is_said():
    arousal = []
    for speed_m_s in (0.05, 0.3, 1.0):
        encoding, _ = Wearer(hands=waving(speed_m_s)).encoded()
        arousal.append(encoding.estimate.arousal)
        assert encoding.estimate.arousal_variance > 0.25
        assert np.isnan(encoding.estimate.valence)
        assert np.all(np.isnan(encoding.estimate.probabilities))
    assert arousal == sorted(arousal) and arousal[2] - arousal[0] > 0.2


def test_a_mirrored_cloud_is_found_out_when_the_head_turns():
    encoding, features = Wearer(
        turn_rad_s=1.0, change=lambda points: points * (1.0, -1.0, 1.0)).encoded()
    assert 'does not turn with the head' in encoding.reason
    assert encoding.quality < 0.35
    assert np.isnan(features['quantity_of_motion']) and np.isnan(encoding.estimate.arousal)
    encoding, _ = Wearer(turn_rad_s=1.0).encoded()
    assert encoding.reason == ''


def test_a_body_that_turns_with_the_head_is_not_taken_for_a_mirrored_one():
    # On a swivel chair, the surroundings out of the camera's range.
    wearer = Wearer(turn_rad_s=1.0, wall=lambda t: 50.0)
    turned = wearer.turn_rad_s
    wearer.turn_rad_s = 0.0
    assert turned and wearer.rows[:, 2].any()
    encoding, features = wearer.encoded()
    assert encoding.reason == ''
    # Hands 0.56 m from the axis of a turn of 1 rad/s, 0.64 rad/s on average.
    assert features['quantity_of_motion'] == pytest.approx(0.36, rel=0.3)


def test_clouds_that_come_too_seldom_tell_no_motion_and_that_is_said():
    encoder = BodyExpressionEncoder()
    wearer = Wearer()
    encoder.push_imu(wearer.imu_s, wearer.rows)
    for t in (1.0, 2.0, 3.0):
        encoder.push_cloud(wearer.cloud(t), t)
    encoding = encoder.encode(3.0)
    assert encoding.reason == 'motion unknown: too few clouds'
    assert encoding.quality == pytest.approx(0.5)
    assert np.isnan(named(encoder, encoding)['quantity_of_motion'])
    assert np.isfinite(named(encoder, encoding)['hand_height'])


def test_points_that_are_no_numbers_are_left_out():
    def spoiled(points):
        holes = np.full((len(points), 3), np.nan)
        holes[::3] = np.inf
        mixed = np.concatenate([points, holes, [[1e30, -1e30, 0.0], [0.0, 0.0, 0.0]]])
        return np.random.default_rng(0).permutation(mixed)
    whole, features = Wearer(hands=waving(0.5)).encoded()
    encoding, spoiled_features = Wearer(hands=waving(0.5), change=spoiled).encoded()
    assert spoiled_features['quantity_of_motion'] == pytest.approx(
        features['quantity_of_motion'], rel=0.02)
    # Half of the points are usable.
    assert encoding.quality == pytest.approx(whole.quality, rel=0.02)


def test_mostly_unusable_points_lower_quality():
    def holes(points):
        return np.where(np.arange(len(points))[:, None] % 10 < 8, np.nan, points)
    encoding, _ = Wearer(change=holes).encoded()
    assert encoding.reason == 'few points are finite and in range'
    assert encoding.quality < 0.5


@pytest.mark.parametrize(('points', 'reason'), [
    (np.empty((0, 3)), 'the cloud has no usable point'),
    (np.full((500, 3), np.nan), 'the cloud has no usable point'),
    (np.full((500, 3), 1e4), 'the cloud has no usable point'),
    (np.array([[0.5, 0.0, 0.0]]), 'no body within reach')])
def test_a_cloud_without_a_body_is_no_evidence(points, reason):
    encoder = BodyExpressionEncoder()
    encoder.push_cloud(points, 1.0)
    encoding = encoder.encode(1.05)
    assert (encoding.quality, encoding.reason) == (0.0, reason)
    assert np.all(np.isnan(encoding.embedding))


def test_surroundings_alone_tell_of_approach_at_a_low_quality():
    encoding, features = Wearer(hands=lambda t: (), wall=lambda t: WALL_M - 0.4 * t).encoded()
    assert encoding.reason == 'no body within reach'
    assert 0.0 < encoding.quality <= 0.2
    assert features['approach_speed'] == pytest.approx(0.4, abs=0.05)
    assert np.isnan(features['quantity_of_motion'])


def test_a_giant_cloud_says_what_a_small_one_does():
    def encoded(points):
        encoder = BodyExpressionEncoder()
        t = np.arange(0.0, 1.0, 0.01)
        encoder.push_imu(t, np.tile([0.0, 0.0, 0.0, 0.0, 0.0, G], (t.size, 1)))
        encoder.push_cloud(points, 0.9)
        return named(encoder, encoder.encode(0.95))
    small, giant = encoded(cloud(points=8000)), encoded(cloud(points=400_000))
    for name in ('hand_height', 'lateral_extent', 'reach_distance'):
        assert giant[name] == pytest.approx(small[name], abs=0.03)


def test_a_cloud_that_repeats_itself_is_no_new_evidence():
    encoder = BodyExpressionEncoder()
    wearer = Wearer()
    wearer.push(encoder, -1.0, 4.0)
    for t in np.arange(4.1, 6.0, 0.1):
        encoder.push_cloud(wearer.cloud(4.0), t)
    encoding = encoder.encode(6.0)
    assert encoding.evidence_end_s == pytest.approx(4.0)
    assert encoding.reason == 'the point cloud stands still'
    assert encoding.quality < 0.1


def test_quality_halves_with_each_half_second_of_silence():
    wearer = Wearer()
    now, _ = wearer.encoded()
    later, _ = wearer.encoded(4.5)
    assert later.quality == pytest.approx(0.5 * now.quality, rel=1e-6)
    much_later, _ = wearer.encoded(9.0)
    assert (much_later.quality, much_later.reason) == (0.0, 'point clouds stopped')


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(0.03, 1.5), min_size=1, max_size=12), st.booleans())
def test_chunks_of_any_size_with_or_without_ticks_between_give_the_same(steps, ticking):
    wearer = Wearer(hands=waving(0.4), turn_rad_s=0.5, seconds=3.0)
    whole, parts = BodyExpressionEncoder(), BodyExpressionEncoder()
    wearer.push(whole, -1.0, 3.0)
    at, k = -1.0, 0
    while at < 3.0:
        until = min(3.0, at + steps[k % len(steps)])
        wearer.push(parts, at, until)
        if ticking and until > 0.0:
            parts.encode(until)
        at, k = until, k + 1
    one, other = whole.encode(3.0), parts.encode(3.0)
    np.testing.assert_array_equal(one.features, other.features)
    np.testing.assert_array_equal(one.embedding, other.embedding)
    assert (one.quality, one.reason) == (other.quality, other.reason)


def test_clouds_after_the_tick_are_not_used_until_the_tick_reaches_them():
    wearer = Wearer(hands=waving(0.4))
    early, exact = BodyExpressionEncoder(), BodyExpressionEncoder()
    wearer.push(early, -1.0, 4.0)
    wearer.push(exact, -1.0, 2.0)
    np.testing.assert_array_equal(early.encode(2.0).features, exact.encode(2.0).features)
    wearer.push(exact, 2.0, 4.0)
    np.testing.assert_array_equal(early.encode(4.0).features, exact.encode(4.0).features)


def test_reset_forgets_everything():
    wearer = Wearer(hands=waving(0.4))
    used, fresh = BodyExpressionEncoder(), BodyExpressionEncoder()
    wearer.push(used, -1.0, 2.0)
    used.encode(2.0)
    used.reset()
    assert used.encode(2.0).quality == 0.0
    for encoder in (used, fresh):
        wearer.push(encoder, 2.0, 4.0)
    np.testing.assert_array_equal(used.encode(4.0).features, fresh.encode(4.0).features)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(
    st.floats(allow_nan=True, allow_infinity=True, width=32), st.floats(-2.0, 2.0, width=32)),
    max_size=300), st.integers(0, 99))
def test_rubbish_neither_raises_nor_leaves_the_ranges(values, seed):
    rng = np.random.default_rng(seed)
    encoder = BodyExpressionEncoder()
    wearer = Wearer(seconds=1.0)
    wearer.push(encoder, -1.0, 0.7)
    rubbish = np.resize(np.array(values, dtype=np.float32), (len(values) // 3, 3))
    encoder.push_cloud(np.concatenate([rubbish, ball((0.4, 0.0, -0.2), 50, rng)]), 0.8)
    encoder.push_cloud(rubbish, 0.9)
    encoding = encoder.encode(1.0)
    assert 0.0 <= encoding.quality <= 1.0
    assert np.all(np.isfinite(encoding.embedding)) == (encoding.quality > 0.0)
    for spec, value in zip(encoder.info.features, encoding.features, strict=True):
        assert np.isnan(value) or spec.low <= value <= spec.high, (spec.name, value)


@pytest.mark.parametrize('shape', [(4,), (4, 2), (2, 2, 3)])
def test_an_array_of_another_shape_is_refused_with_the_remedy(shape):
    with pytest.raises(ValueError, match=r'give \[N, 3\]'):
        BodyExpressionEncoder().push_cloud(np.zeros(shape), 1.0)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 0.12), st.floats(0.0, 2 * np.pi), st.floats(-1.0, 1.0))
def test_a_translated_cloud_is_carried_by_its_translation(distance_m, turn, height):
    aside = np.sqrt(1.0 - height ** 2)
    shift = distance_m * np.array([aside * np.cos(turn), aside * np.sin(turn), height])
    one = ball((0.5, 0.1, -0.3), 400, np.random.default_rng(0))
    # |v . u| over 16 directions averages to |v| / 2 within some percent.
    assert 2.0 * body.carried(one, one + shift) == pytest.approx(distance_m, rel=0.08, abs=1e-6)


def test_memory_stays_bounded_while_nobody_ticks():
    encoder = BodyExpressionEncoder()
    points = ball((0.5, 0.0, -0.3), 60, np.random.default_rng(0))
    for k in range(1000):
        encoder.push_cloud(points + 1e-3 * k / 1000, 0.1 * k)
    assert len(encoder._steps) <= 256
