# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Physiology from an Empatica E4 folder or a CSV file."""

from dataclasses import dataclass
from pathlib import Path

from affect_sensors.sources.pacing import Pacing
from affect_sensors.sources.physio_piece import PhysioPiece
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.table import open_text
from affect_sensors.sources.table import read_table
from affect_sensors.sources.timed_rows import check_times
import numpy as np

E4_FILES = {'BVP': 'bvp', 'EDA': 'eda', 'TEMP': 'skin_temperature'}
CSV_COLUMNS = ('bvp', 'eda', 'skin_temperature', 'respiration', 'ecg', 'heart_rate', 'spo2')
WHAT = (
    'an Empatica E4 folder (BVP.csv, EDA.csv, TEMP.csv, also gzipped) or a CSV or NPZ file with '
    f"t_s and some of {', '.join(CSV_COLUMNS)}")
PIECE_S = 0.25


@dataclass(frozen=True)
class Channel:
    """A uniform recording of one channel that began ``offset_s`` after the first one."""

    name: str
    rate_hz: float
    offset_s: float
    samples: np.ndarray


class PhysioFile:
    """Plays all channels of a recording side by side, a quarter of a second at a time."""

    def __init__(self, path: str, *, loop: bool) -> None:
        self._path = path
        self._loop = loop
        self._channels: list[Channel] = []
        self._pieces = 0
        self._pacing = Pacing(1.0 / PIECE_S, 1)
        self._counts: dict[str, int] = {}

    @property
    def finished(self) -> bool:
        """Whether the recording has ended."""
        return not self._loop and self._pacing.position >= self._pieces

    @property
    def due_ns(self) -> int | None:
        """When the next pieces are complete."""
        return None if self.finished else self._pacing.due_ns

    def open(self) -> None:
        """Read the recording."""
        path = existing(self._path, WHAT)
        self._channels = read_e4(path) if path.is_dir() else read_csv(self._path)
        # What all channels have: a loop must not shift one against the other.
        length_s = min(c.offset_s + len(c.samples) / c.rate_hz for c in self._channels)
        self._pieces = int(length_s / PIECE_S)
        if self._pieces == 0:
            raise SourceError(
                f"parameter 'path': '{self._path}' is shorter than {PIECE_S} s; give {WHAT}")
        self._pacing = Pacing(1.0 / PIECE_S, 1)
        self._counts = {channel.name: 0 for channel in self._channels}

    def start(self, now_ns: int) -> None:
        """Go on at ``now_ns``."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[PhysioPiece]:
        """Return the pieces that were complete by ``until_ns``."""
        found = []
        while not self.finished and self._pacing.due_ns <= until_ns:
            position = self._pacing.position
            begin_s = position % self._pieces * PIECE_S
            for channel in self._channels:
                first, last = (
                    max(0, int(np.ceil((t - channel.offset_s) * channel.rate_hz - 1e-6)))
                    for t in (begin_s, begin_s + PIECE_S))
                if last > first:
                    late_s = channel.offset_s + first / channel.rate_hz - begin_s
                    found.append(PhysioPiece(
                        self._pacing.stamp_ns(position) + round(late_s * 1e9), channel.name,
                        channel.rate_hz, self._counts[channel.name],
                        channel.samples[first:last]))
                    self._counts[channel.name] += last - first
            self._pacing.advance()
        return found

    def close(self) -> None:
        """Forget the recording."""
        self._channels = []


def read_e4(folder: Path) -> list[Channel]:
    """Return the channels of an Empatica E4 folder; raise SourceError when there is none."""
    found = []
    for stem, name in E4_FILES.items():
        files = [f for f in (folder / f'{stem}.csv', folder / f'{stem}.csv.gz') if f.exists()]
        if not files:
            continue
        try:
            with open_text(files[0]) as stream:
                start_s, rate_hz = float(stream.readline()), float(stream.readline())
                samples = np.array([float(line) for line in stream if line.strip()])
        except (OSError, EOFError, ValueError) as error:
            raise SourceError(
                f"parameter 'path': '{files[0]}' is not as the E4 writes it (start time, rate, "
                f'one sample a line): {error}') from error
        if not (rate_hz > 0.0 and np.isfinite([start_s, rate_hz]).all() and len(samples)):
            raise SourceError(
                f"parameter 'path': '{files[0]}' has no valid start time, rate and samples")
        found.append(Channel(name, rate_hz, start_s, samples))
    if not found:
        raise SourceError(f"parameter 'path': '{folder}' has none of the files; give {WHAT}")
    begin_s = min(c.offset_s for c in found)
    return [Channel(c.name, c.rate_hz, c.offset_s - begin_s, c.samples) for c in found]


def read_csv(path: str) -> list[Channel]:
    """Return the channels of a table with a common time; raise SourceError when unfit."""
    table = read_table(path, WHAT, required=('t_s',), optional=CSV_COLUMNS)
    times = table.pop('t_s')
    check_times(path, times)
    if not table:
        raise SourceError(f"parameter 'path': '{path}' has no channel; give {WHAT}")
    if len(times) < 2:
        raise SourceError(f"parameter 'path': '{path}' has one row only")
    steps = np.diff(times)
    step = float(np.median(steps))
    if np.max(np.abs(steps - step)) > 0.5 * step:
        row = int(np.argmax(np.abs(steps - step))) + 2
        raise SourceError(
            f"parameter 'path': '{path}' is not sampled uniformly (row {row}); resample it, or "
            'fill gaps with empty cells')
    rate_hz = (len(times) - 1) / float(times[-1] - times[0])
    return [Channel(name, rate_hz, 0.0, samples) for name, samples in table.items()]
