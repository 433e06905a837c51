# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From chunks of sound to functionals of the last seconds of speech and how far to trust them."""

from collections import deque
from dataclasses import dataclass
import math

from affect_encoders.voice.features import COLUMN
from affect_encoders.voice.features import describe
from affect_encoders.voice.features import DESCRIPTORS
from affect_encoders.voice.features import FRAME
from affect_encoders.voice.features import functionals
from affect_encoders.voice.features import HOP
from affect_encoders.voice.features import PitchState
from affect_encoders.voice.features import RATE_HZ
from affect_encoders.voice.features import SILENCE_DB
from affect_encoders.voice.stream import Stream
import numpy as np

WINDOW_FRAMES = 300  # 3 s of speech
REACH_S = 8.0  # speech older than this before the last voiced frame belongs to another utterance
JOIN_S = 0.02  # stamps of a running stream may be off by this much before it counts as a gap
LONGEST_S = 120.0  # of sound held that nobody has asked for, and of one chunk
LOWEST_RATE_HZ = 8000
HIGHEST_RATE_HZ = 48000

_BLOCK_S = 5.0
_BEFORE = 15  # frames around voiced ones that belong to speech: onsets and unvoiced consonants
_AFTER = 20
_LONG_FRAMES = 150  # of unbroken voice: longer than a sentence has
_SHORTEST_RUN = 3  # frames; shorter periodic stretches are chance
_ABOVE_NOISE_DB = 6.0
_FAINTEST_DB = -70.0
_NOISE_RISE_DB = 0.05  # per frame: the noise floor follows louder noise at 5 dB/s


@dataclass(frozen=True)
class SpeechSummary:
    """Functionals [F] of the last speech, when it was, and the factors of its quality."""

    functionals: np.ndarray
    window_start_s: float
    last_voiced_s: float
    factors: dict[str, float]


