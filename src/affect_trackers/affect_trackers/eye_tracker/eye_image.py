# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From the fields of sensor_msgs/Image to a grey array, with every lie of theirs found out."""

import cv2
import numpy as np

_CHANNELS = {
    'mono8': 1, '8UC1': 1, 'bgr8': 3, 'rgb8': 3, '8UC3': 3, 'bgra8': 4, 'rgba8': 4, '8UC4': 4,
    'mono16': 1, '16UC1': 1}
_TO_GREY = {
    'bgr8': cv2.COLOR_BGR2GRAY, '8UC3': cv2.COLOR_BGR2GRAY, 'rgb8': cv2.COLOR_RGB2GRAY,
    'bgra8': cv2.COLOR_BGRA2GRAY, '8UC4': cv2.COLOR_BGRA2GRAY, 'rgba8': cv2.COLOR_RGBA2GRAY}
_DEPTHS = (8, 10, 12, 14, 16)
"""Bits that cameras put into sixteen."""
_LARGEST = 4096


class ImageError(ValueError):
    """An image that can't be used: (what is wrong, what to do)."""


def to_grey(
    height: int, width: int, encoding: str, step: int, data: bytes, *,
    is_bigendian: bool = False,
) -> np.ndarray:
    """Return uint8 [height, width]; raise ImageError when the message does not fit together."""
    channels = _CHANNELS.get(encoding)
    if channels is None:
        raise ImageError(
            f"encoding '{encoding}'", f"publish one of {', '.join(sorted(_CHANNELS))}")
    if not (32 <= height <= _LARGEST and 32 <= width <= _LARGEST):
        raise ImageError(
            'size out of range', f'{width} x {height}: allowed is 32 to {_LARGEST} each')
    used = width * channels * (2 if '16' in encoding else 1)
    if step < used or len(data) != step * height:
        raise ImageError(
            'step and data do not fit', f'{width} x {height} {encoding} with step {step} and '
            f'{len(data)} bytes: data must be step * height')
    rows = np.frombuffer(data, np.uint8).reshape(height, step)[:, :used]
    if '16' in encoding:
        deep = np.ascontiguousarray(rows).view('>u2' if is_bigendian else '<u2')
        return grey_of(deep.astype(np.uint16, copy=False))
    if channels == 1:
        return rows
    return cv2.cvtColor(
        np.ascontiguousarray(rows).reshape(height, width, channels), _TO_GREY[encoding])


def grey_of(image: np.ndarray) -> np.ndarray:
    """
    Return uint8 [H, W] of a grey uint16 image or of one in BGR or BGRA as files have it.

    How many of sixteen bits a camera uses nobody says: as many as its brightest pixel needs.
    """
    if image.dtype == np.uint16:
        bits = int(image.max()).bit_length()
        depth = next(depth for depth in _DEPTHS if bits <= depth)
        image = (image >> (depth - 8)).astype(np.uint8)
    if image.ndim == 2:
        return image
    code = {1: None, 3: cv2.COLOR_BGR2GRAY, 4: cv2.COLOR_BGRA2GRAY}[image.shape[2]]
    return image[:, :, 0] if code is None else cv2.cvtColor(image, code)
