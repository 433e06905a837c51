# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Wrist-bands from files: every channel of an Empatica E4, in step and in its unit."""

import gzip
import math
import os
from pathlib import Path

from affect_msgs.msg import PhysioChunk
from affect_node import stream
from affect_sensors.physiology.node import PhysiologyNode
from affect_sensors.sources.e4_folder import read_e4
from affect_sensors.sources.physio_file import PhysioFile
from affect_sensors.sources.source import SourceError
import numpy as np
import pytest

NOW_NS = 1_763_800_000_123_456_789
SECOND_NS = 1_000_000_000
RECORDINGS = Path(os.environ.get('AFFECT_DATA', '../shared/data'), 'stress_predict', 'raw')


def write_folder(folder, seconds=20):
    files = {
        'BVP.csv': ['1000.00', '64.000000', *(f'{i % 64}' for i in range(64 * seconds))],
        'EDA.csv': ['1000.00', '4.000000', *(f'{0.1 * i}' for i in range(4 * seconds))],
        'HR.csv': ['1010.00', '1.000000', *(f'{60 + i}' for i in range(seconds - 12))],
        'IBI.csv': ['1000.000000, IBI', '3.500000,0.812500', '4.250000,0.750000',
                    '12.000000,1.000000'],
        'tags.csv': ['1004.0']}
    for name, lines in files.items():
        (folder / name).write_text('\n'.join(lines) + '\n')
    acc = ['1000.000000, 1000.000000, 1000.000000', '32.000000, 32.000000, 32.000000',
           *('64,0,-32' for _ in range(32 * seconds))]
    with gzip.open(folder / 'ACC.csv.gz', 'wt') as out:
        out.write('\n'.join(acc) + '\n')


def play(source, seconds):
    source.open()
    source.start(NOW_NS)
    pieces = {}
    for piece in source.read(NOW_NS + round(seconds * 1e9)):
        pieces.setdefault(piece.channel, []).append(piece)
    return pieces


def test_acceleration_is_in_metres_per_second_squared(tmp_path):
    write_folder(tmp_path)
    pieces = play(PhysioFile(str(tmp_path), loop=False), 2.0)
    for axis, value in (('x', 9.80665), ('y', 0.0), ('z', -9.80665 / 2)):
        first = pieces[f'acceleration_{axis}'][0]
        assert (first.sample_rate_hz, len(first.samples)) == (32.0, 8)
        np.testing.assert_allclose(first.samples, value)


def test_beats_are_events_at_their_own_times(tmp_path):
    write_folder(tmp_path)
    beats = play(PhysioFile(str(tmp_path), loop=False), 20.0)['interbeat_interval']
    assert [(p.stamp_ns - NOW_NS) / 1e9 for p in beats] == [3.5, 4.25, 12.0]
    assert [p.samples.tolist() for p in beats] == [[0.8125], [0.75], [1.0]]
    assert [p.first_sample for p in beats] == [0, 1, 2]
    assert all(math.isnan(p.sample_rate_hz) for p in beats)


def test_the_heart_rate_of_the_device_begins_late_and_shortens_nothing(tmp_path):
    write_folder(tmp_path)
    source = PhysioFile(str(tmp_path), loop=False)
    pieces = play(source, 60.0)
    assert source.finished
    assert (pieces['heart_rate'][0].stamp_ns - NOW_NS) / 1e9 == 10.0
    assert sum(len(p.samples) for p in pieces['bvp']) == 64 * 20
    # It ends 2 s early, and its count has what was given.
    assert sum(len(p.samples) for p in pieces['heart_rate']) == 8


def test_a_looped_recording_keeps_its_channels_in_step(tmp_path):
    write_folder(tmp_path)
    pieces = play(PhysioFile(str(tmp_path), loop=True), 60.0)
    for channel, in_one in (('bvp', 64 * 20), ('heart_rate', 8), ('interbeat_interval', 3)):
        found = pieces[channel]
        assert found[-1].first_sample + len(found[-1].samples) == 3 * in_one
    beats = [(p.stamp_ns - NOW_NS) / 1e9 for p in pieces['interbeat_interval']]
    assert beats[3:6] == [23.5, 24.25, 32.0]


@pytest.mark.parametrize('name, text, words', [
    ('ACC.csv', '1,1,1\n32,32,32\n1,2\n', 'start time, rate'),
    ('ACC.csv', '1,1,1\n32,32,32\n1,2,3\n1,2\n', 'differ in length'),
    ('IBI.csv', '1000, IBI\n4,0.8\n3,0.8\n', 'rising times'),
    ('IBI.csv', '1000, IBI\n4,nan\n', 'rising times'),
    ('HR.csv', '1000\n0\n60\n', 'start time, rate'), ('HR.csv', '1000\n', 'start time, rate'),
    ('EDA.csv', 'a\n4\n1\n', r'EDA\.csv')])
def test_a_damaged_file_is_named(tmp_path, name, text, words):
    write_folder(tmp_path)
    (tmp_path / 'ACC.csv.gz').unlink()
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=words) as refusal:
        read_e4(tmp_path)
    assert name in str(refusal.value)


@pytest.mark.parametrize('content', ['', '1000.0, IBI\n'])
def test_a_band_that_sat_loosely_has_no_beats_and_that_is_no_fault(tmp_path, content):
    write_folder(tmp_path)
    (tmp_path / 'IBI.csv').write_text(content)
    assert 'interbeat_interval' not in {c.name for c in read_e4(tmp_path)}


def test_every_channel_reaches_the_topic_under_its_constant(graph, tmp_path):
    write_folder(tmp_path)
    heard = graph.hear(PhysioChunk, 'hmd/physiology/chunk', stream(30.0))
    graph.add(PhysiologyNode, source='file', path=tmp_path)
    graph.until(lambda: PhysioChunk.CHANNEL_INTERBEAT_INTERVAL in {m.channel for m in heard})
    by_channel = {m.channel: m for m in heard}
    assert by_channel[PhysioChunk.CHANNEL_ACCELERATION_X].samples[0] == pytest.approx(9.80665)
    assert by_channel[PhysioChunk.CHANNEL_ACCELERATION_Z].sample_rate_hz == 32.0
    beat = by_channel[PhysioChunk.CHANNEL_INTERBEAT_INTERVAL]
    assert (beat.samples[0], math.isnan(beat.sample_rate_hz)) == (0.8125, True)


@pytest.mark.skipif(
    not RECORDINGS.exists(), reason='no recordings of stress_predict under AFFECT_DATA')
def test_real_recordings_are_read_whole():
    for folder in sorted(RECORDINGS.iterdir())[:3]:
        channels = {c.name: c for c in read_e4(folder)}
        assert {'bvp', 'eda', 'skin_temperature', 'acceleration_x', 'heart_rate'} <= set(channels)
        # An hour of a wrist: a few metres per second squared beside gravity.
        force = np.sqrt(sum(channels[f'acceleration_{a}'].samples**2 for a in 'xyz'))
        assert np.median(force) == pytest.approx(9.8, abs=1.0)
        assert 50 < np.median(channels['heart_rate'].samples) < 130
        assert channels['bvp'].rate_hz == 64.0
        beats = channels.get('interbeat_interval')
        assert beats is None or 0.4 < np.median(beats.samples) < 1.5
