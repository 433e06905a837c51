# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Body expression from joints of known motion, in the headset's axes and in those of a room."""

from affect_encoders.body_expression import BodyExpressionEncoder
from affect_encoders.body_expression.joints import JOINTS
from cloud_signals import cloud
from cloud_signals import to_and_fro
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

G = 9.81
RATE_HZ = 30.0
POSE = {
    'left_shoulder': (-0.05, 0.2, -0.25), 'right_shoulder': (-0.05, -0.2, -0.25),
    'left_elbow': (0.1, 0.25, -0.5), 'right_elbow': (0.1, -0.25, -0.5),
    'left_hand': (0.4, 0.25, -0.4), 'right_hand': (0.4, -0.25, -0.4), 'chest': (0.0, 0.0, -0.4)}


def turned(pose, yaw_rad):
    """Return the pose as a head sees it that turned left by so much."""
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    matrix = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    return {name: matrix @ np.asarray(place) for name, place in pose.items()}


class Wearer:
    """Joints that move as told; in a room, whose head is at ``head(t)`` and faces ``facing``."""

    def __init__(self, *, move=lambda t, name: (0.0, 0.0, 0.0), turn_rad_s=0.0, gyroscope=True,
                 head=None, facing_rad=0.0, names=tuple(POSE), seconds=3.0):
        self.move, self.turn_rad_s, self.head = move, turn_rad_s, head
        self.facing_rad, self.names, self.gyroscope = facing_rad, names, gyroscope
        self.joints_s = np.arange(1, round(seconds * RATE_HZ) + 1) / RATE_HZ
        self.imu_s = np.arange(0.0, seconds + 0.005, 0.005)

    def pose(self, t):
        pose = {name: np.add(POSE[name], self.move(t, name)) for name in self.names}
        # No tracker repeats itself to the last digit.
        rng = np.random.default_rng(round(t * 1000))
        pose = {name: place + rng.normal(0.0, 1e-4, 3) for name, place in pose.items()}
        if self.head is None:
            return turned(pose, self.turn_rad_s * t)
        pose = {name: place + np.zeros(3) for name, place in turned(
            pose, -self.facing_rad).items()}
        return {name: place + self.head(t) for name, place in pose.items()} | {
            'head': self.head(t)}

    def push(self, encoder, after_s=-1.0, until_s=np.inf):
        if self.head is None:
            k = (self.imu_s > after_s) & (self.imu_s <= until_s)
            rows = np.zeros((np.count_nonzero(k), 6))
            rows[:, 2] = self.turn_rad_s if self.gyroscope else np.nan
            rows[:, 5] = G
            encoder.push_imu(self.imu_s[k], rows)
        for t in self.joints_s[(self.joints_s > after_s) & (self.joints_s <= until_s)]:
            encoder.push_joints(self.pose(t), t, is_fixed=self.head is not None)

    def encoded(self, tick_s=None):
        encoder = BodyExpressionEncoder()
        self.push(encoder)
        encoding = encoder.encode(self.joints_s[-1] if tick_s is None else tick_s)
        return encoding, named(encoder, encoding)


def named(encoder, encoding):
    return dict(zip(encoder.info.feature_names, encoding.features, strict=True))


def room(t):
    return np.array([3.0, -2.0, 1.6])


def waving(speed_m_s):
    return lambda t, name: (0.0, 0.0, to_and_fro(t, speed_m_s) if 'hand' in name else 0.0)


@pytest.mark.parametrize('head', [None, room])
@settings(max_examples=8, deadline=None)
@given(st.floats(0.2, 1.0))
def test_quantity_of_motion_is_the_mean_speed_of_the_joints(head, speed_m_s):
    encoding, features = Wearer(move=waving(speed_m_s), head=head).encoded()
    # Two of seven joints move; where they turn about, within 0.2 s of each second, less is seen.
    assert features['quantity_of_motion'] == pytest.approx(speed_m_s * 2.0 / 7.0, rel=0.15)
    assert features['quantity_of_motion_max'] == pytest.approx(speed_m_s * 2.0 / 7.0, rel=0.05)
    assert (encoding.quality, encoding.reason) == (1.0, '')


