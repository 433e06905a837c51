# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Images from a camera or a network stream that OpenCV can open."""

from collections.abc import Callable
import time
from typing import Any

from affect_sensors.sources.frame import Frame
from affect_sensors.sources.frame_grabber import FrameGrabber
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.video_address import find_node
from affect_sensors.sources.video_address import parse_address
import cv2

_OPEN_TIMEOUT_MS = 5000
_READ_TIMEOUT_MS = 2000


class VideoDevice:
    """
    The newest frame of a camera (V4L2), a network stream (FFmpeg) or a GStreamer pipeline.

    A V4L2 frame is stamped with the driver's own time of capture. A network stream says nothing
    that could be compared with the host's clock: its frames are stamped when they are decoded,
    late by what the network and the encoder take. Of a camera that is faster than ``rate_hz``
    frames are left out. ``capture`` stands for cv2.VideoCapture.

    :raises SourceError: when ``device`` can't be opened here whatever is plugged in.
    """

    comes_and_goes = True
    finished = False

    def __init__(
        self, device: str, *, rate_hz: float, width: int, height: int, pixel_format: str = '',
        capture: Callable[..., Any] | None = None,
    ) -> None:
        self._address = parse_address(device)
        # The format first: a driver offers its sizes and rates by format.
        self._settings: list[tuple[int, float]] = []
        if pixel_format:
            if len(pixel_format) != 4 or not pixel_format.isascii():
                raise SourceError(
                    f"parameter 'pixel_format' is '{pixel_format}'; it is a code of four letters "
                    "such as MJPG, YUYV or GREY ('v4l2-ctl --list-formats-ext' lists them)")
            self._settings.append(
                (cv2.CAP_PROP_FOURCC, int.from_bytes(pixel_format.upper().encode(), 'little')))
        self._settings += [
            (name, value) for name, value in (
                (cv2.CAP_PROP_FRAME_WIDTH, width), (cv2.CAP_PROP_FRAME_HEIGHT, height),
                (cv2.CAP_PROP_FPS, rate_hz)) if value > 0]
        self._capture = capture or cv2.VideoCapture
        self._grabber: FrameGrabber | None = None
        self._offset_ns = 0
        self._dropped_before = 0
        self.promised_hz = rate_hz or None

    @property
    def dropped(self) -> int:
        """How many frames nobody fetched before a newer one came."""
        return self._dropped_before + (self._grabber.dropped if self._grabber else 0)

    @property
    def due_ns(self) -> int | None:
        """About when the next frame will be there, once the camera's rhythm is known."""
        next_ns = self._grabber.next_ns if self._grabber else None
        if next_ns is None or next_ns < time.monotonic_ns():
            return None
        return next_ns + self._offset_ns

    def open(self) -> None:
        """Open the camera and begin to grab; takes as long as the camera or network does."""
        address = self._address
        name = find_node(address.name) if address.is_v4l2 else address.name
        self._grabber = FrameGrabber(
            lambda: self._make(name), most_hz=self.promised_hz or 0.0)
        answered = self._grabber.opened.wait(4e-3 * _OPEN_TIMEOUT_MS)
        if answered and self._grabber.is_open:
            return
        self.close()
        if address.is_v4l2:
            raise SourceError(
                f"parameter 'device': no camera opens at '{address.shown}'; 'v4l2-ctl "
                "--list-devices' (apt install v4l-utils) lists them, the user must be in the "
                "group 'video', and no other program may hold it ('fuser -v /dev/video*')")
        raise SourceError(
            f"parameter 'device': no video comes from '{address.shown}'; is it sent, does a "
            "firewall stand between, and does 'ffplay' show it?")

    def start(self, now_ns: int) -> None:
        """Forget a frame from before."""
        if self._grabber is not None:
            self._grabber.take()

    def read(self, until_ns: int) -> list[Frame]:
        """Return the newest frame, if there is one since the last call."""
        if self._grabber is None:
            return []
        newest = self._grabber.take()
        if newest is not None:
            taken_ns, image = newest
            self._offset_ns = until_ns - time.monotonic_ns()
            return [Frame(taken_ns + self._offset_ns, image)]
        if self._grabber.is_lost:
            raise SourceError(
                f"parameter 'device': '{self._address.shown}' gives no frames any more; is it "
                'plugged in, or still sent?')
        return []

    def close(self) -> None:
        """Stop grabbing and release the camera."""
        if self._grabber is not None:
            self._dropped_before += self._grabber.dropped
            self._grabber.close()
            self._grabber = None

    def _make(self, name: str) -> Any:
        if self._address.backend == cv2.CAP_FFMPEG:
            return self._capture(name, cv2.CAP_FFMPEG, [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _OPEN_TIMEOUT_MS,
                cv2.CAP_PROP_READ_TIMEOUT_MSEC, _READ_TIMEOUT_MS])
        capture = self._capture(name, self._address.backend)
        for setting, value in self._settings:
            capture.set(setting, value)
        return capture
