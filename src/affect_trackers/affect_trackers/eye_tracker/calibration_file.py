# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The calibrations of one wearer's eyes, as a YAML file that people can read."""

from dataclasses import asdict
from dataclasses import fields
import math
from pathlib import Path
import tempfile

from affect_trackers.eye_tracker.calibration import CalibrationError
from affect_trackers.eye_tracker.calibration import GazeCalibration
from affect_trackers.eye_tracker.gaze_model import KINDS
import yaml

FORMAT = 1
_LENGTHS = {'eyeball': 6, 'quadratic': 12, 'affine': 6}
_ABOUT = """\
# Gaze calibration, written by affect_trackers, of one wearer and one fit of one headset.
# median_deg, p95_deg: errors on the targets; unseen_deg: on targets left out of the fit.
"""


def save_calibrations(path: Path, calibrations: dict[str, GazeCalibration]) -> None:
    """
    Write the calibrations of ``left`` and ``right``, whole or not at all.

    :raises OSError: it can't be written there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {side: _plain(each) for side, each in sorted(calibrations.items())}
    text = _ABOUT + yaml.safe_dump({'format': FORMAT, 'eyes': plain}, sort_keys=False)
    with tempfile.NamedTemporaryFile(
            'w', encoding='utf-8', dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)


def load_calibrations(path: Path) -> dict[str, GazeCalibration]:
    """
    Return what ``save_calibrations`` wrote.

    :raises CalibrationError: the file can't be read or is something else; says what.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CalibrationError(f"'{path}' can't be read: {error}") from error
    try:
        if content['format'] != FORMAT:
            raise CalibrationError(
                f"'{path}' has format {content['format']}, this program knows {FORMAT}: "
                'calibrate again')
        eyes = {side: _calibration(values) for side, values in content['eyes'].items()}
        if not eyes or not set(eyes) <= {'left', 'right'}:
            raise ValueError(f"eyes are 'left' and 'right', not {sorted(eyes)}")
    except CalibrationError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CalibrationError(
            f"'{path}' is no gaze calibration ({error!r}): calibrate again") from error
    return eyes


def _plain(calibration: GazeCalibration) -> dict:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(calibration).items()}


def _calibration(values: dict) -> GazeCalibration:
    known = {field.name for field in fields(GazeCalibration)}
    if set(values) != known:
        raise ValueError(f'fields {sorted(set(values) ^ known)}')
    kind, numbers = values['kind'], tuple(float(v) for v in values['numbers'])
    shift = tuple(float(v) for v in values['shift'])
    width, height = (int(v) for v in values['image_size'])
    if kind not in KINDS or len(numbers) != _LENGTHS[kind] or len(shift) != 2:
        raise ValueError(f'{len(numbers)} numbers of model {kind!r}')
    if not all(math.isfinite(v) for v in numbers + shift) or min(width, height) < 1:
        raise ValueError('a number that is none')
    return GazeCalibration(
        kind, numbers, (width, height), float(values['median_deg']), float(values['p95_deg']),
        float(values['unseen_deg']), int(values['targets']), (shift[0], shift[1]))
