# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From landmarks to weights, without any network: frame, measurements, neutral, shapes."""

import math

from affect_trackers.face_tracker import blendshapes as arkit
from affect_trackers.face_tracker import mediapipe_bindings
from affect_trackers.face_tracker.blendshapes import blendshapes
from affect_trackers.face_tracker.face_follower import FaceFollower
from affect_trackers.face_tracker.face_follower import LOOK_AROUND_S
from affect_trackers.face_tracker.face_image import ImageError
from affect_trackers.face_tracker.face_image import to_picture
from affect_trackers.face_tracker.face_mesh import Fit
from affect_trackers.face_tracker.face_mesh import Region
from affect_trackers.face_tracker.head_frame import _REFERENCE
from affect_trackers.face_tracker.head_frame import _RIGID
from affect_trackers.face_tracker.head_frame import head_frame
from affect_trackers.face_tracker.measurements import COUNT
from affect_trackers.face_tracker.measurements import DEVIATION
from affect_trackers.face_tracker.measurements import measure
from affect_trackers.face_tracker.measurements import PLACES
from affect_trackers.face_tracker.measurements import UPPER
from affect_trackers.face_tracker.measurements import USUAL
from affect_trackers.face_tracker.mediapipe_bindings import quiet
from affect_trackers.face_tracker.neutral_face import NeutralFace
from affect_trackers.face_tracker.node import FaceTrackerNode
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn


def head():
    """Return landmarks [478, 3] whose rigid points are the reference's, the others anywhere."""
    points = np.random.default_rng(1).normal(0.0, 0.4, (478, 3))
    points[_RIGID] = _REFERENCE
    return points


def turned(points, *, yaw=0.0, pitch=0.0, roll=0.0, scale=100.0, at=(160.0, 120.0, 0.0)):
    """Turn a head (degrees; to its left, up, clockwise as seen) and put it into a picture."""
    y, p, r = (math.radians(v) for v in (yaw, pitch, roll))
    # The head's z points backwards, so its face is at -z.
    about_y = np.array([[math.cos(y), 0.0, -math.sin(y)], [0, 1, 0],
                        [math.sin(y), 0.0, math.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(p), math.sin(p)],
                        [0, -math.sin(p), math.cos(p)]])
    about_z = np.array([[math.cos(r), -math.sin(r), 0], [math.sin(r), math.cos(r), 0],
                        [0, 0, 1]])
    return scale * points @ (about_z @ about_x @ about_y).T + at


@pytest.mark.parametrize('how', [
    {}, {'yaw': 30.0}, {'pitch': -20.0}, {'roll': 40.0}, {'scale': 37.0},
    {'yaw': -15.0, 'pitch': 10.0, 'roll': -25.0, 'scale': 250.0, 'at': (-50.0, 900.0, 30.0)}])
def test_the_heads_own_frame_is_free_of_where_and_how_the_head_is(how):
    frame = head_frame(turned(head(), **how))
    np.testing.assert_allclose(frame.points, head(), atol=1e-6)
    assert frame.misfit == pytest.approx(0.0, abs=1e-6)
    assert frame.eye_distance_px == pytest.approx(how.get('scale', 100.0))


@pytest.mark.parametrize(('axis', 'angle'), [
    ('yaw', 30.0), ('yaw', -30.0), ('pitch', 20.0), ('pitch', -20.0), ('roll', 70.0)])
def test_turns_of_the_head_are_told_with_their_sign(axis, angle):
    frame = head_frame(turned(head(), **{axis: angle}))
    for name in ('yaw', 'pitch', 'roll'):
        expected = angle if name == axis else 0.0
        assert getattr(frame, f'{name}_deg') == pytest.approx(expected, abs=1e-6)


def test_a_heap_of_landmarks_is_no_head():
    assert head_frame(np.full((478, 3), 7.0)) is None
    rubbish = head_frame(np.random.default_rng(0).normal(0.0, 50.0, (478, 3)))
    assert rubbish is None or rubbish.misfit > 0.2


def test_a_larger_gap_between_the_lips_is_measured_as_such():
    points = head()
    more = points.copy()
    more[14, 1] += 0.1
    changed = measure(more) - measure(points)
    assert changed[PLACES['mouth_height']] == pytest.approx(0.1)
    assert not changed[UPPER].any()


