# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A stranger on every topic of the launched graph: said by name, and nothing else suffers."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from itertools import pairwise
import math
import os
from pathlib import Path
import shutil
import subprocess
import time
from typing import Any

from affect_bringup.graph import MODALITIES
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import AudioChunk
from affect_msgs.msg import EmotionState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import ModalityContribution
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import PhysioChunk
from affect_msgs.msg import Purpose
from affect_msgs.msg import Transcript
from affect_node import LATCHED
from affect_node import stamp_ns
from affect_node import STATE
from affect_node import stream
from affect_node import to_stamp
from affect_node import VIDEO
from diagnostic_msgs.msg import DiagnosticArray
import psutil
import pytest
from rclpy.qos import QoSProfile
from sensor_msgs.msg import Image
from sensor_msgs.msg import Imu
from sensor_msgs.msg import PointCloud2
from sensor_msgs.msg import PointField

BAG = Path(__file__).resolve().parents[2] / 'bags' / 'simulated_wearer'

FACE, SOUND, GAZE = 'hmd/face_camera/image', 'hmd/microphone/audio', 'hmd/gaze/sample'
HEAD, WRIST = 'hmd/imu/data', 'hmd/physiology/chunk'
CLOUD, WORLD = 'hmd/depth_camera/points', 'hmd/world_camera/image'
WORDS = 'hmd/speech/transcript'
EMBEDDING, ESTIMATE = 'affect/physiology/embedding', 'affect/physiology/estimate'

Make = Callable[[], Any]


@dataclass(frozen=True)
class Attack:
    """
    What is sent, and what the diagnostics of ``node`` must say of it.

    Stamps are ``offset_s`` after the newest state's tick; None leaves the message unstamped.
    """

    topic: str
    qos: QoSProfile
    node: str
    says: str
    make: Make
    offset_s: float | None = 0.0


def image(width: int, height: int, encoding: str = 'mono8', size: int | None = None) -> Image:
    size = width * height if size is None else size
    return Image(
        width=width, height=height, encoding=encoding, step=width, data=array('B', bytes(size)))


def sound(value: float = 0.0, count: int = 320, channels: int = 1, rate_hz: int = 16000):
    return AudioChunk(
        samples=array('f', [value]) * count, channels=channels, sample_rate_hz=rate_hz)


def gaze(azimuth_deg: float) -> GazeSample:
    return GazeSample(azimuth_deg=azimuth_deg, elevation_deg=0.0, confidence=1.0)


def imu(value: float) -> Imu:
    message = Imu()
    message.orientation_covariance[0] = -1.0
    message.angular_velocity.x = message.linear_acceleration.z = value
    return message


def cloud(*fields: str, count: int = 4, frame_id: str = 'depth_camera_optical_frame'):
    step = 4 * len(fields)
    message = PointCloud2(
        width=count, height=1, point_step=step, row_step=step * count,
        data=array('B', bytes(step * count)), fields=[
            PointField(name=name, offset=4 * i, datatype=PointField.FLOAT32, count=1)
            for i, name in enumerate(fields)])
    message.header.frame_id = frame_id
    return message


def transcript(text: str, duration_s: float = 1.0) -> Transcript:
    return Transcript(text=text, is_final=True, duration_s=duration_s, confidence=0.9)


def wrist(channel: int, rate_hz: float, count: int = 4, value: float = 1.0) -> PhysioChunk:
    return PhysioChunk(
        channel=channel, sample_rate_hz=rate_hz, samples=array('f', [value]) * count)


def embedding(modality: str = 'physiology', quality: float = 0.5) -> ModalityEmbedding:
    return ModalityEmbedding(
        modality=modality, schema_id='of a stranger', embedding=array('f', [0.0]),
        quality=quality)


def estimate(share: float, variance: float = 0.1) -> AffectEstimate:
    return AffectEstimate(
        modality='physiology', probabilities=[share] * 8, quality=0.5, valence_variance=variance,
        arousal_variance=variance)


_SOUND, _WRIST = stream(50.0), stream(50.0)
_EDA = PhysioChunk.CHANNEL_EDA

