# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From the fields of sensor_msgs/Image to a grey array, with every lie of theirs found out."""

import cv2
import numpy as np

_CHANNELS = {'mono8': 1, '8UC1': 1, 'bgr8': 3, 'rgb8': 3, '8UC3': 3}
_LARGEST = 4096


class ImageError(ValueError):
    """An image that can't be used: (what is wrong, what to do)."""


def to_grey(
    height: int, width: int, encoding: str, step: int, data: bytes,
) -> np.ndarray:
    """Return uint8 [height, width]; raise ImageError when the message does not fit together."""
    channels = _CHANNELS.get(encoding)
    if channels is None:
        raise ImageError(
            f"encoding '{encoding}'", f"publish one of {', '.join(sorted(_CHANNELS))}")
    if not (32 <= height <= _LARGEST and 32 <= width <= _LARGEST):
        raise ImageError(
            'size out of range', f'{width} x {height}: allowed is 32 to {_LARGEST} each')
    if step < width * channels or len(data) != step * height:
        raise ImageError(
            'step and data do not fit', f'{width} x {height} {encoding} with step {step} and '
            f'{len(data)} bytes: data must be step * height')
    rows = np.frombuffer(data, np.uint8).reshape(height, step)[:, :width * channels]
    if channels == 1:
        return rows
    code = cv2.COLOR_RGB2GRAY if encoding == 'rgb8' else cv2.COLOR_BGR2GRAY
    return cv2.cvtColor(np.ascontiguousarray(rows).reshape(height, width, 3), code)
