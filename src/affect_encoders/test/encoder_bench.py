# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""An encoder node on a graph with a clock that the test moves, and wearers that can be played."""

from array import array
from collections.abc import Iterable
import functools
from typing import Any

from affect_encoders.body_expression.node import BodyExpressionNode
from affect_encoders.eye_expression.node import EyeExpressionNode
from affect_encoders.eye_movement.node import EyeMovementNode
from affect_encoders.facial_expression.node import FacialExpressionNode
from affect_encoders.head_motion.node import HeadMotionNode
from affect_encoders.physiology.node import PhysiologyNode
from affect_encoders.scene.node import SceneNode
from affect_encoders.speech.node import SpeechNode
from affect_encoders.voice.node import VoiceNode
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import AudioChunk
from affect_msgs.msg import EyeState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import ModalityInfo
from affect_msgs.msg import PhysioChunk
from affect_msgs.msg import Purpose
from affect_msgs.msg import Transcript
from affect_node import LATCHED
from affect_node import stamp_ns
from affect_node import STATE
from affect_node import stream
from affect_node import to_stamp
from affect_node import VIDEO
from affect_node.testing import Bench
from body_signals import minimum_jerk
from body_signals import pulse_wave
from cloud_signals import cloud
from cloud_signals import raised
from cloud_signals import to_and_fro
import numpy as np
from picture_signals import view
from sensor_msgs.msg import Image
from sensor_msgs.msg import Imu
from sensor_msgs.msg import PointCloud2
from sensor_msgs_py.point_cloud2 import create_cloud_xyz32
from std_msgs.msg import Header
from voice_signals import RATE_HZ
from voice_signals import speech_like

START_S = 1000.0
SECONDS = 70.0
NAN = float('nan')
QOS = {Image: VIDEO, PointCloud2: VIDEO, AudioChunk: stream(50.0),
       FaceTracking: stream(60.0), Imu: stream(200.0), GazeSample: stream(200.0),
       PhysioChunk: stream(50.0)}


