# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Gaze, lids and pupils for the eye encoders: tables of any eye tracker that names its columns."""

from collections.abc import Iterator
import math
from typing import Any

from affect_encoders.eye_expression.features import COLUMNS
from affect_encoders.files.columns import find
from affect_encoders.files.columns import Found
from affect_encoders.files.columns import missing
from affect_encoders.files.columns import seconds
from affect_encoders.files.columns import triad
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.recording import Recording
from affect_encoders.files.recording import Samples
from affect_encoders.files.recording import Stream
from affect_encoders.files.table import open_table
from affect_encoders.files.table import Table
import numpy as np

SUFFIXES = ('.csv', '.tsv', '.txt', '.csv.gz', '.tsv.gz', '.jsonl', '.npz')
MOVEMENT_WHAT = (
    'gaze: CSV, TSV, NPZ or JSON lines with t_s and azimuth_deg, elevation_deg (or x, y), and '
    'perhaps confidence, openness')
EXPRESSION_WHAT = (
    'lids and pupils: CSV, TSV, NPZ or JSON lines with t_s and openness, squint, widening, '
    'pupil_diameter_mm, confidence (left_..., right_...), and perhaps luminance in [0, 1]')
_SLOWEST_STEP_S = 0.2

_SIDES = {'': ('',), 'left': ('left', 'l', 'left_eye', 'eye_left', 'eye0', 'le'),
          'right': ('right', 'r', 'right_eye', 'eye_right', 'eye1', 're')}
_DIRECTIONS = (
    ('azimuth', 'elevation'), ('gaze_azimuth', 'gaze_elevation'), ('gaze_yaw', 'gaze_pitch'),
    ('yaw', 'pitch'), ('gaze_angle_x', 'gaze_angle_y'), ('angle_x', 'angle_y'))
_POSITIONS = (
    ('x', 'y'), ('gaze_x', 'gaze_y'), ('gaze_point_x', 'gaze_point_y'), ('por_x', 'por_y'),
    ('gaze_pos_x', 'gaze_pos_y'), ('eye_x', 'eye_y'), ('norm_pos_x', 'norm_pos_y'),
    ('pupil_x', 'pupil_y'), ('pupil_centre_x', 'pupil_centre_y'),
    ('pupil_center_x', 'pupil_center_y'), ('raw_x', 'raw_y'), ('screen_x', 'screen_y'))
_ANGLES = {'deg': 1.0, 'degrees': 1.0, 'degree': 1.0, 'rad': math.degrees(1.0),
           'radians': math.degrees(1.0), 'arcmin': 1.0 / 60.0}
_IMAGE = ('norm', 'normalized', 'normalised', 'image')
_PIXELS = ('px', 'pix', 'pixel', 'pixels')
_VECTORS = (
    'gaze_direction', 'gaze_dir', 'gaze_normal', 'gaze_vector', 'gaze_vec', 'gaze_ray',
    'combined_gaze_direction', 'direction', 'dir')
_CONFIDENCE = (
    'confidence', 'conf', 'gaze_confidence', 'tracking_confidence', 'pupil_confidence',
    'is_valid', 'valid', 'gaze_valid', 'tracking_valid')
_OPENNESS = (
    'openness', 'eye_openness', 'lid_openness', 'eyelid_openness', 'eyelid_opening', 'eye_open',
    'eye_opening')
_QUANTITIES = {
    'openness': _OPENNESS,
    'squint': ('squint', 'eye_squint'),
    'widening': ('widening', 'wide', 'eye_wide', 'eye_widening'),
    'pupil_mm': (
        'pupil_diameter', 'pupil', 'pupil_size', 'diameter', 'diameter_3d', 'pupil_diam', 'pd',
        'pupil_dilation'),
    'confidence': _CONFIDENCE,
}
_BLINK = ('blink', 'is_blink', 'blinking', 'blink_detected', 'is_blinking')
_LUMINANCE = ('luminance', 'relative_luminance', 'scene_luminance', 'light')


def movement(source: Any, name: str, options: Options) -> Iterator[Recording]:
    """
    Yield the gaze in a table, for the eye movement encoder.

    :raises InputError: no gaze, no time, or a unit that can't be told
    """
    table = open_table(source)
    columns = _gaze_columns(table)
    if not columns:
        raise missing(table, MOVEMENT_WHAT)
    names = {found.name for side in columns.values() for found in side.values()}
    t, values = seconds(table, names, options.rate_hz, slowest_step_s=_SLOWEST_STEP_S)
    # The combined gaze when there is one, else the eye that is known best.
    side = max(columns, key=lambda s: (_known(columns[s], values) > 0.0 and not s,
                                       _known(columns[s], values)))
    found = columns[side]
    if 'position_x' in found and not any(
            np.isfinite(values[found[k].name]).any() for k in found if k.startswith('angle_')):
        # A tracker without calibration has columns of angles all the same, and nothing in them.
        found = {k: column for k, column in found.items() if not k.startswith('angle_')}
    x, y, units = _positions(found, values, options)
    confidence, openness = _trust(found, values, len(t))
    if units == 'deg':
        yield Recording(name, [Samples(t, lambda encoder, part: encoder.push(
            t[part], x[part], y[part], confidence[part], openness[part]))])
    else:
        yield Recording(name, [Samples(t, lambda encoder, part: encoder.push_image_position(
            t[part], x[part], y[part], confidence[part]))])


