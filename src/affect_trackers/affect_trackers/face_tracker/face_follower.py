# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The wearer's face from picture to picture, and who else is in sight."""

from collections.abc import Callable
from dataclasses import dataclass
import math
from typing import Protocol

from affect_trackers.face_tracker.face_mesh import Fit
from affect_trackers.face_tracker.face_mesh import Region
from affect_trackers.face_tracker.face_mesh import region_of
from affect_trackers.face_tracker.face_search import around
from affect_trackers.face_tracker.face_search import FaceSearch
from affect_trackers.face_tracker.face_search import FOUND
from affect_trackers.face_tracker.face_search import MUCH_LIKE
import numpy as np

LOOK_AROUND_S = 1.0
SEARCH_S = 0.1
SURE = 0.5
"""Score from which on a detection is a face (BlazeFace's own limit)."""

_CLEARLY_LARGER = 1.25
_STILL_THERE = 0.25  # presence: a face that is followed may be covered more than one to be found
_LIKELY = 2  # weak detections that are looked at in each search
_LOOKS = 4  # of the network at one picture of a live search: some 16 ms, ten times a second
_ALL_LOOKS = 300
_COMPARED = 6  # looks beside a new face that is not much like one


class Mesher(Protocol):
    """What finds faces and their meshes, as ``FaceMesh`` does."""

    def faces(self, image: np.ndarray) -> list[Region]:
        """Return where faces are or may be, the largest first."""

    def mesh(self, image: np.ndarray, region: Region) -> Fit | None:
        """Return the landmarks that fit a region best."""


@dataclass(frozen=True)
class Found:
    """
    Landmarks [478, 3] in pixels (None: no face), and how many faces were seen at last look.

    ``turned_deg`` is how far the picture has to be turned clockwise so that there is a face in
    it, when it has none as it stands (0: it has none either way).
    """

    mesh: np.ndarray | None
    faces: int
    turned_deg: int = 0


