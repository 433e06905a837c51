# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Images from a video file or a folder."""

import math
from pathlib import Path
from typing import Any

from affect_sensors.sources.frame import Frame
from affect_sensors.sources.image_file import as_eight_bit
from affect_sensors.sources.image_file import read_image
from affect_sensors.sources.image_file import SUFFIXES
from affect_sensors.sources.pacing import Pacing
from affect_sensors.sources.source import DamagedItemError
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
import cv2
import numpy as np

_SANE_HZ = (1.0, 240.0)


class VideoFile:
    """
    Plays a video, or the images of a folder in the order of their names.

    A video is played in its own time. ``rate_hz`` is the rate of a folder's images; of a video it
    is the most frames a second that are given (evenly chosen), and its rate if the file tells
    none. 0 takes all of a video. When late, the oldest frames are dropped (and counted in
    ``dropped``). A frame that can't be decoded costs itself alone.
    """

    def __init__(self, path: str, *, rate_hz: float, loop: bool) -> None:
        self._path = path
        self._rate_hz = rate_hz
        self._loop = loop
        self._capture: Any = None
        self._images: list[Path] = []
        self._next_image = 0
        self._pacing = Pacing(1.0, 1)
        self._share = 1.0
        self.finished = False
        self.dropped = 0
        self.promised_hz: float | None = None

    @property
    def due_ns(self) -> int | None:
        """When the next frame is due."""
        return None if self.finished else self._pacing.stamp_ns(self._pacing.position)

    def open(self) -> None:
        """Open the video, or list the folder."""
        if '://' in self._path:
            raise SourceError(
                f"parameter 'path' is an address; set source:=device device:={self._path}")
        path = existing(self._path, 'a video file or a folder of images')
        rate, self._share = self._rate_hz, 1.0
        if path.is_dir():
            self._images = sorted(f for f in path.iterdir() if f.suffix.lower() in SUFFIXES)
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
            if math.isfinite(own) and _SANE_HZ[0] <= own <= _SANE_HZ[1]:
                self._share = min(1.0, rate / own) if rate > 0.0 else 1.0
                rate = own
            elif rate <= 0.0:
                rate = 30.0
        # A folder goes on behind the image that could not be read.
        self._pacing = Pacing(rate, 1)
        self.promised_hz = rate * self._share
        self.finished = False

    def start(self, now_ns: int) -> None:
        """Go on with the next frame at ``now_ns``."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[Frame]:
        """Return the newest frame that was due by ``until_ns``."""
        pacing = self._pacing
        while not self.finished and pacing.stamp_ns(pacing.position) <= until_ns:
            number, stamp_ns = pacing.position, pacing.stamp_ns(pacing.position)
            pacing.advance()
            is_wanted = self._is_wanted(number)
            is_late = self._is_late(until_ns)
            image = self._next(skip=is_late or not is_wanted)
            if self.finished or not is_wanted:
                continue
            if is_late:
                self.dropped += 1
            elif image is not None:
                return [Frame(stamp_ns, image)]
        return []

    def close(self) -> None:
        """Close the video."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _is_wanted(self, number: int) -> bool:
        return math.floor(number * self._share) != math.floor((number - 1) * self._share)

    def _is_late(self, until_ns: int) -> bool:
        """Whether a later frame that is wanted is due as well."""
        number = self._pacing.position
        while self._pacing.stamp_ns(number) <= until_ns:
            if self._is_wanted(number):
                return True
            number += 1
        return False

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
        if not good:
            raise DamagedItemError(f"parameter 'path': '{self._path}' has a damaged frame")
        return image

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
        try:
            return as_eight_bit(read_image(file))
        except ValueError as error:
            raise DamagedItemError(
                f"parameter 'path': '{file.name}' is no image that can be read: {error}"
            ) from error
