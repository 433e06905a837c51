# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures out of videos, folders, image files and arrays, each with its time."""

from collections.abc import Iterator
from dataclasses import dataclass
import math
from pathlib import Path
import re

from affect_trackers.track_error import TrackError
import cv2
import numpy as np

IMAGES = {'.bmp', '.jpeg', '.jpg', '.pgm', '.png', '.ppm', '.tif', '.tiff', '.webp'}
_FALLBACK_HZ = 30.0
_FIRST_AND_LAST = ((b'\xff\xd8', b'\xff\xd9'), (b'\x89PNG', b'IEND'))
_TAIL = 4096  # cameras append a few bytes behind the end of a JPEG, but not this many
_LOST = 0.02  # of the frames that a video promises; containers miscount by some


@dataclass(frozen=True)
class Picture:
    """
    One picture: uint8 [H, W] (grey) or [H, W, 3] (RGB), and when it was taken.

    ``t_s`` counts from the beginning of its file; ``name`` is the image's own in a folder, ''
    elsewhere.
    """

    image: np.ndarray
    t_s: float
    name: str = ''


def pictures(path: str | Path, rate_hz: float = _FALLBACK_HZ) -> Iterator[Picture]:
    """
    Yield the pictures of a video, a folder of images (in natural order), an image, or a .npy.

    ``rate_hz`` times what has no times of its own. A .npy holds uint8 [N, H, W] or [N, H, W, 3].

    :raises TrackError: what can't be read; for a video that breaks off, after what could be read.
    """
    path = Path(path)
    if path.is_dir():
        yield from _of_folder(path, rate_hz)
    elif path.suffix.lower() in IMAGES:
        yield Picture(_read(path), 0.0, path.name)
    elif path.suffix.lower() == '.npy':
        yield from _of_array(path, rate_hz)
    else:
        yield from _of_video(path)


def as_eight_bit(image: np.ndarray) -> np.ndarray:
    """Return a picture of 16 bits or floats in 8, its brightest at most white."""
    if image.dtype == np.uint8:
        return image
    values = np.nan_to_num(image.astype(np.float32), posinf=0.0, neginf=0.0)
    # 10 and 12 bits come in 16, floats in [0, 1]; a fixed range would show them black.
    low, high = np.percentile(values, (0.5, 99.5))
    scaled = np.clip((values - low) * (255.0 / max(float(high - low), 1e-6)), 0.0, 255.0)
    return scaled.astype(np.uint8)


def _of_folder(folder: Path, rate_hz: float) -> Iterator[Picture]:
    files = sorted(
        (each for each in folder.iterdir() if each.suffix.lower() in IMAGES), key=_natural)
    if not files:
        raise TrackError(f'the folder has no images ({", ".join(sorted(IMAGES))})')
    bad = []
    for k, file in enumerate(files):
        try:
            image = _read(file)
        except TrackError:
            bad.append(file.name)
            continue
        yield Picture(image, k / rate_hz, file.name)
    if bad:
        more = f' and {len(bad) - 3} more' if len(bad) > 3 else ''
        raise TrackError(f'no readable image: {", ".join(bad[:3])}{more}')


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sort key by which frame 10 comes after frame 9."""
    return [(int(part), '') if part.isdigit() else (-1, part)
            for part in re.split(r'(\d+)', path.name.lower()) if part]


def _read(path: Path) -> np.ndarray:
    if _is_torn(path):
        # OpenCV would fill the rest with grey, and tell nobody.
        raise TrackError('the image was cut off: its end is missing')
    image = cv2.imread(str(path), cv2.IMREAD_ANYDEPTH | cv2.IMREAD_ANYCOLOR)
    if image is None:
        raise TrackError('no readable image; open it in a viewer, or save it anew as PNG')
    image = as_eight_bit(image)
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def _is_torn(path: Path) -> bool:
    """Return whether a JPEG or PNG lacks its end."""
    try:
        with path.open('rb') as file:
            begin = file.read(4)
            file.seek(max(path.stat().st_size - _TAIL, 0))
            end = file.read()
    except OSError as error:
        raise TrackError(f'no readable image: {error.strerror}') from error
    return any(
        begin.startswith(first) and last not in end for first, last in _FIRST_AND_LAST)


def _of_array(path: Path, rate_hz: float) -> Iterator[Picture]:
    try:
        stack = np.load(path, mmap_mode='r', allow_pickle=False)
    # numpy, zipfile and tokenize each have errors of their own for a damaged file.
    except Exception as error:
        raise TrackError(f'no readable array ({error}); numpy.save writes one') from error
    if not isinstance(stack, np.ndarray):
        raise TrackError('an NPZ file of several arrays: wanted is one, as numpy.save writes it')
    grey = stack.ndim == 3
    if not grey and not (stack.ndim == 4 and stack.shape[3] == 3):
        raise TrackError(f'an array {list(stack.shape)}: wanted is [N, H, W] or [N, H, W, 3]')
    if stack.size == 0:
        raise TrackError(f'an array {list(stack.shape)} holds no picture')
    if stack.dtype != np.uint8:
        raise TrackError(f'an array of {stack.dtype}: wanted is uint8')
    for k in range(len(stack)):
        yield Picture(np.ascontiguousarray(stack[k]), k / rate_hz)


def _of_video(path: Path) -> Iterator[Picture]:
    capture = cv2.VideoCapture(str(path))
    try:
        promised = capture.get(cv2.CAP_PROP_FRAME_COUNT)
        rate_hz = capture.get(cv2.CAP_PROP_FPS)
        if not (math.isfinite(rate_hz) and rate_hz > 0.0):
            rate_hz = _FALLBACK_HZ
        count, last_s = 0, -math.inf
        while True:
            ok, frame = capture.read()
            if not ok:
                break
            t_s = 1e-3 * capture.get(cv2.CAP_PROP_POS_MSEC)
            # Some containers don't tell the time of a frame, or tell it again.
            if not t_s > last_s:
                t_s = 0.0 if count == 0 else last_s + 1.0 / rate_hz
            count, last_s = count + 1, t_s
            yield Picture(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), t_s)
    finally:
        capture.release()
    if count == 0:
        raise TrackError(
            'OpenCV finds no video in it: it was cut off, or is of a kind that this build of '
            "OpenCV can't read; convert it, e.g. with 'ffmpeg -i IN OUT.mp4'")
    if math.isfinite(promised) and promised - count > max(2.0, _LOST * promised):
        raise TrackError(f'breaks off after {count} of {promised:.0f} frames')