class FaceFollower:
    """
    Keeps to one face: the largest, since a face camera is nearest to its wearer.

    The detector runs only to find a face that is not followed yet, and once in LOOK_AROUND_S to
    see whether there are others; when one of them is clearly larger, that one is followed. Where
    the detector finds none, a ``FaceSearch`` goes on, ten times a second at most.
    """

    def __init__(
        self, mesher: Mesher,
        likeness: Callable[[np.ndarray, np.ndarray], float] = lambda image, mesh: 1.0,
    ) -> None:
        self._mesher = mesher
        self._likeness = likeness
        self._search = FaceSearch(mesher.mesh, _LOOKS, likeness)
        self._shape: tuple[int, ...] = ()
        self._region: Region | None = None
        self._last: Region | None = None
        self.forget()

    def lose(self) -> None:
        """Look for a face elsewhere: what is followed is none."""
        self._region = self._last = None

    def forget(self) -> None:
        """Look for a face anew."""
        self._region = self._last = None
        self._looked_s = self._searched_s = self._turned_s = -math.inf
        self._turned_deg = 0
        self._faces = 0

    def follow(self, image: np.ndarray, stamp_s: float, *, thoroughly: bool = False) -> Found:
        """
        Return the face in an RGB picture uint8 [H, W, 3].

        ``thoroughly`` searches all of it at once, which takes up to a second when there is none.
        """
        if image.shape != self._shape:
            self._region, self._last, self._shape = None, None, image.shape
        is_new = self._region is None
        weak: list[Region] = []
        if is_new or not 0.0 <= stamp_s - self._looked_s < LOOK_AROUND_S:
            weak = self._look_around(image, stamp_s)
        mesh = self._mesh(image)
        if mesh is None and not is_new:
            # It may have moved fast.
            weak = self._look_around(image, stamp_s)
            mesh = self._mesh(image)
        if mesh is None:
            mesh = self._searched(image, weak, stamp_s, thoroughly)
        elif is_new:
            mesh = self._compared(image, mesh)
        if mesh is not None:
            self._turned_deg = 0
            return Found(mesh, max(self._faces, 1))
        self._look_at_it_turned(image, stamp_s)
        return Found(None, 0, self._turned_deg)

    def _mesh(self, image: np.ndarray) -> np.ndarray | None:
        """Return the mesh in the region, and move the region there."""
        fit = None if self._region is None else self._mesher.mesh(image, self._region)
        if fit is None or fit.presence < _STILL_THERE:
            self._region = None
            return None
        self._region = _usable(region_of(fit.mesh), image)
        if self._region is None:
            return None
        self._last = self._region
        return fit.mesh

    def _look_around(self, image: np.ndarray, stamp_s: float) -> list[Region]:
        """Turn to the face that is to be followed; return where there may be some more."""
        self._looked_s = stamp_s
        regions = self._mesher.faces(image)
        faces = [region for region in regions if region.score >= SURE]
        kept = self._region
        others = [face for face in faces if kept is None or not _is_same(face, kept)]
        self._faces = len(others) + (kept is not None)
        if others and (kept is None or others[0].side > _CLEARLY_LARGER * kept.side):
            # The detector's box is rough; the mesh tells where the face really is.
            fit = self._mesher.mesh(image, others[0])
            if fit is not None and fit.presence >= FOUND:
                self._region = region_of(fit.mesh)
        return sorted(
            (region for region in regions if region.score < SURE), key=lambda one: -one.score)

    def _searched(
        self, image: np.ndarray, weak: list[Region], stamp_s: float, thoroughly: bool,
    ) -> np.ndarray | None:
        if not thoroughly and 0.0 <= stamp_s - self._searched_s < SEARCH_S:
            return None
        self._searched_s = stamp_s
        likely = weak[:_LIKELY] if self._last is None else [self._last, *weak[:_LIKELY]]
        fit = self._search.find(image, likely, budget=_ALL_LOOKS if thoroughly else None)
        if fit is None:
            return None
        self._region = self._last = region_of(fit.mesh)
        self._faces = 1
        return fit.mesh

    def _compared(self, image: np.ndarray, mesh: np.ndarray) -> np.ndarray:
        """Return a new face's mesh, or that of a place beside it that is more like a face."""
        alike = self._likeness(image, mesh)
        if alike >= MUCH_LIKE:
            return mesh
        fit = self._search.find(image, [around(region_of(mesh))], budget=_COMPARED)
        if fit is None or self._likeness(image, fit.mesh) <= alike:
            return mesh
        self._region = self._last = region_of(fit.mesh)
        return fit.mesh

    def _look_at_it_turned(self, image: np.ndarray, stamp_s: float) -> None:
        """See whether there is a face when the picture is turned: the camera may lie."""
        if 0.0 <= stamp_s - self._turned_s < LOOK_AROUND_S:
            return
        self._turned_s = stamp_s
        self._turned_deg = 0
        for quarters in (1, 3, 2):
            turned = np.ascontiguousarray(np.rot90(image, -quarters))
            for region in self._mesher.faces(turned)[:1]:
                fit = self._mesher.mesh(turned, region) if region.score >= SURE else None
                if fit is not None and fit.presence >= FOUND:
                    self._turned_deg = 90 * quarters
                    return


def _is_same(face: Region, kept: Region) -> bool:
    """Whether two regions show one face: their centres lie within half of the smaller side."""
    return math.hypot(face.x - kept.x, face.y - kept.y) < 0.5 * min(face.side, kept.side)


def _usable(region: Region, image: np.ndarray) -> Region | None:
    """Return a region that lies in the picture and is large enough, else None."""
    height, width = image.shape[:2]
    in_sight = 0.0 <= region.x < width and 0.0 <= region.y < height
    return region if in_sight and 16.0 <= region.side <= 4.0 * max(height, width) else None
