# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a headset says, in messages: axes, ranges, and what is left unknown."""

import math

from affect_msgs.msg import EyeState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_sensors.blendshapes import INDEX
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.headset_link import axes
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import FACE_AUDIO
from affect_sensors.headset_link.records import FIT_GOOD
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import LID_OPEN
from affect_sensors.headset_link.records import SHAPE_SET_IDS
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.simulated_stream import SimulatedStream
from affect_sensors.headset_receiver.head_motion import HeadMotion
from affect_sensors.headset_receiver.messages import fill_face
from affect_sensors.headset_receiver.messages import fill_gaze
from affect_sensors.headset_receiver.messages import fill_imu
from affect_sensors.headset_receiver.status_messages import StatusMessages
from affect_sensors.simulation import eyes
from affect_sensors.simulation import head
from affect_sensors.simulation.wearer import shared_wearer
from affect_sensors.sources.simulated_gaze import report
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest
from sensor_msgs.msg import Imu

MS = 1_000_000
NAN = math.nan
FORWARD = (0.0, 0.0, -1.0)


class Complaints(list):
    """A list that is filled by calling it."""

    def __call__(self, source, reason, remedy):
        self.append(f'{source}: {reason}; {remedy}')


@pytest.fixture
def complaints():
    return Complaints()


def gaze_of(complaints, **fields):
    message = GazeSample()
    fill_gaze(message, Gaze(0, **fields), complaints)
    return message


def about(axis, angle):
    """Return a rotation as x, y, z, w."""
    return (*(math.sin(angle / 2) * np.array(axis, dtype=float)).tolist(), math.cos(angle / 2))


@pytest.mark.parametrize(('openxr', 'rep103'), [
    ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0)), ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    ((0.0, 0.0, -1.0), (1.0, 0.0, 0.0))])
def test_right_is_minus_left_up_is_up_and_forward_is_forward(openxr, rep103):
    assert axes.to_rep103(openxr) == rep103
    assert axes.from_rep103(rep103) == openxr


def test_a_turn_to_the_left_is_positive_about_z_and_a_nod_down_about_y():
    left = axes.orientation_to_rep103(about((0, 1, 0), 0.5))
    assert left == pytest.approx(about((0, 0, 1), 0.5))
    down = axes.orientation_to_rep103(about((1, 0, 0), -0.5))
    assert down == pytest.approx(about((0, 1, 0), 0.5))


