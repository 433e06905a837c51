# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The node that hears headsets: what is sent over a real socket is what is published."""

import math
import random
import socket
import time

from affect_msgs.msg import EyeState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_node import LATCHED
from affect_node import stream
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import FACE_VISUAL
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import LID_CLOSED
from affect_sensors.headset_link.records import LID_OPEN
from affect_sensors.headset_link.records import SHAPE_SET_IDS
from affect_sensors.headset_link.send import HeadsetSender
from affect_sensors.headset_receiver.node import HeadsetReceiverNode
import numpy as np
import pytest
from sensor_msgs.msg import Imu

GAZE = (GazeSample, 'hmd/gaze/sample', stream(120.0))
FACE = (FaceTracking, 'hmd/face/tracking', stream(30.0))
IMU = (Imu, 'hmd/imu/data', stream(200.0))
STATUS = (HeadsetStatus, 'hmd/headset/status', LATCHED)


def ns(message):
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec


@pytest.fixture
def receiver(graph):
    return graph.add(HeadsetReceiverNode, port=0)


@pytest.fixture
def sender(receiver):
    made = HeadsetSender('127.0.0.1', receiver.source.port)
    yield made
    made.close()


def now():
    return time.monotonic_ns()


def weights_of(name, **known):
    names = SHAPE_SETS[name].names
    weights = [0.0] * len(names)
    for shape, value in known.items():
        weights[names.index(shape)] = value
    return tuple(weights)


def test_gaze_goes_from_openxr_axes_to_rep_103(graph, receiver, sender):
    heard = graph.hear(*GAZE)
    graph.until(lambda: receiver._gazes.get_subscription_count())
    before_ns = graph.peer.get_clock().now().nanoseconds
    ten = math.radians(10.0)
    left = Eye(
        LID_OPEN, direction=(-math.sin(ten), 0.0, -math.cos(ten)), origin_m=(-0.03, 0.01, -0.02),
        pupil_diameter_mm=3.5, openness=0.9, confidence=0.8)
    right = Eye(LID_OPEN, direction=(0.0, math.sin(ten), -math.cos(ten)))
    sender.send(Gaze(now() - 20_000_000, 7, left, right, (0.0, 0.0, -1.0), device_delay_s=0.02))
    graph.until(lambda: heard)
    message = heard[0]
    assert message.left.azimuth_deg == pytest.approx(10.0, abs=1e-4)
    assert message.left.elevation_deg == pytest.approx(0.0, abs=1e-4)
    assert message.right.elevation_deg == pytest.approx(10.0, abs=1e-4)
    assert (message.azimuth_deg, message.elevation_deg) == (0.0, 0.0)
    origin = message.left.origin
    assert (origin.x, origin.y, origin.z) == pytest.approx((0.02, 0.03, 0.01))
    assert message.left.pupil_diameter_mm == pytest.approx(3.5)
    assert message.left.state == EyeState.STATE_OPEN
    assert math.isnan(message.right.pupil_diameter_mm)
    assert math.isnan(message.right.origin.x)
    assert message.sequence == 7
    assert message.source == GazeSample.SOURCE_DEVICE
    assert message.header.frame_id == 'hmd_link'
    # Sampled 20 ms before it was sent: the stamp is of then, not of its arrival.
    after_ns = graph.peer.get_clock().now().nanoseconds
    assert before_ns - 25_000_000 < ns(message) < after_ns - 19_000_000


def test_a_closed_eye_has_neither_pupil_nor_direction(graph, receiver, sender):
    heard = graph.hear(*GAZE)
    graph.until(lambda: receiver._gazes.get_subscription_count())
    shut = Eye(LID_CLOSED, direction=(0.0, 0.0, -1.0), pupil_diameter_mm=4.0, openness=0.0)
    sender.send(Gaze(now(), left=shut, right=Eye(openness=0.05, direction=(0.0, 0.0, -1.0))))
    graph.until(lambda: heard)
    for eye in (heard[0].left, heard[0].right):
        assert eye.state == EyeState.STATE_CLOSED
        assert math.isnan(eye.azimuth_deg)
        assert math.isnan(eye.pupil_diameter_mm)
    assert math.isnan(heard[0].azimuth_deg)


@pytest.mark.parametrize('name', SHAPE_SET_IDS)
def test_face_weights_of_every_set_come_with_the_devices_own(graph, receiver, sender, name):
    heard = graph.hear(*FACE)
    graph.until(lambda: receiver._faces.get_subscription_count())
    values = np.linspace(0.0, 1.0, len(SHAPE_SETS[name].names)).astype(np.float32)
    sender.send(Face(
        now(), SHAPE_SET_IDS[name], tuple(values.tolist()), FACE_VISUAL, True, 0.9, 0.25))
    graph.until(lambda: heard)
    message = heard[0]
    expected = SHAPE_SETS[name].to_arkit(values).astype(np.float32)
    np.testing.assert_array_equal(message.weights, expected)
    assert list(message.observed) == np.isfinite(expected).tolist()
    assert message.upper_confidence == pytest.approx(0.9)
    assert message.lower_confidence == 0.25
    assert message.eye_look_from_gaze
    if name == 'ARKit':
        assert (message.native_schema, len(message.native_weights)) == ('', 0)
    else:
        assert message.native_schema == name
        np.testing.assert_array_equal(message.native_weights, values)


def test_garbage_over_the_socket_is_named_and_harms_nothing(graph, receiver, sender):
    heard = graph.hear(*GAZE)
    graph.until(lambda: receiver._gazes.get_subscription_count())
    rng = random.Random(5)
    valid = sender.datagrams((Gaze(now()), Inertial(now()), DeviceName('x')))[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as enemy:
        for _ in range(300):
            mutated = bytearray(valid)
            for _ in range(rng.randrange(1, 8)):
                mutated[rng.randrange(len(mutated))] = rng.randrange(256)
            for data in (rng.randbytes(rng.randrange(1500)), bytes(mutated)[:rng.randrange(300)]):
                enemy.sendto(data, ('127.0.0.1', receiver.source.port))
        enemy.sendto(b'AFHM\x02' + bytes(40), ('127.0.0.1', receiver.source.port))
    graph.until(lambda: 'of format version 2' in str(receiver.diagnostics.counters))
    assert 'not of the headset wire format' in str(receiver.diagnostics.counters)

    def hears():
        sender.send(Gaze(now(), sample=4321))
        return any(m.sequence == 4321 for m in heard)
    graph.until(hears)
    assert receiver.diagnostics.counters.total() >= 300
