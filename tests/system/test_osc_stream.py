# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""VRCFaceTracking's stream drives eyes and face, also when every node has a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
import math
import socket
import threading

from affect_bringup.graph import MODALITIES
from affect_msgs.msg import AvatarState
from affect_msgs.msg import EmotionState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import ModalityContribution
from affect_node import STATE
from affect_node import stream
import pytest
from pythonosc.udp_client import SimpleUDPClient
import yaml

HEARD = {'facial_expression', 'eye_movement'}
PERIOD_S = 1 / 60


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


@contextmanager
def tracking(port: int, jaw_open: float) -> Iterator[None]:
    """Send what VRCFaceTracking sends of a face that talks and of eyes that look about."""
    client = SimpleUDPClient('127.0.0.1', port)
    ended = threading.Event()

    def send() -> None:
        frame = 0
        while not ended.wait(PERIOD_S):
            frame += 1
            for name, value in {
                    'JawOpen': jaw_open, 'MouthSmileRight': 0.5, 'MouthSmileLeft': 0.5,
                    'BrowInnerUpLeft': 0.1, 'BrowInnerUpRight': 0.1,
                    'EyeLidLeft': 0.75, 'EyeLidRight': 0.75,
                    'EyeLeftX': 0.2 * math.sin(frame / 5), 'EyeLeftY': 0.1,
                    'EyeRightX': 0.2 * math.sin(frame / 5), 'EyeRightY': 0.1}.items():
                client.send_message(f'/avatar/parameters/FT/v2/{name}', value)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture(scope='module')
def graph(launch, tmp_path_factory):
    """Launch a process per node, eyes and face from OSC, and nothing else."""
    config = tmp_path_factory.mktemp('config')
    port = free_port()
    for name in ('face', 'gaze'):
        (config / f'{name}.param.yaml').write_text(
            yaml.safe_dump({'/**': {'ros__parameters': {'osc_port': port}}}))
    observer = launch(
        'purpose:=research', 'container:=false', 'sources:=face=osc gaze=osc',
        f'config:={config}',
        *(f'{modality}:=false' for modality in MODALITIES if modality not in HEARD), bag=None)
    observer.port = port
    observer.states = observer.collect(EmotionState, 'affect/emotion_state', STATE)
    observer.gaze = observer.collect(GazeSample, 'hmd/gaze/sample', stream(120.0))
    observer.faces = observer.collect(FaceTracking, 'hmd/face/tracking', stream(30.0))
    observer.avatars = observer.collect(AvatarState, 'avatar/state', STATE)
    return observer


def with_evidence(state: EmotionState) -> set[str]:
    return {
        contribution.modality for contribution in state.contributions
        if contribution.state == ModalityContribution.STATE_EVIDENCE}


def test_it_becomes_evidence_of_eyes_and_face(graph):
    with tracking(graph.port, jaw_open=0.5):
        graph.wait_until(
            lambda: bool(graph.states) and with_evidence(graph.states[-1]) == HEARD, 120.0,
            f'evidence of {sorted(HEARD)}')
    face, gaze = graph.faces[-1], graph.gaze[-1]
    assert face.weights[FaceTracking.JAW_OPEN] == pytest.approx(0.5)
    assert face.observed[FaceTracking.MOUTH_SMILE_LEFT]
    assert not face.observed[FaceTracking.TONGUE_OUT]
    assert math.isnan(face.weights[FaceTracking.TONGUE_OUT])
    assert gaze.elevation_deg > 0.0
    assert math.isnan(gaze.left.pupil_diameter_mm)


def test_the_avatar_opens_its_jaw_with_the_wearer(graph):
    jaw = FaceTracking.JAW_OPEN
    for wide in (0.9, 0.1):
        with tracking(graph.port, jaw_open=wide):
            graph.wait_until(
                lambda wide=wide: bool(graph.avatars) and math.isclose(
                    graph.avatars[-1].weights[jaw], wide, abs_tol=0.1), 30.0,
                f'a jaw that is {wide} open')
