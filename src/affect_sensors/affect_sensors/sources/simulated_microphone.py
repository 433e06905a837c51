# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated wearer's voice."""

from affect_sensors.simulation import voice
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.audio_piece import AudioPiece
from affect_sensors.sources.pacing import Pacing


class SimulatedMicrophone:
    """Mono sound at 16 kHz, by the wearer's clock."""

    finished = False
    promised_hz = float(voice.RATE_HZ)

    def __init__(self, wearer: SimulatedWearer, *, t0_ns: int, chunk_s: float) -> None:
        self._wearer = wearer
        self._pacing = Pacing(voice.RATE_HZ, round(chunk_s * voice.RATE_HZ), origin_ns=t0_ns)

    @property
    def due_ns(self) -> int:
        """When the next chunk is complete."""
        return self._pacing.due_ns

    def open(self) -> None:
        """Nothing to acquire."""

    def start(self, now_ns: int) -> None:
        """Listen from ``now_ns`` on."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[AudioPiece]:
        """Return the chunks that were complete by ``until_ns``."""
        pieces, pacing = [], self._pacing
        while pacing.due_ns <= until_ns:
            first = pacing.position
            samples = self._wearer.voice.samples(first, first + pacing.length)
            pieces.append(AudioPiece(
                pacing.stamp_ns(first), pacing.running_index, voice.RATE_HZ, samples[:, None]))
            pacing.advance()
        return pieces

    def close(self) -> None:
        """Nothing to release."""
