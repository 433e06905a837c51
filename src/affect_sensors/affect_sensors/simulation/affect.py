# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What moves the simulated wearer."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Affect:
    """
    The wearer's state at some times; arrays of one shape.

    Valence and arousal are in [-1, 1], stress and fatigue in [0, 1]; ``walking`` is 0 while the
    wearer stands or sits, 1 at full stride, and no feeling but what disturbs its signs.
    """

    valence: np.ndarray
    arousal: np.ndarray
    stress: np.ndarray
    fatigue: np.ndarray
    walking: np.ndarray


class AffectSource(Protocol):
    """Whatever tells the state of a wearer."""

    def at(self, t_s: np.ndarray) -> Affect:
        """Return the state at times of the wearer's clock, seconds."""
