# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From the fields of sensor_msgs/Image to a picture, with every lie of theirs found out."""

from affect_trackers.picture_files import as_eight_bit
import cv2
import numpy as np

_FORMS = {
    'mono8': (1, None), '8UC1': (1, None), 'rgb8': (3, None),
    'bgr8': (3, cv2.COLOR_BGR2RGB), '8UC3': (3, cv2.COLOR_BGR2RGB),
    'rgba8': (4, cv2.COLOR_RGBA2RGB), 'bgra8': (4, cv2.COLOR_BGRA2RGB),
    'mono16': (1, None), '16UC1': (1, None)}
_DEEP = ('mono16', '16UC1')
_SMALLEST, _LARGEST = 32, 4096
WORKING_SIDE = 640
"""Pictures with a longer side are shrunk: the networks look at 192 x 192 pixels of a face."""


class ImageError(ValueError):
    """An image that can't be used: (what is wrong, what to do)."""


def to_picture(
    height: int, width: int, encoding: str, step: int, data: bytes,
    *, is_bigendian: bool = False,
) -> np.ndarray:
    """
    Return uint8 [H, W] (grey) or [H, W, 3] (RGB), at most WORKING_SIDE pixels on a side.

    :raises ImageError: the message does not fit together, or can't be used.
    """
    if encoding not in _FORMS:
        raise ImageError(f"encoding '{encoding}'", f"publish one of {', '.join(sorted(_FORMS))}")
    channels, code = _FORMS[encoding]
    if not (_SMALLEST <= height <= _LARGEST and _SMALLEST <= width <= _LARGEST):
        raise ImageError(
            'size out of range',
            f'{width} x {height}: allowed is {_SMALLEST} to {_LARGEST} each')
    pixel = channels * (2 if encoding in _DEEP else 1)
    if step < width * pixel or len(data) != step * height:
        raise ImageError(
            'step and data do not fit', f'{width} x {height} {encoding} with step {step} and '
            f'{len(data)} bytes: data must be step * height')
    rows = np.frombuffer(data, np.uint8).reshape(height, step)[:, :width * pixel]
    if encoding in _DEEP:
        rows = as_eight_bit(np.ascontiguousarray(rows).view('>u2' if is_bigendian else '<u2'))
    image: np.ndarray = rows if channels == 1 else rows.reshape(height, width, channels)
    shrink = max(height, width) / WORKING_SIDE
    if shrink > 1.0:
        image = cv2.resize(
            np.ascontiguousarray(image), (round(width / shrink), round(height / shrink)),
            interpolation=cv2.INTER_AREA)
    return image if code is None else cv2.cvtColor(np.ascontiguousarray(image), code)


def turned(image: np.ndarray, rotation_deg: int) -> np.ndarray:
    """Return a picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(image, -rotation_deg // 90)) if rotation_deg else image
