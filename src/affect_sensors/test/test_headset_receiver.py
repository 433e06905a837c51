# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The node that hears headsets: what is sent over a real socket is what is published."""

import math
import os
from pathlib import Path
import random
import socket
import struct
import time

from affect_msgs.msg import EyeState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import Purpose
from affect_node import LATCHED
from affect_node import stream
from affect_node.testing import Bench
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.headset_link.datagram_log import DatagramLogWriter
from affect_sensors.headset_link.datagram_log import read_log
from affect_sensors.headset_link.parse import parse
from affect_sensors.headset_link.records import CALIBRATION_FINE
from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import FACE_VISUAL
from affect_sensors.headset_link.records import FIT_GOOD
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import LID_CLOSED
from affect_sensors.headset_link.records import LID_OPEN
from affect_sensors.headset_link.records import SHAPE_SET_IDS
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.send import HeadsetSender
from affect_sensors.headset_receiver.node import HeadsetReceiverNode
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from sensor_msgs.msg import Imu

GAZE = (GazeSample, 'hmd/gaze/sample', stream(120.0))
FACE = (FaceTracking, 'hmd/face/tracking', stream(30.0))
IMU = (Imu, 'hmd/imu/data', stream(200.0))
LOG = Path(__file__).parent / 'data' / 'headset_simulated_wearer.afhm'
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


def test_gaze_goes_from_openxr_axes_to_rep_103(graph, receiver, sender):
    heard = graph.hear(*GAZE)
    graph.until(lambda: receiver._outputs['gaze'].get_subscription_count())
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
    graph.until(lambda: receiver._outputs['gaze'].get_subscription_count())
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
    graph.until(lambda: receiver._outputs['face'].get_subscription_count())
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


def keep_sending(graph, condition, send):
    """Send once a spin, as a headset does, until something has happened."""
    number = 0

    def has_happened():
        nonlocal number
        send(number)
        number += 1
        return condition()
    return graph.until(has_happened)


def says(node, words):
    return words in node.diagnostics.status().message


def level(node):
    return node.diagnostics.status().level


def test_garbage_over_the_socket_is_named_and_harms_nothing(graph, receiver, sender):
    heard = graph.hear(*GAZE)
    graph.until(lambda: receiver._outputs['gaze'].get_subscription_count())
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


def test_silence_is_stale_and_what_was_worn_is_unknown_until_it_speaks_again(
        graph, receiver, sender):
    statuses = graph.hear(*STATUS)
    reports = graph.hear(DiagnosticArray, '/diagnostics', 10)

    def send(number):
        sender.send(Gaze(now(), number), Status(now(), FIT_GOOD, CALIBRATION_FINE))

    keep_sending(graph, lambda: statuses, send)
    assert statuses[-1].fit == HeadsetStatus.FIT_GOOD
    graph.until(lambda: statuses[-1].fit == HeadsetStatus.FIT_UNKNOWN)
    graph.until(lambda: any(
        s.level == DiagnosticStatus.STALE and 'nothing comes' in s.message
        for r in reports for s in r.status if 'headset_receiver' in s.name))
    keep_sending(graph, lambda: statuses[-1].fit == HeadsetStatus.FIT_GOOD, send)
    assert level(receiver) == DiagnosticStatus.OK
    assert receiver.diagnostics.values['host'] == '127.0.0.1'


def test_who_waits_in_vain_is_told_where_it_listens(graph, receiver):
    graph.until(lambda: says(receiver, 'which this host alone reaches; for a headset set bind_'))
    wide = graph.add(HeadsetReceiverNode, '-r', '__node:=wide', port=0, bind_address='0.0.0.0')
    graph.until(lambda: says(wide, 'does a firewall let it pass?'))
    assert f'listening on 0.0.0.0 port {wide.source.port}' in wide.diagnostics.status().message