def test_the_neutral_face_has_no_weight_at_all():
    weights = blendshapes(USUAL, USUAL)
    observed = np.isfinite(weights)
    assert (weights[observed] == 0.0).all()
    assert set(np.flatnonzero(~observed)) == set(arkit.NEVER_OBSERVED)


@pytest.mark.parametrize(('name', 'change', 'raised'), [
    ('eye_opening', -0.25, {*arkit.EYE_BLINK}),
    ('eye_opening', 0.12, {*arkit.EYE_WIDE}),
    ('lower_lid', -0.02, {*arkit.EYE_SQUINT}),
    ('look_left', 0.15, {arkit.EYE_LOOK_OUT[0], arkit.EYE_LOOK_IN[1]}),
    ('look_down', 0.1, {*arkit.EYE_LOOK_DOWN}),
    ('inner_brow', 0.08, {arkit.BROW_INNER_UP}),
    ('inner_brow', -0.06, {*arkit.BROW_DOWN}),
    ('outer_brow', 0.07, {*arkit.BROW_OUTER_UP}),
    ('cheek', -0.04, {*arkit.CHEEK_SQUINT}),
    ('corner_lift', 0.1, {*arkit.MOUTH_SMILE}),
    ('corner_lift', -0.05, {*arkit.MOUTH_FROWN}),
    ('corner_reach', -0.07, {arkit.MOUTH_PUCKER}),
    ('mouth_shift', 0.06, {arkit.MOUTH_LEFT}),
    ('jaw_shift', -0.1, {arkit.JAW_RIGHT}),
    ('mouth_height', 0.3, {arkit.JAW_OPEN}),
    ('mouth_height', -0.05, {arkit.MOUTH_SHRUG_LOWER}),
    ('upper_lip', -0.07, {*arkit.MOUTH_UPPER_UP}),
])
def test_a_measurement_raises_its_shapes(name, change, raised):
    measured = USUAL.copy()
    measured[PLACES[name]] += change
    weights = blendshapes(measured, USUAL)
    assert all(weights[i] > 0.4 for i in raised)
    allowed = raised | {*arkit.NOSE_SNEER, *arkit.MOUTH_STRETCH}
    assert set(np.flatnonzero(weights > 0.1)) <= allowed


def test_one_side_moves_one_side():
    measured = USUAL.copy()
    measured[PLACES['eye_opening']] += (-0.25, 0.0)
    weights = blendshapes(measured, USUAL)
    assert weights[arkit.EYE_BLINK[0]] > 0.8
    assert weights[arkit.EYE_BLINK[1]] == 0.0


def learned(measured, seconds, *, rate_hz=30.0, neutral=None, start_s=0.0, **halves):
    neutral = neutral or NeutralFace()
    for k in range(round(seconds * rate_hz) + 1):
        neutral.learn(
            measured, start_s + k / rate_hz, upper=halves.get('upper', True),
            lower=halves.get('lower', True))
    return neutral


def test_a_wearers_rest_is_learned_within_half_a_minute():
    rest = USUAL + 0.8 * DEVIATION
    np.testing.assert_allclose(
        (learned(rest, 30.0).values - rest) / DEVIATION, np.zeros(COUNT), atol=0.3)


def test_a_long_smile_is_not_unlearned():
    neutral = learned(USUAL, 60.0)
    smiling = USUAL + 3.0 * DEVIATION
    learned(smiling, 10.0, neutral=neutral, start_s=60.1)
    assert np.all((neutral.values - USUAL) / DEVIATION < 0.15)
    learned(smiling, 3600.0, rate_hz=3.0, neutral=neutral, start_s=71.0)
    assert np.all((neutral.values - USUAL) / DEVIATION <= NeutralFace.REACH + 1e-9)


def test_an_expression_that_is_held_for_minutes_is_not_taken_for_rest():
    neutral = learned(USUAL, 40.0)
    learned(USUAL + 2.0 * DEVIATION, 300.0, rate_hz=5.0, neutral=neutral, start_s=40.2)
    assert np.all((neutral.values - USUAL) / DEVIATION < 0.2)


