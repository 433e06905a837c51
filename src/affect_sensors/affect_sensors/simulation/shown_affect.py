# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What one modality of the simulated wearer shows of what it feels."""

from dataclasses import replace
import zlib

from affect_sensors.simulation.affect import Affect
from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.person import Person
import numpy as np


class ShownAffect:
    """
    The felt affect, as strongly as the person shows it; of a silent modality somebody else's.

    Fatigue and walking are seen in every modality as they are: they are no affect.
    """

    def __init__(self, felt: AffectSource, person: Person, modality: str, seed: int) -> None:
        self._felt = felt
        self._gain = person.expressiveness[modality]
        self._other = None
        if modality in person.says_nothing:
            self._other = AffectTrajectory(seed ^ zlib.crc32(b'other/' + modality.encode()) << 32)

    def at(self, t_s: np.ndarray) -> Affect:
        """Return what is shown at times of the wearer's clock, seconds."""
        felt = self._felt.at(t_s)
        shown = felt if self._other is None else self._other.at(t_s)
        return replace(
            felt, valence=np.clip(self._gain * shown.valence, -1.0, 1.0),
            arousal=np.clip(self._gain * shown.arousal, -1.0, 1.0),
            stress=np.clip(self._gain * shown.stress, 0.0, 1.0))
