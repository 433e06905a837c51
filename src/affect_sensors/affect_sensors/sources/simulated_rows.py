# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A stream of the simulated wearer, row by row."""

from collections.abc import Callable
from collections.abc import Sequence

from affect_sensors.sources.pacing import Pacing
import numpy as np


class SimulatedRows:
    """Gives ``(stamp_ns, running number, row)`` of ``samples(first, last)`` at ``rate_hz``."""

    finished = False

    def __init__(
        self, samples: Callable[[int, int], Sequence | np.ndarray], rate_hz: float, *,
        t0_ns: int,
    ) -> None:
        self._samples = samples
        self._pacing = Pacing(rate_hz, 1, origin_ns=t0_ns)
        self.promised_hz = rate_hz

    @property
    def due_ns(self) -> int:
        """When the next sample is taken."""
        return self._pacing.stamp_ns(self._pacing.position)

    def open(self) -> None:
        """Nothing to acquire."""

    def start(self, now_ns: int) -> None:
        """Begin at ``now_ns``."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[tuple[int, int, np.ndarray]]:
        """Return the samples taken by ``until_ns``."""
        pacing, first, found = self._pacing, self._pacing.position, []
        while self.due_ns <= until_ns:
            found.append((self.due_ns, pacing.running_index))
            pacing.advance()
        rows = self._samples(first, pacing.position)
        return [(stamp, number, row) for (stamp, number), row in zip(found, rows, strict=True)]

    def close(self) -> None:
        """Nothing to release."""