def test_hands_that_change_places_are_motion():
    def swapping(t, name):
        if 'hand' not in name:
            return (0.0, 0.0, 0.0)
        side = 1.0 if 'left' in name else -1.0
        return (0.0, side * 0.25 * (np.cos(2.0 * np.pi * t) - 1.0), 0.0)
    assert Wearer(move=swapping).encoded()[1]['quantity_of_motion'] > 0.2


def test_turning_the_head_or_walking_is_not_motion_of_the_body():
    _, features = Wearer(turn_rad_s=1.0).encoded()
    assert features['quantity_of_motion'] < 0.01
    encoding, features = Wearer(turn_rad_s=1.0, gyroscope=False).encoded()
    assert features['quantity_of_motion'] > 0.2
    assert encoding.reason == 'head rotation unknown and not removed'
    assert encoding.quality == pytest.approx(0.5)
    _, features = Wearer(head=lambda t: np.add(room(t), (0.7 * t, 0.0, 0.0))).encoded()
    assert features['quantity_of_motion'] < 0.01


@settings(max_examples=10, deadline=None)
@given(st.floats(-1.0, 1.0), st.floats(-np.pi, np.pi))
def test_walking_the_way_one_faces_is_approach(speed_m_s, facing_rad):
    ahead = np.array([np.cos(facing_rad), np.sin(facing_rad), 0.0])
    _, features = Wearer(
        head=lambda t: room(t) + speed_m_s * t * ahead, facing_rad=facing_rad).encoded()
    assert features['approach_speed'] == pytest.approx(speed_m_s, abs=0.01)
    assert features['reach_speed'] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize('how', [
    {}, {'turn_rad_s': 0.5}, {'head': room, 'facing_rad': 0.8},
    {'head': room, 'facing_rad': -2.0}])
def test_hands_that_go_forward_reach_in_any_axes(how):
    def reaching(t, name):
        return (0.1 * (t - 3.0) if 'hand' in name else 0.0, 0.0, 0.0)
    wearer = Wearer(move=reaching, **how)
    _, features = wearer.encoded()
    if 'turn_rad_s' in how:
        # Ahead is where the head looks by now, 1.5 rad from where the hands go.
        assert features['reach_speed'] == pytest.approx(0.1 * np.cos(1.5), abs=0.01)
    else:
        assert features['reach_speed'] == pytest.approx(0.1, abs=0.003)


@pytest.mark.parametrize('head', [None, room])
def test_shape_of_a_known_pose(head):
    _, features = Wearer(head=head, facing_rad=0.0 if head is None else 1.1).encoded()
    assert features['hand_height'] == pytest.approx(-0.4, abs=0.002)
    assert features['reach_distance'] == pytest.approx(np.hypot(0.4, 0.25), abs=0.002)
    assert features['lateral_extent'] == pytest.approx(0.5, abs=0.002)
    assert features['expansiveness'] == pytest.approx(np.cbrt(0.45 * 0.5 * 0.25), abs=0.003)
    assert features['trunk_lean'] == pytest.approx(0.0, abs=0.002)
    assert features['symmetry'] > 0.98


def test_one_hand_up_is_less_alike_and_higher():
    def one_up(t, name):
        return (0.0, 0.0, 0.3 if name == 'left_hand' else 0.0)
    _, features = Wearer(move=one_up).encoded()
    assert features['hand_height'] == pytest.approx(-0.1, abs=0.002)
    # Hands 0.3 m apart, elbows alike: the mean of 0.12 / 0.42 and 1.
    assert features['symmetry'] == pytest.approx(0.5 * (0.12 / 0.42 + 1.0), abs=0.01)


def test_hands_alone_are_enough_for_some_trust():
    encoding, features = Wearer(names=('left_hand', 'right_hand')).encoded()
    assert encoding.quality == pytest.approx(0.5 + 0.5 / 3.0)
    assert np.isfinite(features['quantity_of_motion'])
    assert np.isnan(features['trunk_lean']) and np.isnan(features['lateral_extent'])


