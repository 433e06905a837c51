# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the lids are, above and below a pupil."""

from affect_trackers.eye_tracker.rim import Rim
import numpy as np

_COLUMNS = 7
_PUPIL = 0.35
"""Pupil is what is no brighter than this share of its contrast."""
_OTHER = 0.35
"""The iris ends where the grey differs from it by so much of the pupil's contrast."""


def lid_distances(image: np.ndarray, rim: Rim) -> tuple[float, float]:
    """
    Return how far the upper and the lower lid are from the pupil's centre, pixels.

    Along the columns over the pupil: the lid begins where what is not pupil comes before the rim,
    or else where the iris ends, in lashes, shadow or skin. Sclera that shows above or below the
    iris is taken for the lid's edge, and where nothing ends the image does.
    """
    rows, columns = image.shape
    half = 0.3 * rim.minor
    at = np.clip(np.linspace(rim.x - half, rim.x + half, _COLUMNS), 0, columns - 1)
    profile = np.sort(image[:, np.round(at).astype(int)], axis=1)[:, _COLUMNS // 2]
    profile = profile.astype(np.float32)
    contrast = rim.outside - rim.inside
    is_pupil = profile < rim.inside + _PUPIL * contrast
    is_other = np.abs(profile - rim.outside) > _OTHER * contrast
    centre = int(np.clip(round(rim.y), 0, rows - 1))
    return (
        _lid(is_pupil[centre::-1], is_other[centre::-1], rim.half_height),
        _lid(is_pupil[centre:], is_other[centre:], rim.half_height))


def _lid(is_pupil: np.ndarray, is_other: np.ndarray, rim: float) -> float:
    """Return the number of pixels from the centre to a lid, for one way out."""
    # Up to the last dark row: what is bright before it is a glint.
    dark = np.flatnonzero(is_pupil[:round(rim) + 3])
    edge = int(dark[-1]) + 1 if dark.size else 0
    if edge >= is_pupil.size:
        return float(is_pupil.size)
    behind = is_other[round(rim) + 2:round(rim) + 7]
    if edge < rim - 3.0 and (not behind.size or behind.mean() > 0.5):
        return float(edge)  # a lid lies over the rim, not a glint: there is no iris behind it
    beyond = max(edge, round(rim)) + 2
    other = np.flatnonzero(is_other[beyond:])
    return float(beyond + other[0]) if other.size else float(is_other.size)
