# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Landmarks in the head's own frame: free of where, how large and how turned the head is."""

from dataclasses import dataclass
import math

import numpy as np

_RIGID = np.array([33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 10, 127, 356, 234, 454])
"""Corners of the eyes, bridge and tip of the nose, top of the forehead, sides of the face."""

_REFERENCE = np.array([
    [-0.5, 0.0, 0.0], [-0.199, 0.023, -0.058], [0.199, 0.023, -0.058], [0.5, 0.0, 0.0],
    [0.0, -0.028, -0.232], [0.0, 0.069, -0.274], [0.0, 0.15, -0.324], [0.0, 0.225, -0.376],
    [0.0, 0.305, -0.431], [0.0, 0.397, -0.454], [0.0, -0.56, -0.204],
    [-0.757, -0.006, 0.522], [0.757, -0.006, 0.522], [-0.748, 0.145, 0.578],
    [0.748, 0.145, 0.578]])
"""
Procrustes mean of these points over 2310 faces (FER2013), made symmetric.

The median of those faces looks straight ahead.
"""

_CENTRED = _REFERENCE - _REFERENCE.mean(axis=0)


@dataclass(frozen=True)
class HeadFrame:
    """
    A mesh as the head sees it.

    ``points`` [478, 3] in outer-eye-corner distances (about 90 mm): x to the wearer's left, y
    down, z backwards. ``eye_distance_px`` is that distance in the picture, seen frontally.
    Rotation of the head against the camera in degrees: ``yaw_deg`` to the wearer's left,
    ``pitch_deg`` up, ``roll_deg`` clockwise as seen. ``misfit`` is the root mean square distance
    of the rigid points from the reference; 0.03 is usual, 0.06 rare.
    """

    points: np.ndarray
    eye_distance_px: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    misfit: float


def head_frame(mesh: np.ndarray) -> HeadFrame | None:
    """
    Return landmarks [478, 3] (pixels) in the head's frame; None when they span no space.

    Rotation and scale by least squares over points that no expression moves (Kabsch 1976;
    Umeyama 1991).
    """
    rigid = mesh[_RIGID]
    middle = rigid.mean(axis=0)
    centred = rigid - middle
    spread = float((centred ** 2).sum())
    if not spread > 1e-6:
        return None
    left, sizes, right = np.linalg.svd(centred.T @ _CENTRED)
    flip = np.array([1.0, 1.0, 1.0 if np.linalg.det(left @ right) > 0.0 else -1.0])
    rotation = (left * flip) @ right
    scale = float((sizes * flip).sum()) / spread
    if not scale > 0.0:
        return None
    points = (mesh - middle) @ rotation * scale + _REFERENCE.mean(axis=0)
    misfit = math.sqrt(float(((points[_RIGID] - _REFERENCE) ** 2).sum(axis=1).mean()))
    # Columns of the rotation are the head's axes in the picture.
    across, backwards = rotation[:, 0], rotation[:, 2]
    return HeadFrame(
        points=points, eye_distance_px=1.0 / scale,
        yaw_deg=math.degrees(math.atan2(-backwards[0], backwards[2])),
        pitch_deg=math.degrees(math.asin(min(max(float(backwards[1]), -1.0), 1.0))),
        roll_deg=math.degrees(math.atan2(across[1], across[0])), misfit=misfit)
