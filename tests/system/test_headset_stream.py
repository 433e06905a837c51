# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A headset that only sends datagrams is a wearer; one that falls silent is missed at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
import socket
import subprocess
import sys

from affect_bringup.graph import MODALITIES
from affect_msgs.msg import EmotionState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import ModalityContribution
from affect_node import STATE
from affect_node import stream
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
import pytest
import yaml

SENT = {'facial_expression', 'eye_movement', 'eye_expression', 'head_motion'}
"""What a headset's own sensors tell."""


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Headset:
    """Sends the simulated wearer in the wire format."""

    def __init__(self, port: int) -> None:
        self._command = [
            sys.executable, '-m', 'affect_sensors.headset_link.send', '--simulate',
            '--port', str(port)]

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send as long as the block lasts."""
        process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope='module')
def graph(launch, tmp_path_factory):
    """Launch the graph for a headset that sends its gaze, face and head."""
    config = tmp_path_factory.mktemp('config')
    port = free_port()
    (config / 'headset_receiver.param.yaml').write_text(
        yaml.safe_dump({'/**': {'ros__parameters': {'port': port}}}))
    observer = launch(
        'purpose:=research', 'sources:=headset_receiver=udp', f'config:={config}',
        *(f'{modality}:=false' for modality in MODALITIES if modality not in SENT), bag=None)
    observer.headset = Headset(port)
    observer.states = observer.collect(EmotionState, 'affect/emotion_state', STATE)
    observer.gaze = observer.collect(GazeSample, 'hmd/gaze/sample', stream(120.0))
    observer.faces = observer.collect(FaceTracking, 'hmd/face/tracking', stream(30.0))
    observer.diagnostics = observer.collect(DiagnosticArray, '/diagnostics', STATE)
    return observer


def with_evidence(state: EmotionState) -> set[str]:
    return {
        contribution.modality for contribution in state.contributions
        if contribution.state == ModalityContribution.STATE_EVIDENCE}


def level_of(node: str, messages: list[DiagnosticArray]) -> int | None:
    """Return the worst level that the newest diagnostics of a node have."""
    for message in reversed(messages):
        levels = [
            int.from_bytes(status.level, 'little') for status in message.status
            if node in status.name]
        if levels:
            return max(levels)
    return None


def test_what_it_sends_becomes_evidence(graph):
    with graph.headset.sending():
        graph.wait_until(
            lambda: bool(graph.states) and with_evidence(graph.states[-1]) == SENT, 120.0,
            f'evidence of {sorted(SENT)}')
    assert {message.source for message in graph.gaze} == {GazeSample.SOURCE_SIMULATION}
    assert {message.source for message in graph.faces} == {FaceTracking.SOURCE_SIMULATION}
    stamps = [message.header.stamp for message in graph.gaze]
    assert all((a.sec, a.nanosec) < (b.sec, b.nanosec) for a, b in pairwise(stamps))


def test_its_silence_is_stale_and_no_evidence(graph):
    # The headset of the test before has ended.
    stale = int.from_bytes(DiagnosticStatus.STALE, 'little')
    graph.wait_until(
        lambda: level_of('headset_receiver', graph.diagnostics) == stale, 20.0,
        'STALE diagnostics of headset_receiver')
    graph.wait_until(
        lambda: not with_evidence(graph.states[-1]), 90.0, 'a state without any evidence')
    assert graph.states[-1].validity == EmotionState.VALIDITY_UNKNOWN
    assert graph.states[-1].reason


def test_it_is_heard_again_without_a_restart(graph):
    with graph.headset.sending():
        graph.wait_until(
            lambda: with_evidence(graph.states[-1]) == SENT, 60.0,
            f'evidence of {sorted(SENT)} again')
        graph.wait_until(
            lambda: level_of('headset_receiver', graph.diagnostics) == 0, 20.0,
            'diagnostics of headset_receiver that are OK')