class VoiceAnalyser:
    """
    Turns sound into functionals. No model: training and the live encoder share this class.

    Chunks only queue up in :meth:`push`; :meth:`advance` looks at what ends by a time.
    """

    def __init__(self) -> None:
        self.dropped_chunks = 0
        """Chunks that came late, repeated what was known, or lay in the future."""
        self.reset()

    def reset(self) -> None:
        """Forget all sound."""
        self._streams: deque[Stream] = deque()
        self._time_s = -math.inf
        self._summary: SpeechSummary | None = None
        self._pending = [np.zeros(0, np.float32), np.zeros(0, bool), np.zeros(0, bool)]
        self._stream: Stream | None = None
        self._pending_start = 0
        self._lead = 0
        self._pitch = PitchState()
        self._noise_db = -70.0
        self._frames = np.zeros((0, len(DESCRIPTORS)), dtype=np.float32)
        self._times = np.zeros(0)
        self._floors = np.zeros(0)

    def push(self, samples: np.ndarray, sample_rate_hz: int, start_s: float) -> None:
        """
        Take mono samples [N] in [-1, 1] (NaN: unknown) whose first begins at ``start_s``.

        What overlaps sound already known is cut off, what comes late is dropped and counted; a gap
        or another rate begins a new stretch. Raises ValueError on a wrong shape, a rate outside
        8 to 48 kHz, a start that is not finite, or more than two minutes at once.
        """
        samples = np.asarray(samples, dtype=np.float32)
        if samples.ndim != 1:
            raise ValueError(f'voice: samples must be mono [N], got shape {samples.shape}; '
                             'mix down or pick a channel')
        if not LOWEST_RATE_HZ <= sample_rate_hz <= HIGHEST_RATE_HZ:
            raise ValueError(f'voice: sample rate {sample_rate_hz} Hz is outside '
                             f'{LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz; resample the sound')
        if not math.isfinite(start_s):
            raise ValueError(f'voice: start {start_s} is not a time; stamp the chunk')
        if len(samples) > LONGEST_S * sample_rate_hz:
            raise ValueError(f'voice: chunk of {len(samples) / sample_rate_hz:.0f} s; '
                             f'send at most {LONGEST_S:.0f} s at once')
        if len(samples) == 0:
            return
        last = self._streams[-1] if self._streams else self._stream
        if last is not None and start_s < last.end_s - JOIN_S and self._is_astray(last, start_s):
            self.dropped_chunks += 1
            self._streams.clear()
            self._stream = None
            last = None
        if last is not None:
            early_s = last.end_s - start_s
            if early_s > JOIN_S:
                samples = samples[round(early_s * sample_rate_hz):]
                start_s = last.end_s
                if len(samples) == 0:
                    self.dropped_chunks += 1
                    return
            if last.sample_rate_hz == sample_rate_hz and abs(start_s - last.end_s) <= JOIN_S:
                last.append(samples.copy())
                last.shorten(LONGEST_S)
                return
        stream = Stream(start_s, sample_rate_hz)
        stream.append(samples.copy())
        self._streams.append(stream)
        while sum(s.count / s.sample_rate_hz for s in self._streams) > LONGEST_S \
                and len(self._streams) > 1:
            self._streams.popleft()

    def _is_astray(self, last: Stream, start_s: float) -> bool:
        """Tell whether the newest stretch was stamped in the future and this chunk is right."""
        return (math.isfinite(self._time_s) and last.start_s > self._time_s + 1.0
                and abs(start_s - self._time_s) < 1.0)

    def advance(self, until_s: float) -> SpeechSummary | None:
        """
        Return the summary of speech that ended by ``until_s``; None when there was none.

        Times must not go back (ValueError): call :meth:`reset` on a clock jump.
        """
        if until_s < self._time_s:
            raise ValueError(f'voice: tick {until_s} is before the last one, {self._time_s}; '
                             'reset after a clock jump')
        since_s, self._time_s = self._time_s, until_s
        first_new = len(self._times)
        while True:
            if self._stream is not None:
                # In blocks, so that a long wait costs time and not memory.
                stop_s = max(self._stream.start_s, since_s) + _BLOCK_S
                while stop_s < min(until_s, self._stream.end_s):
                    self._take(self._stream, stop_s)
                    stop_s += _BLOCK_S
                self._take(self._stream, until_s)
            if not self._streams or self._streams[0].start_s >= until_s:
                break
            self._begin(self._streams.popleft())
        if len(self._times) > first_new:
            self._update(first_new)
        return self._summary

    def _begin(self, stream: Stream) -> None:
        self._stream = stream
        self._pending = [np.zeros(0, np.float32), np.zeros(0, bool), np.zeros(0, bool)]
        self._pending_start = 0
        self._lead = 0
        self._pitch = PitchState()

    def _take(self, stream: Stream, until_s: float) -> None:
        first, *new = stream.take(until_s)
        if len(new[0]) == 0:
            return
        held = self._pending_start + len(self._pending[0])
        if first != held:
            self._begin(stream)
            self._pending_start = -(-first // HOP) * HOP
            skip = self._pending_start - first
            new = [values[skip:] for values in new]
        self._pending = [np.concatenate(pair) for pair in zip(self._pending, new, strict=True)]
        frame = (self._pending_start + self._lead) // HOP
        rows, self._pitch = describe(
            *self._pending, lead=self._lead, first_frame=frame, pitch=self._pitch)
        if len(rows) == 0:
            return
        ends = stream.start_s + ((frame + np.arange(len(rows))) * HOP + FRAME) / RATE_HZ
        done = self._lead + len(rows) * HOP - HOP
        self._pending = [values[done:] for values in self._pending]
        self._pending_start += done
        self._lead = HOP
        self._frames = np.concatenate([self._frames, rows])
        self._times = np.concatenate([self._times, ends])
        self._floors = np.concatenate([self._floors, self._follow_noise(rows)])

    def _follow_noise(self, rows: np.ndarray) -> np.ndarray:
        """Return the noise floor in dB before each row, following quiet at once, noise slowly."""
        floors = np.empty(len(rows))
        for i, (level, periodicity) in enumerate(
                rows[:, [COLUMN['level'], COLUMN['periodicity']]].tolist()):
            floors[i] = self._noise_db
            if math.isnan(level):
                continue
            if level < self._noise_db:
                self._noise_db += 0.3 * (level - self._noise_db)
            elif periodicity < 0.4:
                self._noise_db += min(_NOISE_RISE_DB, level - self._noise_db)
        return floors

    def _update(self, first_new: int) -> None:
        voiced = self._voiced()
        if not np.any(voiced[max(0, first_new - _AFTER - _SHORTEST_RUN):]):
            self._forget(voiced)
            return
        last = int(np.flatnonzero(voiced)[-1])
        index = np.arange(len(voiced))
        before = np.concatenate([[0], np.cumsum(voiced)])
        speech = (before[np.minimum(index + _BEFORE + 1, len(voiced))]
                  - before[np.maximum(index - _AFTER, 0)]) > 0
        speech &= self._times > self._times[last] - REACH_S
        chosen = np.flatnonzero(speech)[-WINDOW_FRAMES:]
        frames, voice = self._frames[chosen], voiced[chosen]
        known = frames[:, COLUMN['unknown']] == 0.0
        self._summary = SpeechSummary(
            functionals=functionals(frames[known], voice[known]),
            window_start_s=float(self._times[chosen[0]] - FRAME / RATE_HZ),
            last_voiced_s=float(self._times[last]),
            factors=self._factors(frames, voice, self._floors[chosen]))
        self._forget(voiced)

    def _voiced(self) -> np.ndarray:
        return _voiced(self._frames, self._floors)

    @classmethod
    def voiced_of(cls, frames: np.ndarray) -> np.ndarray:
        """Return which frames [N] of a whole recording's descriptors are voiced speech."""
        return _voiced(frames, cls()._follow_noise(frames))

    def _factors(
            self, frames: np.ndarray, voiced: np.ndarray, floors: np.ndarray) -> dict[str, float]:
        """Return what limits the quality, each in [0, 1], under the reason it would be given."""
        voice = frames[voiced]
        level = float(np.median(voice[:, COLUMN['level']]))
        floor = float(np.median(floors))
        pitch = frames[:, COLUMN['F0semitoneFrom27.5Hz']]
        # The median step of speech from frame to frame is 0.07 semitones or more (RAVDESS).
        steps = np.abs(np.diff(pitch))[voiced[1:] & voiced[:-1]]
        change = float(np.median(steps)) if steps.size else 0.0
        clipped = float(np.mean(voice[:, COLUMN['clipped']]))
        # Voices on RAVDESS vary by 0.006 or more from period to period (median of a clip), and
        # not nine tenths of any three seconds of speech are voiced.
        jitter = voice[:, COLUMN['jitterLocal']]
        jitter = jitter[jitter == jitter]
        variation = float(np.median(jitter)) if jitter.size else math.inf
        unbroken = len(voice) / len(frames) if len(frames) > _LONG_FRAMES else 0.0
        unknown = float(np.mean(frames[:, COLUMN['unknown']]))
        return {
            'little voiced speech': min(len(voice) * HOP / RATE_HZ, 1.0),
            'noisy': _ramp(level - floor, 3.0, 20.0),
            'too quiet': _ramp(level, _FAINTEST_DB, -55.0),
            'clipped': 1.0 - _ramp(clipped, 0.001, 0.05),
            'gaps in the sound': 1.0 - _ramp(unknown, 0.0, 0.5),
            'steady tone, not speech': _ramp(change, 0.015, 0.06),
            'too regular for a voice': _ramp(variation, 0.0005, 0.003),
            'no pauses, not speech': 1.0 - _ramp(unbroken, 0.9, 1.0),
        }

    def _forget(self, voiced: np.ndarray) -> None:
        keep = int(REACH_S * RATE_HZ / HOP) + 4 * _AFTER
        if len(self._times) > 2 * keep:
            recent = slice(len(self._times) - keep, None)
            self._frames = self._frames[recent]
            self._times = self._times[recent]
            self._floors = self._floors[recent]


def _voiced(frames: np.ndarray, floors: np.ndarray) -> np.ndarray:
    """Tell which frames are periodic, louder than the noise before them, and not alone."""
    level = np.nan_to_num(frames[:, COLUMN['level']], nan=SILENCE_DB)
    voiced = (np.isfinite(frames[:, COLUMN['F0semitoneFrom27.5Hz']])
              & (level > floors + _ABOVE_NOISE_DB) & (level > _FAINTEST_DB))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], voiced, [False]]).astype(np.int8)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start < _SHORTEST_RUN:
            voiced[start:stop] = False
    return voiced


def _ramp(value: float, low: float, high: float) -> float:
    """0 up to ``low``, 1 from ``high``, linear between; 0 for NaN."""
    return min(max((value - low) / (high - low), 0.0), 1.0) if value == value else 0.0
