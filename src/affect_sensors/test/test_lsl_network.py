# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Nodes that read the Lab Streaming Layer over the loopback of this host."""

import math
import os
import sys
import uuid

from affect_msgs.msg import GazeSample
from affect_msgs.msg import PhysioChunk
from affect_node import stream
from affect_sensors.gaze.node import GazeNode
from affect_sensors.imu.node import ImuNode
from affect_sensors.physiology.node import PhysiologyNode
from affect_sensors.sources import lsl_streams
from affect_sensors.sources.lsl_stream import load_lsl
from affect_sensors.sources.source import SourceError
from diagnostic_msgs.msg import DiagnosticStatus
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from sensor_msgs.msg import Imu

GAZE = (GazeSample, 'hmd/gaze/sample', stream(120.0))
IMU = (Imu, 'hmd/imu/data', stream(200.0))
PHYSIOLOGY = (PhysioChunk, 'hmd/physiology/chunk', stream(12.0))


@pytest.fixture(scope='module')
def lsl(tmp_path_factory):
    """Give pylsl, kept to this host; streams of a laboratory's network are none of ours."""
    file = tmp_path_factory.mktemp('lsl') / 'lsl_api.cfg'
    file.write_text('[multicast]\nResolveScope = machine\n[log]\nlevel = -2\n')
    os.environ.setdefault('LSLAPICFG', str(file))
    try:
        return load_lsl()
    except SourceError as error:
        pytest.skip(str(error))


class Outlet:
    """A sender of one stream under a name that is nobody else's."""

    def __init__(self, lsl, kind, channels, rate_hz, name=''):
        self._lsl = lsl
        self.name = name or f'affect-{uuid.uuid4().hex[:12]}'
        info = lsl.StreamInfo(
            f'{self.name} {kind}', kind, len(channels), rate_hz, 'float32', uuid.uuid4().hex)
        described = info.desc().append_child('channels')
        for label, unit in channels:
            channel = described.append_child('channel')
            channel.append_child_value('label', label)
            channel.append_child_value('unit', unit)
        self._outlet = lsl.StreamOutlet(info)

    def send(self, *values, age_s=0.0):
        """Send a sample; truthy, so that it can be repeated while something is awaited."""
        self._outlet.push_sample(list(values), self._lsl.local_clock() - age_s)
        return True

    def close(self):
        self._outlet = None


def ns(message):
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec


def test_gaze_arrives_with_the_time_at_which_it_was_sensed(lsl, graph):
    outlet = Outlet(lsl, 'Gaze', [
        ('azimuth_deg', 'deg'), ('elevation_deg', 'deg'), ('left_pupil_diameter_mm', 'mm')], 120.0)
    heard = graph.hear(*GAZE)
    node = graph.add(GazeNode, source='lsl', lsl_name=outlet.name)
    graph.until(lambda: outlet.send(10.0, -5.0, 4.0, age_s=0.04) and heard)
    sample = heard[-1]
    age_s = (node.get_clock().now().nanoseconds - ns(sample)) * 1e-9
    assert age_s >= 0.04
    assert sample.azimuth_deg == pytest.approx(10.0)
    assert sample.elevation_deg == pytest.approx(-5.0)
    assert sample.left.pupil_diameter_mm == pytest.approx(4.0)
    assert math.isnan(sample.right.pupil_diameter_mm)
    assert sample.source == GazeSample.SOURCE_DEVICE
    assert sample.header.frame_id == 'hmd_link'


def test_a_device_that_is_switched_off_and_on_again_is_heard_again(lsl, graph):
    channels = [('azimuth_deg', 'deg')]
    outlet = Outlet(lsl, 'Gaze', channels, 120.0)
    heard = graph.hear(*GAZE)
    node = graph.add(GazeNode, source='lsl', lsl_name=outlet.name)
    graph.until(lambda: outlet.send(1.0) and heard)
    outlet.close()
    graph.until(lambda: node.diagnostics.status().level == DiagnosticStatus.STALE)
    outlet = Outlet(lsl, 'Gaze', channels, 120.0, name=outlet.name)
    graph.until(lambda: outlet.send(2.0) and heard[-1].azimuth_deg == 2.0)
    assert node.diagnostics.counters['source lost'] == 1


def test_a_device_that_is_not_there_yet_is_waited_for(lsl, graph):
    name = f'affect-{uuid.uuid4().hex[:12]}'
    heard = graph.hear(*GAZE)
    node = graph.add(GazeNode, source='lsl', lsl_name=name)
    graph.until(lambda: name in node.diagnostics.status().message)
    assert node.diagnostics.status().level == DiagnosticStatus.STALE
    outlet = Outlet(lsl, 'Gaze', [('azimuth_deg', 'deg')], 120.0, name=name)
    graph.until(lambda: outlet.send(1.0) and heard)


def test_acceleration_and_turning_rate_of_two_streams_are_one_message(lsl, graph):
    channels = [(axis, 'g') for axis in 'XYZ']
    acc = Outlet(lsl, 'ACC', channels, 50.0)
    gyro = Outlet(lsl, 'GYRO', [(axis, 'dps') for axis in 'XYZ'], 50.0, name=acc.name)
    heard = graph.hear(*IMU)
    graph.add(ImuNode, source='lsl', lsl_name=acc.name)
    graph.until(lambda: acc.send(0.0, 0.0, 1.0, age_s=0.02) and gyro.send(
        0.0, 90.0, 0.0, age_s=0.01) and acc.send(0.0, 0.0, 1.0) and [
            m for m in heard if m.linear_acceleration.z == m.linear_acceleration.z])
    message = next(m for m in heard if m.linear_acceleration.z == m.linear_acceleration.z)
    assert message.angular_velocity.y == pytest.approx(math.pi / 2, abs=1e-5)
    assert message.linear_acceleration.z == pytest.approx(9.80665, abs=1e-4)


def test_a_sensor_of_a_wrist_band_that_appears_later_is_taken_in(lsl, graph, monkeypatch):
    monkeypatch.setattr(lsl_streams, '_LOOK_EVERY_S', 0.1)
    eda = Outlet(lsl, 'EDA', [('EDA', 'uS')], 4.0)
    heard = graph.hear(*PHYSIOLOGY)
    graph.add(PhysiologyNode, source='lsl', lsl_name=eda.name)
    graph.until(lambda: eda.send(2.5) and heard)
    assert heard[0].channel == PhysioChunk.CHANNEL_EDA
    assert heard[0].samples[-1] == 2.5
    temperature = Outlet(lsl, 'TEMP', [('T', 'C')], 4.0, name=eda.name)
    graph.until(lambda: temperature.send(33.0) and [
        m for m in heard if m.channel == PhysioChunk.CHANNEL_SKIN_TEMPERATURE])


def test_without_the_library_the_node_says_what_to_install(graph, monkeypatch):
    def absent():
        raise SourceError("source:=lsl needs the Python package 'pylsl': pip install pylsl")

    monkeypatch.setattr(lsl_streams, 'load_lsl', absent)
    node = graph.add(GazeNode, activate=False, source='lsl')
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'pip install pylsl' in node.diagnostics.status().message


def test_an_import_that_fails_is_told_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, 'pylsl', None)
    with pytest.raises(SourceError, match='pip install pylsl'):
        load_lsl()


def test_a_channel_map_that_does_not_read_refuses_the_node(graph):
    node = graph.add(PhysiologyNode, activate=False, source='lsl', lsl_channels='x=heart')
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert "'lsl_channels'" in node.diagnostics.status().message
