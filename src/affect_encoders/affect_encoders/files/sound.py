# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sound for the voice encoder: files that libsndfile reads, arrays, and tables of samples."""

from collections.abc import Iterator
import math
from pathlib import Path
from typing import Any

from affect_encoders.files.columns import find
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.recording import Recording
from affect_encoders.files.table import open_table
from affect_encoders.files.table import SUFFIXES as TABLES
from affect_encoders.files.wav_header import promised_wav_s
import numpy as np

SOUNDS = (
    '.wav', '.flac', '.mp3', '.ogg', '.oga', '.opus', '.aif', '.aiff', '.au', '.caf', '.w64',
    '.rf64', '.wave')
SUFFIXES = (*SOUNDS, '.npy', '.npz')
WHAT = 'sound: WAV, FLAC, MP3, OGG, ... of 8 kHz or more, or NPZ with samples and rate_hz'
_SAMPLES = ('samples', 'audio', 'sound', 'waveform', 'signal', 'wave', 'y', 'x', 'values')
_LOUDEST = 100.0
_BLOCK_S = 5.0
_LOST = 0.02
_TAPS = 64  # a factor of decimation


def recordings(source: Any, name: str, options: Options) -> Iterator[Recording]:
    """
    Yield the recording in a file or an array of samples (with ``options.rate_hz``).

    :raises InputError: what can't be read
    """
    if isinstance(source, Path) and not source.name.lower().endswith(TABLES):
        yield Recording(name, [_FileSound(source)])
        return
    samples, rate_hz = source, options.rate_hz
    if isinstance(source, Path) or hasattr(source, 'keys'):
        table = open_table(source)
        rate_hz = table.rate_hz or options.rate_hz
        key = next((k for k in table.arrays if k.lower() in _SAMPLES), None)
        column = find(table, _SAMPLES)
        if key is not None:
            samples = table.arrays[key]
        elif column is not None:
            samples = table.numbers([column.name])[column.name]
        else:
            raise InputError(f'no sound: give {WHAT}')
    if rate_hz is None:
        raise InputError('samples without a rate: say it with --rate-hz (rate_hz=... in Python)')
    yield Recording(name, [_ArraySound(_mono(np.asarray(samples)), rate_hz)])


def _mono(samples: np.ndarray) -> np.ndarray:
    """Return float32 [N] in [-1, 1] of samples [N], [N, C] or [C, N]; integers are scaled."""
    if samples.dtype.kind in 'iu':
        middle = 2.0 ** (8 * samples.dtype.itemsize - 1)
        shift = middle if samples.dtype.kind == 'u' else 0.0
        samples = ((samples.astype(np.float64) - shift) / middle)
    if samples.dtype.kind != 'f' or samples.ndim not in (1, 2):
        raise InputError(
            f'samples of {samples.dtype} {list(samples.shape)}: give floats in [-1, 1] or '
            'integers, [N] or [N, channels]')
    if samples.ndim == 2:
        samples = samples.mean(axis=int(np.argmin(samples.shape)))
    return _checked(np.asarray(samples, dtype=np.float32), 0.0)


def _checked(samples: np.ndarray, at_s: float) -> np.ndarray:
    if np.max(np.abs(samples), initial=0.0, where=np.isfinite(samples)) > _LOUDEST:
        raise InputError(
            f'samples far beyond full scale at {at_s:.1f} s: scale them to [-1, 1]')
    return samples


class _Sound:
    """Sound that an encoder takes, from blocks of samples of any rate."""

    start_s = 0.0

    def __init__(self, rate_hz: float) -> None:
        # Late: these take seconds to import, and who asks for --help must not wait.
        from affect_encoders.voice.analyser import HIGHEST_RATE_HZ
        from affect_encoders.voice.analyser import LOWEST_RATE_HZ
        from scipy.signal import firwin
        if not (math.isfinite(rate_hz) and rate_hz == round(rate_hz)):
            raise InputError(f'sample rate of {rate_hz} Hz: resample to a whole number of hertz')
        factor = max(1, math.ceil(rate_hz / HIGHEST_RATE_HZ))
        if rate_hz < LOWEST_RATE_HZ or factor > 32 or round(rate_hz) % factor:
            raise InputError(
                f'sample rate of {rate_hz:g} Hz: convert it to {LOWEST_RATE_HZ} to '
                f'{HIGHEST_RATE_HZ} Hz')
        self._rate_hz = round(rate_hz)
        self._factor = factor
        self._taps = firwin(_TAPS * factor + 1, 0.9 / factor) if factor > 1 else np.ones(1)
        self._state = np.zeros(len(self._taps) - 1)
        self._position = 0
        self.is_finished = False
        self.trouble = ''

    @property
    def end_s(self) -> float:
        return self._position / self._rate_hz

    def push(self, encoder: Any, until_s: float) -> None:
        while not self.is_finished:
            wanted = math.floor((until_s - self.start_s) * self._rate_hz + 1e-6) - self._position
            wanted = min(wanted, round(_BLOCK_S * self._rate_hz))
            if wanted <= 0:
                return
            block = self._read(wanted)
            if len(block) < wanted:
                self.is_finished = True
            if not len(block):
                return
            start_s = self._position / self._rate_hz
            first = -self._position % self._factor
            self._position += len(block)
            if self._factor > 1:
                from scipy.signal import lfilter

                # Unknown samples must not spoil all that the filter gives from then on.
                block, self._state = lfilter(
                    self._taps, 1.0, np.nan_to_num(block), zi=self._state)
                block = block[first::self._factor].astype(np.float32)
                start_s += first / self._rate_hz
            if len(block):
                encoder.push(block, self._rate_hz // self._factor, start_s)

    def _read(self, count: int) -> np.ndarray:
        raise NotImplementedError


class _ArraySound(_Sound):

    def __init__(self, samples: np.ndarray, rate_hz: float) -> None:
        if not len(samples):
            raise InputError('it holds no sample')
        super().__init__(rate_hz)
        self._samples = samples

    def _read(self, count: int) -> np.ndarray:
        return self._samples[self._position:self._position + count]


class _FileSound(_Sound):

    def __init__(self, path: Path) -> None:
        try:
            import soundfile
        except ImportError as error:
            raise InputError(
                "the package 'soundfile' is missing; run 'pip install soundfile'") from error
        try:
            self._file = soundfile.SoundFile(str(path))
        except (soundfile.SoundFileError, OSError, TypeError) as error:
            raise InputError(
                f'no sound that libsndfile can read ({error}); convert it to WAV or FLAC'
            ) from error
        if self._file.frames == 0:
            raise InputError('it holds no sample')
        self._promised_s = promised_wav_s(str(path))
        super().__init__(self._file.samplerate)

    def _read(self, count: int) -> np.ndarray:
        at_s = self._position / self._rate_hz
        try:
            block = self._file.read(count, dtype='float32', always_2d=True)
        # Each format has errors of its own, and all come to this: the rest is lost.
        except RuntimeError as error:
            self.trouble = f'cannot be read beyond {at_s:.1f} s ({error}); is it complete?'
            block = np.empty((0, 1), dtype=np.float32)
        if len(block) < count:
            promised_s = max(self._file.frames / self._rate_hz, self._promised_s)
            read_s = at_s + len(block) / self._rate_hz
            if not self.trouble and promised_s - read_s > max(0.1, _LOST * promised_s):
                self.trouble = (
                    f'breaks off after {read_s:.1f} of {promised_s:.1f} s; is it complete?')
            self._file.close()
        return _checked(block.mean(axis=1), at_s)
