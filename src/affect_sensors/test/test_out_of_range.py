# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Values that no sensor can measure are unknown to whoever hears them, and are told."""

import math

from affect_msgs.msg import GazeSample
from affect_msgs.msg import PhysioChunk
from affect_node import stream
from affect_node.testing import health
from affect_sensors.gaze.node import GazeNode
from affect_sensors.imu.node import ImuNode
from affect_sensors.physiology.node import PhysiologyNode
from affect_sensors.sources.gaze_row import FIELDS
from affect_sensors.sources.gaze_row import LIMITS
from affect_sensors.sources.gaze_row import within_limits
from affect_sensors.sources.imu_file import COLUMNS
import numpy as np
import pytest
from sensor_msgs.msg import Imu


def write(path, **columns):
    """Write a table whose columns are ``t_s`` and these."""
    count = max(map(len, columns.values()))
    columns = {'t_s': [0.02 * i for i in range(count)], **columns}
    rows = zip(*columns.values(), strict=True)
    path.write_text('\n'.join([
        ','.join(columns), *(','.join(map(str, row)) for row in rows)]) + '\n')
    return path


@pytest.mark.parametrize('i', range(len(FIELDS)))
def test_every_field_of_gaze_keeps_what_it_can_be_and_nothing_else(i):
    low, high = LIMITS[i]
    told = []

    def kept(value):
        values = [math.nan] * len(FIELDS)
        values[i] = value
        return within_limits(values, lambda *words: told.append(words))[i]
    assert [kept(v) for v in (low, high, 0.5 * (low + high))] == [low, high, 0.5 * (low + high)]
    assert (kept(low - 0.01), kept(high + 0.01)) == (low, high)
    assert math.isnan(kept(math.nan))
    assert told == []
    for wrong in (low - 0.1, high + 0.1, math.inf, -math.inf, 1e300):
        assert math.isnan(kept(wrong))
    assert len(told) == 5
    assert told[0][1] == f'{FIELDS[i]} out of range'


def test_gaze_out_of_range_is_unknown_and_its_neighbours_are_not(graph, tmp_path):
    path = write(
        tmp_path / 'gaze.csv', azimuth_deg=[5.0] * 20, confidence=[0.9] * 10 + [7.0] * 10,
        left_openness=[1.0] * 10 + [1e300] * 10)
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(50.0))
    node = graph.add(GazeNode, source='file', path=path, loop=False)
    graph.until(lambda: 'has ended' in health(node), 'the end')
    graph.until(lambda: heard and math.isnan(heard[-1].confidence), 'the last sample')
    assert math.isnan(heard[-1].left.openness)
    assert {m.azimuth_deg for m in heard} == {5.0}
    assert node.diagnostics.counters['rejected: gaze: confidence out of range'] == 10


def test_a_motion_that_nobody_can_make_is_unknown(graph, tmp_path):
    columns = {name: [0.5] * 20 for name in COLUMNS}
    columns[COLUMNS[1]] = [0.5] * 10 + [1e12] * 10
    heard = graph.hear(Imu, 'hmd/imu/data', stream(50.0))
    node = graph.add(
        ImuNode, source='file', path=write(tmp_path / 'imu.csv', **columns), loop=False)
    graph.until(lambda: heard and math.isnan(heard[-1].angular_velocity.y), 'the last sample')
    assert heard[-1].angular_velocity.x == 0.5
    assert heard[-1].linear_acceleration.z == 0.5
    assert f'{COLUMNS[1]} out of range' in health(node)


def test_a_body_signal_that_is_infinite_is_unknown(graph, tmp_path):
    eda = np.full(100, 2.0)
    eda[[30, 60]] = math.inf, 1e300
    heard = graph.hear(PhysioChunk, 'hmd/physiology/chunk', stream(30.0))
    node = graph.add(
        PhysiologyNode, source='file', path=write(tmp_path / 'eda.csv', eda=eda), loop=True)
    graph.until(lambda: sum(len(m.samples) for m in heard) >= 70, 'the samples')
    samples = np.concatenate([m.samples for m in heard])
    assert set(samples[np.isfinite(samples)]) == {2.0}
    assert np.isnan(samples).sum() >= 2
    assert not np.isinf(samples).any()
    assert 'eda is not finite' in ' '.join(node.diagnostics.counters)
