# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Recording follows the purpose."""

from pathlib import Path

from affect_bringup import record
from affect_bringup.record import Recorder
from affect_bringup.record import RecordNode
from affect_bringup.recording_profile import RecordingProfile
from affect_msgs.msg import Purpose
from affect_msgs.msg import SafetyStatus
from affect_node import LATCHED
from affect_node import STATE
from affect_node.testing import Bench
import pytest

EMBEDDINGS = RecordingProfile('', ('/affect/voice/embedding',), ('none', 'safety'))
SENSORS = RecordingProfile('', ('/hmd/imu/data',), ())


class FakeRecorder:
    """A recorder that writes nothing."""

    def __init__(self):
        self.is_recording = self.has_failed = False
        self.bags = []

    def start(self, *, use_sim_time):
        self.is_recording, self.use_sim_time = True, use_sim_time
        self.bags.append(Path(f'bag_{len(self.bags)}'))

    def stop(self):
        self.is_recording = False


@pytest.fixture
def bench():
    with Bench() as bench:
        yield bench


def make(bench, profile, **options):
    recorder = FakeRecorder()
    node = RecordNode(
        profile, recorder, discovery_s=0.0, context=bench.context, use_global_arguments=False,
        **options)
    bench.nodes.append(node)
    bench.executor.add_node(node)
    return node, recorder


def test_embeddings_are_recorded_only_while_the_purpose_allows_them(bench):
    _, recorder = make(bench, EMBEDDINGS)
    assert not recorder.bags
    for purpose, is_recorded in (
            (Purpose.RESEARCH, True), (Purpose.SAFETY, False), (Purpose.MEDICAL, True),
            (Purpose.NONE, False)):
        bench.publish('safety/purpose', Purpose(purpose=purpose), LATCHED)
        bench.until(
            lambda wanted=is_recorded: recorder.is_recording is wanted, f'purpose {purpose}')
    assert len(recorder.bags) == 2


def test_embeddings_are_not_recorded_on_when_the_monitor_falls_silent(bench):
    node, recorder = make(bench, EMBEDDINGS)
    bench.publish('safety/purpose', Purpose(purpose=Purpose.RESEARCH), LATCHED)
    bench.publish('safety/status', SafetyStatus(period_s=0.05), STATE)
    bench.until(lambda: recorder.is_recording, 'the beginning')

    def look():
        node.look()
        return not recorder.is_recording
    bench.until(look, 'the end')


def test_sensors_are_recorded_from_the_start(bench):
    _, recorder = make(bench, SENSORS)
    assert recorder.is_recording


def test_a_bag_made_beside_a_replay_gets_the_times_of_the_replay():
    """Else its stamps are older than its clock by as much as the first recording is."""
    with Bench() as bench:
        assert make(bench, SENSORS)[1].use_sim_time is False
        assert make(bench, SENSORS, use_sim_time=True)[1].use_sim_time is True
    with Bench(clock_s=1000.0) as bench:
        assert make(bench, SENSORS)[1].use_sim_time is True


def test_what_failed_is_not_started_again_and_again(bench):
    node, recorder = make(bench, SENSORS)
    recorder.is_recording, recorder.has_failed = False, True
    node.look()
    assert len(recorder.bags) == 1


def test_a_recorder_ends_its_bag_in_order_and_numbers_the_next(tmp_path, monkeypatch):
    script = tmp_path / 'ros2'
    script.write_text(
        '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\nmkdir "$2"\n'
        'trap "touch $2/closed; exit 0" INT\necho ready > "$2/begun"\n'
        'while :; do sleep 0.05; done\n')
    script.chmod(0o755)
    monkeypatch.setenv('PATH', f'{tmp_path}:/usr/bin:/bin')
    recorder = Recorder(['/a'], tmp_path / 'out', 'mcap')
    for name in ('out', 'out_2'):
        recorder.start(use_sim_time=False)
        with Bench() as bench:
            bench.until((tmp_path / name / 'begun').exists, name)
        assert recorder.is_recording
        recorder.stop()
        assert (tmp_path / name / 'closed').exists()
    assert not recorder.has_failed


def test_an_unknown_profile_is_refused_with_the_known_ones(tmp_path, capsys):
    assert record.main(['dreams', '-o', str(tmp_path / 'bag')]) == 2
    assert 'embeddings' in capsys.readouterr().err


def test_a_bag_that_exists_is_not_written_over(tmp_path, capsys):
    assert record.main(['sensors', '-o', str(tmp_path)]) == 2
    assert 'exists' in capsys.readouterr().err