ATTACKS = {
    'encoding': Attack(FACE, VIDEO, 'facial_expression_encoder', "encoding 'nonsense'",
                       lambda: image(48, 48, 'nonsense')),
    'step': Attack(FACE, VIDEO, 'facial_expression_encoder', 'step and data do not match',
                   lambda: image(48, 48, size=17)),
    'empty image': Attack(FACE, VIDEO, 'facial_expression_encoder', 'empty or giant image',
                          lambda: image(0, 0)),
    'dot': Attack(FACE, VIDEO, 'facial_expression_encoder', 'image too small',
                  lambda: image(1, 1)),
    'weights': Attack(
        'hmd/face/tracking', stream(60.0), 'facial_expression_encoder', 'weights outside [0, 1]',
        lambda: FaceTracking(weights=[9.0] * 52, observed=[True] * 52)),
    'no axes': Attack(CLOUD, VIDEO, 'body_expression_encoder', 'no usable x, y, z',
                      lambda: cloud('intensity')),
    'empty cloud': Attack(CLOUD, VIDEO, 'body_expression_encoder', 'empty cloud',
                          lambda: cloud('x', 'y', 'z', count=0)),
    'foreign frame': Attack(CLOUD, VIDEO, 'body_expression_encoder', 'does not say its axes',
                            lambda: cloud('x', 'y', 'z', frame_id='map')),
    'world encoding': Attack(WORLD, VIDEO, 'scene_encoder', "encoding 'nonsense'",
                             lambda: image(48, 48, 'nonsense')),
    'face to track': Attack(FACE, VIDEO, 'face_tracker', "encoding 'nonsense'",
                            lambda: image(48, 48, 'nonsense'), 0.3),
    'ten thousand words': Attack(WORDS, stream(5.0), 'speech_encoder', 'giant transcript',
                                 lambda: transcript('word ' * 10_000)),
    'no time to say it': Attack(WORDS, stream(5.0), 'speech_encoder', 'unusable duration',
                                lambda: transcript('hello', math.nan)),
    'sound to recognise': Attack(SOUND, _SOUND, 'speech_recognizer', 'empty or incomplete chunk',
                                 lambda: sound(count=0)),
    'empty sound': Attack(SOUND, _SOUND, 'voice_encoder', 'empty or incomplete chunk',
                          lambda: sound(count=0)),
    'three channels': Attack(SOUND, _SOUND, 'voice_encoder', 'empty or incomplete chunk',
                             lambda: sound(channels=3)),
    'no rate': Attack(SOUND, _SOUND, 'voice_encoder', 'unusable sample rate',
                      lambda: sound(rate_hz=0)),
    'giant sound': Attack(SOUND, _SOUND, 'voice_encoder', 'giant chunk',
                          lambda: sound(count=2_000_000)),
    'unscaled sound': Attack(SOUND, _SOUND, 'voice_encoder', 'samples far beyond full scale',
                             lambda: sound(1e30)),
    'no sound': Attack(SOUND, _SOUND, 'voice_encoder', 'unknown samples',
                       lambda: sound(math.nan)),
    'gaze': Attack(GAZE, stream(200.0), 'eye_movement_encoder', 'no direction',
                   lambda: gaze(1e9)),
    'old gaze': Attack(GAZE, stream(200.0), 'eye_movement_encoder', 'stamped in the past',
                       lambda: gaze(0.0), -3600.0),
    'early gaze': Attack(GAZE, stream(200.0), 'eye_movement_encoder', 'stamped in the future',
                         lambda: gaze(0.0), 3e8),
    'infinite rate': Attack(HEAD, stream(200.0), 'head_motion_encoder', 'that no head survives',
                            lambda: imu(math.inf)),
    'unknown rate': Attack(HEAD, stream(200.0), 'head_motion_encoder', 'not wholly known',
                           lambda: imu(math.nan)),
    'no stamp': Attack(HEAD, stream(200.0), 'head_motion_encoder', 'no stamp',
                       lambda: imu(0.0), None),
    'channel': Attack(WRIST, _WRIST, 'physiology_encoder', 'channel 99 is not used',
                      lambda: wrist(99, 4.0)),
    'unknown sample rate': Attack(WRIST, _WRIST, 'physiology_encoder', 'unusable sample rate',
                                  lambda: wrist(_EDA, math.nan)),
    'giant chunk': Attack(WRIST, _WRIST, 'physiology_encoder', 'empty or giant chunk',
                          lambda: wrist(_EDA, 4.0, 1_000_000)),
    'conductance': Attack(WRIST, _WRIST, 'physiology_encoder', 'eda outside',
                          lambda: wrist(_EDA, 4.0, value=1e30), -1.0),
    'schema': Attack(EMBEDDING, STATE, 'fusion', "schema 'of a stranger'", embedding),
    'quality': Attack(EMBEDDING, STATE, 'fusion', 'quality 7 is outside',
                      lambda: embedding(quality=7.0)),
    'modality': Attack(EMBEDDING, STATE, 'fusion', "modality 'telepathy'",
                       lambda: embedding('telepathy')),
    'probabilities': Attack(ESTIMATE, STATE, 'fusion', 'do not sum to 1',
                            lambda: estimate(3.0 / 8.0)),
    'variance': Attack(ESTIMATE, STATE, 'fusion', 'without a variance above 0',
                       lambda: estimate(1.0 / 8.0, -1.0)),
    'purpose': Attack('safety/purpose', LATCHED, 'safety_monitor',
                      'somebody else has published purpose 0',
                      lambda: Purpose(purpose=Purpose.NONE)),
}