def _gaze_columns(table: Table) -> dict[str, dict[str, Found]]:
    """Return, for both eyes together and each eye, the columns of its gaze."""
    result: dict[str, dict[str, Found]] = {}
    for side in _SIDES:
        found = _direction(table, side)
        if not found:
            continue
        for quantity, names in (
                ('confidence', _CONFIDENCE), ('openness', _OPENNESS), ('blink', _BLINK)):
            column = _of_side(table, side, names) or _of_side(table, '', names)
            if column is None and side == '':
                column = _of_side(table, 'left', names) or _of_side(table, 'right', names)
            if column is not None:
                found[quantity] = column
        result[side] = found
    return result


def _direction(table: Table, side: str) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for kind, pairs, units in (
            ('angle', _DIRECTIONS, tuple(_ANGLES)), ('position', _POSITIONS, (*_ANGLES, *_IMAGE)),
            ('position', _POSITIONS, _PIXELS)):
        for first, second in pairs:
            x, y = (_of_side(table, side, (each,), units) for each in (first, second))
            if x is not None and y is not None and f'{kind}_x' not in found:
                if x.unit != y.unit:
                    raise InputError(f'{x.name} and {y.name} are in different units')
                found |= {f'{kind}_x': x, f'{kind}_y': y}
    if found:
        return found
    for prefix in _SIDES[side]:
        stems = [f'{prefix}_{stem}' if prefix else stem for stem in _VECTORS]
        vector = triad(table, stems, ())
        if vector is not None:
            return dict(zip(('vector_x', 'vector_y', 'vector_z'), vector, strict=True))
    return {}


def _of_side(
        table: Table, side: str, names: tuple[str, ...], units: tuple[str, ...] = (),
) -> Found | None:
    for word in _SIDES[side]:
        spelled = list(names) if not word else [
            each for name in names for each in (f'{word}_{name}', f'{name}_{word}')]
        if word in ('l', 'r'):
            spelled += [f'{word}{name}' for name in names]  # lpd, rpd
        found = find(table, spelled, units)
        if found is not None:
            return found
    return None


def _known(found: dict[str, Found], values: dict[str, np.ndarray]) -> float:
    known = np.zeros(len(next(iter(values.values()))), bool)
    for quantity, column in found.items():
        if quantity.endswith('_x'):
            known |= np.isfinite(values[column.name])
    if 'confidence' in found:
        return float(np.nan_to_num(values[found['confidence'].name])[known].sum())
    return float(known.sum())


def _positions(
        found: dict[str, Found], values: dict[str, np.ndarray], options: Options,
) -> tuple[np.ndarray, np.ndarray, str]:
    """Return x and y [N] and whether they are degrees or fractions of an image."""
    if 'vector_x' in found:
        return *_angles(*(values[found[f'vector_{axis}'].name] for axis in 'xyz')), 'deg'
    kind = 'angle' if 'angle_x' in found else 'position'
    column = found[f'{kind}_x']
    x, y = (values[found[f'{kind}_{axis}'].name] for axis in 'xy')
    unit = column.unit or ('deg' if kind == 'angle' and options.units == 'auto' else '')
    if unit in _IMAGE:
        unit = 'image'
    if unit in _PIXELS:
        unit = 'px'
    if not unit:
        unit = options.units if options.units != 'auto' else _told_by_size(column.name, x, y)
    if unit in _ANGLES:
        return x * _ANGLES[unit], y * _ANGLES[unit], 'deg'
    if unit == 'px':
        if options.px_per_deg is None:
            raise InputError(
                f'{column.name} is in pixels: say how many are a degree with --px-per-deg')
        middle = [float(np.nanmedian(c)) if np.isfinite(c).any() else 0.0 for c in (x, y)]
        return (x - middle[0]) / options.px_per_deg, (y - middle[1]) / options.px_per_deg, 'deg'
    return x, y, 'image'


