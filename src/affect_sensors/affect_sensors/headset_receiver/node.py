# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A headset that speaks the wire format: gaze, face, head motion and status of one sender."""

import math
from typing import Any

from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_node import LATCHED
from affect_node import run
from affect_node import stream
from affect_node import to_stamp
from affect_sensors.headset_link.received import Received
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.wire_format import DEFAULT_PORT
from affect_sensors.headset_receiver.head_motion import HeadMotion
from affect_sensors.headset_receiver.head_motion import Motion
from affect_sensors.headset_receiver.link_source import LinkSource
from affect_sensors.headset_receiver.log_source import LogSource
from affect_sensors.headset_receiver.messages import fill_face
from affect_sensors.headset_receiver.messages import fill_gaze
from affect_sensors.headset_receiver.messages import fill_status
from affect_sensors.headset_receiver.messages import imu_message
from affect_sensors.headset_receiver.udp_source import parse_senders
from affect_sensors.headset_receiver.udp_source import UdpSource
from affect_sensors.sensor_node import SensorNode
from sensor_msgs.msg import Imu


class HeadsetReceiverNode(SensorNode):
    """Publishes what a headset sends, from the network or from a log of its datagrams."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'headset_receiver', sources=('udp', 'file'), shortest_wait_s=0.008, **kwargs)
        self._bind_address = self.declare(
            'bind_address', '127.0.0.1',
            "Address to listen on. The headset is another host: give this host's address in the "
            "headset's network, or 0.0.0.0 for all. What comes is not authenticated.")
        self._port = self.declare(
            'port', DEFAULT_PORT, 'UDP port; 0 takes any that is free.', low=0, high=65535)
        self._senders = self.declare(
            'senders', '', 'Addresses or networks that may send, with commas between; empty: all.')
        self._frame_id = self.declare(
            'frame_id', 'hmd_link', 'Frame of the head: directions, origins, motion.')
        self._gaze = GazeSample()
        self._face = FaceTracking()
        for message in (self._gaze, self._face):
            message.header.frame_id = self.frame(self._frame_id)
        self._motion = HeadMotion(self.diagnostics.reject)
        self._status: HeadsetStatus | None = None

    def make_source(self) -> LinkSource:
        """Return the network or a log."""
        self._status = None
        self._motion.forget()
        if self.source_kind == 'file':
            return LogSource(
                self.diagnostics.reject, self.path, loop=self.loop,
                silence_s=self._stale_after_s)
        return UdpSource(
            self.diagnostics.reject, bind_address=self._bind_address, port=self._port,
            senders=parse_senders(self._senders), silence_s=self._stale_after_s)

    def advertise_topics(self) -> None:
        """Create the publishers."""
        self._gazes = self.advertise(GazeSample, 'hmd/gaze/sample', stream(120.0))
        self._faces = self.advertise(FaceTracking, 'hmd/face/tracking', stream(30.0))
        self._imus = self.advertise(Imu, 'hmd/imu/data', stream(200.0))
        self._statuses = self.advertise(HeadsetStatus, 'hmd/headset/status', LATCHED)

    def publish_item(self, item: tuple[int, Received]) -> None:
        """Publish one record."""
        stamp_ns, received = item
        record = received.record
        if received.is_new_order:
            self._motion.forget()
        if isinstance(record, Gaze):
            self._publish_gaze(stamp_ns, record, received.is_simulation)
        elif isinstance(record, Face):
            self._publish_face(stamp_ns, record, received.is_simulation)
        elif isinstance(record, Inertial):
            self._publish_motion(self._motion.take_inertial(stamp_ns, record))
        elif isinstance(record, HeadPose):
            self._publish_motion(self._motion.take_pose(stamp_ns, record))
        else:
            self._publish_status(stamp_ns, record)

    def fell_silent(self) -> None:
        """Nobody knows any more whether the headset is worn."""
        if self._status is not None:
            self._publish_status(self.get_clock().now().nanoseconds, Status(0))

    def _publish_gaze(self, stamp_ns: int, record: Gaze, is_simulation: bool) -> None:
        self._gaze.header.stamp = to_stamp(ns=stamp_ns)
        self._gaze.source = (
            GazeSample.SOURCE_SIMULATION if is_simulation else GazeSample.SOURCE_DEVICE)
        fill_gaze(self._gaze, record, self.diagnostics.reject)
        self._gazes.publish(self._gaze)

    def _publish_face(self, stamp_ns: int, record: Face, is_simulation: bool) -> None:
        self._face.header.stamp = to_stamp(ns=stamp_ns)
        if fill_face(self._face, record, self.diagnostics.reject):
            if is_simulation:
                self._face.source = FaceTracking.SOURCE_SIMULATION
            self._faces.publish(self._face)

    def _publish_motion(self, motion: Motion | None) -> None:
        if motion is not None:
            self._imus.publish(imu_message(motion, self.frame(self._frame_id)))

    def _publish_status(self, stamp_ns: int, record: Status) -> None:
        """Publish a status that differs from the last one."""
        before, stamp = self._status, to_stamp(ns=stamp_ns)
        message = HeadsetStatus()
        message.header.stamp = stamp
        message.header.frame_id = self.frame(self._frame_id)
        fill_status(message, record, self.source.link.device, self.diagnostics.reject)
        for changed, value, device_ns in (
                ('fit_changed', 'fit', record.fit_changed_ns),
                ('eye_calibration_changed', 'eye_calibration',
                 record.eye_calibration_changed_ns)):
            if device_ns is not None:
                when = to_stamp(ns=self.source.stamp_ns(device_ns))
            elif before is not None and getattr(before, value) == getattr(message, value):
                when = getattr(before, changed)
            else:
                when = stamp
            setattr(message, changed, when)
        if before is None or _says(before) != _says(message):
            self._status = message
            self._statuses.publish(message)


def _says(message: HeadsetStatus) -> tuple:
    """Return what makes a status another one."""
    return (
        message.fit, message.eye_calibration, message.device,
        _whole(message.interpupillary_distance_mm), _whole(100.0 * message.battery_fraction))


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else round(value)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(HeadsetReceiverNode, args)


if __name__ == '__main__':
    main()
