# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sound from a device through PortAudio."""

from collections import deque
import importlib
import threading
import time
from typing import Any
from typing import NamedTuple

from affect_sensors.sources.audio_piece import AudioPiece
from affect_sensors.sources.sample_clock import SampleClock
from affect_sensors.sources.source import SourceError
import numpy as np

_SILENT_NS = 5_000_000_000
"""A device that calls back no more for so long counts as unplugged; Bluetooth begins in 3 s."""


class Arrival(NamedTuple):
    """What a callback of PortAudio brought; times of the monotonic clock, nanoseconds."""

    ended_ns: int
    first_sample: int
    samples: np.ndarray
    overruns: int


class AudioDevice:
    """
    Chunks of a microphone, stamped by their sample count, disciplined to the host's clock.

    ``device`` is PortAudio's index or a part of the device's name; empty is the system's default.
    What the device lost (an overrun, or while it was unplugged) is a gap in ``first_sample``, as
    long as the clock says. ``sounddevice`` and the PortAudio library are optional: nothing else
    of the suite needs them.

    :raises SourceError: when they are not installed.
    """

    comes_and_goes = True
    finished = False
    _open_streams = 0
    _lock = threading.Lock()

    def __init__(
        self, device: str, *, rate_hz: int, channels: int, chunk_s: float, mono: bool,
    ) -> None:
        self._device = int(device) if device.isdigit() else device or None
        self._rate_hz = rate_hz
        self.promised_hz = float(rate_hz)
        self._channels = channels
        self._length = round(chunk_s * rate_hz)
        self._mono = mono
        self._sounddevice = _load()
        self._stream: Any = None
        # Ten seconds at the longest chunk: who asks later finds the gap in the count.
        self._arrived: deque[Arrival] = deque(maxlen=500)
        self._clock = SampleClock(rate_hz)
        self._captured = 0
        self._overruns = 0
        self._seen_overruns = 0
        self._heard_ns = 0
        self._next_index = 0
        self._offset_ns = 0
        self._next_stamp_ns: int | None = None

    @property
    def due_ns(self) -> int | None:
        """About when the next chunk arrives; None: nobody knows."""
        if not self._captured:
            return None
        next_ns = self._heard_ns + round(1e9 * self._length / self._rate_hz)
        return next_ns + self._offset_ns if next_ns > time.monotonic_ns() else None

    def open(self) -> None:
        """Open the device and begin to record."""
        library = self._sounddevice
        with AudioDevice._lock:
            # PortAudio knows the devices that were there when it began: let it look anew, unless
            # that would take a stream from somebody.
            if AudioDevice._open_streams == 0 and hasattr(library, '_terminate'):
                library._terminate()
                library._initialize()
            try:
                self._stream = library.InputStream(
                    device=self._device, samplerate=self._rate_hz, channels=self._channels,
                    dtype='float32', blocksize=self._length, callback=self._on_sound)
                self._heard_ns = time.monotonic_ns()
                self._stream.start()
            except (library.PortAudioError, ValueError, OSError) as error:
                if self._stream is not None:
                    self._stream.close()
                    self._stream = None
                raise SourceError(
                    f"parameter 'device': PortAudio does not open "
                    f"'{'default' if self._device is None else self._device}' at {self._rate_hz} "
                    f'Hz with {self._channels} channel(s): {error}; set device, sample_rate_hz '
                    f'and channels to what is there: {_inputs(library)}') from error
            AudioDevice._open_streams += 1

    def start(self, now_ns: int) -> None:
        """Forget sound from before, and learn the clock anew; what was missed is a gap."""
        captured = self._captured
        self._arrived.clear()
        lost_ns = 0 if self._next_stamp_ns is None else now_ns - self._next_stamp_ns
        if self._next_stamp_ns is not None:
            self._next_index += max(1, round(lost_ns * 1e-9 * self._rate_hz))
        self._clock = SampleClock(self._rate_hz)
        self._clock.lost = self._next_index - captured
        self._next_stamp_ns = None

    def read(self, until_ns: int) -> list[AudioPiece]:
        """Return the chunks that arrived."""
        if self._stream is None:
            return []
        now_ns = time.monotonic_ns()
        self._offset_ns = until_ns - now_ns
        if not self._arrived and (
                not self._stream.active or now_ns - self._heard_ns > _SILENT_NS):
            raise SourceError(
                "parameter 'device': the microphone stopped; is it plugged in?")
        pieces = []
        while self._arrived:
            arrival = self._arrived.popleft()
            first, samples = arrival.first_sample, arrival.samples
            self._clock.observe(
                first + len(samples), arrival.ended_ns + self._offset_ns,
                overrun=arrival.overruns > self._seen_overruns)
            self._seen_overruns = arrival.overruns
            if self._mono and samples.shape[1] > 1:
                samples = samples.mean(axis=1, keepdims=True)
            pieces.append(AudioPiece(
                self._clock.stamp_ns(first), self._clock.index(first), self._rate_hz, samples,
                arrival.overruns))
            end = first + len(samples)
            self._next_index = self._clock.index(end)
            self._next_stamp_ns = self._clock.stamp_ns(end)
        return pieces

    def close(self) -> None:
        """Stop and release the device."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with AudioDevice._lock:
                AudioDevice._open_streams -= 1
                stream.close()

    def _on_sound(self, samples: np.ndarray, frames: int, times: Any, status: Any) -> None:
        # How long ago the last sample was taken, by PortAudio's own clock.
        age_s = times.currentTime - times.inputBufferAdcTime - frames / self._rate_hz
        age_s = age_s if 0.0 < age_s < 1.0 else 0.0
        self._overruns += bool(status and status.input_overflow)
        self._heard_ns = time.monotonic_ns()
        self._arrived.append(Arrival(
            self._heard_ns - round(age_s * 1e9), self._captured, samples.copy(),
            self._overruns))
        self._captured += len(samples)


def _load() -> Any:
    """Return the module sounddevice."""
    try:
        return importlib.import_module('sounddevice')
    except ImportError as error:
        raise SourceError(
            "source:=device needs the Python package 'sounddevice': pip install sounddevice"
        ) from error
    except OSError as error:
        raise SourceError(
            'source:=device needs the PortAudio library: sudo apt install libportaudio2'
        ) from error


def _inputs(library: Any) -> str:
    """Return the devices that can record, as a text."""
    try:
        devices = library.query_devices()
    except Exception:  # whatever PortAudio says to that: the reason is told already
        return 'unknown'
    found = [
        f"{i} '{device['name']}' ({device['max_input_channels']} channels, "
        f"{device['default_samplerate']:.0f} Hz)"
        for i, device in enumerate(devices) if device['max_input_channels'] > 0]
    return ', '.join(found) or 'no devices that record; is one plugged in, and may the user ' \
        "use it (group 'audio')?"
