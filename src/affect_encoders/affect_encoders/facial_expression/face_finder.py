# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the wearer's face is in the pictures of a camera, one after the other."""

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

from affect_encoders.facial_expression.features import FaceCrop
from affect_encoders.facial_expression.features import LARGEST_CROP_PX
from affect_encoders.facial_expression.features import resize_crop
import cv2
import numpy as np

SEARCH_PX = 160  # longer side of the picture in which the face is looked for
NEAR_PX = 40  # side of the face before, in the part of the picture in which it is looked for again
NEAR_REACH = 0.35  # of that side, how far around
NEAR_LOOKS = 30  # after as many the whole picture is searched again: a larger face may have come
ACCEPTED = 0.5
"""Confidence from which a crop counts as a face."""

FRAME_ACCEPTED = 0.8
"""The same where nothing but its look says that the whole picture is a face."""

MOST_BOXES = 4  # that are looked at in one search, largest first
OTHER_SHARE = 0.6
"""Side of another face, of the largest one's, from which on it may be the one that is meant."""

Confidence = Callable[[Sequence[np.ndarray]], np.ndarray]
"""From grey crops uint8 [48, 48] to the confidence [N] that each shows an upright face."""

Box = tuple[int, int, int]
"""Left, top and side of a square in pixels."""

# The wheel's own, and the one of Debian's and Ubuntu's package opencv-data.
_CASCADE_DIRECTORIES = (
    Path(cv2.__file__).parent / 'data', Path('/usr/share/opencv4/haarcascades'))


def load_cascade(name: str) -> cv2.CascadeClassifier:
    """
    Return one of OpenCV's Haar cascades (Viola & Jones, 2001) by the name of its file.

    :raises RuntimeError: OpenCV was installed without it
    """
    for directory in _CASCADE_DIRECTORIES:
        path = directory / f'haarcascade_{name}.xml'
        if path.is_file():
            return cv2.CascadeClassifier(str(path))
    raise RuntimeError(
        f'no {path.name} in {[str(directory) for directory in _CASCADE_DIRECTORIES]}; '
        'install opencv-python-headless 4.x (5.x no longer has it) or apt opencv-data')


def cut(grey: np.ndarray, box: Box) -> np.ndarray:
    """Return what is inside a box as uint8 [48, 48]; beyond the picture its edge goes on."""
    x, y, size = box
    height, width = grey.shape
    inside = grey[max(y, 0):min(y + size, height), max(x, 0):min(x + size, width)]
    if inside.shape != (size, size):
        inside = cv2.copyMakeBorder(
            inside, max(-y, 0), max(y + size - height, 0), max(-x, 0), max(x + size - width, 0),
            cv2.BORDER_REPLICATE)
    return resize_crop(np.ascontiguousarray(inside))


def middle_square(grey: np.ndarray) -> Box:
    """Return the largest square about the middle of a picture."""
    height, width = grey.shape
    size = min(height, width)
    return (width - size) // 2, (height - size) // 2, size


def choose(grey: np.ndarray, boxes: Sequence[Box], confidence: Confidence) -> tuple[int, int]:
    """
    Return which of the boxes shows the largest face, and how many others may be the one meant.

    -1 and 0 when none looks like an upright face.
    """
    if not boxes:
        return -1, 0
    sure = confidence([cut(grey, box) for box in boxes])
    faces = [i for i in range(len(boxes)) if sure[i] >= ACCEPTED]
    if not faces:
        return -1, 0
    largest = max(faces, key=lambda i: boxes[i][2])
    others = 0
    for i in faces:
        apart = [abs(boxes[i][axis] + 0.5 * boxes[i][2]
                     - boxes[largest][axis] - 0.5 * boxes[largest][2]) for axis in (0, 1)]
        others += (boxes[i][2] >= OTHER_SHARE * boxes[largest][2]
                   and max(apart) > 0.5 * boxes[largest][2])
    return largest, others


class FaceFinder:
    """
    The largest frontal face in a picture: Haar cascades suggest, ``confidence`` decides.

    Where a face was in the picture before, it is looked for first: a fifth of the time. A picture
    in which nothing is found, but which looks like a face as a whole, is one.
    """

    def __init__(self, confidence: Confidence) -> None:
        self._confidence = confidence
        self._cascade = load_cascade('frontalface_default')
        self.forget()

    def forget(self) -> None:
        """Search the whole of the next picture."""
        self._before: Box | None = None
        self._shape: tuple[int, ...] = ()
        self._near_looks = 0
        self._others = 0

    def __call__(self, grey: np.ndarray) -> FaceCrop | None:
        """Return the crop of the largest face; a small picture is itself the crop."""
        height, width = grey.shape
        if max(height, width) <= LARGEST_CROP_PX:
            return FaceCrop(resize_crop(grey), 1.0)
        face = self._near(grey) or self._anywhere(grey)
        self._before, self._shape = face, grey.shape
        if face is None:
            return self._frame(grey)
        return FaceCrop(
            cut(grey, face), min(1.0, face[2] ** 2 / (height * width)), self._others)

    def _near(self, grey: np.ndarray) -> Box | None:
        """Return the face around the one before, of about its size."""
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

    def _anywhere(self, grey: np.ndarray) -> Box | None:
        """Return the largest face, or the largest thing that the cascade takes for one."""
        self._near_looks = self._others = 0
        scale = min(1.0, SEARCH_PX / max(grey.shape))
        small = grey if scale == 1.0 else cv2.resize(
            grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found = self._cascade.detectMultiScale(
            cv2.equalizeHist(small), scaleFactor=1.15, minNeighbors=4, minSize=(30, 30))
        boxes = [(round(float(x) / scale), round(float(y) / scale), round(float(side) / scale))
                 for x, y, side, _ in sorted(found, key=lambda box: -box[2])[:MOST_BOXES]]
        chosen, self._others = choose(grey, boxes, self._confidence)
        return boxes[max(chosen, 0)] if boxes else None

    def _frame(self, grey: np.ndarray) -> FaceCrop | None:
        """Return the middle of a picture that is filled by a face, as below a headset."""
        box = middle_square(grey)
        crop = cut(grey, box)
        if self._confidence([crop])[0] < FRAME_ACCEPTED:
            return None
        return FaceCrop(crop, box[2] ** 2 / grey.size)
