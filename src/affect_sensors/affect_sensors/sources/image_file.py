# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Images from image files."""

from pathlib import Path

import cv2
import numpy as np

SUFFIXES = frozenset(
    {'.bmp', '.jpeg', '.jpg', '.pgm', '.png', '.ppm', '.tif', '.tiff', '.webp'})
_JPEG_END = b'\xff\xd9'
_PNG_BEGIN, _PNG_END = b'\x89PNG', b'IEND'
_TAIL = 4096
"""Cameras append a few bytes behind the end of a JPEG, but not this many."""


def read_image(file: Path) -> np.ndarray:
    """
    Return an image as it is stored: [H, W] or [H, W, C].

    :raises ValueError: it can't be read, or was cut off: OpenCV would fill the rest with grey.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ValueError(str(error)) from error
    if not content:
        raise ValueError('it is empty')
    if (content.startswith(b'\xff\xd8') and _JPEG_END not in content[-_TAIL:]) or (
            content.startswith(_PNG_BEGIN) and _PNG_END not in content[-_TAIL:]):
        raise ValueError('it is torn: its end is missing')
    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise ValueError(str(error)) from error
    if image is None:
        raise ValueError('OpenCV finds no image in it')
    return image


def as_eight_bit(image: np.ndarray) -> np.ndarray:
    """Return an image as uint8 grey or blue-green-red; 16 bits are scaled, alpha is dropped."""
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.ndim == 3 and image.shape[2] == 4:
        image = image[:, :, :3]
    return image
