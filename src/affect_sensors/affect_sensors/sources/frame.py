# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One image and when it was taken."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Frame:
    """An image, uint8 [H, W] or [H, W, 3] in the order blue, green, red."""

    stamp_ns: int
    image: np.ndarray
