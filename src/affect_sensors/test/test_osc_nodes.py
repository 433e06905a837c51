# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Face and gaze nodes that hear VRCFaceTracking over a real socket."""

import math
import socket
import struct

from affect_msgs.msg import EyeState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_node import stream
from affect_sensors.face.node import FaceNode
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.gaze.node import GazeNode
from affect_sensors.osc.osc_frames import OscFrames
from affect_sensors.osc.osc_gaze import osc_gaze_row
from affect_sensors.osc.osc_listener import Packet
from affect_sensors.osc.osc_packet import OscMessage
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn

FACE = (FaceTracking, 'hmd/face/tracking', stream(30.0))
GAZE = (GazeSample, 'hmd/gaze/sample', stream(120.0))


def text(value):
    data = value.encode()
    return data + b'\0' * (4 - len(data) % 4)


def update(**values):
    """Return an update of VRCFaceTracking: a bundle of parameters."""
    elements = b''
    for name, value in values.items():
        element = text(f'/avatar/parameters/FT/v2/{name}') + text(',f') + struct.pack('>f', value)
        elements += struct.pack('>i', len(element)) + element
    return b'#bundle\0' + b'\0' * 7 + b'\1' + elements


class Sender:
    """Sends to a port that was free a moment ago."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(('127.0.0.1', 0))
            self.port = probe.getsockname()[1]

    def send(self, *datagrams):
        for datagram in datagrams:
            self._socket.sendto(datagram, ('127.0.0.1', self.port))

    def close(self):
        self._socket.close()


@pytest.fixture
def sender():
    """Give a sender and its port."""
    made = Sender()
    yield made
    made.close()


def test_face_and_gaze_share_the_port(graph, sender):
    faces, gazes = graph.hear(*FACE), graph.hear(*GAZE)
    before_ns = graph.peer.get_clock().now().nanoseconds
    face = graph.add(FaceNode, source='osc', osc_port=sender.port)
    gaze = graph.add(GazeNode, source='osc', osc_port=sender.port)
    values = {'SmileFrownLeft': 0.75, 'JawOpen': 0.25, 'EyeLidLeft': 0.75, 'EyeLidRight': 0.0,
              'EyeLeftX': -0.5, 'EyeLeftY': 0.0, 'EyeRightX': -0.5, 'EyeRightY': 0.0}
    sender.send(update(**values))
    graph.until(lambda: faces and gazes)
    message = faces[0]
    assert message.weights[FaceTracking.MOUTH_SMILE_LEFT] == pytest.approx(0.75)
    assert message.weights[FaceTracking.JAW_OPEN] == pytest.approx(0.25)
    assert message.weights[FaceTracking.EYE_LOOK_OUT_LEFT] == pytest.approx(0.5)
    assert message.observed[FaceTracking.JAW_OPEN]
    assert not message.observed[FaceTracking.CHEEK_PUFF]
    assert math.isnan(message.weights[FaceTracking.CHEEK_PUFF])
    assert message.source == FaceTracking.SOURCE_DEVICE
    assert message.eye_look_from_gaze
    assert math.isnan(message.upper_confidence)
    unified = SHAPE_SETS[message.native_schema]
    assert len(message.native_weights) == len(unified)
    assert message.native_weights[unified.index['MouthCornerPullLeft']] == pytest.approx(0.75)
    sample = gazes[0]
    assert sample.left.state == EyeState.STATE_OPEN
    assert sample.left.azimuth_deg == pytest.approx(math.degrees(math.atan(0.5)), abs=1e-4)
    assert sample.right.state == EyeState.STATE_CLOSED
    assert math.isnan(sample.right.azimuth_deg)
    assert sample.azimuth_deg == sample.left.azimuth_deg
    assert sample.source == GazeSample.SOURCE_DEVICE
    for heard in (message, sample):
        stamp_ns = heard.header.stamp.sec * 10**9 + heard.header.stamp.nanosec
        assert before_ns <= stamp_ns <= graph.peer.get_clock().now().nanoseconds
        assert heard.header.frame_id == 'hmd_link'
    # Each goes without the other.
    graph.remove(face)
    sender.send(update(EyeLeftX=0.5))
    graph.until(lambda: gazes[-1].left.azimuth_deg < 0.0)
    assert gaze.diagnostics.status().level == DiagnosticStatus.OK


def test_a_still_face_goes_on_while_the_eyes_move(graph, sender):
    faces = graph.hear(*FACE)
    graph.add(FaceNode, source='osc', osc_port=sender.port)
    sender.send(update(JawOpen=0.25))
    graph.until(lambda: faces)
    already = len(faces)
    sender.send(update(EyeLeftX=0.1))
    graph.until(lambda: len(faces) > already)
    assert faces[-1].weights[FaceTracking.JAW_OPEN] == pytest.approx(0.25)


def test_garbage_and_impossible_weights_are_named_and_hurt_nothing_else(graph, sender):
    faces = graph.hear(*FACE)
    node = graph.add(FaceNode, source='osc', osc_port=sender.port)
    random = np.random.default_rng(5)
    sender.send(*(random.bytes(int(n)) for n in random.integers(1, 1000, 200)))
    sender.send(update(JawOpen=7.5, CheekPuffLeft=math.nan, MouthPressLeft=0.5, TailWag=0.5))
    graph.until(lambda: faces)
    assert faces[0].weights[FaceTracking.MOUTH_PRESS_LEFT] == pytest.approx(0.5)
    assert not faces[0].observed[FaceTracking.JAW_OPEN]
    counters = node.diagnostics.counters
    assert counters['rejected: osc: a datagram is not OSC'] == 200
    assert counters['rejected: osc JawOpen: out of range'] == 1
    assert counters['rejected: osc CheekPuffLeft: out of range'] == 1
    assert not [name for name in counters if 'Tail' in name]
    sender.send(update(JawOpen=0.5))
    graph.until(lambda: faces[-1].observed[FaceTracking.JAW_OPEN])


def test_a_silent_sender_is_stale_and_nothing_is_published_until_it_is_back(graph, sender):
    faces = graph.hear(*FACE)
    node = graph.add(FaceNode, source='osc', osc_port=sender.port, stale_after_s=0.5)

    def comes_of(datagram, condition):
        # Again and again: what a busy machine is late to read is old already.
        sender.send(datagram)
        return condition()
    graph.until(lambda: comes_of(update(JawOpen=0.25), lambda: faces))
    graph.until(lambda: node.diagnostics.status().level == DiagnosticStatus.STALE)
    already = len(faces)
    # Foreign parameters and garbage are no sign of life.
    sender.send(update(TailWag=0.5), b'garbage')
    graph.until(lambda: 'rejected: osc: a datagram is not OSC' in node.diagnostics.counters)
    assert len(faces) == already
    said = node.diagnostics.status().message
    assert str(sender.port) in said
    graph.until(lambda: comes_of(update(EyeLeftX=0.5), lambda: (
        len(faces) > already and node.diagnostics.status().level != DiagnosticStatus.STALE)))
    assert faces[-1].weights[FaceTracking.JAW_OPEN] == pytest.approx(0.25)


def test_a_port_that_is_taken_is_refused_with_the_remedy(graph, sender):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(('127.0.0.1', sender.port))
        node = graph.add(FaceNode, activate=False, source='osc', osc_port=sender.port)
        assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
        said = node.diagnostics.status().message
        assert "'osc_port'" in said and 'another port' in said
    assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS


def test_a_port_that_is_none_is_refused(graph):
    node = graph.add(GazeNode, activate=False, source='osc', osc_port=70000)
    assert node.trigger_configure() != TransitionCallbackReturn.SUCCESS
    assert 'osc_port' in node.diagnostics.status().message


class Clockwork(OscFrames):
    """Frames of packets that are given, at times that are given."""

    def __init__(self, **options):
        super().__init__(
            '127.0.0.1', 1, gaze_range_deg=45.0, report=lambda *_: None, make_row=osc_gaze_row,
            **options)
        self.frames = []

    def run(self, events):
        """Take (arrival in ms, x) as packets of one parameter each; None: only time passes."""
        for at_ms, x in events:
            at_ns = 10**12 + round(at_ms * 1e6)
            self._finish(at_ns, self.frames)
            if x is not None:
                self._take(Packet(at_ns, (OscMessage('/v2/EyeX', (x,)),)))
                self._take(Packet(at_ns, (OscMessage('/v2/EyeY', (x,)),)))
        return [round((stamp - 10**12) / 1e6, 3) for stamp, _ in self.frames]


def test_an_update_in_many_datagrams_is_one_frame():
    frames = Clockwork(rate_hz=200.0)
    assert frames.run([(0.0, 0.1), (0.5, 0.2), (1.0, 0.3), (10.0, None)]) == [1.0]
    assert frames.frames[0][1]['azimuth_deg'] == pytest.approx(-math.degrees(math.atan(0.3)))


def test_frames_are_not_more_often_than_asked_and_the_last_word_is_not_lost():
    frames = Clockwork(rate_hz=20.0)
    stamps = frames.run([(10.0 * i, 0.01 * i) for i in range(21)] + [(260.0, None)])
    assert np.diff(stamps).min() >= 45.0
    assert stamps[-1] == 200.0
    assert 4 <= len(stamps) <= 6


@pytest.mark.parametrize('step_ms', [1.5, 7.0, 10.6, 16.0, 30.0, 33.0])
def test_the_rate_is_kept_whatever_the_sender_has(step_ms):
    frames = Clockwork(rate_hz=30.0)
    events = [(step_ms * i, 0.01) for i in range(int(20_000 / step_ms))]
    # The node asks every 15 ms, whether there is something or not.
    events = sorted(events + [(15.0 * i, None) for i in range(1400)], key=lambda e: e[0])
    # An update without end is cut a little late.
    assert (590 if step_ms > 2.0 else 570) <= len(frames.run(events)) <= 602


def test_every_update_is_a_frame_when_the_rate_allows():
    frames = Clockwork(rate_hz=100.0)
    assert len(frames.run([(10.0 * i, 0.01 * i) for i in range(50)] + [(600.0, None)])) == 50


def test_a_stream_without_pause_gives_frames_too():
    frames = Clockwork(rate_hz=100.0)
    stamps = frames.run([(1.0 * i, 0.001 * i) for i in range(100)] + [(200.0, None)])
    assert 8 <= len(stamps) <= 11


def test_after_a_long_silence_nothing_is_taken_for_known():
    frames = Clockwork(rate_hz=100.0)
    frames.run([(0.0, 0.1), (20_000.0, 0.1), (20_010.0, None)])
    assert not math.isnan(frames.state.eye('left')['azimuth_deg'])
    frames._take(Packet(10**12 + 60 * 10**9, (OscMessage('/v2/EyeOpen', (1.0,)),)))
    assert math.isnan(frames.state.eye('left')['azimuth_deg'])
    assert frames.state.eye('left')['openness'] == 1.0
