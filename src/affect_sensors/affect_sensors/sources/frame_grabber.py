# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A thread that opens a camera, keeps its newest frame, and lets it go."""

from collections.abc import Callable
import threading
import time
from typing import Any

import cv2
import numpy as np

_LOST_AFTER_S = 1.0
_MOST_AGE_NS = 1_000_000_000


class FrameGrabber:
    """
    Grabs frames on a thread, from ``make()`` (a cv2.VideoCapture that may not have opened).

    Of a camera that is faster than ``most_hz`` (0: any rate will do) frames are left out evenly,
    before they cost the work of decoding them.

    Everything that may block is done by that thread alone, also the release: OpenCV does not
    survive to be released while it reads. Times are of the monotonic clock, nanoseconds.
    """

    def __init__(self, make: Callable[[], Any], *, most_hz: float = 0.0) -> None:
        self._make = make
        self._least_ns = round(1e9 / most_hz) if most_hz > 0.0 else 0
        self._wanted_ns = 0
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._newest: tuple[int, np.ndarray] | None = None
        self.opened = threading.Event()
        """Set when it is known whether the camera opens (``is_open``)."""
        self.is_open = False
        self.is_lost = False
        self.dropped = 0
        self.next_ns: int | None = None
        """About when the next frame will be there; None: nobody knows."""
        self._thread = threading.Thread(target=self._run, name='grab frames', daemon=True)
        self._thread.start()

    def take(self) -> tuple[int, np.ndarray] | None:
        """Return the newest frame and when it was taken, if there is one since the last call."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def close(self) -> None:
        """Have the camera released: soon, or as soon as it answers."""
        self._stop.set()
        self._thread.join(timeout=0.5)

    def _run(self) -> None:
        capture = None
        try:
            capture = self._make()
            self.is_open = bool(capture.isOpened())
            self.opened.set()
            if self.is_open:
                self._grab(capture)
        finally:
            self.is_lost = True
            self.opened.set()
            if capture is not None:
                capture.release()

    def _grab(self, capture: Any) -> None:
        told_by_driver = capture.getBackendName() == 'V4L2'
        good_ns, period_ns, last_ns = time.monotonic_ns(), 0, 0
        while not self._stop.is_set():
            good = capture.grab()
            now_ns = time.monotonic_ns()
            image = None
            if good and not self._is_wanted(now_ns):
                good_ns = now_ns
                continue
            if good:
                taken_ns = _driver_time(capture, now_ns) if told_by_driver else now_ns
                good, image = capture.retrieve()
            if not good or image is None:
                if now_ns - good_ns > _LOST_AFTER_S * 1e9:
                    return
                self._stop.wait(0.01)
                continue
            good_ns = now_ns
            if last_ns and now_ns - last_ns < _MOST_AGE_NS:
                passed_ns = now_ns - last_ns
                period_ns = passed_ns if period_ns == 0 else period_ns + (
                    passed_ns - period_ns) // 8
                self.next_ns = now_ns + period_ns
            last_ns = now_ns
            with self._lock:
                self.dropped += self._newest is not None
                self._newest = (taken_ns, image)

    def _is_wanted(self, now_ns: int) -> bool:
        """Return whether a frame is to be taken that came now; a quarter early is in time."""
        if now_ns < self._wanted_ns - self._least_ns // 4:
            return False
        self._wanted_ns = max(self._wanted_ns, now_ns - self._least_ns // 4) + self._least_ns
        return True


def _driver_time(capture: Any, now_ns: int) -> int:
    """Return when V4L2 says the frame was taken, if it speaks of the monotonic clock."""
    taken_ns = round(capture.get(cv2.CAP_PROP_POS_MSEC) * 1e6)
    return taken_ns if 0 <= now_ns - taken_ns < _MOST_AGE_NS else now_ns