def _told_by_size(name: str, x: np.ndarray, y: np.ndarray) -> str:
    """Return the unit of positions without one: fractions of an image, or degrees."""
    both = np.concatenate([x, y])
    both = both[np.isfinite(both)]
    if not both.size:
        return 'deg'
    low, high = np.percentile(both, (1.0, 99.0))
    if low >= -0.05 and high <= 1.05:
        return 'image'
    if low < 0.0 and low >= -90.0 and high <= 90.0:
        return 'deg'
    raise InputError(
        f'{name} goes from {low:.4g} to {high:.4g}, and its name says no unit: say --units deg, '
        'image (fractions) or px with --px-per-deg')


def _angles(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return azimuth and elevation, degrees, of vectors whose largest part points ahead."""
    sizes = [float(np.nanmedian(np.abs(c))) if np.isfinite(c).any() else 0.0 for c in (x, y, z)]
    if int(np.argmax(sizes)) == 0:
        return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))
    ahead = z * np.sign(np.nanmedian(z)) if np.isfinite(z).any() else z
    return np.degrees(np.arctan2(x, ahead)), np.degrees(np.arctan2(y, np.hypot(x, ahead)))


def _trust(
        found: dict[str, Found], values: dict[str, np.ndarray], count: int,
) -> tuple[np.ndarray, np.ndarray]:
    confidence, openness = np.full(count, np.nan), np.full(count, np.nan)
    if 'confidence' in found:
        confidence = values[found['confidence'].name]
        if np.nanmax(confidence, initial=0.0) > 1.5:
            raise InputError(
                f"{found['confidence'].name} is not in [0, 1]: divide percent by 100, or leave "
                'the column out')
    if 'openness' in found:
        openness = values[found['openness'].name]
    if 'blink' in found:
        openness = np.where(values[found['blink'].name] > 0.5, 0.0, openness)
    return confidence, openness


def expression(source: Any, name: str, options: Options) -> Iterator[Recording]:
    """
    Yield lids and pupils in a table, for the eye expression encoder.

    :raises InputError: nothing of the kind, no time, or a unit that can't be told
    """
    table = open_table(source)
    sides: dict[str, dict[str, Found]] = {}
    for side in ('left', 'right'):
        sides[side] = {
            quantity: column for quantity, names in _QUANTITIES.items()
            if (column := _of_side(table, side, names, ('mm', 'm', 'px', 'au'))) is not None}
        if set(sides[side]) <= {'confidence'}:
            sides[side] = {}
    if not any(sides.values()):
        # One eye, or both as one: in the place of the left.
        sides['left'] = {
            quantity: column for quantity, names in _QUANTITIES.items()
            if (column := _of_side(table, '', names, ('mm', 'm', 'px', 'au'))) is not None}
    else:
        both = _of_side(table, '', _CONFIDENCE)
        for known in sides.values():
            if known and both is not None:
                known.setdefault('confidence', both)
    if set(sides['left']) | set(sides['right']) <= {'confidence'}:
        raise missing(table, EXPRESSION_WHAT)
    light = find(table, _LUMINANCE)
    columns = {c.name for known in sides.values() for c in known.values()}
    if light is not None:
        columns.add(light.name)
    t, values = seconds(table, columns, options.rate_hz, slowest_step_s=_SLOWEST_STEP_S)
    eyes = [np.full((len(t), len(COLUMNS)), np.nan) for _ in range(2)]
    for eye, known in zip(eyes, sides.values(), strict=True):
        for quantity, column in known.items():
            eye[:, COLUMNS.index(quantity)] = _in_range(quantity, column, values[column.name])
    left, right = eyes
    streams: list[Stream] = [Samples(
        t, lambda encoder, part: encoder.push(t[part], left[part], right[part]))]
    if light is not None:
        relative = values[light.name]
        if np.nanmax(relative, initial=0.0) > 1.0:
            raise InputError(
                f'{light.name} goes up to {np.nanmax(relative):.4g}: give relative luminance in '
                '[0, 1], 1 for white')
        known = np.isfinite(relative)
        lit_t, lit = t[known], relative[known]
        if lit_t.size:
            streams.append(Samples(
                lit_t, lambda encoder, part: encoder.push_luminance(lit_t[part], lit[part])))
    yield Recording(name, streams)


def _in_range(quantity: str, column: Found, values: np.ndarray) -> np.ndarray:
    known = values[np.isfinite(values) & (values > 0.0)]
    usual = float(np.median(known)) if known.size else math.nan
    if quantity == 'pupil_mm':
        if column.unit == 'm' or (not column.unit and usual < 0.012):
            return 1000.0 * values
        if column.unit in ('px', 'au') or usual > 12.0:
            raise InputError(
                f'{column.name} is about {usual:.4g}, no pupil in millimetres: give '
                'pupil_diameter_mm, or leave the column out')
        return np.where(values > 0.0, values, np.nan)
    if usual > 3.0:
        raise InputError(
            f'{column.name} is about {usual:.4g}: give a share (1: usual opening, 0: shut)')
    return values