class Stranger:
    """Publishes on topics of the graph, and reads what the graph says about that."""

    def __init__(self, observer: Any) -> None:
        self._observer = observer
        self._publishers: dict[str, Any] = {}
        self._said: dict[str, dict[str, str]] = {}
        self.states: list[EmotionState] = []
        node = observer.node
        node.create_subscription(EmotionState, 'affect/emotion_state', self._on_state, STATE)
        node.create_subscription(DiagnosticArray, '/diagnostics', self._on_diagnostics, 50)

    def meet(self, attack: Attack) -> None:
        """Wait for the subscribers of an attack's topic."""
        if attack.topic not in self._publishers:
            publisher = self._observer.node.create_publisher(
                type(attack.make()), attack.topic, attack.qos)
            self._publishers[attack.topic] = publisher
            self._observer.wait_until(
                lambda: publisher.get_subscription_count() > 0, 60.0,
                f'a subscription of {attack.topic}')

    def send(self, attack: Attack) -> None:
        message = attack.make()
        if attack.offset_s is not None:
            newest_ns = stamp_ns(self.states[-1].header.stamp)
            message.header.stamp = to_stamp(ns=newest_ns + round(attack.offset_s * 1e9))
        self._publishers[attack.topic].publish(message)

    def has_learnt(self, attack: Attack) -> bool:
        """Whether the diagnostics say what they should."""
        return any(attack.says in name for name in self._said.get('/' + attack.node, {}))

    def said(self, node: str) -> dict[str, str]:
        return self._said.get('/' + node, {})

    def _on_state(self, message: EmotionState) -> None:
        self.states.append(message)

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            self._said[status.hardware_id] = {v.key: v.value for v in status.values}


def with_evidence(state: EmotionState) -> set[str]:
    return {c.modality for c in state.contributions
            if c.state == ModalityContribution.STATE_EVIDENCE}


def processes(observer: Any) -> set[psutil.Process]:
    return set(observer.graph.processes())


