# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated wearer's wrist-band."""

from affect_sensors.simulation import wrist
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.pacing import Pacing
from affect_sensors.sources.physio_piece import PhysioPiece

PIECES_HZ = 4
"""A quarter of a second at a time: one sample of the slow channels."""


class SimulatedWristBand:
    """BVP at 64 Hz, EDA and skin temperature at 4 Hz, by the wearer's clock."""

    finished = False

    def __init__(self, wearer: SimulatedWearer, *, t0_ns: int) -> None:
        self._wearer = wearer
        self._pacing = Pacing(PIECES_HZ, 1, origin_ns=t0_ns)

    @property
    def due_ns(self) -> int:
        """When the next pieces are complete."""
        return self._pacing.due_ns

    def open(self) -> None:
        """Nothing to acquire."""

    def start(self, now_ns: int) -> None:
        """Begin at ``now_ns``."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[PhysioPiece]:
        """Return the pieces that were complete by ``until_ns``."""
        found, band = [], self._wearer.wrist
        while self._pacing.due_ns <= until_ns:
            piece, running = self._pacing.position, self._pacing.running_index
            stamp_ns = self._pacing.stamp_ns(piece)
            for channel, rate_hz, samples in (
                    ('bvp', wrist.BVP_RATE_HZ, band.bvp),
                    ('eda', wrist.EDA_RATE_HZ, band.eda),
                    ('skin_temperature', wrist.TEMPERATURE_RATE_HZ, band.temperature)):
                n = rate_hz // PIECES_HZ
                found.append(PhysioPiece(
                    stamp_ns, channel, rate_hz, running * n, samples(piece * n, piece * n + n)))
            self._pacing.advance()
        return found

    def close(self) -> None:
        """Nothing to release."""
