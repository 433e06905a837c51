# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Images from a video file or a folder."""

import math
from pathlib import Path
from typing import Any

from affect_sensors.sources.frame import Frame
from affect_sensors.sources.pacing import Pacing
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
import cv2
import numpy as np

_IMAGES = {'.bmp', '.jpeg', '.jpg', '.pgm', '.png', '.ppm', '.tif', '.tiff', '.webp'}


class VideoFile:
    """
    Plays a video, or the images of a folder in the order of their names.

    ``rate_hz`` 0 takes the video's own rate; a folder has none and needs one. When late, the
    oldest frames are dropped (and counted in ``dropped``).
    """

    def __init__(self, path: str, *, rate_hz: float, loop: bool) -> None:
        self._path = path
        self._rate_hz = rate_hz
        self._loop = loop
        self._capture: Any = None
        self._images: list[Path] = []
        self._next_image = 0
        self._pacing = Pacing(1.0, 1)
        self.finished = False
        self.dropped = 0

    @property
    def due_ns(self) -> int | None:
        """When the next frame is due."""
        return None if self.finished else self._pacing.stamp_ns(self._pacing.position)

    def open(self) -> None:
        """Open the video, or list the folder."""
        path = existing(self._path, 'a video file or a folder of images')
        rate = self._rate_hz
        if path.is_dir():
            self._images = sorted(f for f in path.iterdir() if f.suffix.lower() in _IMAGES)
            if not self._images:
                raise SourceError(f"parameter 'path': the folder '{self._path}' has no images")
            if rate <= 0.0:
                raise SourceError("parameter 'rate_hz' must be above 0 for a folder of images")
        else:
            self._capture = cv2.VideoCapture(str(path))
            own = self._capture.get(cv2.CAP_PROP_FPS)
            if not self._capture.isOpened() or not self._capture.grab():
                self.close()
                raise SourceError(
                    f"parameter 'path': OpenCV finds no video in '{self._path}'; convert it, "
                    "e.g. with 'ffmpeg -i IN OUT.mp4'")
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            if rate <= 0.0:
                rate = own if math.isfinite(own) and own > 0.0 else 30.0
        # A folder goes on behind the image that could not be read.
        self._pacing = Pacing(rate, 1)
        self.finished = False

    def start(self, now_ns: int) -> None:
        """Go on with the next frame at ``now_ns``."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[Frame]:
        """Return the newest frame that was due by ``until_ns``."""
        pacing = self._pacing
        while not self.finished and pacing.stamp_ns(pacing.position) <= until_ns:
            stamp_ns = pacing.stamp_ns(pacing.position)
            pacing.advance()
            late = pacing.stamp_ns(pacing.position) <= until_ns
            image = self._next(skip=late)
            if late:
                self.dropped += 1
            elif image is not None:
                return [Frame(stamp_ns, image)]
        return []

    def close(self) -> None:
        """Close the video."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _next(self, *, skip: bool) -> np.ndarray | None:
        if self._images:
            return self._next_of_folder(skip=skip)
        if not self._capture.grab():
            if self._loop:
                self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            if not self._loop or not self._capture.grab():
                self.finished = True
                return None
        if skip:
            return None
        good, image = self._capture.retrieve()
        return image if good else None

    def _next_of_folder(self, *, skip: bool) -> np.ndarray | None:
        if self._next_image == len(self._images):
            if not self._loop:
                self.finished = True
                return None
            self._next_image = 0
        file = self._images[self._next_image]
        self._next_image += 1
        if skip:
            return None
        image = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        if image is None:
            raise SourceError(f"parameter 'path': '{file.name}' is no image that can be read")
        return as_eight_bit(image)


def as_eight_bit(image: np.ndarray) -> np.ndarray:
    """Return an image as uint8 grey or blue-green-red; 16 bits are scaled, alpha is dropped."""
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.ndim == 3 and image.shape[2] == 4:
        image = image[:, :, :3]
    return image
