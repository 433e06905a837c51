# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Fit a wearer's gaze calibration from files.

    python -m affect_trackers.eye_tracker.calibrate PUPILS.csv --size 320x240 --out w1.yaml
    python -m affect_trackers.eye_tracker.calibrate EYE.mp4 --targets TARGETS.csv --out w1.yaml

PUPILS.csv has a row per image with the columns pupil_x_px, pupil_y_px (empty: not seen),
azimuth_deg, elevation_deg (of the target, azimuth positive to the wearer's left). With a video or
a folder of images, TARGETS.csv has a row per target with the columns t_s, azimuth_deg,
elevation_deg: shown from then on until the next row; no direction: no target. The other eye's
calibration in the same file is kept.
"""

import argparse
from collections.abc import Iterator
import csv
import math
from pathlib import Path
import sys

from affect_trackers.eye_tracker.calibration import calibrate
from affect_trackers.eye_tracker.calibration import CalibrationError
from affect_trackers.eye_tracker.calibration_file import load_calibrations
from affect_trackers.eye_tracker.calibration_file import save_calibrations
from affect_trackers.eye_tracker.calibration_session import SETTLE_S
from affect_trackers.eye_tracker.gaze_model import KINDS
from affect_trackers.eye_tracker.one_eye import OneEye
from affect_trackers.eye_tracker.track_files import findings
from affect_trackers.track_error import TrackError
import numpy as np


def main(args: list[str] | None = None) -> int:
    """Run the command; 1 when there is no calibration to be had, with the reason."""
    parser = argparse.ArgumentParser(
        prog='calibrate', description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('pupils', type=Path, help='a .csv of pupils, or a video, folder or .npy')
    parser.add_argument('--out', type=Path, required=True, help='the YAML file to write')
    parser.add_argument('--side', choices=('left', 'right'), default='left', help='which eye')
    parser.add_argument('--size', type=_size, help='WIDTHxHEIGHT of the images of PUPILS.csv')
    parser.add_argument('--targets', type=Path, help='TARGETS.csv for images')
    parser.add_argument('--rate-hz', type=float, default=30.0, help='of folders and arrays (30)')
    parser.add_argument('--model', choices=('auto', *KINDS), default='auto')
    given = parser.parse_args(args)
    is_table = given.pupils.suffix.lower() == '.csv'
    if is_table and given.size is None:
        parser.error('PUPILS.csv needs --size: a calibration is for images of one size')
    if not is_table and given.targets is None:
        parser.error('images need --targets')
    try:
        if is_table:
            pupil, target_deg, size = _of_table(given.pupils, given.size)
        else:
            pupil, target_deg, size = _of_images(given.pupils, given.targets, given.rate_hz)
        found = calibrate(pupil, target_deg, size, given.model)
        known = load_calibrations(given.out) if given.out.exists() else {}
        save_calibrations(given.out, {**known, given.side: found})
    except (CalibrationError, TrackError, OSError) as error:
        print(f'calibrate: {given.pupils}: {error}', file=sys.stderr)
        return 1
    print(
        f'{given.side} eye, {found.kind} model, {found.targets} targets: '
        f'{found.median_deg:.2f} degrees in the median, {found.p95_deg:.2f} at the 95th '
        f'percentile, {found.unseen_deg:.2f} on unseen targets; written to {given.out}')
    return 0


def _of_table(
    path: Path, size: tuple[int, int],
) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    table = np.array([row for _, row in _rows(
        path, ('pupil_x_px', 'pupil_y_px', 'azimuth_deg', 'elevation_deg'))]).reshape(-1, 4)
    return (table[:, :2] + 0.5) / size, table[:, 2:], size


def _of_images(
    path: Path, targets: Path, rate_hz: float,
) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    shown = np.array([row for _, row in _rows(
        targets, ('t_s', 'azimuth_deg', 'elevation_deg'))]).reshape(-1, 3)
    if not len(shown) or not np.all(np.diff(shown[:, 0]) > 0.0):
        raise CalibrationError(f"'{targets}': it needs rows whose t_s rises from row to row")
    eye, pupil, wanted, size = OneEye(), [], [], (0, 0)
    for t_s, _, image, found in findings(str(path), rate_hz, eye):
        if size not in ((0, 0), image.shape[::-1]):
            raise CalibrationError('images change their size: calibrate for one size')
        size = image.shape[::-1]
        at = int(np.searchsorted(shown[:, 0], t_s, side='right')) - 1
        if at >= 0 and t_s - shown[at, 0] >= SETTLE_S:
            pupil.append((found.pupil.x, found.pupil.y))
            wanted.append(shown[at, 1:])
    return np.array(pupil).reshape(-1, 2), np.array(wanted).reshape(-1, 2), size


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, list[float]]]:
    """Yield line number and the named columns of a CSV file, NaN where a field is empty."""
    with path.open(newline='', encoding='utf-8-sig') as file:
        reader = csv.DictReader(file)
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise CalibrationError(
                f"'{path}' has no column {', '.join(missing)}; its first line must name "
                f"{', '.join(columns)}")
        for row in reader:
            try:
                yield reader.line_num, [
                    float(row[name]) if (row[name] or '').strip() else math.nan
                    for name in columns]
            except ValueError as error:
                raise CalibrationError(f"'{path}', line {reader.line_num}: {error}") from error


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition('x')
    try:
        size = int(width), int(height)
    except ValueError:
        size = 0, 0
    if min(size) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not WIDTHxHEIGHT, as 320x240")
    return size


if __name__ == '__main__':
    sys.exit(main())
