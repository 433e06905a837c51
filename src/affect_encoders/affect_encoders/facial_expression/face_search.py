# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where a face is in a single picture of any size, when time does not press."""

from collections.abc import Iterable
from collections.abc import Iterator

from affect_encoders.facial_expression.face_finder import ACCEPTED
from affect_encoders.facial_expression.face_finder import Box
from affect_encoders.facial_expression.face_finder import choose
from affect_encoders.facial_expression.face_finder import Confidence
from affect_encoders.facial_expression.face_finder import cut
from affect_encoders.facial_expression.face_finder import FRAME_ACCEPTED
from affect_encoders.facial_expression.face_finder import load_cascade
from affect_encoders.facial_expression.face_finder import middle_square
from affect_encoders.facial_expression.features import FaceCrop
from affect_encoders.facial_expression.features import LARGEST_CROP_PX
from affect_encoders.facial_expression.features import resize_crop
import cv2
import numpy as np

SEARCH_PX = (200, 640)
"""Longer sides in which faces are looked for: most are found in the first, small ones later."""

LARGEST_PX = 1600
"""Larger pictures are made smaller first: a face of interest is then still larger than a crop."""

MARGIN = 0.15  # of the longer side, mirrored around: cascades find no face that fills a picture
TILTS_DEG = (-30.0, 30.0)
LEAST_FACE_PX = 24
MOST_BOXES = 12
WIDEST_CROP = 1.5
"""Ratio of the sides up to which a small picture may be a crop that was squeezed."""


class FaceSearch:
    """
    The largest face that looks like one, among what several Haar cascades suggest.

    Frontal faces first, then profiles, heads tilted by 30 degrees, smaller faces; last, the whole
    picture.
    """

    def __init__(self, confidence: Confidence) -> None:
        self._confidence = confidence
        self._frontal = load_cascade('frontalface_default')
        self._frontal_too = load_cascade('frontalface_alt2')
        self._profile = load_cascade('profileface')

    def __call__(self, grey: np.ndarray) -> FaceCrop | None:
        """Return the crop of the face in a picture uint8 [H, W]; None: there is none."""
        whole = self.as_crop(grey)
        if whole is not None and self._confidence([whole])[0] >= ACCEPTED:
            return FaceCrop(whole, 1.0)
        grey = _shrunk(grey, LARGEST_PX)
        doubtful: FaceCrop | None = None
        for picture, boxes in self._suggestions(grey):
            if not boxes:
                continue
            chosen, others = choose(picture, boxes, self._confidence)
            box = boxes[max(chosen, 0)]
            crop = FaceCrop(cut(picture, box), min(1.0, box[2] ** 2 / picture.size), others)
            if chosen >= 0:
                return crop
            doubtful = doubtful or crop
        square = middle_square(grey)
        frame = FaceCrop(cut(grey, square), square[2] ** 2 / grey.size)
        if self._confidence([frame.grey])[0] >= FRAME_ACCEPTED:
            return frame
        # A crop that does not look like a face is judged all the same, with that quality.
        return doubtful if whole is None else FaceCrop(whole, 1.0)

    @staticmethod
    def as_crop(grey: np.ndarray) -> np.ndarray | None:
        """Return a picture that is small enough to be a face crop as uint8 [48, 48]."""
        if max(grey.shape) > LARGEST_CROP_PX or max(grey.shape) > WIDEST_CROP * min(grey.shape):
            return None
        return resize_crop(grey)

    def _suggestions(self, grey: np.ndarray) -> Iterator[tuple[np.ndarray, list[Box]]]:
        """Yield pictures with boxes in them, the likeliest way of finding a face first."""
        least = (LEAST_FACE_PX, LEAST_FACE_PX)
        small = _Framed(grey, SEARCH_PX[0])
        yield grey, small.boxes(self._frontal.detectMultiScale(small.grey, 1.1, 4, minSize=least))
        yield grey, small.boxes(
            self._frontal_too.detectMultiScale(small.grey, 1.15, 3, minSize=least))
        mirrored = np.ascontiguousarray(small.grey[:, ::-1])
        yield grey, small.boxes([
            *self._profile.detectMultiScale(small.grey, 1.15, 3, minSize=least),
            *((small.grey.shape[1] - x - w, y, w, h) for x, y, w, h in
              self._profile.detectMultiScale(mirrored, 1.15, 3, minSize=least))])
        for angle in TILTS_DEG:
            turned = _turned(grey, angle)
            framed = _Framed(turned, SEARCH_PX[0])
            yield turned, framed.boxes(
                self._frontal.detectMultiScale(framed.grey, 1.15, 4, minSize=least))
        if max(grey.shape) > SEARCH_PX[0]:
            large = _Framed(grey, SEARCH_PX[1])
            yield grey, large.boxes(
                self._frontal.detectMultiScale(large.grey, 1.15, 5, minSize=least))


class _Framed:
    """A picture made smaller, evened out and with its mirror image around it."""

    def __init__(self, grey: np.ndarray, longest: int) -> None:
        small = _shrunk(grey, longest)
        self._scale = small.shape[0] / grey.shape[0]
        self._margin = round(MARGIN * max(small.shape))
        self.grey = cv2.copyMakeBorder(
            cv2.equalizeHist(small), *(self._margin,) * 4, cv2.BORDER_REFLECT)

    def boxes(self, found: Iterable) -> list[Box]:
        """Return what a cascade found here as boxes of the picture itself, largest first."""
        boxes = [(round(float(x - self._margin) / self._scale),
                  round(float(y - self._margin) / self._scale),
                  round(float(side) / self._scale)) for x, y, side, _ in found]
        return sorted(boxes, key=lambda box: -box[2])[:MOST_BOXES]


def _shrunk(grey: np.ndarray, longest: int) -> np.ndarray:
    """Return a picture whose longer side is at most ``longest``."""
    scale = longest / max(grey.shape)
    if scale >= 1.0:
        return grey
    return cv2.resize(
        grey, (max(round(scale * grey.shape[1]), 1), max(round(scale * grey.shape[0]), 1)),
        interpolation=cv2.INTER_AREA)


def _turned(grey: np.ndarray, angle_deg: float) -> np.ndarray:
    """Return a picture turned about its middle; what comes from beyond its edge is the edge."""
    height, width = grey.shape
    return cv2.warpAffine(
        grey, cv2.getRotationMatrix2D((0.5 * width, 0.5 * height), angle_deg, 1.0),
        (width, height), borderMode=cv2.BORDER_REPLICATE)