@pytest.fixture
def places(tmp_path):
    """Return a bag, and bags and folders that are wrong in one way each, by name."""
    cut = tmp_path / 'cut bag'
    shutil.copytree(BAG, cut)
    for file in cut.glob('*.mcap'):
        os.truncate(file, file.stat().st_size // 2)
    broken = tmp_path / 'broken'
    broken.mkdir()
    (broken / 'fusion.param.yaml').write_text('fusion: [')
    return {'bag': BAG, 'cut': cut, 'broken': broken, 'nothing': tmp_path / 'nothing'}


@pytest.mark.parametrize(('arguments', 'says'), [
    (['bag:={nothing}'], 'affect-session build'),
    (['bag:={cut}'], 'cut off'),
    (['bag:={bag}', 'replay_from:=embeddings'], 'replay_from'),
    (['purpose:=fun'], "'research'"),
    (['config:={broken}'], 'fusion.param.yaml'),
])
def test_a_launch_that_cannot_go_on_says_why_and_fails(places, tmp_path, arguments, says):
    words = [argument.format(**places) for argument in arguments]
    ended = subprocess.run(
        ['ros2', 'launch', 'affect_bringup', 'affect.launch.py', *words], check=False,
        capture_output=True, text=True, timeout=60.0,
        env={**os.environ, 'ROS_LOG_DIR': str(tmp_path / 'log')})
    text = ended.stdout + ended.stderr
    assert ended.returncode != 0, text
    assert says in text
    assert 'Traceback' not in text
    assert 'process started' not in text, 'nothing need start that can only end'


@pytest.fixture(scope='module')
def attacked(launch):
    """Launch, wait for evidence of every modality, and send every attack until it is noticed."""
    observer = launch('purpose:=research')
    stranger = Stranger(observer)
    observer.wait_until(
        lambda: stranger.states and with_evidence(stranger.states[-1]) == set(MODALITIES), 120.0,
        'evidence of every modality')
    before = processes(observer)
    for attack in ATTACKS.values():
        stranger.meet(attack)
    first = len(stranger.states)
    waiting = dict(ATTACKS)
    deadline_s = time.monotonic() + 60.0
    while waiting and time.monotonic() < deadline_s:
        for attack in waiting.values():
            stranger.send(attack)
            count = len(stranger.states)
            # A tick between two: the graph is to be deceived, not to be drowned.
            if attack.topic == EMBEDDING:
                observer.wait_until(
                    lambda count=count: len(stranger.states) > count, 60.0, 'the next state')
        count = len(stranger.states)
        observer.wait_until(
            lambda count=count: len(stranger.states) >= count + 5, 60.0, 'five more states')
        waiting = {n: a for n, a in waiting.items() if not stranger.has_learnt(a)}
    stranger.first, stranger.last = first, len(stranger.states)
    stranger.processes = before, processes(observer)
    stranger.observer = observer
    return stranger


@pytest.mark.parametrize('name', ATTACKS)
def test_what_is_wrong_is_counted_by_name(attacked, name):
    attack = ATTACKS[name]
    assert attacked.has_learnt(attack), attacked.said(attack.node)


def test_no_process_ends(attacked):
    before, after = attacked.processes
    assert after == before


def test_states_keep_coming(attacked):
    """At every tick, or nearly: a graph that was stunned for a while would lack some."""
    stamps = [stamp_ns(s.header.stamp) for s in attacked.states[attacked.first:attacked.last]]
    # The bag loops, and its clock jumps back.
    steps = [b - a for a, b in pairwise(stamps) if b > a]
    assert len(steps) > 10
    assert sum(step == 100_000_000 for step in steps) >= 0.8 * len(steps)


def test_no_state_takes_over_what_is_wrong(attacked):
    for state in attacked.states[attacked.first:attacked.last]:
        if state.validity != EmotionState.VALIDITY_UNKNOWN:
            assert -1.0 <= state.affect.arousal <= 1.0
            assert state.affect.arousal_variance > 0.0
        assert state.purpose == Purpose.RESEARCH


def test_what_is_not_attacked_any_more_has_evidence_again(attacked):
    def all_is_well() -> bool:
        state = attacked.states[-1]
        return (state.validity == EmotionState.VALIDITY_VALID
                and with_evidence(state) == set(MODALITIES))
    attacked.observer.wait_until(all_is_well, 90.0, 'VALID with every modality')


def test_a_modality_that_is_attacked_leaves_the_others_their_evidence(attacked):
    """Rubbish that comes before the wrist's own word for a tick costs the wrist, not the eyes."""
    attack = replace(ATTACKS['quality'], offset_s=0.1)
    count = len(attacked.states)
    while len(attacked.states) < count + 20:
        attacked.send(attack)
        now = len(attacked.states)
        attacked.observer.wait_until(
            lambda now=now: len(attacked.states) > now, 60.0, 'the next state')
    rejected = [
        state for state in attacked.states[count:] if any(
            c.modality == 'physiology' and c.state == ModalityContribution.STATE_REJECTED
            for c in state.contributions)]
    assert rejected, 'the stranger was never in time'
    seen = set().union(*(with_evidence(state) for state in rejected))
    assert {'eye_movement', 'head_motion', 'facial_expression'} <= seen
    assert any('physiology' in state.missing_modalities for state in rejected)
