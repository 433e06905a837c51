# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The wearer's face from picture to picture, and who else is in sight."""

from dataclasses import dataclass
import math
from typing import Protocol

from affect_trackers.face_tracker.face_mesh import Region
from affect_trackers.face_tracker.face_mesh import region_of
import numpy as np

LOOK_AROUND_S = 1.0
_CLEARLY_LARGER = 1.25


class Mesher(Protocol):
    """What finds faces and their meshes, as ``FaceMesh`` does."""

    def faces(self, image: np.ndarray) -> list[Region]:
        """Return where faces are, the largest first."""

    def mesh(self, image: np.ndarray, region: Region) -> np.ndarray | None:
        """Return the landmarks [478, 3] in a region."""


@dataclass(frozen=True)
class Found:
    """Landmarks [478, 3] in pixels (None: no face), and how many faces were seen at last look."""

    mesh: np.ndarray | None
    faces: int


class FaceFollower:
    """
    Keeps to one face: the largest, since a face camera is nearest to its wearer.

    The detector runs only to find a face that is not followed yet, and once in LOOK_AROUND_S to
    see whether there are others; when one of them is clearly larger, that one is followed.
    """

    def __init__(self, mesher: Mesher) -> None:
        self._mesher = mesher
        self._shape: tuple[int, ...] = ()
        self._region: Region | None = None
        self._looked_s = -math.inf
        self._faces = 0

    def forget(self) -> None:
        """Look for a face anew."""
        self._region = None
        self._looked_s = -math.inf
        self._faces = 0

    def follow(self, image: np.ndarray, stamp_s: float) -> Found:
        """Return the face in an RGB picture uint8 [H, W, 3]."""
        if image.shape != self._shape:
            self._region, self._shape = None, image.shape
        is_new = self._region is None
        if is_new or not 0.0 <= stamp_s - self._looked_s < LOOK_AROUND_S:
            self._look_around(image, stamp_s)
        mesh = self._mesh(image)
        if mesh is None and not is_new:
            # It may have moved fast.
            self._look_around(image, stamp_s)
            mesh = self._mesh(image)
        return Found(mesh, 0 if mesh is None else max(self._faces, 1))

    def _mesh(self, image: np.ndarray) -> np.ndarray | None:
        """Return the mesh in the region, and move the region there."""
        mesh = None if self._region is None else self._mesher.mesh(image, self._region)
        self._region = None if mesh is None else _usable(region_of(mesh), image)
        return None if self._region is None else mesh

    def _look_around(self, image: np.ndarray, stamp_s: float) -> None:
        self._looked_s = stamp_s
        faces = self._mesher.faces(image)
        kept = self._region
        others = [face for face in faces if kept is None or not _is_same(face, kept)]
        self._faces = len(others) + (kept is not None)
        if others and (kept is None or others[0].side > _CLEARLY_LARGER * kept.side):
            # The detector's box is rough; the mesh tells where the face really is.
            mesh = self._mesher.mesh(image, others[0])
            if mesh is not None:
                self._region = region_of(mesh)


def _is_same(face: Region, kept: Region) -> bool:
    """Whether two regions show one face: their centres lie within half of the smaller side."""
    return math.hypot(face.x - kept.x, face.y - kept.y) < 0.5 * min(face.side, kept.side)


def _usable(region: Region, image: np.ndarray) -> Region | None:
    """Return a region that lies in the picture and is large enough, else None."""
    height, width = image.shape[:2]
    in_sight = 0.0 <= region.x < width and 0.0 <= region.y < height
    return region if in_sight and 16.0 <= region.side <= 4.0 * max(height, width) else None
