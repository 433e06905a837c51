# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the detector sees no face but one may be: above all, under a headset."""

from collections.abc import Callable
from collections.abc import Iterator
import math

from affect_trackers.face_tracker.face_mesh import Fit
from affect_trackers.face_tracker.face_mesh import Region
from affect_trackers.face_tracker.face_mesh import region_of
from affect_trackers.face_tracker.head_frame import head_frame
import numpy as np

_SIDES = (1.2, 0.75, 1.9, 0.47)
"""Of the regions that are tried, over the shorter side of the picture."""

_STEP = 0.3  # between their centres, over their side
_LOOKS = 3  # at a candidate: each look's mesh tells where to look next
_HOPELESS = 0.02  # presence at the first look below which there is no second
FOUND = 0.5
"""Presence from which on a mesh is a face: what the network was trained for."""

_MISFIT = 0.12
_LIKE = 0.5  # likeness of a face, below which it is none
MUCH_LIKE = 0.9
"""Likeness from which on no other place is compared."""

_COMPARED = 6  # looks at other places after a face was found that is less like one


class FaceSearch:
    """
    Lets the mesh's network look at places where a face may be, some in each picture.

    BlazeFace, which finds faces, was made for bare ones: of 150 faces (FER2013) with a drawn
    headset from the forehead to the tip of the nose it found 7 to 25 of 100. The network of the
    mesh is better at it, and moves to the face by itself when it lies within a fifth of the
    region's side. ``budget`` is how often it may look at a picture; the places go round.
    ``likeness`` [0, 1] says of a picture and landmarks in it how much of a face is to be seen
    there: the network alone also sees some in patterns and in a single eye, and squeezes a whole
    one into what a headset leaves of it.
    """

    def __init__(
        self, look: Callable[[np.ndarray, Region], Fit | None], budget: int,
        likeness: Callable[[np.ndarray, np.ndarray], float],
    ) -> None:
        self._look = look
        self._likeness = likeness
        self._budget = budget
        self._turn = 0

    def find(
        self, image: np.ndarray, likely: list[Region], *, budget: int | None = None,
    ) -> Fit | None:
        """
        Return the mesh of a face in a picture [H, W, 3], or None.

        ``likely`` places are looked at first, each time. ``budget`` None: that of the search.
        """
        left = self._budget if budget is None else budget
        places = list(_places(*image.shape[:2]))
        candidates = [(place, False) for place in likely]
        candidates += [
            (places[(self._turn + k) % len(places)], True) for k in range(len(places))]
        best, most = None, _LIKE
        while candidates and left > 0:
            place, is_in_turn = candidates.pop(0)
            self._turn += is_in_turn
            fit, looks = self._approach(image, place)
            left -= looks
            alike = 0.0 if fit is None else self._likeness(image, fit.mesh)
            if fit is None or alike <= most:
                continue
            best, most = fit, alike
            if most >= MUCH_LIKE:
                break
            left = min(left, _COMPARED)
            candidates.insert(0, (around(region_of(fit.mesh)), False))
        return best

    def _approach(self, image: np.ndarray, place: Region) -> tuple[Fit | None, int]:
        fit = None
        for look in range(_LOOKS):
            fit = self._look(image, place)
            if fit is None or fit.presence < _HOPELESS:
                return None, look + 1
            place = region_of(fit.mesh)
            if not _is_usable(place, image):
                return None, look + 1
        frame = head_frame(fit.mesh) if fit is not None and fit.presence >= FOUND else None
        return (None if frame is None or frame.misfit > _MISFIT else fit), _LOOKS


def around(region: Region) -> Region:
    """Return where the whole face may be of which a region shows the part below a headset."""
    up = 0.3 * region.side
    return Region(
        region.x + up * math.sin(region.tilt_rad), region.y - up * math.cos(region.tilt_rad),
        1.7 * region.side, region.tilt_rad)


def _is_usable(region: Region, image: np.ndarray) -> bool:
    height, width = image.shape[:2]
    return (0.0 <= region.x < width and 0.0 <= region.y < height
            and 16.0 <= region.side <= 4.0 * max(height, width))


def _places(height: int, width: int) -> Iterator[Region]:
    """Yield squares that cover a picture, the likely sizes first, the middle before the edges."""
    for size in _SIDES:
        side = size * min(height, width)
        rows, columns = (
            _centres(length, _STEP * side) for length in (height, width))
        middle = 0.5 * width, 0.5 * height
        yield from sorted(
            (Region(float(x), float(y), side) for y in rows for x in columns),
            key=lambda place: math.hypot(place.x - middle[0], place.y - middle[1]))


def _centres(length: int, step: float) -> np.ndarray:
    """Return where squares stand along a side so that a face's middle is near to one."""
    count = max(1, math.ceil(0.6 * length / step))
    return length * (0.2 + 0.6 * (np.arange(count) + 0.5) / count)
