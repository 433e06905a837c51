# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A recording with a time for every row, played by the clock."""

from affect_sensors.sources.source import SourceError
import numpy as np

_LONGEST_S = 1e8
"""Three years."""
_MOST_HZ = 100_000.0


class TimedRows:
    """
    Plays rows at their own spacing; gives ``(stamp_ns, running number, row)``.

    ``t_s`` [N] must rise; ``rows`` is anything that an integer indexes. When looped, the
    recording begins anew one median interval after its last row.
    """

    def __init__(self, t_s: np.ndarray, rows, *, loop: bool) -> None:
        self._t_ns = np.round((t_s - t_s[0]) * 1e9).astype(np.int64)
        self._rows = rows
        self._loop = loop
        step = int(np.median(np.diff(self._t_ns))) if len(t_s) > 1 else 1_000_000_000
        self._duration_ns = int(self._t_ns[-1]) + step
        self._origin_ns = 0
        self._next = 0
        self._round = 0

    @property
    def finished(self) -> bool:
        """Whether every row was given and none will come again."""
        return self._next >= len(self._t_ns)

    @property
    def due_ns(self) -> int | None:
        """When the next row is due."""
        return None if self.finished else self._origin_ns + self._offset_ns()

    def open(self) -> None:
        """Nothing to acquire: the rows are in memory."""

    def start(self, now_ns: int) -> None:
        """Go on with the next row at ``now_ns``."""
        if not self.finished:
            self._origin_ns = now_ns - self._offset_ns()

    def read(self, until_ns: int) -> list[tuple[int, int, object]]:
        """
        Return the rows that were due by ``until_ns``.

        :raises DamagedItemError: the next row can't be read; reading goes on behind it.
        """
        found: list[tuple[int, int, object]] = []
        while not self.finished and self._origin_ns + self._offset_ns() <= until_ns:
            number = self._round * len(self._t_ns) + self._next
            try:
                row = self._rows[self._next]
            except SourceError:
                if found:
                    break  # what came before it first; it is read again at the next call
                self._advance()
                raise
            found.append((self._origin_ns + self._offset_ns(), number, row))
            self._advance()
        return found

    def close(self) -> None:
        """Nothing to release."""

    def _advance(self) -> None:
        self._next += 1
        if self._loop and self.finished:
            self._next, self._round = 0, self._round + 1

    def _offset_ns(self) -> int:
        return self._round * self._duration_ns + int(self._t_ns[self._next])


def check_times(path: str, t_s: np.ndarray) -> None:
    """Raise SourceError when ``t_s`` is empty, does not rise, or can't be in seconds."""
    if len(t_s) == 0:
        raise SourceError(f"parameter 'path': '{path}' has no rows")
    bad = ~np.isfinite(t_s)
    with np.errstate(invalid='ignore'):  # between two infinite ones
        bad[1:] |= ~(np.diff(t_s) > 0.0)
    span_s = 0.0 if bad.any() else float(t_s[-1] - t_s[0])
    # Whoever played a million rows in a millisecond would do nothing else any more.
    if span_s > _LONGEST_S or len(t_s) - 1 > _MOST_HZ * span_s > 0.0:
        raise SourceError(
            f"parameter 'path': '{path}' has {len(t_s)} rows in {span_s:g} s; t_s must be in "
            'seconds')
    if bad.any():
        row = int(np.argmax(bad)) + 1
        raise SourceError(
            f"parameter 'path': '{path}': times must rise from row to row; row {row} does not "
            'fit (sort the rows and drop doubles)')
