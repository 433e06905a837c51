# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Gaze from the Lab Streaming Layer."""

from collections.abc import Mapping
import math
from typing import Any
from typing import ClassVar

from affect_sensors.sources.gaze_row import empty_rows
from affect_sensors.sources.gaze_row import FIELDS
from affect_sensors.sources.lsl_channels import unit_key
from affect_sensors.sources.lsl_source import LslSource
from affect_sensors.sources.lsl_stream import LslStream
import numpy as np

AXES = {
    'optical': ('+z', '-x', '-y'),   # x right, y down, z forward: scene cameras, Pupil Labs
    'openxr': ('-z', '-x', '+y'),    # x right, y up, z backward
    'unity': ('+z', '-x', '+y'),     # x right, y up, z forward
    'ros': ('+x', '+y', '+z'),       # x forward, y left, z up
}
"""How forward, left and up are made of a sender's axes."""
_PUPIL_MM = (1.0, 10.0)
_EYES = ('left', 'right', 'both')
_VECTORS = tuple(f'{eye}_direction_{axis}' for eye in _EYES for axis in 'xyz')
_POINT = tuple(f'point_{axis}' for axis in 'xyz')
_SCREEN = ('screen_x', 'screen_y', 'screen_y_up')
# Pupil Labs numbers its eye cameras: 0 is the right eye's.
_PUPIL_LABS = {
    **{f'gaze_normal{i}_{axis}': f'{eye}_direction_{axis}'
       for i, eye in ((0, 'right'), (1, 'left')) for axis in 'xyz'},
    **{f'gaze_point_3d_{axis}': f'point_{axis}' for axis in 'xyz'},
    'diameter0_3d': 'right_pupil_diameter_mm', 'diameter1_3d': 'left_pupil_diameter_mm',
    'norm_pos_x': 'screen_x', 'norm_pos_y': 'screen_y_up', 'confidence': 'confidence'}
_DEGREES = {name: 'deg' for name in FIELDS if name.endswith('_deg')}
_MILLIMETRES = {name: 'mm' for name in FIELDS if name.endswith('_mm')}


