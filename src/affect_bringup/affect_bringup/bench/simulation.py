# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What it costs to show the simulated wearer: seconds of CPU, one thread."""

from collections.abc import Callable
import itertools
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_sensors.simulation.utterance_files import categories
from affect_sensors.simulation.utterance_files import path_of
from affect_sensors.simulation.utterance_files import VOICES
from affect_sensors.simulation.wearer import SimulatedWearer
import cv2
import numpy as np
import soundfile

_BEGIN_S = 1_763_800_000
_SEED = 1
_LARGE = (320, 240)
_EYE_BUDGET_MS = 1.0
_VOICE_S = 64

_RATES_HZ = {'face_image': 30.0, 'eye_image_192x144': 120.0, 'world_image': 10.0, 'cloud': 10.0}
"""How often the reference load asks for them (both eyes together)."""


def simulation_rows(seconds: float = 10.0) -> list[BenchRow]:
    """
    Measure each view over so many seconds of the wearer's time, and a minute of its voice.

    The floor of an image is a copy with sensor noise added: what no picture of that size can do
    without. That of the cloud is its noise, that of the voice to read a sentence from its file.
    """
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return _rows(seconds)
    finally:
        cv2.setNumThreads(threads)


def _rows(seconds: float) -> list[BenchRow]:
    wearer = SimulatedWearer(_SEED)
    sides = itertools.cycle(('left', 'right'))
    views: dict[str, tuple[Callable[[float, int], np.ndarray], float, float | None]] = {
        'face_image': (wearer.face_image, 30.0, None),
        'eye_image_192x144': (
            lambda t, i: wearer.eye_image(next(sides), t, i), 120.0, _EYE_BUDGET_MS),
        'eye_image_320x240': (
            lambda t, i: wearer.eye_image(next(sides), t, i, size=_LARGE), 120.0, None),
        'world_image': (wearer.world_image, 10.0, None),
        'cloud': (wearer.cloud, 10.0, None)}
    rows, spent_ms = [], {}
    for name, (draw, rate_hz, budget_ms) in views.items():
        shown = draw(_BEGIN_S, 0)
        n = max(round(seconds * rate_hz), 2)
        # From another time on, so that the streams behind the view are paid for as well.
        first_s = _BEGIN_S + 1000.0
        began_s = time.thread_time()
        for i in range(n):
            draw(first_s + i / rate_hz, i)
        spent_ms[name] = 1e3 * (time.thread_time() - began_s) / n
        rows.append(BenchRow(
            f'simulation/{name}', round(spent_ms[name], 3), 'ms of CPU',
            f'mean of {n} at {rate_hz:g} Hz, streams behind it included; floor '
            f'{_floor_ms(shown, n):.3f} ms', budget_ms))
    began_s = time.thread_time()
    wearer.voice.samples(16000 * _BEGIN_S, 16000 * (_BEGIN_S + _VOICE_S))
    voice_ms = 1e3 * (time.thread_time() - began_s) / _VOICE_S
    rows.append(BenchRow(
        'simulation/voice', round(voice_ms, 3), 'ms of CPU per second of sound',
        f'{_VOICE_S} s with pauses, each sentence taken apart once; floor (reading one sentence) '
        f'{_read_ms():.3f} ms'))
    share = sum(spent_ms[name] * rate_hz for name, rate_hz in _RATES_HZ.items()) + voice_ms
    rows.append(BenchRow(
        'simulation/all_views', round(0.1 * share, 1), '% of a core',
        'face 30 Hz, two eyes 60 Hz each, world 10 Hz, cloud 10 Hz, voice; from the rows above'))
    return rows


def _floor_ms(shown: np.ndarray, n: int) -> float:
    """Return what it costs to copy a picture, or a cloud, and to make it noisy."""
    rng = np.random.default_rng(0)
    began_s = time.thread_time()
    if shown.dtype == np.uint8:
        grain = rng.integers(-5, 5, shown.shape, dtype=np.int8)
        began_s = time.thread_time()
        for _ in range(n):
            cv2.add(shown.copy(), grain, dtype=cv2.CV_8U)
    else:
        for _ in range(n):
            shown * (1.0 + rng.standard_normal((len(shown), 1), dtype=np.float32))
    return 1e3 * (time.thread_time() - began_s) / n


def _read_ms() -> float:
    paths = [path_of(VOICES[0], category, 0) for category in categories()]
    began_s = time.thread_time()
    for path in paths:
        soundfile.read(path)
    return 1e3 * (time.thread_time() - began_s) / len(paths)
