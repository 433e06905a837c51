# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Track one eye in near-infrared videos, folders of images, images or arrays.

One row per frame: state (open, closed, unknown), pupil centre as fractions of the image and in
pixels (the centre of the first pixel at 0, 0), its ellipse, openness, squint and widening of the
lids against what is usual in this file, and confidence. Millimetres need --mm-per-px, degrees
that and --straight-ahead, or a --calibration (see affect_trackers.eye_tracker.calibrate).
"""

import argparse
from collections.abc import Iterator
import math
from pathlib import Path

from affect_trackers.eye_tracker.blinks import mark_blinks
from affect_trackers.eye_tracker.calibration import CalibrationError
from affect_trackers.eye_tracker.calibration_file import load_calibrations
from affect_trackers.eye_tracker.eye_image import grey_of
from affect_trackers.eye_tracker.eyeball import EYE_RADIUS_MM
from affect_trackers.eye_tracker.one_eye import EyeFinding
from affect_trackers.eye_tracker.one_eye import OneEye
from affect_trackers.eye_tracker.overlay import Overlay
from affect_trackers.picture_files import pictures
from affect_trackers.track_error import CannotTrackError
from affect_trackers.track_error import TrackError
import cv2
import numpy as np

LEAST_PX = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `affect-track eye` can be told."""
    parser.add_argument(
        '--rate-hz', type=_above_zero, default=30.0, metavar='HZ',
        help='frames a second of folders and arrays (30); videos know theirs')
    parser.add_argument(
        '--mm-per-px', type=_above_zero, default=math.nan, metavar='MM',
        help='millimetres at the pupil for a pixel of the image')
    parser.add_argument(
        '--eye-radius-mm', type=_above_zero, default=EYE_RADIUS_MM, metavar='MM',
        help=f"from the eye's centre of rotation to its pupil ({EYE_RADIUS_MM:g})")
    parser.add_argument(
        '--straight-ahead', type=float, nargs=2, default=(math.nan, math.nan),
        metavar=('X', 'Y'),
        help='pupil in pixels when the eye looks straight ahead (else learned in 15 s)')
    parser.add_argument(
        '--calibration', type=Path, metavar='YAML', help="the wearer's gaze calibration")
    parser.add_argument(
        '--side', choices=('left', 'right'), default='left',
        help='which eye of the calibration this is (left)')
    parser.add_argument(
        '--overlay', type=Path, metavar='OUT',
        help='draw what was found: a contact sheet (.png, .jpg) or a video (.mp4)')


def track(path: str, options: argparse.Namespace) -> Iterator[dict]:
    """
    Yield a row for each frame of ``path``; unknown numbers are None.

    :raises TrackError: what can't be read; CannotTrackError: options that can't be used.
    """
    eye = make_eye(options)
    overlay = None
    if options.overlay is not None:
        overlay = Overlay(_of_file(options.overlay, path, options.files), options.rate_hz)
    try:
        yield from mark_blinks(_rows(path, options, eye, overlay))
    finally:
        if overlay is not None:
            overlay.close()


def make_eye(options: argparse.Namespace) -> OneEye:
    """Return an eye as the options describe it."""
    eye = OneEye(
        mm_per_px=options.mm_per_px, radius_mm=options.eye_radius_mm,
        straight_ahead_px=tuple(options.straight_ahead))
    if options.calibration is not None:
        try:
            known = load_calibrations(options.calibration)
            eye.calibration = known[options.side]
        except CalibrationError as error:
            raise CannotTrackError(str(error)) from error
        except KeyError as error:
            raise CannotTrackError(
                f"'{options.calibration}' has no {options.side} eye; try --side") from error
    return eye


def findings(
    path: str, rate_hz: float, eye: OneEye,
) -> Iterator[tuple[float, str, np.ndarray, EyeFinding]]:
    """Yield time in seconds, name, grey image and finding of each picture of ``path``."""
    for picture in pictures(path, rate_hz):
        image = picture.image
        if image.ndim == 3:
            image = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        image = grey_of(image)
        if min(image.shape) < LEAST_PX:
            raise TrackError(
                f'pictures of {image.shape[1]} x {image.shape[0]}: an eye needs {LEAST_PX} '
                'pixels each way')
        yield picture.t_s, picture.name, image, eye.find(picture.t_s, image)


def _rows(
    path: str, options: argparse.Namespace, eye: OneEye, overlay: Overlay | None,
) -> Iterator[dict]:
    for t_s, name, image, found in findings(path, options.rate_hz, eye):
        if overlay is not None:
            overlay.add(image, found, t_s)
        yield {**({'image': name} if name else {}), **_row(t_s, image, found)}


def _row(t_s: float, image: np.ndarray, found: EyeFinding) -> dict:
    rows, columns = image.shape
    pupil, lids = found.pupil, found.lids
    numbers = {
        't_s': t_s, 'state': pupil.opening.name.lower(), 'pupil_x': pupil.x, 'pupil_y': pupil.y,
        'pupil_x_px': pupil.x * columns - 0.5, 'pupil_y_px': pupil.y * rows - 0.5,
        'major_px': pupil.major * rows, 'minor_px': pupil.minor * rows,
        'tilt_deg': pupil.tilt_deg, 'diameter_mm': found.diameter_mm, 'openness': lids.openness,
        'squint': lids.squint, 'widening': lids.widening, 'azimuth_deg': found.azimuth_deg,
        'elevation_deg': found.elevation_deg, 'confidence': pupil.confidence}
    return {
        name: value if isinstance(value, str) else _number(value)
        for name, value in numbers.items()}


def _number(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None


def _of_file(out: Path, path: str, files: list[str]) -> Path:
    """Return a name of its own for the overlay of each of several files."""
    return out if len(files) == 1 else out.with_name(f'{out.stem}_{Path(path).stem}{out.suffix}')


def _above_zero(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value > 0.0):
        raise argparse.ArgumentTypeError(f'{text} is not above 0')
    return value