@settings(max_examples=100, deadline=None)
@given(st.floats(-179, 179), st.floats(-85, 85))
def test_angles_are_those_of_fick(azimuth, elevation):
    a, e = math.radians(azimuth), math.radians(elevation)
    direction = axes.from_rep103(
        (math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e)))
    assert axes.fick_angles_deg(direction) == pytest.approx((azimuth, elevation), abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(
    st.tuples(*[st.floats(-1, 1)] * 4), st.tuples(*[st.floats(-1, 1)] * 3),
    st.floats(1e-4, 3.0))
def test_the_turn_between_two_orientations_is_found_again(start, axis, angle):
    if np.linalg.norm(start) < 0.1 or np.linalg.norm(axis) < 0.1:
        return
    before = np.array(start) / np.linalg.norm(start)
    unit = np.array(axis) / np.linalg.norm(axis)
    x, y, z, w = about(unit, angle)
    ax, ay, az, aw = before
    after = (
        aw * x + ax * w + ay * z - az * y, aw * y - ax * z + ay * w + az * x,
        aw * z + ax * y - ay * x + az * w, aw * w - ax * x - ay * y - az * z)
    for sign in (1.0, -1.0):  # q and -q are one orientation
        turn = axes.rotation_vector(before.tolist(), [sign * v for v in after])
        np.testing.assert_allclose(turn, unit * angle, atol=1e-6)


def test_axes_that_meet_half_a_metre_ahead_say_so(complaints):
    angle = math.atan2(0.032, 0.5)
    left = Eye(LID_OPEN, (math.sin(angle), 0.0, -math.cos(angle)), (-0.032, 0.0, 0.0))
    right = Eye(LID_OPEN, (-math.sin(angle), 0.0, -math.cos(angle)), (0.032, 0.0, 0.0))
    message = gaze_of(complaints, left=left, right=right)
    assert message.vergence_distance_m == pytest.approx(0.5, abs=1e-4)
    assert (message.azimuth_deg, message.elevation_deg) == pytest.approx((0.0, 0.0), abs=1e-6)
    # The left eye of one who looks at something near is turned to the right.
    assert message.left.azimuth_deg < 0.0 < message.right.azimuth_deg
    parted = gaze_of(
        complaints, left=Eye(LID_OPEN, right.direction, left.origin_m),
        right=Eye(LID_OPEN, left.direction, right.origin_m))
    assert math.isnan(parted.vergence_distance_m)
    given = gaze_of(complaints, left=left, right=right, vergence_distance_m=2.0)
    assert given.vergence_distance_m == 2.0
    parallel = gaze_of(complaints, vergence_distance_m=math.inf)
    assert math.isnan(parallel.vergence_distance_m)
    assert complaints == []


def test_one_eye_alone_gives_no_combined_direction(complaints):
    message = gaze_of(complaints, left=Eye(LID_OPEN, FORWARD))
    assert message.left.azimuth_deg == 0.0
    assert math.isnan(message.azimuth_deg)
    assert message.right.state == EyeState.STATE_UNKNOWN


def test_nothing_given_is_nothing_known(complaints):
    message = gaze_of(complaints)
    numbers = [
        message.azimuth_deg, message.elevation_deg, message.vergence_distance_m,
        message.confidence, message.device_delay_s]
    for eye in (message.left, message.right):
        assert eye.state == EyeState.STATE_UNKNOWN
        numbers += [
            eye.azimuth_deg, eye.elevation_deg, eye.origin.x, eye.origin.y, eye.origin.z,
            eye.pupil_x, eye.pupil_y, eye.pupil_diameter_mm, eye.openness, eye.squint,
            eye.widening, eye.confidence]
    assert all(math.isnan(n) for n in numbers)
    assert complaints == []


@pytest.mark.parametrize(('eye', 'field', 'said'), [
    (Eye(direction=(0.0, 0.0, 0.0)), 'azimuth_deg', 'left eye: a direction that is no unit'),
    (Eye(direction=(3.0, 0.0, 0.0)), 'azimuth_deg', 'send a vector of length 1, or NaN'),
    (Eye(direction=(math.inf, 0.0, 0.0)), 'azimuth_deg', 'no unit vector'),
    (Eye(pupil_diameter_mm=0.0035), 'pupil_diameter_mm', 'looks like metres; 0.0035: multiply'),
    (Eye(pupil_diameter_mm=0.0), 'pupil_diameter_mm', 'pupil diameter out of range; 0 mm'),
    (Eye(pupil_diameter_mm=35.0), 'pupil_diameter_mm', 'pupil diameter out of range'),
    (Eye(openness=-0.5), 'openness', 'openness out of range; -0.5 is not in [0, 2]'),
    (Eye(openness=100.0), 'openness', 'openness out of range'),
    (Eye(squint=1.5), 'squint', 'squint out of range'),
    (Eye(widening=math.inf), 'widening', 'widening out of range'),
    (Eye(confidence=-1.0), 'confidence', 'confidence out of range'),
    (Eye(pupil=(320.0, 0.5)), 'pupil_x', 'place of the pupil out of range'),
])
def test_what_cannot_be_is_unknown_and_named(complaints, eye, field, said):
    message = gaze_of(complaints, left=eye)
    assert math.isnan(getattr(message.left, field))
    assert len(complaints) == 1
    assert said in complaints[0]


def test_an_origin_in_millimetres_is_refused(complaints):
    message = gaze_of(complaints, right=Eye(origin_m=(32.0, 0.0, -10.0)))
    assert math.isnan(message.right.origin.y)
    assert 'in metres in the frame of the head' in complaints[0]


def test_a_little_too_much_is_cut_and_widened_eyes_stay_wide(complaints):
    message = gaze_of(complaints, left=Eye(openness=1.3, squint=1.01, widening=-0.01))
    assert message.left.openness == pytest.approx(1.3)
    assert (message.left.squint, message.left.widening) == (1.0, 0.0)
    assert complaints == []


def face_of(complaints, name, data_source=1, **known):
    names = SHAPE_SETS[name].names
    weights = [0.0] * len(names)
    for shape, value in known.items():
        weights[names.index(shape)] = value
    message = FaceTracking()
    assert fill_face(
        message, Face(0, SHAPE_SET_IDS[name], tuple(weights), data_source), complaints)
    return message


def test_a_weight_out_of_range_is_not_observed_and_kept_among_the_devices_own(complaints):
    names = SHAPE_SETS['XR_FB_face_tracking2'].names
    shape = next(n for n in names if 'JAW_DROP' in n.upper() or n == 'jawDrop')
    message = face_of(complaints, 'XR_FB_face_tracking2', **{shape: 7.0})
    assert not message.observed[INDEX['jawOpen']]
    assert math.isnan(message.weights[INDEX['jawOpen']])
    assert message.observed[INDEX['mouthSmileLeft']]
    assert message.native_weights[names.index(shape)] == 7.0
    assert 'out of range' in complaints[0]
    assert shape in complaints[0]


def test_more_of_a_shape_gives_more_of_its_weight(complaints):
    before = -1.0
    for value in (0.0, 0.4, 1.0):
        weight = face_of(complaints, 'ARKit', mouthSmileLeft=value).weights[
            INDEX['mouthSmileLeft']]
        assert weight > before
        before = weight


def test_a_face_that_was_heard_says_so(complaints):
    message = face_of(complaints, 'ARKit', FACE_AUDIO)
    assert message.source == FaceTracking.SOURCE_AUDIO
    assert math.isnan(message.upper_confidence)


@pytest.mark.parametrize(('record', 'said'), [
    (Face(0, 9, (0.0,) * 52), 'face: shape set 9 is not known; known are 1 ARKit'),
    (Face(0, 2, (0.0,) * 52), 'face: 52 weights of XR_ML_facial_expression; the set has 46'),
    (Face(0, 1, ()), 'face: 0 weights of ARKit'),
])
def test_a_face_of_another_size_is_refused(complaints, record, said):
    assert not fill_face(FaceTracking(), record, complaints)
    assert complaints[0].startswith(said)


def test_inertial_samples_are_turned_and_what_is_missing_is_marked(complaints):
    motion = HeadMotion(complaints).take_inertial(5, Inertial(0, (0.1, 0.2, 0.3), (0, 9.8, 0)))
    message = Imu()
    fill_imu(message, motion)
    rate, force = message.angular_velocity, message.linear_acceleration
    assert (rate.x, rate.y, rate.z) == (-0.3, -0.1, 0.2)
    assert force.z == 9.8
    assert message.orientation_covariance[0] == -1.0
    assert message.angular_velocity_covariance[0] == 0.0
    fill_imu(message, HeadMotion(complaints).take_inertial(5, Inertial(0, (0.1, 0.2, 0.3))))
    assert message.linear_acceleration_covariance[0] == -1.0
    assert math.isnan(message.linear_acceleration.x)
    assert HeadMotion(complaints).take_inertial(5, Inertial(0)) is None
    assert complaints == []


def test_a_pose_of_the_same_moment_gives_the_orientation(complaints):
    motion = HeadMotion(complaints)
    motion.take_pose(100 * MS, HeadPose(0, about((0, 1, 0), 0.5)))
    near = motion.take_inertial(110 * MS, Inertial(0, (0.0, 0.0, 0.0)))
    assert near.orientation_xyzw == pytest.approx(about((0, 0, 1), 0.5))
    assert motion.take_inertial(200 * MS, Inertial(0, (0.0,) * 3)).orientation_xyzw is None


def test_poses_alone_tell_how_the_head_turns(complaints):
    """A turn to the left by 1 rad/s, at 72 Hz: seen at the time between two poses."""
    motion = HeadMotion(complaints)
    step = 13_888_889
    found = [motion.take_pose(n * step, HeadPose(0, about((0, 1, 0), n / 72.0)))
             for n in range(10)]
    assert found[0] is None
    for n, sample in enumerate(found[1:], start=1):
        np.testing.assert_allclose(sample.angular_velocity_rad_s, (0.0, 0.0, 1.0), atol=1e-6)
        assert sample.stamp_ns == n * step - (step + 1) // 2
        assert math.isnan(sample.linear_acceleration_m_s2[0])
    assert motion.take_pose(10 * step + 200 * MS, HeadPose(0, about((0, 1, 0), 0.2))) is None


def test_the_headsets_own_angular_velocity_is_in_the_world_and_is_turned_back(complaints):
    """Looking left by 90 degrees, a fall to the side of the world's z is a nod of the head."""
    sample = HeadMotion(complaints).take_pose(0, HeadPose(
        0, about((0, 1, 0), math.pi / 2), angular_velocity_rad_s=(0.0, 0.0, 2.0)))
    # OpenXR: the head's own x axis is the world's -z there; REP-103: x of the head is -y.
    np.testing.assert_allclose(sample.angular_velocity_rad_s, (0.0, 2.0, 0.0), atol=1e-9)
    assert sample.orientation_xyzw == pytest.approx(about((0, 0, 1), math.pi / 2))


def test_poses_are_silent_while_the_inertial_unit_speaks(complaints):
    motion = HeadMotion(complaints)
    motion.take_inertial(0, Inertial(0, (0.0,) * 3))
    turning = [HeadPose(0, about((0, 1, 0), n / 100.0)) for n in range(3)]
    assert motion.take_pose(10 * MS, turning[0]) is None
    assert motion.take_pose(20 * MS, turning[1]) is None
    motion.take_pose(1490 * MS, turning[1])
    assert motion.take_pose(1500 * MS, turning[2]) is not None


@pytest.mark.parametrize(('pose', 'said'), [
    (HeadPose(0, (0.0, 0.0, 0.0, 0.0)), 'no unit quaternion; its length is 0'),
    (HeadPose(0, (NAN,) * 4), 'no unit quaternion'),
    (HeadPose(0, (0.0, 0.0, 0.0, math.inf)), 'no unit quaternion'),
    (HeadPose(0, (0.0, 0.0, 0.0, 1.0), angular_velocity_rad_s=(1e9, 0.0, 0.0)),
     'angular velocity out of range'),
])
def test_a_pose_that_cannot_be_is_named(complaints, pose, said):
    assert HeadMotion(complaints).take_pose(0, pose) is None
    assert said in complaints[0]


def test_a_pose_that_is_not_valid_is_no_error(complaints):
    assert HeadMotion(complaints).take_pose(0, HeadPose(0, (0.0,) * 4, flags=2)) is None
    assert complaints == []


def test_a_status_is_said_once_and_keeps_since_when_it_holds(complaints):
    messages = StatusMessages('hmd_link', complaints)
    first = messages.next(10**9, Status(0, FIT_GOOD, 3, 63.0, 0.5), 'ML2', lambda ns: ns)
    assert (first.fit, first.device) == (HeadsetStatus.FIT_GOOD, 'ML2')
    assert first.interpupillary_distance_mm == 63.0
    assert first.fit_changed.sec == 1
    assert messages.next(2 * 10**9, Status(0, FIT_GOOD, 3, 63.0, 0.501), 'ML2', int) is None
    worse = messages.next(3 * 10**9, Status(0, FIT_GOOD, 1, 63.0, 0.5), 'ML2', int)
    assert (worse.fit_changed.sec, worse.eye_calibration_changed.sec) == (1, 3)
    told = messages.next(
        4 * 10**9, Status(0, 1, 1, 63.0, 0.5, fit_changed_ns=2 * 10**9), 'ML2', int)
    assert told.fit_changed.sec == 2
    odd = messages.next(
        5 * 10**9, Status(0, 2, 1, 63.0, 0.5, fit_changed_ns=-2**62), 'ML2', int)
    assert (odd.fit_changed.sec, odd.fit_changed.nanosec) == (0, 0)
    assert complaints == []


def test_off_and_on_again_between_two_statuses_is_said_and_the_same_change_only_once(complaints):
    messages = StatusMessages('hmd_link', complaints)

    def say(at_s, changed_s, offset_ns=0):
        return messages.next(
            at_s * 10**9, Status(0, FIT_GOOD, fit_changed_ns=changed_s * 10**9), '',
            lambda ns: ns + offset_ns)

    assert say(5, changed_s=2).fit_changed.sec == 2
    # What is known of the device's clock changes a little all the time.
    assert say(6, changed_s=2, offset_ns=700_000) is None
    assert say(7, changed_s=6).fit_changed.sec == 6
    messages.forget()
    assert say(8, changed_s=6).fit_changed.sec == 6
    assert complaints == []


def test_impossible_numbers_of_a_status_are_unknown(complaints):
    message = StatusMessages('hmd_link', complaints).next(
        0, Status(0, 2, 3, 0.063, 50.0), '', int)
    assert math.isnan(message.interpupillary_distance_mm)
    assert math.isnan(message.battery_fraction)
    assert len(complaints) == 2


def test_the_simulated_wearer_arrives_as_the_simulated_sensors_show_it(complaints):
    """Through the axes of OpenXR and back: gaze, openness and motion of the same samples."""
    stream = SimulatedStream(2, '', 50.0)
    records = stream.records(51.0, 0)
    wearer = shared_wearer(2, '')
    gazes = [r for r in records if isinstance(r, Gaze)]
    first = round(gazes[0].time_ns * eyes.RATE_HZ / 1e9)
    rows = report(wearer.eyes.samples(first, first + len(gazes)))
    message = GazeSample()
    for record, row in zip(gazes, rows, strict=True):
        fill_gaze(message, record, complaints)
        for told, prefix in (
                (message, ''), (message.left, 'left_'), (message.right, 'right_')):
            for field in ('azimuth_deg', 'elevation_deg'):
                assert getattr(told, field) == pytest.approx(
                    row[prefix + field], abs=1e-4, nan_ok=True)
        assert message.left.openness == pytest.approx(row['left_openness'])
        assert message.right.pupil_diameter_mm == pytest.approx(
            row['right_pupil_diameter_mm'], nan_ok=True)
    inertial = [r for r in records if isinstance(r, Inertial)]
    first = round(inertial[0].time_ns * head.RATE_HZ / 1e9)
    for record, row in zip(
            inertial, wearer.head.samples(first, first + len(inertial)), strict=True):
        motion = HeadMotion(complaints).take_inertial(0, record)
        np.testing.assert_allclose(
            [*motion.angular_velocity_rad_s, *motion.linear_acceleration_m_s2], row)
    assert complaints == []
