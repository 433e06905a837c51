# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures and videos for the face and scene encoders."""

from collections.abc import Iterator
import math
from pathlib import Path
import re
import struct
from typing import Any
from zipfile import BadZipFile
import zlib

from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
import cv2
import numpy as np

PICTURES = (
    '.png', '.jpg', '.jpeg', '.jpe', '.bmp', '.tif', '.tiff', '.webp', '.pgm', '.ppm', '.pnm',
    '.jp2', '.gif')
VIDEOS = ('.mp4', '.avi', '.mkv', '.mov', '.webm', '.m4v', '.mpg', '.mpeg', '.wmv', '.mts')
ARRAYS = ('.npy', '.npz')
FALLBACK_HZ = 30.0
_FIRST_AND_LAST = ((b'\xff\xd8', b'\xff\xd9'), (b'\x89PNG', b'IEND'))
_PNG = b'\x89PNG\r\n\x1a\n'
_TAIL = 4096  # cameras append a few bytes behind the end of a JPEG, but not this many
_KEYS = ('images', 'pictures', 'frames', 'crops', 'faces', 'image', 'picture', 'pixels', 'x')


def read_picture(path: Path) -> np.ndarray:
    """
    Return a picture, uint8 [H, W] or [H, W, 3] (blue, green, red), upright after its EXIF.

    :raises InputError: no picture that OpenCV can read
    """
    try:
        # The name of a file may hold what OpenCV would take for a pattern.
        held = path.read_bytes()
        for begin, end in _FIRST_AND_LAST:
            if held.startswith(begin) and end not in held[-_TAIL:]:
                # OpenCV would fill the rest with grey, and tell nobody.
                raise InputError('the picture was cut off: its end is missing')
        if held.startswith(_PNG) and not _is_whole(held):
            raise InputError('the picture is damaged: a part of it has another checksum')
        content = np.frombuffer(held, np.uint8)
        image = cv2.imdecode(
            content, cv2.IMREAD_ANYDEPTH | cv2.IMREAD_ANYCOLOR) if content.size else None
    except (OSError, cv2.error) as error:
        raise InputError(f'no picture that can be read ({error})') from error
    if image is None:
        raise InputError('no picture that can be read; open it in a viewer, or save it as PNG')
    return as_picture(image)


def _is_whole(png: bytes) -> bool:
    """Tell whether every chunk of a PNG file has its checksum; OpenCV fills what has not."""
    at = len(_PNG)
    while at + 12 <= len(png):
        length, kind = struct.unpack_from('>I4s', png, at)
        end = at + 8 + length
        if end + 4 > len(png) or (
                zlib.crc32(png[at + 4:end]) != int.from_bytes(png[end:end + 4], 'big')):
            return False
        if kind == b'IEND':
            return True
        at = end + 4
    return False


def as_picture(image: Any) -> np.ndarray:
    """
    Return an array as uint8 [H, W] or [H, W, 3]; 10 to 16 bits and floats in [0, 1] are scaled.

    An alpha channel is left out.

    :raises InputError: no picture
    """
    picture = np.asarray(image)
    if picture.ndim == 3 and picture.shape[2] in (1, 2):
        picture = picture[:, :, 0]
    if picture.ndim == 3 and picture.shape[2] == 4:
        picture = picture[:, :, :3]
    if picture.ndim not in (2, 3) or picture.size == 0 or (
            picture.ndim == 3 and picture.shape[2] != 3):
        raise InputError(f'an array {list(picture.shape)} is no picture [H, W] or [H, W, 3]')
    if picture.dtype == np.uint8:
        return np.ascontiguousarray(picture)
    if picture.dtype.kind == 'b':
        return picture.astype(np.uint8) * np.uint8(255)
    if picture.dtype.kind not in 'iuf':
        raise InputError(f'a picture of {picture.dtype}: give uint8')
    values = np.nan_to_num(picture.astype(np.float32), posinf=0.0, neginf=0.0)
    most = float(values.max())
    if picture.dtype.kind == 'f':
        white = 1.0 if most <= 1.0 else 255.0
    else:
        # Cameras of 10, 12 and 14 bits write 16.
        white = next((w for w in (255.0, 1023.0, 4095.0, 16383.0) if most <= w), 65535.0)
    return np.clip(np.round(values * (255.0 / white)), 0.0, 255.0).astype(np.uint8)


def stack_of(source: Any) -> np.ndarray | None:
    """
    Return pictures [N, H, W] or [N, H, W, 3] in an array or an NPY or NPZ file; None if none.

    :raises InputError: no such array, or one that can't be read
    """
    if isinstance(source, Path):
        try:
            loaded = np.load(source, mmap_mode='r', allow_pickle=False)
            if not isinstance(loaded, np.ndarray):
                with loaded as archive:
                    key = next((k for k in _KEYS if k in archive.files), None)
                    return None if key is None else stack_of(archive[key])
        except InputError:
            raise
        except (OSError, ValueError, EOFError, BadZipFile, zlib.error) as error:
            raise InputError(f'no array that can be read ({error})') from error
        source = loaded
    if source.ndim == 2 or (source.ndim == 3 and source.shape[2] in (1, 3, 4)
                            and min(source.shape[:2]) > 4):
        return source[None]
    if source.ndim == 3 or (source.ndim == 4 and source.shape[3] in (1, 3, 4)):
        return source
    raise InputError(f'an array {list(source.shape)} is no picture, nor pictures [N, H, W]')


def natural(path: Path) -> list[tuple[int, str]]:
    """Return a key by which frame 10 sorts after frame 9."""
    return [(int(part), '') if part.isdigit() else (-1, part)
            for part in re.split(r'(\d+)', str(path).lower()) if part]


def frames_of_files(
        files: list[Path], options: Options) -> Iterator[tuple[float, np.ndarray]]:
    """Yield times in seconds and pictures of files in their order."""
    rate_hz = options.rate_hz or FALLBACK_HZ
    for k, file in enumerate(files):
        try:
            yield k / rate_hz, read_picture(file)
        except InputError as error:
            raise InputError(f'{file.name}: {error}') from error


def frames_of_stack(stack: np.ndarray, options: Options) -> Iterator[tuple[float, np.ndarray]]:
    """Yield times in seconds and pictures of an array."""
    rate_hz = options.rate_hz or FALLBACK_HZ
    for k in range(len(stack)):
        yield k / rate_hz, as_picture(stack[k])


def frames_of_video(path: Path) -> Iterator[tuple[float, np.ndarray]]:
    """
    Yield times in seconds and pictures of a video.

    :raises InputError: no video that OpenCV can read
    """
    capture = cv2.VideoCapture(str(path))
    try:
        rate_hz = capture.get(cv2.CAP_PROP_FPS)
        if not (math.isfinite(rate_hz) and rate_hz > 0.0):
            rate_hz = FALLBACK_HZ
        last_s = -math.inf
        while True:
            found, frame = capture.read()
            if not found:
                break
            t_s = 1e-3 * capture.get(cv2.CAP_PROP_POS_MSEC)
            # Some containers don't tell the time of a frame, or tell it again.
            if not t_s > last_s:
                t_s = 0.0 if last_s < 0.0 else last_s + 1.0 / rate_hz
            last_s = t_s
            yield t_s, frame
    finally:
        capture.release()
    if last_s < 0.0:
        raise InputError(
            'OpenCV finds no video in it: it was cut off, or is of a kind that this build can '
            "not read; convert it, e.g. with 'ffmpeg -i IN OUT.mp4'")
