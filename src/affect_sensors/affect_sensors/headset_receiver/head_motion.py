# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the head does, from poses or from the inertial unit, in the axes of REP-103."""

from collections.abc import Callable
from collections.abc import Sequence
import math
from typing import NamedTuple

from affect_sensors.headset_link.axes import orientation_to_rep103
from affect_sensors.headset_link.axes import Quaternion
from affect_sensors.headset_link.axes import rotate_back
from affect_sensors.headset_link.axes import rotation_vector
from affect_sensors.headset_link.axes import to_rep103
from affect_sensors.headset_link.axes import Vector
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import ORIENTATION_VALID

_UNIT_WITHIN = 0.02
_LONGEST_STEP_NS = 100_000_000
_POSE_HOLDS_NS = 25_000_000
_INERTIAL_HOLDS_NS = 1_000_000_000
_FASTEST_TURN_RAD_S = 100.0
_STRONGEST_PUSH_M_S2 = 500.0
_NAN_3: Vector = (math.nan,) * 3

Complain = Callable[[str, str, str], None]


class Motion(NamedTuple):
    """One sample for sensor_msgs/Imu; what is not known is NaN, or None."""

    stamp_ns: int
    angular_velocity_rad_s: Vector
    linear_acceleration_m_s2: Vector
    orientation_xyzw: Quaternion | None


class HeadMotion:
    """
    Gives one stream of motion whatever the headset sends.

    Samples of the inertial unit are passed on, with the orientation of a pose of the same moment.
    When only poses come, the angular velocity is the one that the headset gives with them, else
    the turn from one pose to the next, at the time between the two; the acceleration stays
    unknown: two differences of a position would be noise.
    """

    def __init__(self, complain: Complain) -> None:
        self._complain = complain
        self.forget()

    def forget(self) -> None:
        """Begin anew: another session or another clock."""
        self._pose_ns: int | None = None
        self._pose: Sequence[float] = ()
        self._inertial_ns: int | None = None

    def take_inertial(self, stamp_ns: int, record: Inertial) -> Motion | None:
        """Return the motion of a sample of the inertial unit; None when it says nothing."""
        turn = self._limited(
            record.angular_velocity_rad_s, _FASTEST_TURN_RAD_S, 'angular velocity', 'rad/s')
        push = self._limited(
            record.linear_acceleration_m_s2, _STRONGEST_PUSH_M_S2, 'acceleration', 'm/s^2')
        if math.isnan(turn[0]) and math.isnan(push[0]):
            return None
        self._inertial_ns = stamp_ns
        orientation = None
        if self._pose_ns is not None and abs(stamp_ns - self._pose_ns) <= _POSE_HOLDS_NS:
            orientation = orientation_to_rep103(self._pose)
        return Motion(stamp_ns, to_rep103(turn), to_rep103(push), orientation)

    def take_pose(self, stamp_ns: int, record: HeadPose) -> Motion | None:
        """Return the motion that a pose tells; None when the inertial unit tells it."""
        if not record.flags & ORIENTATION_VALID:
            return None
        length = math.sqrt(sum(v * v for v in record.orientation_xyzw))
        if not abs(length - 1.0) <= _UNIT_WITHIN:
            self._complain(
                'head pose', 'an orientation that is no unit quaternion',
                f'its length is {length:.3g}; send x, y, z, w, and clear bit 0 of flags when the '
                'orientation is not valid')
            return None
        pose = [v / length for v in record.orientation_xyzw]
        before_ns, before = self._pose_ns, self._pose
        self._pose_ns, self._pose = stamp_ns, pose
        if self._inertial_ns is not None and stamp_ns - self._inertial_ns < _INERTIAL_HOLDS_NS:
            return None
        given = self._limited(
            record.angular_velocity_rad_s, _FASTEST_TURN_RAD_S, 'angular velocity', 'rad/s')
        if not math.isnan(given[0]):
            return Motion(
                stamp_ns, to_rep103(rotate_back(given, pose)), _NAN_3,
                orientation_to_rep103(pose))
        if before_ns is None or not 0 < stamp_ns - before_ns <= _LONGEST_STEP_NS:
            return None
        step_s = (stamp_ns - before_ns) * 1e-9
        x, y, z = rotation_vector(before, pose)
        turn = self._limited(
            (x / step_s, y / step_s, z / step_s), _FASTEST_TURN_RAD_S, 'turn between poses',
            'rad/s')
        if math.isnan(turn[0]):
            return None
        # Of the orientation nothing is said: it is not that of the moment between.
        return Motion((before_ns + stamp_ns) // 2, to_rep103(turn), _NAN_3, None)

    def _limited(
        self, vector: Sequence[float], most: float, what: str, unit: str,
    ) -> Sequence[float]:
        if all(abs(v) <= most for v in vector):
            return vector
        if not any(math.isnan(v) for v in vector):
            self._complain(
                'head', f'{what} out of range',
                f'{max(map(abs, vector)):.3g} {unit} is more than {most:g}; send NaN when it is '
                'not known')
        return _NAN_3
