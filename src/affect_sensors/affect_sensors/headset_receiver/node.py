# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A headset that speaks the wire format: gaze, face, head motion and status of one sender."""

import time
from typing import Any

from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_node import run
from affect_node import to_stamp
from affect_sensors.headset_link.received import Received
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.wire_format import DEFAULT_PORT
from affect_sensors.headset_receiver.gated_log import GatedLog
from affect_sensors.headset_receiver.head_motion import HeadMotion
from affect_sensors.headset_receiver.head_motion import Motion
from affect_sensors.headset_receiver.link_source import LinkSource
from affect_sensors.headset_receiver.log_source import LogSource
from affect_sensors.headset_receiver.messages import fill_face
from affect_sensors.headset_receiver.messages import fill_gaze
from affect_sensors.headset_receiver.messages import fill_imu
from affect_sensors.headset_receiver.status_messages import StatusMessages
from affect_sensors.headset_receiver.stream_watch import StreamWatch
from affect_sensors.headset_receiver.topics import parse_topics
from affect_sensors.headset_receiver.topics import TOPICS
from affect_sensors.headset_receiver.udp_source import parse_senders
from affect_sensors.headset_receiver.udp_source import UdpSource
from affect_sensors.sensor_node import SensorNode
from diagnostic_msgs.msg import DiagnosticStatus
from sensor_msgs.msg import Imu

STREAMS = {Gaze: 'gaze', Face: 'face', HeadPose: 'head pose', Inertial: 'inertial'}


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
        self._takeover_after_s = self.declare(
            'takeover_after_s', 3.0, 'Silence of a headset after which another one is heard in '
            'its stead; the same one may begin again at once.', low=0.1, high=3600.0)
        self._publish = self.declare(
            'publish', ', '.join(TOPICS), 'What is published, of gaze, face, imu and status; '
            'leave out what another node publishes.')
        self._record_path = self.declare(
            'record_path', '', 'New file for a log of the datagrams, for source:=file; written '
            'only while the purpose is research or medical. Empty: none.')
        self._frame_id = self.declare(
            'frame_id', 'hmd_link', 'Frame of the head: directions, origins, motion.')
        self._gaze = GazeSample()
        self._face = FaceTracking()
        self._imu = Imu()
        for message in (self._gaze, self._face, self._imu):
            message.header.frame_id = self.frame(self._frame_id)
        self._motion = HeadMotion(self.diagnostics.reject)
        self._status = StatusMessages(self.frame(self._frame_id), self.diagnostics.reject)
        self._streams = StreamWatch(self._stale_after_s)
        self._log: GatedLog | None = None

    def make_source(self) -> LinkSource:
        """Return the network or a log."""
        self._names = parse_topics(self._publish)
        self._status.forget()
        self._motion.forget()
        if self.source_kind == 'file':
            return LogSource(
                self.diagnostics.reject, self.path, loop=self.loop,
                silence_s=self._takeover_after_s)
        senders = parse_senders(self._senders)
        if not senders and self._bind_address not in ('127.0.0.1', '::1'):
            self.diagnostics.warn(
                'senders', 'anybody in this network may send; set the parameter senders to the '
                "headset's address")
        if self._record_path:
            self._log = GatedLog(self._record_path, self.diagnostics.reject)
        return UdpSource(
            self.diagnostics.reject, bind_address=self._bind_address, port=self._port,
            senders=senders, silence_s=self._takeover_after_s,
            record=self._log.write if self._log else None)

    def advertise_topics(self) -> None:
        """Create the publishers."""
        self._outputs = {name: self.advertise(*TOPICS[name]) for name in self._names}
        self.tick_steadily(0.25, self._watch_streams)
        if self._log is not None:
            self.follow_purpose(self._gate_log)
            self._gate_log()

    def teardown(self) -> None:
        """Finish the recording as well."""
        super().teardown()
        if self._log is not None:
            self._log.close()
            self._log = None

    def publish_item(self, item: tuple[int, Received]) -> None:
        """Publish one record."""
        stamp_ns, received = item
        record = received.record
        if received.is_new_order:
            self._motion.forget()
            self._streams.forget()
        if not isinstance(record, Status):
            self._streams.heard(STREAMS[type(record)], time.monotonic())
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

    def _send(self, name: str, message: Any) -> None:
        if name in self._outputs:
            self._outputs[name].publish(message)

    def fell_silent(self) -> None:
        """Nobody knows any more whether the headset is worn."""
        self._streams.forget()
        if not self._status.is_empty:
            self._publish_status(self.get_clock().now().nanoseconds, Status(0))

    def _gate_log(self) -> None:
        self._log.is_open = self.emotion_allowed
        self.diagnostics.values['recording'] = (
            self._record_path if self.emotion_allowed
            else 'not under this purpose; set research or medical')

    def _watch_streams(self) -> None:
        """Say what is missing while the rest comes, and how the network is."""
        now_s = time.monotonic()
        for name in STREAMS.values():
            silent_s = self._streams.silent_s(name, now_s)
            self.diagnostics.set(
                name, DiagnosticStatus.STALE if silent_s else DiagnosticStatus.OK,
                f'no {name} records for {silent_s or 0.0:.1f} s')
        if self.source is not None:
            self.diagnostics.values.update(self.source.link.values())

    def _publish_gaze(self, stamp_ns: int, record: Gaze, is_simulation: bool) -> None:
        self._gaze.header.stamp = to_stamp(ns=stamp_ns)
        self._gaze.source = (
            GazeSample.SOURCE_SIMULATION if is_simulation else GazeSample.SOURCE_DEVICE)
        fill_gaze(self._gaze, record, self.diagnostics.reject)
        self._send('gaze', self._gaze)

    def _publish_face(self, stamp_ns: int, record: Face, is_simulation: bool) -> None:
        self._face.header.stamp = to_stamp(ns=stamp_ns)
        if fill_face(self._face, record, self.diagnostics.reject):
            if is_simulation:
                self._face.source = FaceTracking.SOURCE_SIMULATION
            self._send('face', self._face)

    def _publish_motion(self, motion: Motion | None) -> None:
        if motion is not None:
            fill_imu(self._imu, motion)
            self._send('imu', self._imu)

    def _publish_status(self, stamp_ns: int, record: Status) -> None:
        message = self._status.next(
            stamp_ns, record, self.source.link.device, self.source.stamp_ns)
        if message is not None:
            self._send('status', message)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(HeadsetReceiverNode, args)


if __name__ == '__main__':
    main()
