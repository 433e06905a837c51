# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What was found, drawn over the images: to look at."""

import math
from pathlib import Path

from affect_trackers.eye_tracker.one_eye import EyeFinding
from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import Pupil
from affect_trackers.track_error import CannotTrackError
import cv2
import numpy as np

SHEET_COLUMNS, SHEET_ROWS = 8, 8
_TILE_PX = 240
_COLOURS = {
    EyeOpening.OPEN: (80, 255, 80), EyeOpening.CLOSED: (60, 60, 255),
    EyeOpening.UNKNOWN: (160, 160, 160)}
_STILLS = {'.png', '.jpg', '.jpeg'}
_VIDEOS = {'.mp4': 'mp4v', '.avi': 'MJPG'}


class Overlay:
    """
    A contact sheet of frames spread over the whole file, or a video of all of them.

    :raises CannotTrackError: a kind of file that can't be drawn, or a place that can't be written.
    """

    def __init__(self, path: Path, rate_hz: float) -> None:
        self._path = path
        self._rate_hz = rate_hz
        self._tiles: list[np.ndarray] = []
        self._every = 1
        self._count = 0
        self._video: cv2.VideoWriter | None = None
        self._video_size = (0, 0)
        if path.suffix.lower() not in {*_STILLS, *_VIDEOS}:
            raise CannotTrackError(
                f"overlay '{path}': name a {', '.join(sorted({*_STILLS, *_VIDEOS}))}")
        if not path.parent.is_dir():
            raise CannotTrackError(f"overlay '{path}': there is no folder '{path.parent}'")

    def add(self, image: np.ndarray, found: EyeFinding, t_s: float) -> None:
        """Draw a frame, grey uint8 [H, W]."""
        count, self._count = self._count, self._count + 1
        if self._path.suffix.lower() in _VIDEOS:
            self._write(draw_finding(image, found, t_s))
        elif count % self._every == 0:
            drawn = draw_finding(image, found, t_s)
            height = round(_TILE_PX * drawn.shape[0] / drawn.shape[1])
            self._tiles.append(cv2.resize(
                drawn, (_TILE_PX, height), interpolation=cv2.INTER_AREA))
            if len(self._tiles) > SHEET_COLUMNS * SHEET_ROWS:
                self._tiles = self._tiles[::2]
                self._every *= 2

    def close(self) -> None:
        """Write what is not written yet."""
        if self._video is not None:
            self._video.release()
            self._video = None
        elif self._tiles and not cv2.imwrite(str(self._path), _sheet(self._tiles)):
            raise CannotTrackError(f"overlay '{self._path}' can't be written")

    def _write(self, drawn: np.ndarray) -> None:
        size = (drawn.shape[1], drawn.shape[0])
        if self._video is None:
            self._video_size = size
            self._video = cv2.VideoWriter(
                str(self._path), cv2.VideoWriter.fourcc(*_VIDEOS[self._path.suffix.lower()]),
                self._rate_hz, size)
            if not self._video.isOpened():
                raise CannotTrackError(f"overlay '{self._path}' can't be written")
        self._video.write(
            drawn if size == self._video_size else cv2.resize(drawn, self._video_size))


def draw_finding(image: np.ndarray, found: EyeFinding, t_s: float) -> np.ndarray:
    """Return ``image``, grey uint8 [H, W], in colour with pupil, lids, state and time."""
    drawn = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    rows, columns = image.shape
    pupil, colour = found.pupil, _COLOURS[found.pupil.opening]
    thick = max(1, round(columns / 320))
    if pupil.opening is EyeOpening.OPEN:
        _draw_pupil(drawn, pupil, thick)
    text = f'{t_s:.2f}s {pupil.opening.name.lower()} {pupil.confidence:.2f}'
    if math.isfinite(found.lids.openness):
        text += f' o{found.lids.openness:.2f}'
    cv2.putText(
        drawn, text, (4, rows - 6), cv2.FONT_HERSHEY_SIMPLEX, columns / 640.0, colour, thick,
        cv2.LINE_AA)
    return drawn


def _draw_pupil(drawn: np.ndarray, pupil: Pupil, thick: int) -> None:
    rows, columns = drawn.shape[:2]
    x, y = pupil.x * columns - 0.5, pupil.y * rows - 0.5
    cv2.ellipse(
        drawn, ((x, y), (pupil.major * rows, pupil.minor * rows), pupil.tilt_deg), (80, 255, 80),
        thick, cv2.LINE_AA)
    cv2.drawMarker(
        drawn, (round(x), round(y)), (80, 255, 255), cv2.MARKER_CROSS, 8 * thick, thick)
    for edge in (y - pupil.upper * rows, y + pupil.lower * rows):
        half = 0.3 * pupil.major * rows
        cv2.line(
            drawn, (round(x - half), round(edge)), (round(x + half), round(edge)),
            (255, 160, 60), thick, cv2.LINE_AA)


def _sheet(tiles: list[np.ndarray]) -> np.ndarray:
    height = max(tile.shape[0] for tile in tiles)
    columns = min(SHEET_COLUMNS, len(tiles))
    rows = math.ceil(len(tiles) / columns)
    sheet = np.zeros((rows * height, columns * _TILE_PX, 3), np.uint8)
    for k, tile in enumerate(tiles):
        top, left = height * (k // columns), _TILE_PX * (k % columns)
        sheet[top:top + tile.shape[0], left:left + _TILE_PX] = tile
    return sheet
