# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Physiology from an Empatica E4 folder or a CSV file."""

from affect_sensors.sources.e4_folder import read_e4
from affect_sensors.sources.pacing import Pacing
from affect_sensors.sources.physio_channel import Channel
from affect_sensors.sources.physio_channel import COMPUTED
from affect_sensors.sources.physio_piece import PhysioPiece
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
from affect_sensors.sources.table import read_table
from affect_sensors.sources.timed_rows import check_times
import numpy as np

CSV_COLUMNS = (
    'bvp', 'eda', 'skin_temperature', 'respiration', 'ecg', 'heart_rate', 'spo2',
    'acceleration_x', 'acceleration_y', 'acceleration_z')
WHAT = (
    'an Empatica E4 folder (BVP.csv, EDA.csv, TEMP.csv, ACC.csv, HR.csv, IBI.csv, also gzipped) '
    f"or a CSV or NPZ file with t_s and some of {', '.join(CSV_COLUMNS)}")
PIECE_S = 0.25


class PhysioFile:
    """
    Plays all channels of a recording side by side, a quarter of a second at a time.

    A channel without a rate is a series of events: each is a piece of its own.
    """

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
        # What all channels have: a loop must not shift one against the other. What the device
        # computes itself (heart rate, beats) begins late and ends early.
        whole = [c for c in self._channels if c.name not in COMPUTED] or self._channels
        length_s = min(c.end_s for c in whole)
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
        found: list[PhysioPiece] = []
        while not self.finished and self._pacing.due_ns <= until_ns:
            position = self._pacing.position
            begin_s = position % self._pieces * PIECE_S
            stamp_ns = self._pacing.stamp_ns(position)
            for channel in self._channels:
                for late_s, samples in channel.between(begin_s, begin_s + PIECE_S):
                    found.append(PhysioPiece(
                        stamp_ns + round(late_s * 1e9), channel.name, channel.rate_hz,
                        self._counts[channel.name], samples))
                    self._counts[channel.name] += len(samples)
            self._pacing.advance()
        return found

    def close(self) -> None:
        """Forget the recording."""
        self._channels = []


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