class LslGaze(LslSource):
    """
    Gives ``(stamp_ns, number, row)``, rows of type GAZE_ROW, of the first stream of gaze.

    Channels are known by Pupil Labs' labels, by those of GazeSample's fields, or by type and eye
    as in XDF's gaze meta-data (DirectionX, Diameter in mm, ScreenX, Confidence). Directions are
    vectors in the sender's ``axes``, or points on a screen or scene image (fractions of it, from
    its upper left) that is ``width_deg`` by ``height_deg`` wide and straight ahead; 0: unknown.
    """

    KINDS = ('gaze', 'eyetracker', 'eyetracking', 'eye tracker', 'eye tracking', 'eye_tracking')
    WHAT = 'gaze'
    FIELDS: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys((*FIELDS, *_VECTORS, *_SCREEN), ''), **_DEGREES, **_MILLIMETRES,
        **dict.fromkeys(_POINT, 'mm')}

    def __init__(self, *, axes: str, width_deg: float, height_deg: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._axes = [('xyz'.index(a[1]), -1.0 if a[0] == '-' else 1.0) for a in AXES[axes]]
        self._half = [
            math.tan(math.radians(min(angle, 170.0)) / 2.0) if angle > 0.0 else math.nan
            for angle in (width_deg, height_deg)]
        self._number = 0

    @property
    def promised_hz(self) -> float | None:
        """Rate of the stream; None for one of irregular rate."""
        streams = self._streams.streams
        return (streams[0].rate_hz or None) if len(streams) == 1 else None

    def guess(self, stream: LslStream, position: int) -> str:
        """Return which field a channel is."""
        channel = stream.channels[position]
        label, kind = channel.label.casefold(), channel.kind.casefold()
        if label in self.FIELDS:
            return label
        if label in _PUPIL_LABS:
            return _PUPIL_LABS[label]
        eye = channel.eye.casefold()
        if kind in ('directionx', 'directiony', 'directionz') and eye in _EYES:
            return f'{eye}_direction_{kind[-1]}'
        if kind == 'diameter' and eye in ('left', 'right') and unit_key(channel.unit) == 'mm':
            return f'{eye}_pupil_diameter_mm'
        if (kind in ('screenx', 'screeny') and eye in ('both', '')
                and unit_key(channel.unit) in ('normalized', 'normalised', 'fraction')):
            return f'screen_{kind[-1]}'
        return 'confidence' if kind == 'confidence' and eye in ('both', '') else ''

    def take(
        self, stream: LslStream, stamps_ns: np.ndarray, fields: dict[str, np.ndarray],
    ) -> list[tuple[int, int, np.void]]:
        """Return a row per sample."""
        if stream is not self._streams.streams[0]:
            self._report(
                'lsl', f"there is a second stream of gaze, '{stream.name}'",
                "it is not used; name the one to use in 'lsl_name'")
            return []
        rows = empty_rows(len(stamps_ns))
        for name in FIELDS:
            if name in fields:
                rows[name] = np.where(np.isfinite(fields[name]), fields[name], np.nan)
        for eye in ('left', 'right'):
            pupil = rows[eye + '_pupil_diameter_mm']
            pupil[~((pupil >= _PUPIL_MM[0]) & (pupil <= _PUPIL_MM[1]))] = np.nan
        self._direct(rows, fields)
        items = [
            (int(stamp), self._number + i, row)
            for i, (stamp, row) in enumerate(zip(stamps_ns, rows, strict=True))]
        self._number += len(items)
        return items

    def _direct(self, rows: np.ndarray, fields: dict[str, np.ndarray]) -> None:
        """Fill in the directions that are not told as angles."""
        for eye, prefix in (('left', 'left_'), ('right', 'right_'), ('both', '')):
            names = [f'{eye}_direction_{axis}' for axis in 'xyz']
            if all(name in fields for name in names):
                _fill_direction(rows, prefix, *self._turned([fields[name] for name in names]))
        if all(name in fields for name in _POINT):
            point = [fields[name] for name in _POINT]
            _fill_direction(rows, '', *self._turned(point))
            distance_m = 1e-3 * np.sqrt(sum(v * v for v in point))
            unknown = np.isnan(rows['vergence_distance_m']) & (distance_m > 0.0)
            rows['vergence_distance_m'][unknown] = distance_m[unknown]
        y = fields.get('screen_y')
        if y is None and 'screen_y_up' in fields:
            y = 1.0 - fields['screen_y_up']
        if 'screen_x' in fields and y is not None:
            # x and y are fractions of a plane at distance 1, from its upper left corner.
            left = (1.0 - 2.0 * fields['screen_x']) * self._half[0]
            up = (1.0 - 2.0 * y) * self._half[1]
            _fill_direction(rows, '', np.ones(len(rows)), left, up)
        for name in ('azimuth_deg', 'elevation_deg'):
            both = np.stack([rows['left_' + name], rows['right_' + name]])
            known = np.isfinite(both)
            mean = np.where(known, both, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
            unknown = np.isnan(rows[name]) & known.any(axis=0)
            rows[name][unknown] = mean[unknown]

    def _turned(self, vector: list[np.ndarray]) -> list[np.ndarray]:
        return [sign * vector[i] for i, sign in self._axes]


def _fill_direction(
    rows: np.ndarray, prefix: str, forward: np.ndarray, left: np.ndarray, up: np.ndarray,
) -> None:
    """Fill in Fick angles of a direction where none is known yet."""
    known = (
        np.isnan(rows[prefix + 'azimuth_deg']) & np.isnan(rows[prefix + 'elevation_deg'])
        & np.isfinite(forward + left + up) & (forward * forward + left * left + up * up > 0.0))
    azimuth = np.degrees(np.arctan2(left, forward))
    elevation = np.degrees(np.arctan2(up, np.hypot(forward, left)))
    rows[prefix + 'azimuth_deg'][known] = azimuth[known]
    rows[prefix + 'elevation_deg'][known] = elevation[known]
