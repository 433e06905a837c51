# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What can be read from a picture of a face without asking which emotion it shows."""

from dataclasses import dataclass

from affect_encoders.encoder import FeatureSpec
import cv2
import numpy as np

CROP_PX = 48
LEAST_PX = 16
"""Fewer pixels on a side show no face."""

LARGEST_CROP_PX = 96
"""A picture whose longer side is at most this is taken as a face crop as it is."""

LOWER_FROM = 24  # row of the crop at which a lower face begins, below a headset or goggles
UPPER_UNTIL = 26  # row at which an upper face ends, above a mask
MARGIN_LEVELS = 5  # grey levels from either end that count as saturated

FEATURES = (
    FeatureSpec('picture_asymmetry', '1', 0.0, 2.0),
    FeatureSpec('face_share', '1', 0.0, 1.0),
    FeatureSpec('face_confidence', '1', 0.0, 1.0),
    FeatureSpec('visible_share', '1', 0.0, 1.0),
    FeatureSpec('brightness', '1', 0.0, 1.0),
    FeatureSpec('contrast', '1', 0.0, 0.5),
    FeatureSpec('sharpness', '1', 0.0),
    FeatureSpec('saturated_share', '1', 0.0, 1.0),
    FeatureSpec('picture_change', '1/s', 0.0),
)


@dataclass(frozen=True)
class FaceCrop:
    """
    A grey crop uint8 [48, 48] and the share of the picture's area that the face takes.

    ``others`` counts further faces in the picture that are about as large.
    """

    grey: np.ndarray
    face_share: float
    others: int = 0


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
    if min(image.shape[:2]) < LEAST_PX:
        raise ValueError(f'face image: {image.shape[1]} x {image.shape[0]} pixels, '
                         f'need at least {LEAST_PX} x {LEAST_PX}')
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image


def grey_of_any(picture: np.ndarray) -> np.ndarray:
    """
    Return uint8 [H, W] of a picture as files hold them.

    Bool, integers of 8 or 16 bits, or floats (in [0, 1], else in [0, 255]); [H, W], or
    [H, W, 1 to 4] in the order blue, green, red, opacity. What is transparent becomes mid-grey.
    16-bit values may fill 10, 12, 14 or 16 bits.

    :raises ValueError: another type or shape, or floats that are not finite
    """
    values = np.asarray(picture)
    if values.ndim not in (2, 3) or (values.ndim == 3 and not 1 <= values.shape[2] <= 4):
        raise ValueError(f'face picture: shape {values.shape}, need [H, W] or [H, W, 1 to 4]')
    if not values.size:
        return np.zeros(values.shape[:2], dtype=np.uint8)
    if values.dtype == np.bool_:
        values = values.astype(np.uint8) * 255
    elif values.dtype != np.uint8:
        if values.dtype.kind not in 'iuf' or not np.isfinite(values).all():
            raise ValueError(f'face picture: type {values.dtype}, need finite numbers')
        largest = float(values.max())
        if values.dtype.kind == 'f':
            white = 1.0 if largest <= 1.0 else 255.0
        else:
            white = next((top for top in (255, 1023, 4095, 16383) if largest <= top), 65535)
        values = np.clip(np.rint(values * (255.0 / white)), 0, 255).astype(np.uint8)
    if values.ndim == 2 or values.shape[2] == 1:
        return np.ascontiguousarray(values.reshape(values.shape[:2]))
    opacity = values[:, :, -1:].astype(np.float32) / 255.0 if values.shape[2] in (2, 4) else None
    colours = np.ascontiguousarray(values[:, :, :3] if values.shape[2] > 2 else values[:, :, 0])
    grey = cv2.cvtColor(colours, cv2.COLOR_BGR2GRAY) if colours.ndim == 3 else colours
    if opacity is None:
        return grey
    return np.rint(128.0 + opacity[:, :, 0] * (grey - 128.0)).astype(np.uint8)


def resize_crop(grey: np.ndarray) -> np.ndarray:
    """Return a grey picture as uint8 [48, 48]."""
    if grey.shape == (CROP_PX, CROP_PX):
        return grey
    shrinks = max(grey.shape) > CROP_PX
    return cv2.resize(grey, (CROP_PX, CROP_PX),
                      interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def visible_rows(part: str) -> slice:
    """Return the rows of a crop 48 pixels high in which a `whole`, `lower` or `upper` face is."""
    return {'whole': slice(0, CROP_PX), 'lower': slice(LOWER_FROM, CROP_PX),
            'upper': slice(0, UPPER_UNTIL)}[part]


def standardise(crop: np.ndarray, part: str = 'whole') -> np.ndarray:
    """
    Return a grey crop as float32 [48, 48] with mean 0 and standard deviation 1.

    A brighter or more contrasted picture of the same face gives the same values. Where only a
    ``part`` of it is in sight, that part decides and the rest is 0.
    """
    values = resize_crop(crop).astype(np.float32)
    rows = visible_rows(part)
    seen = values[rows]
    standard = np.zeros_like(values)
    standard[rows] = (seen - seen.mean()) / max(float(seen.std()), 1.0)
    return standard


def picture_features(crop: FaceCrop, part: str = 'whole') -> dict[str, float]:
    """
    Return what the crop itself says, by the names in ``FEATURES``, of the ``part`` in sight.

    ``picture_asymmetry`` is one minus the correlation of the crop with its mirror image (0:
    symmetric), ``sharpness`` the standard deviation of the Laplacian over that of the crop.
    """
    grey = crop.grey[visible_rows(part)]
    values = grey.astype(np.float32)
    deviation = float(values.std())
    standard = (values - values.mean()) / max(deviation, 1.0)
    laplacian = cv2.Laplacian(standard, cv2.CV_32F)
    saturated = (grey <= MARGIN_LEVELS) | (grey >= 255 - MARGIN_LEVELS)
    return {
        'picture_asymmetry': float(1.0 - np.mean(standard * standard[:, ::-1]))
        if deviation >= 1.0 else float('nan'),
        'face_share': crop.face_share,
        'visible_share': len(grey) / CROP_PX,
        'brightness': float(values.mean()) / 255.0,
        'contrast': deviation / 255.0,
        'sharpness': float(laplacian.std()),
        'saturated_share': float(np.mean(saturated)),
    }
