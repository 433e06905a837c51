# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How many of the shown stills hold a face that can be used at all."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

MIN_CONTRAST = 10.0  # grey levels, standard deviation; a blank or near-blank still is below
UPSCALE = 4
BORDER = 0.25  # of the side, replicated: the stills are cropped tighter than the cascade expects
CASCADE = 'haarcascade_frontalface_default.xml'


@dataclass(frozen=True)
class FaceCheck:
    """Which images have contrast, and in which a frontal face was found; ``None``: not looked."""

    contrast: np.ndarray
    found: np.ndarray | None
    method: str


def _cascade_path() -> Path | None:
    places = []
    if hasattr(cv2, 'data'):
        places.append(Path(cv2.data.haarcascades))
    places += [Path('/usr/share/opencv4/haarcascades'), Path('/usr/share/opencv/haarcascades')]
    for place in places:
        if (place / CASCADE).is_file():
            return place / CASCADE
    return None


def check_faces(images: np.ndarray) -> FaceCheck:
    """
    Look for contrast and for a frontal face (Viola & Jones 2001) in images uint8 [N, H, W].

    The detector is a lower bound: it misses profiles and partly hidden faces.
    """
    contrast = images.reshape(len(images), -1).std(axis=1) >= MIN_CONTRAST
    path = _cascade_path()
    if path is None:
        return FaceCheck(
            contrast, None,
            f'contrast of at least {MIN_CONTRAST:g} grey levels; no Haar cascade installed')
    cascade = cv2.CascadeClassifier(str(path))
    found = np.zeros(len(images), bool)
    for i, image in enumerate(images):
        border = round(BORDER * image.shape[0] * UPSCALE)
        large = cv2.resize(image, None, fx=UPSCALE, fy=UPSCALE, interpolation=cv2.INTER_CUBIC)
        large = cv2.copyMakeBorder(large, border, border, border, border, cv2.BORDER_REPLICATE)
        smallest = large.shape[0] // 3
        found[i] = len(cascade.detectMultiScale(
            large, scaleFactor=1.1, minNeighbors=3, minSize=(smallest, smallest))) > 0
    return FaceCheck(
        contrast, found,
        f'Haar frontal-face cascade on the still, {UPSCALE}x upscaled with a replicated border '
        f'(a lower bound); contrast: at least {MIN_CONTRAST:g} grey levels')
