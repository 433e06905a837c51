# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A gap-free run of one physiological channel."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PhysioPiece:
    """``channel`` is one of bvp, eda, skin_temperature, …: affect_msgs/PhysioChunk, lower case."""

    stamp_ns: int
    channel: str
    sample_rate_hz: float
    first_sample: int
    samples: np.ndarray
