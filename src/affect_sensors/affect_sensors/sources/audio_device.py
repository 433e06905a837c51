# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sound from a device through PortAudio."""

from collections import deque
import time
from typing import Any

from affect_sensors.sources.audio_piece import AudioPiece
from affect_sensors.sources.sample_clock import SampleClock
from affect_sensors.sources.source import SourceError
import numpy as np


class AudioDevice:
    """
    Chunks of a microphone, stamped by their sample count, disciplined to the host's clock.

    ``device`` is PortAudio's name or index; empty is the system's default. ``sounddevice`` and
    the PortAudio library are optional: nothing else of the suite needs them.
    """

    finished = False
    due_ns = None

    def __init__(
        self, device: str, *, rate_hz: int, channels: int, chunk_s: float, mono: bool,
    ) -> None:
        self._device = int(device) if device.isdigit() else device or None
        self._rate_hz = rate_hz
        self._channels = channels
        self._length = round(chunk_s * rate_hz)
        self._mono = mono
        self._stream: Any = None
        self._arrived: deque[tuple[int, np.ndarray, bool]] = deque(maxlen=250)
        self._clock = SampleClock(rate_hz)
        self._count = 0
        self._overruns = 0

    def open(self) -> None:
        """Open the device and begin to record."""
        try:
            import sounddevice
        except ImportError as error:
            raise SourceError(
                "source:=device needs the Python package 'sounddevice': pip install sounddevice"
            ) from error
        except OSError as error:
            raise SourceError(
                'source:=device needs the PortAudio library: sudo apt install libportaudio2'
            ) from error
        try:
            self._stream = sounddevice.InputStream(
                device=self._device, samplerate=self._rate_hz, channels=self._channels,
                dtype='float32', blocksize=self._length, callback=self._on_sound)
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError, OSError) as error:
            raise SourceError(
                f"parameter 'device': PortAudio does not open '{self._device or 'default'}' at "
                f"{self._rate_hz} Hz with {self._channels} channel(s): {error}; 'python3 -m "
                "sounddevice' lists what there is") from error

    def start(self, now_ns: int) -> None:
        """Forget sound from before, and learn the clock anew."""
        self._arrived.clear()
        self._clock = SampleClock(self._rate_hz)

    def read(self, until_ns: int) -> list[AudioPiece]:
        """Return the chunks that arrived."""
        if self._stream is not None and not self._stream.active:
            raise SourceError(
                "parameter 'device': the microphone stopped; is it plugged in?")
        pieces = []
        while self._arrived:
            ended_monotonic_ns, samples, overrun = self._arrived.popleft()
            self._overruns += overrun
            ended_ns = until_ns - (time.monotonic_ns() - ended_monotonic_ns)
            self._clock.observe(self._count + len(samples), ended_ns)
            if self._mono and samples.shape[1] > 1:
                samples = samples.mean(axis=1, keepdims=True)
            pieces.append(AudioPiece(
                self._clock.stamp_ns(self._count), self._count, self._rate_hz, samples,
                self._overruns))
            self._count += len(samples)
        return pieces

    def close(self) -> None:
        """Stop and release the device."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _on_sound(self, samples: np.ndarray, frames: int, times, status) -> None:
        # How long ago the last sample was taken, by PortAudio's own clock.
        age_s = times.currentTime - times.inputBufferAdcTime - frames / self._rate_hz
        age_s = age_s if 0.0 < age_s < 1.0 else 0.0
        self._arrived.append((
            time.monotonic_ns() - round(age_s * 1e9), samples.copy(),
            bool(status and status.input_overflow)))
