# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Images from a camera that OpenCV can open (V4L2)."""

import threading
import time
from typing import Any

from affect_sensors.sources.frame import Frame
from affect_sensors.sources.source import SourceError
import cv2


class VideoDevice:
    """
    The newest frame of a camera, grabbed by a thread of its own.

    ``device`` is an index (``0``) or a path (``/dev/video0``). A frame is stamped when the driver
    handed it over, which is the nearest to its exposure that OpenCV tells.
    """

    finished = False
    due_ns = None
    _LOST_AFTER = 30
    """Failed grabs in a row after which the camera counts as unplugged."""

    def __init__(self, device: str, *, rate_hz: float, width: int, height: int) -> None:
        self._device = device
        self._settings = (
            (cv2.CAP_PROP_FRAME_WIDTH, width), (cv2.CAP_PROP_FRAME_HEIGHT, height),
            (cv2.CAP_PROP_FPS, rate_hz))
        self._capture: Any = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._newest: tuple[int, Any] | None = None
        self._lost = False
        self.dropped = 0

    def open(self) -> None:
        """Open the camera and begin to grab."""
        name = int(self._device) if self._device.isdigit() else self._device
        capture = cv2.VideoCapture(name)
        if not capture.isOpened():
            raise SourceError(
                f"parameter 'device': no camera opens at '{self._device}'; 'v4l2-ctl "
                "--list-devices' (apt install v4l-utils) lists them, and the user must be in the "
                "group 'video'")
        for setting, value in self._settings:
            if value > 0:
                capture.set(setting, value)
        self._capture = capture
        self._lost = False
        self._stop.clear()
        self._thread = threading.Thread(target=self._grab, daemon=True)
        self._thread.start()

    def start(self, now_ns: int) -> None:
        """Forget a frame from before."""
        with self._lock:
            self._newest = None

    def read(self, until_ns: int) -> list[Frame]:
        """Return the newest frame, if there is one since the last call."""
        if self._lost:
            raise SourceError(
                f"parameter 'device': the camera '{self._device}' gives no frames any more; "
                'is it plugged in?')
        with self._lock:
            newest, self._newest = self._newest, None
        if newest is None:
            return []
        grabbed_ns, image = newest
        return [Frame(until_ns - (time.monotonic_ns() - grabbed_ns), image)]

    def close(self) -> None:
        """Stop grabbing and release the camera."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=2.0)
            self._thread = None
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _grab(self) -> None:
        failures = 0
        while not self._stop.is_set():
            good, image = self._capture.read()
            if not good:
                failures += 1
                if failures >= self._LOST_AFTER:
                    self._lost = True
                    return
                self._stop.wait(0.01)
                continue
            failures = 0
            with self._lock:
                self.dropped += self._newest is not None
                self._newest = (time.monotonic_ns(), image)