def test_gaze_that_stops_alone_is_named(graph, receiver, sender):
    keep_sending(
        graph, lambda: 'datagrams' in receiver.diagnostics.values,
        lambda number: sender.send(Gaze(now(), number), Inertial(now(), (0.0,) * 3)))
    keep_sending(
        graph, lambda: says(receiver, 'no gaze records for'),
        lambda _: sender.send(Inertial(now(), (0.0,) * 3)))
    assert level(receiver) == DiagnosticStatus.STALE
    assert not says(receiver, 'no inertial')
    keep_sending(
        graph, lambda: level(receiver) == DiagnosticStatus.OK,
        lambda number: sender.send(Gaze(now(), number), Inertial(now(), (0.0,) * 3)))


def test_stamps_rise_and_a_restart_is_heard_at_once(graph, receiver, sender):
    heard = graph.hear(*GAZE)
    keep_sending(
        graph, lambda: len(heard) > 30, lambda number: sender.send(Gaze(now(), number)))
    again = HeadsetSender('127.0.0.1', receiver.source.port)
    again.send(Gaze(10**9, 9999), sent_ns=10**9 + 10**6)  # the device's clock began anew too
    graph.until(lambda: heard[-1].sequence == 9999)
    again.close()
    stamps = [ns(m) for m in heard]
    assert stamps == sorted(set(stamps))
    assert abs(stamps[-1] - graph.peer.get_clock().now().nanoseconds) < 20 * 10**9
    assert receiver.source.link.counters['sessions'] == 2


def test_stamps_are_of_the_nodes_clock():
    with Bench(clock_s=1000.0) as bench:
        node = bench.add(HeadsetReceiverNode, port=0)
        sender = HeadsetSender('127.0.0.1', node.source.port)
        heard = bench.hear(*GAZE)
        keep_sending(
            bench, lambda: heard, lambda number: sender.send(Gaze(now() - 10**7, number)))
        assert abs(ns(heard[0]) * 1e-9 - 1000.0) < 0.5
        bench.set_clock(500.0)
        heard.clear()
        keep_sending(
            bench, lambda: heard and abs(ns(heard[-1]) * 1e-9 - 500.0) < 0.5,
            lambda number: sender.send(Gaze(now() - 10**7, number)))
        sender.close()


def test_a_node_that_was_inactive_hears_the_same_headset_again(graph, receiver, sender):
    heard = graph.hear(*GAZE)

    def send(number):
        sender.send(Gaze(now(), number))
    keep_sending(graph, lambda: heard, send)
    receiver.trigger_deactivate()
    receiver.trigger_activate()
    heard.clear()
    keep_sending(graph, lambda: heard, send)
    receiver.trigger_deactivate()
    receiver.trigger_cleanup()
    assert receiver.trigger_configure() == TransitionCallbackReturn.SUCCESS
    receiver.trigger_activate()
    again = HeadsetSender('127.0.0.1', receiver.source.port)
    heard.clear()
    keep_sending(graph, lambda: heard, lambda number: again.send(Gaze(now(), number)))
    again.close()
    assert level(receiver) == DiagnosticStatus.OK