class EncoderBench:
    """One encoder node: ``play`` messages of a wearer, tick by tick, and read what comes of it."""

    def __init__(
            self, factory: type, *, hop_s: float = 0.5, purpose: int = Purpose.NONE,
            **parameters: Any) -> None:
        self.bench = Bench(clock_s=START_S)
        self.hop_ns = round(hop_s * 1e9)
        self.node = self.bench.add(factory, activate=False, hop_s=hop_s, **parameters)
        self._sent = self._received = 0
        self._count_what_arrives()
        topic = f'affect/{self.node.modality}/'
        self.log: list[Any] = []
        self.embeddings = self.bench.hear(ModalityEmbedding, topic + 'embedding', STATE)
        for message_type, name in ((ModalityEmbedding, 'embedding'), (AffectEstimate, 'estimate')):
            self.bench.peer.create_subscription(
                message_type, topic + name, self.log.append, STATE)
        self.infos = self.bench.hear(ModalityInfo, topic + 'info', LATCHED)
        self.node.trigger_configure()
        self.node.trigger_activate()
        self.bench.until(lambda: self.infos, 'the latched info')
        self.bench.until(
            lambda: self.bench.peer.count_publishers(topic + 'embedding'), 'the publisher')
        if purpose != Purpose.NONE:
            self.allow(purpose)

    def __enter__(self) -> 'EncoderBench':
        return self

    def __exit__(self, *_: object) -> None:
        self.bench.close()

    @property
    def info(self) -> ModalityInfo:
        """Return the newest latched info."""
        return self.infos[-1]

    @property
    def now_s(self) -> float:
        """Return the time of the graph."""
        return self.bench.now_s()

    @property
    def counters(self) -> dict[str, int]:
        """Return what the node has counted."""
        return dict(self.node.diagnostics.counters)

    def send(self, topic: str, *messages: Any) -> None:
        """Publish, and wait until the node has looked at everything."""
        for message in messages:
            self.bench.publish(topic, message, QOS.get(type(message), LATCHED))
            self._sent += 1
            # Fewer than fit into any queue under way.
            if self._sent - self._received >= 50 or type(message) in (Image, PointCloud2):
                self._wait()
        self._wait()

    def tick(self, tick_ns: int | None = None) -> ModalityEmbedding:
        """Move the clock past the next tick and return the embedding of it."""
        tick_ns = tick_ns or (self.bench.clock_ns // self.hop_ns + 1) * self.hop_ns
        self.bench.set_clock(tick_ns * 1e-9 + 0.031)
        self.bench.until(
            lambda: self.embeddings and stamp_ns(self.embeddings[-1].header.stamp) == tick_ns,
            'the embedding of a tick')
        return self.embeddings[-1]

    def play(self, wearer: Any, seconds: float) -> ModalityEmbedding:
        """Play a wearer for a while and return the last embedding."""
        end_s = self.now_s + seconds - 0.1
        while self.now_s < end_s:
            tick_ns = (self.bench.clock_ns // self.hop_ns + 1) * self.hop_ns
            self.bench.set_clock(tick_ns * 1e-9)
            for topic, message in wearer.messages((tick_ns - self.hop_ns) * 1e-9, tick_ns * 1e-9):
                self.send(topic, message)
            embedding = self.tick(tick_ns)
        return embedding

    def allow(self, purpose: int) -> None:
        """Set the purpose and wait until the node follows it."""
        self.send('safety/purpose', Purpose(purpose=purpose))
        self.bench.until(lambda: self.node.purpose == purpose, 'the purpose')

    def features(self, embedding: ModalityEmbedding) -> dict[str, float]:
        """Return an embedding's features by the names that the info gives them."""
        return dict(zip(self.info.feature_names, embedding.features, strict=True))

    def _wait(self) -> None:
        self.bench.until(lambda: self._received >= self._sent, 'the node to look at its input')

    def _count_what_arrives(self) -> None:
        subscribe = self.node.subscribe

        def counting(message_type: type, topic: str, callback: Any, qos: Any, **how: Any) -> Any:
            @functools.wraps(callback)
            def counted(message: Any) -> None:
                self._received += 1
                callback(message)
            return subscribe(message_type, topic, counted, qos, **how)
        self.node.subscribe = counting


def stamped(message: Any, stamp_s: float, frame_id: str = 'hmd_link') -> Any:
    """Return the message with its header filled in."""
    message.header.stamp = to_stamp(s=stamp_s)
    message.header.frame_id = frame_id
    return message


def audio(samples: np.ndarray, start_s: float, rate_hz: int = RATE_HZ, **fields: Any):
    """Return an AudioChunk."""
    values = {'channels': 1, 'sample_rate_hz': rate_hz, **fields}
    return stamped(AudioChunk(
        samples=array('f', np.asarray(samples, np.float32).tobytes()), **values), start_s)


def physio(channel: int, samples: np.ndarray, start_s: float, rate_hz: float):
    """Return a PhysioChunk."""
    return stamped(PhysioChunk(
        channel=channel, sample_rate_hz=rate_hz,
        samples=array('f', np.asarray(samples, np.float32).tobytes())), start_s)


def imu(stamp_s: float, turn=(0.0, 0.0, 0.0), force=(0.0, 0.0, 9.81)) -> Imu:
    """Return an Imu of angular velocity in rad/s and specific force in m/s^2."""
    message = Imu()
    w, a = message.angular_velocity, message.linear_acceleration
    w.x, w.y, w.z = map(float, turn)
    a.x, a.y, a.z = map(float, force)
    return stamped(message, stamp_s)


def gaze(stamp_s: float, azimuth_deg: float, elevation_deg: float = 0.0,
         confidence: float = 0.95, openness: float = 1.0) -> GazeSample:
    """Return a GazeSample of two eyes that look the same way."""
    def eye():
        return EyeState(
            azimuth_deg=float(azimuth_deg), elevation_deg=float(elevation_deg), pupil_x=NAN,
            pupil_y=NAN, pupil_diameter_mm=NAN, openness=float(openness),
            confidence=float(confidence))
    return stamped(GazeSample(
        left=eye(), right=eye(), azimuth_deg=float(azimuth_deg),
        elevation_deg=float(elevation_deg), confidence=float(confidence)), stamp_s)


def lids(stamp_s: float, shut: bool = False, **fields: Any) -> GazeSample:
    """Return a GazeSample of two alike eyes of which lids and pupils are known."""
    values = {'openness': 1.0, 'squint': 0.1, 'widening': 0.0, 'pupil_diameter_mm': 4.0,
              'confidence': 0.9, 'state': EyeState.STATE_OPEN, **fields}
    if shut:
        values |= {'state': EyeState.STATE_CLOSED, 'openness': NAN, 'confidence': 0.0}

    def eye():
        return EyeState(azimuth_deg=NAN, elevation_deg=NAN, pupil_x=NAN, pupil_y=NAN, **values)
    return stamped(GazeSample(
        left=eye(), right=eye(), azimuth_deg=NAN, elevation_deg=NAN, confidence=NAN), stamp_s)


def face(stamp_s: float, confidence: float = 1.0, **weights: float) -> FaceTracking:
    """Return a FaceTracking in which everything is observed; weights by their constant's name."""
    values = np.zeros(52, np.float32)
    for name, weight in weights.items():
        values[getattr(FaceTracking, name)] = weight
    return stamped(FaceTracking(
        weights=values, observed=[True] * 52, upper_confidence=confidence,
        lower_confidence=confidence), stamp_s)


def image(picture: np.ndarray, stamp_s: float, **fields: Any) -> Image:
    """Return a mono8 or bgr8 Image of uint8 [H, W] or [H, W, 3]; fields as claimed."""
    values = {
        'height': picture.shape[0], 'width': picture.shape[1],
        'encoding': 'mono8' if picture.ndim == 2 else 'bgr8',
        'step': picture.strides[0], 'data': array('B', picture.tobytes()), **fields}
    return stamped(Image(**values), stamp_s, 'face_camera_optical_frame')


def points(positions: np.ndarray, stamp_s: float, frame_id: str = 'hmd_link') -> PointCloud2:
    """Return a cloud of float32 x, y, z from positions [N, 3]."""
    return stamped(
        create_cloud_xyz32(Header(), np.asarray(positions, np.float32)), stamp_s, frame_id)


class Speaker:
    """Speech, or any other sound, in chunks of a tenth of a second."""

    node = VoiceNode
    topic = 'hmd/microphone/audio'

    def __init__(self, sound: np.ndarray | None = None, rate_hz: int = RATE_HZ) -> None:
        self.sound = speech_like(12.0) if sound is None else sound
        self.rate_hz = rate_hz

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        chunk = self.rate_hz // 10
        for start_s in np.arange(round((until_s - after_s) * 10)) / 10.0 + after_s:
            first = round((start_s - START_S) * self.rate_hz)
            yield self.topic, audio(
                np.take(self.sound, np.arange(first, first + chunk), mode='wrap'), start_s,
                self.rate_hz, first_sample=first)

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return audio(speech_like(0.1), stamp_s)


class Face:
    """Weights at 30 Hz."""

    node = FacialExpressionNode
    topic = 'hmd/face/tracking'

    def __init__(self, **weights: float) -> None:
        self.weights = weights or {'MOUTH_SMILE_LEFT': 0.2, 'MOUTH_SMILE_RIGHT': 0.2}

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        for stamp_s in until_s - np.arange(round((until_s - after_s) * 30))[::-1] / 30.0:
            yield self.topic, face(stamp_s, **self.weights)

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return face(stamp_s, MOUTH_SMILE_LEFT=0.5)


class Gaze:
    """Saccades of ten degrees to and fro, with fixations between; 100 samples a second."""

    node = EyeMovementNode
    topic = 'hmd/gaze/sample'

    def __init__(self, saccade_every_s: float = 0.8, confidence: float = 0.95) -> None:
        self.t = START_S + np.arange(1, int(SECONDS * 100) + 1) / 100.0
        rng = np.random.default_rng(0)
        self.azimuth = rng.normal(0.0, 0.03, self.t.size)
        for k, onset in enumerate(np.arange(0.3, SECONDS, saccade_every_s)):
            self.azimuth += (10.0 if k % 2 else -10.0) * minimum_jerk(
                self.t - START_S, onset, 0.045)
        self.elevation = rng.normal(0.0, 0.03, self.t.size)
        self.confidence = confidence

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        for k in np.flatnonzero((self.t > after_s + 1e-6) & (self.t <= until_s + 1e-6)):
            yield self.topic, gaze(
                self.t[k], self.azimuth[k], self.elevation[k], self.confidence)

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return gaze(stamp_s, 1.0)


class Lids:
    """Blinks of 0.2 s every two seconds, 60 samples a second; fields of EyeState."""

    node = EyeExpressionNode
    topic = 'hmd/gaze/sample'

    def __init__(self, blink_s: float = 0.2, pupil_diameter_mm: float = 4.0, **fields: Any
                 ) -> None:
        self.blink_s = blink_s
        self.pupil_mm = pupil_diameter_mm
        self.fields = fields

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        for stamp_s in until_s - np.arange(round((until_s - after_s) * 60))[::-1] / 60.0:
            shut = (stamp_s - START_S) % 2.0 < self.blink_s
            # No pupil is still to the last digit.
            restless_mm = 0.005 * np.sin(2.0 * np.pi * 1.3 * (stamp_s - START_S))
            yield self.topic, lids(
                stamp_s, shut, pupil_diameter_mm=self.pupil_mm + restless_mm, **self.fields)

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return lids(stamp_s)


class Head:
    """A head that swings about its axes (x forward, y left, z up), with a sensor's noise."""

    node = HeadMotionNode
    topic = 'hmd/imu/data'

    def __init__(self, nod: float = 0.0, shake: float = 0.0, rate_hz: int = 100,
                 turn_rad_s: float = 0.0) -> None:
        self.rate_hz = rate_hz
        self.turn_rad_s = turn_rad_s
        self.nod, self.shake = nod, shake
        self.rng = np.random.default_rng(0)

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        count = round((until_s - after_s) * self.rate_hz)
        for stamp_s in until_s - np.arange(count)[::-1] / self.rate_hz:
            swing = np.sin(2.0 * np.pi * 2.0 * stamp_s)
            turn = self.rng.normal(
                [0.0, self.nod * swing, self.shake * swing + self.turn_rad_s], 0.01)
            yield self.topic, imu(stamp_s, turn, self.rng.normal([0.0, 0.0, 9.81], 0.02))

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return imu(stamp_s)


class Body:
    """Two hands that go up and down in front of a wall, and a head that may turn left."""

    node = BodyExpressionNode
    topic = 'hmd/depth_camera/points'

    def __init__(
            self, speed_m_s: float = 0.3, turn_rad_s: float = 0.0, has_imu: bool = True) -> None:
        self.speed_m_s = speed_m_s
        self.turn_rad_s = turn_rad_s
        self.has_imu = has_imu

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        if self.has_imu:
            for _, message in Head(turn_rad_s=self.turn_rad_s).messages(after_s, until_s):
                yield Head.topic, message
        for stamp_s in until_s - np.arange(round((until_s - after_s) * 10))[::-1] / 10.0:
            t_s = stamp_s - START_S
            yield self.topic, self.cloud(t_s, stamp_s)

    def cloud(self, t_s: float, stamp_s: float) -> PointCloud2:
        """Return the cloud at a time since the start."""
        return points(cloud(
            raised(to_and_fro(t_s, self.speed_m_s)), yaw_rad=self.turn_rad_s * t_s,
            seed=round(t_s * 1000)), stamp_s)

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return points(cloud(), stamp_s)


class World:
    """A textured plane seen by a head that may turn left; the plane may come nearer."""

    node = SceneNode
    topic = 'hmd/world_camera/image'

    def __init__(self, turn_rad_s: float = 0.1, growth_hz: float = 0.0) -> None:
        self.turn_rad_s = turn_rad_s
        self.growth_hz = growth_hz

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        for _, message in Head(turn_rad_s=self.turn_rad_s).messages(after_s, until_s):
            yield Head.topic, message
        for stamp_s in until_s - np.arange(round((until_s - after_s) * 10))[::-1] / 10.0:
            t_s = stamp_s - START_S
            yield self.topic, self.image(view(
                yaw_rad=self.turn_rad_s * t_s, growth=np.exp(self.growth_hz * t_s),
                seed=round(t_s * 1000)), stamp_s)

    def image(self, picture: np.ndarray, stamp_s: float) -> Image:
        """Return the message of a picture."""
        return image(picture, stamp_s)

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return image(view(), stamp_s)


class Wrist:
    """A wrist band: pulse at 64 Hz, skin conductance and temperature at 4 Hz."""

    node = PhysiologyNode
    topic = 'hmd/physiology/chunk'

    def __init__(self, heart_rate: float = 70.0, temperature: float = 33.0,
                 eda: np.ndarray | None = None, bvp_rate_hz: float = 64.0) -> None:
        rng = np.random.default_rng(0)
        intervals = 60.0 / heart_rate + rng.normal(0.0, 0.02, int(SECONDS * heart_rate / 50.0))
        self.bvp_rate_hz = bvp_rate_hz
        t = np.arange(int(SECONDS * bvp_rate_hz)) / bvp_rate_hz
        self.bvp = pulse_wave(t, np.cumsum(intervals))
        t = np.arange(int(SECONDS * 4)) / 4.0
        self.eda = 5.0 + rng.normal(0.0, 0.002, t.size) + (0.0 if eda is None else eda)
        self.temperature = temperature + rng.normal(0.0, 0.01, t.size)

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        for channel, signal, rate_hz in (
                (PhysioChunk.CHANNEL_BVP, self.bvp, self.bvp_rate_hz),
                (PhysioChunk.CHANNEL_EDA, self.eda, 4.0),
                (PhysioChunk.CHANNEL_SKIN_TEMPERATURE, self.temperature, 4.0)):
            first = round((after_s - START_S) * rate_hz)
            last = round((until_s - START_S) * rate_hz)
            yield self.topic, physio(
                channel, signal[first:last], START_S + first / rate_hz, rate_hz)

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return physio(PhysioChunk.CHANNEL_BVP, np.zeros(4), stamp_s, 64.0)


def transcript(text: str, start_s: float, duration_s: float = 0.4, **fields: Any) -> Transcript:
    """Return a final Transcript of which the recogniser is sure."""
    values = {'is_final': True, 'confidence': 1.0, 'language': 'en', **fields}
    return stamped(Transcript(
        text=text, duration_s=float(duration_s), **values), start_s, 'microphone_frame')


class Talker:
    """One utterance every half second, each ends just before the time it is played up to."""

    node = SpeechNode
    topic = 'hmd/speech/transcript'
    purpose = Purpose.RESEARCH
    """Words are encoded into emotions by name, so only under such a purpose."""

    def __init__(self, text: str = 'i am so happy to see you', **fields: Any) -> None:
        self.text = text
        self.fields = fields
        self.count = 0

    def messages(self, after_s: float, until_s: float) -> Iterable[tuple[str, Any]]:
        for end_s in until_s - 0.05 - np.arange(round((until_s - after_s) * 2))[::-1] / 2.0:
            self.count += 1
            yield self.topic, transcript(
                self.text, end_s - 0.4, utterance_id=self.count, **self.fields)

    @classmethod
    def one(cls, stamp_s: float) -> Any:
        return transcript('i am so happy', stamp_s)


WEARERS = (Speaker, Face, Gaze, Lids, Head, Wrist, Body, World, Talker)
"""One per modality; each becomes usable within ``USABLE_AFTER_S`` of play."""

USABLE_AFTER_S = {
    Speaker: 3.0, Face: 1.0, Gaze: 3.0, Lids: 2.0, Head: 3.0, Wrist: 16.0, Body: 2.0, World: 2.0,
    Talker: 1.0}