def test_a_headset_that_slips_is_learned_within_ten_minutes():
    neutral = learned(USUAL, 40.0)
    learned(USUAL + 0.5 * DEVIATION, 600.0, rate_hz=5.0, neutral=neutral, start_s=40.2)
    assert np.all((neutral.values - USUAL) / DEVIATION > 0.25)


def test_only_the_halves_that_were_seen_are_learned():
    neutral = learned(USUAL + DEVIATION, 20.0, upper=False)
    assert not (neutral.values - USUAL)[UPPER].any()
    assert ((neutral.values - USUAL)[~UPPER] > 0.0).all()


def test_a_pause_teaches_nothing():
    neutral = NeutralFace()
    neutral.learn(USUAL + DEVIATION, 0.0, upper=True, lower=True)
    neutral.learn(USUAL + DEVIATION, 3600.0, upper=True, lower=True)
    np.testing.assert_array_equal(neutral.values, USUAL)
    assert neutral.seen_s == 0.0


PICTURE = np.zeros((240, 320, 3), np.uint8)


def at(column, row, size):
    """Return a mesh [478, 3] whose points lie in a square of a picture."""
    points = np.random.default_rng(0).uniform(-0.5, 0.5, (478, 3)) * size
    points[33, :2], points[263, :2] = (-0.3 * size, 0.0), (0.3 * size, 0.0)
    return np.add(points, (column, row, 0.0))


class Shy:
    """A mesher whose detector is blind; the mesh finds a face that lies near to the region."""

    def __init__(self, face, weak=()):
        self.face, self.weak, self.looks = face, list(weak), 0

    def faces(self, _):
        return self.weak

    def mesh(self, _, region):
        self.looks += 1
        near = math.hypot(region.x - self.face.x, region.y - self.face.y) < 0.15 * self.face.side
        fits = near and 0.6 < region.side / self.face.side < 1.6
        # Landmarks of a head, so that the search takes them for one.
        points = turned(head(), scale=0.3 * self.face.side, at=(self.face.x, self.face.y, 0.0))
        return Fit(points, 0.9 if fits else 0.0)


@pytest.mark.parametrize('face', [
    Region(160.0, 120.0, 200.0), Region(90.0, 100.0, 150.0), Region(230.0, 150.0, 260.0)])
def test_a_face_that_the_detector_misses_is_found_by_and_by(face):
    mesher = Shy(face)
    follower = FaceFollower(mesher)
    at_once = FaceFollower(mesher).follow(PICTURE, 0.0, thoroughly=True)
    assert at_once.mesh is not None
    mesher.looks = 0
    found = [follower.follow(PICTURE, k / 30.0).mesh is not None for k in range(120)]
    assert found[-1]
    # Ten times a second at most, and not often each time.
    assert mesher.looks <= 5 * 40 + sum(found)


def test_a_weak_detection_is_looked_at_first():
    face = Region(60.0, 60.0, 90.0)
    follower = FaceFollower(Shy(face, weak=[Region(62.0, 58.0, 95.0, score=0.2)]))
    assert follower.follow(PICTURE, 0.0).mesh is not None


def test_what_is_found_by_searching_must_look_like_a_face():
    follower = FaceFollower(
        Shy(Region(160.0, 120.0, 200.0)), likeness=lambda image, mesh: 0.3)
    assert follower.follow(PICTURE, 0.0, thoroughly=True).mesh is None


class TwoFaces:
    """Sees the faces that it is told of; their meshes fill two thirds of the region."""

    def __init__(self):
        self.seen = []
        self.looks = 0

    def faces(self, _):
        self.looks += 1
        return sorted(self.seen, key=lambda face: -face.side)

    def mesh(self, _, region):
        near = [face for face in self.seen if abs(face.x - region.x) < 30.0]
        return Fit(at(near[0].x, near[0].y, near[0].side / 1.5), 1.0) if near else None


def test_a_followed_face_is_searched_for_once_a_second_only():
    mesher = TwoFaces()
    mesher.seen = [Region(100.0, 100.0, 90.0)]
    follower = FaceFollower(mesher)
    found = [follower.follow(PICTURE, k / 30.0) for k in range(90)]
    assert all(one.mesh is not None and one.faces == 1 for one in found)
    assert mesher.looks == 3 / LOOK_AROUND_S


