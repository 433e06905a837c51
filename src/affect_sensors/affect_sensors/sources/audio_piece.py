# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A gap-free run of sound."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AudioPiece:
    """Samples float32 [N, channels]; the fields are those of affect_msgs/AudioChunk."""

    stamp_ns: int
    first_sample: int
    sample_rate_hz: int
    samples: np.ndarray
    overruns: int = 0
