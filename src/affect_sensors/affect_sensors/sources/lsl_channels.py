# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which channel of an LSL stream is what, and in which unit."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping

from affect_sensors.sources.lsl_stream import LslChannel
from affect_sensors.sources.source import SourceError
import numpy as np

Conversion = Callable[[np.ndarray], np.ndarray]

_GRAVITY_M_S2 = 9.80665


def _times(factor: float) -> Conversion:
    return lambda values: factor * values


UNITS: dict[str, dict[str, Conversion]] = {
    'us': {
        'us': _times(1.0), 'microsiemens': _times(1.0), 'usiemens': _times(1.0),
        'ns': _times(1e-3), 'ms': _times(1e3), 's': _times(1e6), 'siemens': _times(1e6),
        'umho': _times(1.0), 'kohm': lambda values: 1e3 / values,
        'kohms': lambda values: 1e3 / values, 'ohm': lambda values: 1e6 / values,
        'ohms': lambda values: 1e6 / values},
    'celsius': {
        'celsius': _times(1.0), 'degc': _times(1.0), 'c': _times(1.0),
        'degreescelsius': _times(1.0), 'degrees': _times(1.0), 'deg': _times(1.0),
        'kelvin': lambda values: values - 273.15, 'k': lambda values: values - 273.15,
        'fahrenheit': lambda values: (values - 32.0) / 1.8,
        'degf': lambda values: (values - 32.0) / 1.8, 'f': lambda values: (values - 32.0) / 1.8},
    'mv': {
        'mv': _times(1.0), 'millivolt': _times(1.0), 'millivolts': _times(1.0),
        'uv': _times(1e-3), 'microvolt': _times(1e-3), 'microvolts': _times(1e-3),
        'v': _times(1e3), 'volt': _times(1e3), 'volts': _times(1e3)},
    'bpm': {'bpm': _times(1.0), 'beats/min': _times(1.0), '1/min': _times(1.0),
            'hz': _times(60.0)},
    's': {'s': _times(1.0), 'sec': _times(1.0), 'seconds': _times(1.0), 'ms': _times(1e-3),
          'milliseconds': _times(1e-3)},
    'fraction': {'fraction': _times(1.0), 'normalized': _times(1.0), '%': _times(0.01),
                 'percent': _times(0.01)},
    'm/s2': {
        'm/s2': _times(1.0), 'm/s/s': _times(1.0), 'ms-2': _times(1.0), 'g': _times(_GRAVITY_M_S2),
        'mg': _times(1e-3 * _GRAVITY_M_S2)},
    'rad/s': {
        'rad/s': _times(1.0), 'rads-1': _times(1.0), 'deg/s': _times(np.pi / 180.0),
        'dps': _times(np.pi / 180.0), 'degs-1': _times(np.pi / 180.0)},
    'mm': {'mm': _times(1.0), 'millimeters': _times(1.0), 'millimetres': _times(1.0),
           'm': _times(1e3), 'meters': _times(1e3), 'cm': _times(10.0)},
    'deg': {'deg': _times(1.0), 'degree': _times(1.0), 'degrees': _times(1.0),
            'rad': _times(180.0 / np.pi), 'radians': _times(180.0 / np.pi)},
}
"""By the unit that is wanted and the one that there is, both as ``unit_key`` spells them."""


def unit_key(text: str) -> str:
    """Return a unit as spelled in UNITS: '°C', 'degC' and 'deg C' are one."""
    key = text.strip().casefold().replace('°', 'deg').replace('²', '2')
    # Two letters look like a micro sign, and one like an ohm.
    key = key.replace('\u00b5', 'u').replace('\u03bc', 'u').replace('\u03c9', 'ohm')
    return key.replace('^', '').replace(' ', '').replace('(', '').replace(')', '')


def converted(channel: LslChannel, unit: str, wanted: str) -> Conversion:
    """
    Return what makes the wanted unit out of a channel's; an untold one is taken to be that.

    :raises SourceError: the unit is another quantity's, or nobody knows it.
    """
    if not wanted or not unit:
        return _times(1.0)
    table = UNITS[wanted]
    key = unit_key(unit)
    if key not in table:
        raise SourceError(
            f"channel '{channel.label}' is in '{unit}', which is no unit that can be made "
            f"{wanted}; say what it is in 'lsl_channels', as in "
            f"'{channel.label}=<field>:{next(iter(table))}'")
    return table[key]


def parse_channel_map(text: str, fields: Collection[str]) -> dict[str, tuple[str, str]]:
    """
    Return label in lower case to (field, unit) of the parameter ``lsl_channels``.

    It reads ``label=field, label=field:unit``; a field ``none`` leaves the channel out.

    :raises SourceError: it does not, or there is no such field.
    """
    found = {}
    for part in filter(str.strip, text.split(',')):
        label, equals, rest = part.partition('=')
        field, _, unit = (piece.strip() for piece in rest.partition(':'))
        if not equals or not label.strip() or (field not in fields and field != 'none'):
            raise SourceError(
                f"parameter 'lsl_channels': '{part.strip()}' is not label=field or "
                f"label=field:unit with one of the fields {', '.join(fields)} or none")
        found[label.strip().casefold()] = field, unit
    return found


def choose(
    channels: tuple[LslChannel, ...], asked: Mapping[str, tuple[str, str]],
    guess: Callable[[LslChannel], str],
) -> list[tuple[int, str, str]]:
    """
    Return (channel, field, unit), each field once, for what is asked, else for what is guessed.

    What is asked for by label comes first; of several channels that are guessed to be one field
    the first is taken.
    """
    chosen: dict[str, tuple[int, str, str]] = {}
    for i, channel in enumerate(channels):
        if channel.label.casefold() in asked:
            field, unit = asked[channel.label.casefold()]
            chosen.setdefault(field, (i, field, unit or channel.unit))
    chosen.pop('none', None)
    for i, channel in enumerate(channels):
        if channel.label.casefold() not in asked and (field := guess(channel)):
            chosen.setdefault(field, (i, field, channel.unit))
    return sorted(chosen.values())