def test_of_two_faces_the_nearer_is_followed_also_when_it_comes_later():
    mesher = TwoFaces()
    mesher.seen = [Region(60.0, 100.0, 60.0)]
    follower = FaceFollower(mesher)
    assert follower.follow(PICTURE, 0.0).mesh[:, 0].mean() == pytest.approx(60.0, abs=5.0)
    mesher.seen.append(Region(220.0, 100.0, 120.0))
    found = follower.follow(PICTURE, LOOK_AROUND_S + 0.01)
    assert found.faces == 2
    assert found.mesh[:, 0].mean() == pytest.approx(220.0, abs=5.0)


def test_a_face_of_about_the_same_size_does_not_take_over():
    mesher = TwoFaces()
    mesher.seen = [Region(60.0, 100.0, 90.0)]
    follower = FaceFollower(mesher)
    follower.follow(PICTURE, 0.0)
    mesher.seen.append(Region(220.0, 100.0, 100.0))
    found = follower.follow(PICTURE, LOOK_AROUND_S + 0.01)
    assert found.faces == 2
    assert found.mesh[:, 0].mean() == pytest.approx(60.0, abs=5.0)


def test_a_face_that_jumped_is_found_in_the_same_picture():
    mesher = TwoFaces()
    mesher.seen = [Region(60.0, 100.0, 90.0)]
    follower = FaceFollower(mesher)
    follower.follow(PICTURE, 0.0)
    mesher.seen = [Region(220.0, 100.0, 90.0)]
    assert follower.follow(PICTURE, 0.03).mesh[:, 0].mean() == pytest.approx(220.0, abs=5.0)


@pytest.mark.parametrize(('encoding', 'channels', 'order'), [
    ('mono8', 1, None), ('rgb8', 3, [10, 20, 30]), ('bgr8', 3, [30, 20, 10]),
    ('bgra8', 4, [30, 20, 10]), ('rgba8', 4, [10, 20, 30])])
def test_channels_come_out_as_red_green_blue_and_padding_goes(encoding, channels, order):
    pixel = [10, 20, 30, 255][:channels]
    rows = np.zeros((40, 50 * channels + 7), np.uint8)
    rows[:, :50 * channels] = np.tile(pixel, 50)
    picture = to_picture(40, 50, encoding, rows.shape[1], rows.tobytes())
    assert picture.shape[:2] == (40, 50)
    assert (picture == (10 if order is None else order)).all()


def test_a_large_picture_is_shrunk_with_its_proportions():
    assert to_picture(960, 1280, 'mono8', 1280, bytes(960 * 1280)).shape == (480, 640)


@pytest.mark.parametrize(('fields', 'wrong'), [
    ((40, 50, 'klingon8', 50, bytes(2000)), "encoding 'klingon8'"),
    ((40, 50, 'mono8', 50, bytes(1999)), 'step and data do not fit'),
    ((40, 50, 'bgr8', 50, bytes(2000)), 'step and data do not fit'),
    ((0, 50, 'mono8', 50, b''), 'size out of range'),
    ((2**31, 2**31, 'mono8', 2**31, b''), 'size out of range')])
def test_a_message_that_lies_about_itself_is_refused(fields, wrong):
    with pytest.raises(ImageError) as caught:
        to_picture(*fields)
    assert caught.value.args[0] == wrong
    assert caught.value.args[1]


def test_only_mediapipes_notices_are_kept_off_stderr(capfd):
    import os
    with quiet():
        os.write(2, b'INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n')
        os.write(2, b'a neighbour has something to say\n')
    assert capfd.readouterr().err == 'a neighbour has something to say\n'


def test_without_mediapipe_it_says_what_to_install(graph, monkeypatch):
    def missing(_):
        raise mediapipe_bindings.PackageNotFoundError('mediapipe')
    monkeypatch.setattr(mediapipe_bindings, 'version', missing)
    node = graph.add(FaceTrackerNode, activate=False)
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'pip install --no-deps mediapipe==' in node.diagnostics.status().message