def test_short_names_and_wrists_are_understood_and_others_ignored():
    names = {'left_hand': 'l_wrist', 'right_hand': 'right_wrist', 'left_elbow': 'l_elbow'}
    encoder, plain = BodyExpressionEncoder(), BodyExpressionEncoder()
    for t in (1.0, 1.1, 1.2):
        encoder.push_joints({names.get(n, n): p for n, p in POSE.items()} | {
            'left_toe': (0.0, 0.1, -1.7 + t)}, t)
        plain.push_joints(POSE, t)
    np.testing.assert_array_equal(encoder.encode(1.2).features, plain.encode(1.2).features)


def test_joints_are_gone_by_while_they_come_and_clouds_after():
    encoder = BodyExpressionEncoder()
    wearer = Wearer()
    wearer.push(encoder)
    for k in range(30, 60):
        encoder.push_cloud(cloud(seed=k), 0.1 * k)
    assert named(encoder, encoder.encode(3.5))['symmetry'] > 0.98
    assert encoder.encode(3.5).evidence_end_s == pytest.approx(3.0)
    assert encoder.encode(5.9).evidence_end_s == pytest.approx(5.9)


def test_joints_that_repeat_themselves_are_no_new_evidence():
    encoder = BodyExpressionEncoder()
    for k in range(60):
        encoder.push_joints(POSE, 1.0 + 0.05 * k)
    encoding = encoder.encode(2.95)
    assert encoding.evidence_end_s == pytest.approx(1.0)
    assert encoding.reason == 'joints stopped, or stand still to the last digit'
    assert encoding.quality < 0.1


@pytest.mark.parametrize(('joints', 'how', 'error'), [
    ({'tail': (0.0, 0.0, 0.0)}, {}, 'no joint is known among tail: name them left_shoulder'),
    ({'left_hand': (0.0, 0.0)}, {}, "joint 'left_hand' has shape .* give x, y and z"),
    (POSE, {'is_fixed': True}, "need one called 'head'")])
def test_what_are_no_joints_is_refused_with_the_remedy(joints, how, error):
    with pytest.raises(ValueError, match=error):
        BodyExpressionEncoder().push_joints(joints, 1.0, **how)


def test_unknown_joints_are_no_evidence():
    encoder = BodyExpressionEncoder()
    for k, value in enumerate((np.nan, np.inf, 1e9, 5.0)):
        encoder.push_joints(dict.fromkeys(JOINTS, np.full(3, value)), 1.0 + 0.1 * k)
    encoding = encoder.encode(1.4)
    assert (encoding.quality, encoding.reason) == (0.0, 'few joints are known')


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(0.03, 1.5), min_size=1, max_size=12), st.booleans(), st.booleans())
def test_chunks_of_any_size_with_or_without_ticks_between_give_the_same(
        steps, ticking, is_fixed):
    wearer = Wearer(
        move=waving(0.4), turn_rad_s=0.0 if is_fixed else 0.5, head=room if is_fixed else None)
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
    assert (one.quality, one.reason) == (other.quality, other.reason)


def test_joints_after_the_tick_are_not_used_and_reset_forgets():
    wearer = Wearer(move=waving(0.4))
    early, exact = BodyExpressionEncoder(), BodyExpressionEncoder()
    wearer.push(early)
    wearer.push(exact, -1.0, 2.0)
    np.testing.assert_array_equal(early.encode(2.0).features, exact.encode(2.0).features)
    exact.reset()
    assert exact.encode(2.0).quality == 0.0
    wearer.push(exact, 2.0, 3.0)
    assert exact.encode(3.0).quality > 0.9


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=3, max_size=60),
       st.booleans())
def test_rubbish_neither_raises_nor_leaves_the_ranges(values, is_fixed):
    encoder = BodyExpressionEncoder()
    for k in range(5):
        places = np.resize(np.roll(values, k), (len(JOINTS) + 1, 3))
        encoder.push_joints(
            dict(zip((*JOINTS, 'head'), places, strict=True)), 1.0 + 0.1 * k, is_fixed=is_fixed)
    encoding = encoder.encode(1.5)
    assert np.all(np.isfinite(encoding.embedding)) == (encoding.quality > 0.0)
    for spec, value in zip(encoder.info.features, encoding.features, strict=True):
        assert np.isnan(value) or spec.low <= value <= spec.high, (spec.name, value)
