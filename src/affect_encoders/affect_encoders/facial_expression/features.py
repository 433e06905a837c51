# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What can be read from a picture of a face without asking which emotion it shows."""

from dataclasses import dataclass
from pathlib import Path

from affect_encoders.encoder import FeatureSpec
import cv2
import numpy as np

CROP_PX = 48
LARGEST_CROP_PX = 96
"""A picture whose longer side is at most this is taken as a face crop as it is."""

SEARCH_PX = 160  # longer side of the picture in which the face is looked for
NEAR_PX = 40  # side of the face before, in the part of the picture in which it is looked for again
NEAR_REACH = 0.35  # of that side, how far around
NEAR_LOOKS = 30  # after as many the whole picture is searched again: a larger face may have come
MARGIN_LEVELS = 5  # grey levels from either end that count as saturated

# The wheel's own, and the one of Debian's and Ubuntu's package opencv-data.
_CASCADE_DIRECTORIES = (
    Path(cv2.__file__).parent / 'data', Path('/usr/share/opencv4/haarcascades'))

FEATURES = (
    FeatureSpec('picture_asymmetry', '1', 0.0, 2.0),
    FeatureSpec('face_share', '1', 0.0, 1.0),
    FeatureSpec('face_confidence', '1', 0.0, 1.0),
    FeatureSpec('brightness', '1', 0.0, 1.0),
    FeatureSpec('contrast', '1', 0.0, 0.5),
    FeatureSpec('sharpness', '1', 0.0),
    FeatureSpec('saturated_share', '1', 0.0, 1.0),
    FeatureSpec('picture_change', '1/s', 0.0),
)


@dataclass(frozen=True)
class FaceCrop:
    """A grey crop uint8 [48, 48] and the share of the picture's area that the face takes."""

    grey: np.ndarray
    face_share: float


def to_grey(image: np.ndarray) -> np.ndarray:
    """
    Return uint8 [H, W] of a grey [H, W] or BGR [H, W, 3] picture.

    Raises ValueError for another type or shape, or fewer than 16 pixels on a side.
    """
    if image.dtype != np.uint8:
        raise ValueError(f'face image: type {image.dtype}, need uint8 (mono8 or bgr8)')
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[:, :, 0]
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise ValueError(f'face image: shape {image.shape}, need [H, W] or [H, W, 3] (BGR)')
    if min(image.shape[:2]) < 16:
        raise ValueError(f'face image: {image.shape[1]} x {image.shape[0]} pixels, '
                         'need at least 16 x 16')
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image


def resize_crop(grey: np.ndarray) -> np.ndarray:
    """Return a grey picture as uint8 [48, 48]."""
    if grey.shape == (CROP_PX, CROP_PX):
        return grey
    shrinks = max(grey.shape) > CROP_PX
    return cv2.resize(grey, (CROP_PX, CROP_PX),
                      interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def standardise(crop: np.ndarray) -> np.ndarray:
    """
    Return a grey crop as float32 [48, 48] with mean 0 and standard deviation 1.

    A brighter or more contrasted picture of the same face gives the same values.
    """
    values = resize_crop(crop).astype(np.float32)
    return (values - values.mean()) / max(float(values.std()), 1.0)


class FaceFinder:
    """
    The largest frontal face in a picture, by OpenCV's Haar cascade (Viola & Jones, 2001).

    Where a face was in the picture before, it is looked for first: a fifth of the time.
    """

    def __init__(self) -> None:
        self.forget()
        for directory in _CASCADE_DIRECTORIES:
            path = directory / 'haarcascade_frontalface_default.xml'
            if path.is_file():
                self._cascade = cv2.CascadeClassifier(str(path))
                return
        raise RuntimeError(
            f'no {path.name} in {[str(directory) for directory in _CASCADE_DIRECTORIES]}; '
            'install opencv-python-headless 4.x (5.x no longer has it) or apt opencv-data')

    def forget(self) -> None:
        """Search the whole of the next picture."""
        self._before: tuple[int, int, int] | None = None
        self._shape: tuple[int, ...] = ()
        self._near_looks = 0

    def __call__(self, grey: np.ndarray) -> FaceCrop | None:
        """Return the crop of the largest face; a small picture is itself the crop."""
        height, width = grey.shape
        if max(height, width) <= LARGEST_CROP_PX:
            return FaceCrop(resize_crop(grey), 1.0)
        face = self._near(grey) or self._anywhere(grey)
        self._before, self._shape = face, grey.shape
        if face is None:
            return None
        x, y, size = face
        return FaceCrop(resize_crop(np.ascontiguousarray(grey[y:y + size, x:x + size])),
                        min(1.0, size * size / (height * width)))

    def _near(self, grey: np.ndarray) -> tuple[int, int, int] | None:
        """Return left, top and side of the face around the one before, of about its size."""
        if (self._before is None or grey.shape != self._shape
                or self._near_looks >= NEAR_LOOKS):
            return None
        self._near_looks += 1
        x, y, size = self._before
        reach = round(NEAR_REACH * size)
        left, top = max(x - reach, 0), max(y - reach, 0)
        around = grey[top:y + size + reach, left:x + size + reach]
        scale = NEAR_PX / size
        small = cv2.resize(
            np.ascontiguousarray(around), None, fx=scale, fy=scale,
            interpolation=cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR)
        faces = self._cascade.detectMultiScale(
            cv2.equalizeHist(small), scaleFactor=1.1, minNeighbors=3,
            minSize=(round(0.75 * NEAR_PX),) * 2, maxSize=(round(1.35 * NEAR_PX),) * 2)
        if len(faces) == 0:
            return None
        a, b, side = (round(float(value) / scale) for value in max(
            faces, key=lambda box: box[2])[:3])
        return left + a, top + b, side

    def _anywhere(self, grey: np.ndarray) -> tuple[int, int, int] | None:
        """Return left, top and side of the largest face."""
        self._near_looks = 0
        scale = min(1.0, SEARCH_PX / max(grey.shape))
        small = grey if scale == 1.0 else cv2.resize(
            grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        faces = self._cascade.detectMultiScale(
            cv2.equalizeHist(small), scaleFactor=1.15, minNeighbors=4, minSize=(30, 30))
        if len(faces) == 0:
            return None
        left, top, side, _ = max(faces, key=lambda box: box[2])
        x, y, size = (round(float(value) / scale) for value in (left, top, side))
        return x, y, size


def picture_features(crop: FaceCrop) -> dict[str, float]:
    """
    Return what the crop itself says, by the names in ``FEATURES``.

    ``picture_asymmetry`` is one minus the correlation of the crop with its mirror image (0:
    symmetric), ``sharpness`` the standard deviation of the Laplacian over that of the crop.
    """
    grey = crop.grey
    values = grey.astype(np.float32)
    deviation = float(values.std())
    standard = (values - values.mean()) / max(deviation, 1.0)
    laplacian = cv2.Laplacian(standard, cv2.CV_32F)
    saturated = (grey <= MARGIN_LEVELS) | (grey >= 255 - MARGIN_LEVELS)
    return {
        'picture_asymmetry': float(1.0 - np.mean(standard * standard[:, ::-1]))
        if deviation >= 1.0 else float('nan'),
        'face_share': crop.face_share,
        'brightness': float(values.mean()) / 255.0,
        'contrast': deviation / 255.0,
        'sharpness': float(laplacian.std()),
        'saturated_share': float(np.mean(saturated)),
    }