def test_a_second_headset_is_named_and_the_first_is_heard(graph, receiver, sender):
    heard = graph.hear(*GAZE)
    keep_sending(graph, lambda: heard, lambda _: sender.send(Gaze(now(), 1)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(('127.0.0.2', 0))
        rival = HeadsetSender('127.0.0.1', receiver.source.port)

        def both(_):
            sender.send(Gaze(now(), 1))
            for datagram in rival.datagrams((Gaze(now(), 2),)):
                other.sendto(datagram, ('127.0.0.1', receiver.source.port))
        keep_sending(graph, lambda: says(receiver, 'another headset at 127.0.0.2'), both)
        before = len(heard)
        keep_sending(graph, lambda: len(heard) > before + 10, both)
        rival.close()
    assert {m.sequence for m in heard} == {1}


def test_only_named_senders_are_heard(graph):
    node = graph.add(HeadsetReceiverNode, port=0, senders='10.1.2.3, 127.0.0.8/30')
    heard = graph.hear(*GAZE)
    refused = HeadsetSender('127.0.0.1', node.source.port)
    keep_sending(
        graph, lambda: says(node, 'a host that may not send'),
        lambda _: refused.send(Gaze(now(), 1)))
    refused.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as allowed:
        allowed.bind(('127.0.0.9', 0))
        sender = HeadsetSender('127.0.0.1', node.source.port)

        def send(_):
            for datagram in sender.datagrams((Gaze(now(), 2),)):
                allowed.sendto(datagram, ('127.0.0.1', node.source.port))
        keep_sending(graph, lambda: heard, send)
        sender.close()
    assert {m.sequence for m in heard} == {2}


def test_a_headset_without_an_inertial_unit_gives_its_turns(graph, receiver, sender):
    heard = graph.hear(*IMU)
    began_ns = now()

    def send(_):
        time_ns = now()
        angle = (time_ns - began_ns) * 1e-9  # to the left, 1 rad/s
        sender.send(HeadPose(time_ns, (0.0, math.sin(angle / 2), 0.0, math.cos(angle / 2))))
    keep_sending(graph, lambda: len(heard) > 5, send)
    assert heard[-1].angular_velocity.z == pytest.approx(1.0, abs=0.02)
    assert heard[-1].linear_acceleration_covariance[0] == -1.0
    assert heard[-1].header.frame_id == 'hmd_link'


def test_what_another_node_publishes_is_left_out(graph):
    node = graph.add(HeadsetReceiverNode, port=0, publish='gaze, imu')
    sender = HeadsetSender('127.0.0.1', node.source.port)
    heard = graph.hear(*IMU)
    keep_sending(graph, lambda: heard, lambda _: sender.send(
        Face(now(), 1, (0.0,) * 52), Status(now()), Inertial(now(), (0.0,) * 3)))
    sender.close()
    assert node.count_publishers('hmd/face/tracking') == 0
    assert node.count_publishers('hmd/headset/status') == 0
    assert level(node) == DiagnosticStatus.OK


def test_what_is_simulated_says_so(graph, receiver):
    gazes, faces = graph.hear(*GAZE), graph.hear(*FACE)
    sender = HeadsetSender('127.0.0.1', receiver.source.port, is_simulation=True)
    keep_sending(
        graph, lambda: gazes and faces,
        lambda number: sender.send(Gaze(now(), number), Face(now(), 1, (0.0,) * 52)))
    sender.close()
    assert gazes[-1].source == GazeSample.SOURCE_SIMULATION
    assert faces[-1].source == FaceTracking.SOURCE_SIMULATION


def test_the_recorded_wearer_is_played_as_it_was_sent(graph):
    """Made by `python -m affect_sensors.headset_link.send --simulate --seed 3 --log ...`."""
    gazes, faces = graph.hear(*GAZE), graph.hear(*FACE)
    imus, statuses = graph.hear(*IMU), graph.hear(*STATUS)
    node = graph.add(HeadsetReceiverNode, activate=False, source='file', path=LOG, loop=False)
    node.trigger_configure()
    graph.until(lambda: all(p.get_subscription_count() for p in node._outputs.values()))
    node.trigger_activate()
    graph.until(lambda: node.source.finished)
    graph.until(lambda: (len(gazes), len(faces), len(imus)) == (176, 44, 293))
    assert statuses[0].fit == HeadsetStatus.FIT_GOOD
    assert statuses[0].device == 'simulated wearer'
    assert statuses[0].interpupillary_distance_mm == pytest.approx(64.0, abs=2.0)
    # As the bytes say, by the offsets of the document.
    sent = [data for _, data in read_log(LOG)]
    record = next(data[at:] for data in sent for at in [data.find(b'\x01\x00\x90\x00', 32)]
                  if at >= 0)
    x, y, z = struct.unpack_from('<3f', record, 4 + 124)
    assert gazes[0].azimuth_deg == pytest.approx(math.degrees(math.atan2(-x, -z)), abs=1e-4)
    assert gazes[0].elevation_deg == pytest.approx(math.degrees(math.asin(y)), abs=1e-3)
    assert gazes[0].sequence == struct.unpack_from('<I', record, 4 + 8)[0]
    steps = np.diff([ns(m) for m in gazes])
    assert np.median(steps) == pytest.approx(1e9 / 120.0, rel=0.001)
    assert steps.min() > 0
    assert [m.sequence for m in gazes] == list(
        range(gazes[0].sequence, gazes[0].sequence + 176))
    force = np.mean([[m.linear_acceleration.x, m.linear_acceleration.y, m.linear_acceleration.z]
                     for m in imus], axis=0)
    assert np.linalg.norm(force) == pytest.approx(9.81, abs=0.3)
    assert force[2] > 9.0
    assert all(m.source == GazeSample.SOURCE_SIMULATION for m in gazes)
    assert all(all(m.observed) for m in faces)
    graph.until(lambda: says(node, 'has ended'))


def test_a_looped_log_that_somebody_empties_is_said(graph, tmp_path):
    path = tmp_path / 'a.afhm'
    with DatagramLogWriter(path) as log:
        log.write(0, next(read_log(LOG))[1])
    node = graph.add(HeadsetReceiverNode, source='file', path=path)
    os.truncate(path, 8)
    graph.until(lambda: says(node, 'holds no datagram'))
    assert not says(node, 'defect')


def test_a_looped_log_goes_on_with_rising_stamps(graph):
    gazes = graph.hear(*GAZE)
    node = graph.add(HeadsetReceiverNode, source='file', path=LOG)
    graph.until(lambda: len(gazes) > 200)
    stamps = [ns(m) for m in gazes]
    assert stamps == sorted(set(stamps))
    assert node.diagnostics.counters.total() == 0


@pytest.mark.parametrize(('parameters', 'said'), [
    ({'source': 'file', 'path': '/nowhere/a.afhm'}, "'/nowhere/a.afhm' cannot be read"),
    ({'source': 'file', 'path': __file__}, 'is no log of headset datagrams'),
    ({'source': 'simulation'}, 'is not one of udp, file'),
    ({'publish': 'gaze, feet'}, "'gaze, feet' should name some of gaze, face, imu, status"),
    ({'senders': 'everybody'}, "parameter 'senders'"),
    ({'bind_address': '203.0.113.7'}, "parameters 'bind_address' and 'port': 203.0.113.7"),
    ({'bind_address': 'no address'}, "parameter 'bind_address': 'no address'"),
    ({'record_path': __file__}, 'nothing is recorded over it'),
    ({'record_path': '/nowhere/a.afhm'}, "the folder of '/nowhere/a.afhm' does not exist"),
])
def test_what_cannot_be_configured_is_said(graph, capfd, parameters, said):
    node = graph.add(HeadsetReceiverNode, activate=False, port=0, **{
        name: f"'{value}'" for name, value in parameters.items()})
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert said in capfd.readouterr().err + node.diagnostics.status().message


def test_a_port_that_is_taken_is_said_and_given_back(graph, receiver, capfd):
    port = receiver.source.port
    second = graph.add(HeadsetReceiverNode, '-r', '__node:=second', activate=False, port=port)
    assert second.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'is another receiver running' in capfd.readouterr().err
    receiver.trigger_deactivate()
    receiver.trigger_cleanup()
    assert second.trigger_configure() == TransitionCallbackReturn.SUCCESS


def test_nothing_is_recorded_unless_the_purpose_allows(graph, tmp_path):
    path = tmp_path / 'a.afhm'
    node = graph.add(HeadsetReceiverNode, port=0, record_path=path)
    sender = HeadsetSender('127.0.0.1', node.source.port)
    heard = graph.hear(*GAZE)

    def send(_):
        sender.send(Gaze(now(), len(heard)))

    def under(purpose):
        graph.publish('safety/purpose', Purpose(purpose=purpose), LATCHED)
        graph.until(lambda: node.purpose == purpose)
        before = len(heard)
        keep_sending(graph, lambda: len(heard) > before + 5, send)

    under(Purpose.SAFETY)
    assert not path.exists()
    assert 'set research or medical' in node.diagnostics.values['recording']
    under(Purpose.RESEARCH)
    under(Purpose.NONE)
    node.trigger_deactivate()
    node.trigger_cleanup()
    sender.close()
    recorded = [parse(data).records[0].sample for _, data in read_log(path)]
    assert recorded == sorted(recorded)
    assert 5 <= len(recorded) < len(heard)
