# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a tick of each encoder costs at the reference load, on one thread."""

from abc import ABC
from abc import abstractmethod
from functools import lru_cache
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_encoders.body_expression import BodyExpressionEncoder
from affect_encoders.body_expression.features import from_optical
from affect_encoders.encoder import Encoder
from affect_encoders.eye_expression import EyeExpressionEncoder
from affect_encoders.eye_movement import EyeMovementEncoder
from affect_encoders.facial_expression.encoder import FacialExpressionEncoder
from affect_encoders.head_motion import HeadMotionEncoder
from affect_encoders.physiology import PhysiologyEncoder
from affect_encoders.scene import SceneEncoder
from affect_encoders.speech.encoder import SpeechEncoder
from affect_encoders.speech.utterance import Utterance
from affect_encoders.voice.encoder import VoiceEncoder
from affect_sensors.simulation.geometry import DEPTH_PITCH_DOWN_DEG
from affect_sensors.simulation.geometry import WORLD_WHITE_CD_M2
from affect_sensors.simulation.wearer import SimulatedWearer
import cv2
import numpy as np

HOP_S = 0.1
WARM_UP_S = 70.0
MEDIAN_MS, P99_MS, PICTURE_MEDIAN_MS = 5.0, 15.0, 10.0


class Load(ABC):
    """The input of one encoder, as the reference load of the design has it."""

    name: str
    warm_up_s = WARM_UP_S
    median_ms = MEDIAN_MS

    @abstractmethod
    def make(self) -> Encoder:
        """Return a new encoder."""

    @abstractmethod
    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        """Return what comes after one time and up to another: a method's name, its arguments."""


class Face(Load):
    """Weights at 30 Hz."""

    name = 'facial_expression_weights'
    warm_up_s = 3.0

    def make(self) -> Encoder:
        return FacialExpressionEncoder()

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        return [
            ('push_weights', wearer.face_weights(t, k), np.ones(52, dtype=bool), 1.0, 1.0, t)
            for k, t in _frames(30, after_s, until_s)]


class FacePictures(Face):
    """Pictures of 320 x 240 at 30 Hz; the network looks at one a tick."""

    name = 'facial_expression_pictures'
    median_ms = PICTURE_MEDIAN_MS

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        return [('push_image', wearer.face_image(t, k), t)
                for k, t in _frames(30, after_s, until_s)]


class Gaze(Load):
    """Directions at 120 Hz."""

    name = 'eye_movement'

    def make(self) -> Encoder:
        return EyeMovementEncoder()

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        t, eyes = _eyes(wearer, after_s, until_s)
        return [('push', t, eyes['azimuth_deg'], eyes['elevation_deg'], np.full(t.size, 0.9),
                 eyes['openness'])]


class Lids(Load):
    """Lids and pupils at 120 Hz, light at ten a second."""

    name = 'eye_expression'

    def make(self) -> Encoder:
        return EyeExpressionEncoder()

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        t, eyes = _eyes(wearer, after_s, until_s)
        sides = [np.column_stack([
            eyes['openness'], eyes['squint'], eyes['widening'], eyes[side + '_pupil_mm'],
            np.full(t.size, 0.9)]) for side in ('left', 'right')]
        light = [wearer.luminance_cd_m2(until_s) / WORLD_WHITE_CD_M2]
        return [('push', t, *sides), ('push_luminance', [until_s], light)]


class Sound(Load):
    """Sound at 16 kHz, in chunks of 20 ms."""

    name = 'voice'
    warm_up_s = 20.0

    def make(self) -> Encoder:
        return VoiceEncoder()

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        return [
            ('push', wearer.voice.samples(320 * k, 320 * (k + 1)).astype(np.float32), 16000, t)
            for k, t in _frames(50, after_s, until_s)]


class Words(Load):
    """Every sentence when it has ended, with two partial results before that."""

    name = 'speech'
    warm_up_s = 5.0

    def make(self) -> Encoder:
        return SpeechEncoder()

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        found = []
        said = wearer.words(after_s) or wearer.words(until_s)
        if said is not None:
            words = said.text.split()
            for share in (0.4, 0.7, 1.0):
                duration_s = share * said.duration_s
                if after_s < said.start_s + duration_s <= until_s:
                    found.append(('push', Utterance(
                        round(said.start_s * 10.0), said.start_s, duration_s,
                        ' '.join(words[:round(share * len(words))]), share == 1.0, 0.9, 'en')))
        return found


class Head(Load):
    """Inertial samples at 200 Hz."""

    name = 'head_motion'
    warm_up_s = 12.0

    def make(self) -> Encoder:
        return HeadMotionEncoder()

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        t, rows = _imu(wearer, after_s, until_s)
        return [('push', t, rows[:, :3], rows[:, 3:])]


class Body(Load):
    """Clouds of 4000 points at 10 Hz, inertial samples at 200 Hz."""

    name = 'body_expression'
    warm_up_s = 5.0

    def make(self) -> Encoder:
        return BodyExpressionEncoder(camera_pitch_down_rad=np.radians(DEPTH_PITCH_DOWN_DEG))

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        return [('push_imu', *_imu(wearer, after_s, until_s)), *(
            ('push_cloud', from_optical(wearer.cloud(t, k)), t)
            for k, t in _frames(10, after_s, until_s))]


class World(Load):
    """Pictures of 320 x 240 in colour at 10 Hz, inertial samples at 200 Hz."""

    name = 'scene'
    warm_up_s = 5.0

    def make(self) -> Encoder:
        return SceneEncoder()

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        return [('push_imu', *_imu(wearer, after_s, until_s)), *(
            ('push_image', wearer.world_image(t, k), t)
            for k, t in _frames(10, after_s, until_s))]


class Wrist(Load):
    """Pulse at 64 Hz, skin conductance and temperature at 4 Hz, acceleration at 32 Hz."""

    name = 'physiology'
    warm_up_s = 130.0

    def make(self) -> Encoder:
        return PhysiologyEncoder()

    def inputs(self, wearer: SimulatedWearer, after_s: float, until_s: float) -> list[tuple]:
        still = np.random.default_rng(0).normal(0.0, 0.05, 32)
        streams = (
            ('bvp', 64, wearer.wrist.bvp), ('eda', 4, wearer.wrist.eda),
            ('skin_temperature', 4, wearer.wrist.temperature),
            *((f'acceleration_{axis}', 32, lambda first, last: np.take(
                still, np.arange(first, last), mode='wrap')) for axis in 'xyz'))
        found = []
        for name, rate_hz, samples in streams:
            first, last = _places(rate_hz, after_s, until_s)
            if last > first:
                found.append(('push', name, samples(first, last), rate_hz, first / rate_hz))
        return found


LOADS: tuple[type[Load], ...] = (
    Face, FacePictures, Gaze, Lids, Sound, Words, Head, Body, World, Wrist)


def rows(seconds: float = 30.0) -> list[BenchRow]:
    """Return median and 99th percentile of a tick of each encoder, and of all nine together."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        found, cost_ms = [], {}
        for load in (kind() for kind in LOADS):
            times_ms, quality = tick_times_ms(load, seconds)
            cost_ms[load.name] = float(times_ms.mean())
            how = (f'processor time to push 0.1 s of input and to encode, {times_ms.size} ticks '
                   f'of the simulated wearer at the reference load after {load.warm_up_s:g} s; '
                   f'mean quality {quality:.2f}')
            found += [
                BenchRow(f'encode_ticks/{load.name}_median', _round(np.median(times_ms)),
                         'ms', how, load.median_ms),
                BenchRow(f'encode_ticks/{load.name}_p99', _round(np.percentile(times_ms, 99)),
                         'ms', how, P99_MS)]
    finally:
        cv2.setNumThreads(threads)
    del cost_ms[FacePictures.name]
    return [*found, BenchRow(
        'encode_ticks/nine_encoders', _round(sum(cost_ms.values())), 'ms per tick, mean',
        'sum of the means, the face by its weights; 1 ms is 1 % of a core at ten ticks a second. '
        'Messages are not in it', None)]


def tick_times_ms(load: Load, seconds: float) -> tuple[np.ndarray, float]:
    """
    Return the processor time (ms) of each tick [N] of so many seconds, and the mean quality.

    Processor time of this whole process, so that neither other work on the host nor a thread of
    its own changes what a tick is said to cost. Drawing what sensors see is not in it.
    """
    wearer, encoder = _wearer(), load.make()
    warm = round(load.warm_up_s / HOP_S)
    times_s, quality = [], 0.0
    for tick in range(1, warm + round(seconds / HOP_S) + 1):
        inputs = load.inputs(wearer, HOP_S * (tick - 1), HOP_S * tick)
        began_s = time.process_time()
        for method, *arguments in inputs:
            getattr(encoder, method)(*arguments)
        encoding = encoder.encode(HOP_S * tick)
        if tick > warm:
            times_s.append(time.process_time() - began_s)
            quality += encoding.quality
    return 1e3 * np.array(times_s), quality / max(len(times_s), 1)


@lru_cache(maxsize=1)
def _wearer() -> SimulatedWearer:
    return SimulatedWearer(1)


def _places(rate_hz: int, after_s: float, until_s: float) -> tuple[int, int]:
    """Return the first sample k / rate after one time, and the first one after another."""
    return (int(np.floor(after_s * rate_hz + 1e-6)) + 1, int(np.floor(until_s * rate_hz + 1e-6))
            + 1)


def _frames(rate_hz: int, after_s: float, until_s: float) -> list[tuple[int, float]]:
    return [(k, k / rate_hz) for k in range(*_places(rate_hz, after_s, until_s))]


def _eyes(
    wearer: SimulatedWearer, after_s: float, until_s: float,
) -> tuple[np.ndarray, np.ndarray]:
    first, last = _places(120, after_s, until_s)
    return np.arange(first, last) / 120.0, wearer.eyes.samples(first, last)


def _imu(
    wearer: SimulatedWearer, after_s: float, until_s: float,
) -> tuple[np.ndarray, np.ndarray]:
    first, last = _places(200, after_s, until_s)
    return np.arange(first, last) / 200.0, wearer.head.samples(first, last)


def _round(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None
