# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the messages of VRCFaceTracking have said so far about a face and its eyes."""

from collections.abc import Callable
import math
import re

from affect_sensors.face_shapes.unified_expressions import NAMES
from affect_sensors.osc.osc_packet import OscMessage
from affect_sensors.osc.vrcft_parameter import VrcftParameter
from affect_sensors.osc.vrcft_parameters import LEGACY_PARAMETERS
from affect_sensors.osc.vrcft_parameters import PARAMETERS
from affect_sensors.osc.vrcft_parameters import SLOT
from affect_sensors.osc.vrcft_parameters import SLOTS
import numpy as np

Report = Callable[[str, str, str], None]
"""Told of what was not used: source, reason, remedy."""

SIMULATION = '/affect/simulation'
"""Ours: whether no person was there."""
_SLACK = 0.02
"""Trackers overshoot a little: such weights are cut, others are not weights."""
_PUPIL_MM = (1.0, 10.0)
"""What a human pupil can be; VRCFaceTracking sends 0 for a tracker that does not see it."""
_UNTOLD = 10**6
_ADDRESSES = 4096
_FOREIGN_SHOWN = 5
_BINARY = re.compile(r'(?P<name>.+?)(?P<bit>1|2|4|8|16|32|64|128|Negative)')
_ACTIVE = {
    'EyeTrackingActive': 'eyes', 'ExpressionTrackingActive': 'face', 'LipTrackingActive': 'face'}

Handler = Callable[[OscMessage], None]


class VrcftState:
    """
    Takes messages, one parameter each, and says what is known.

    VRCFaceTracking sends what changes: a value holds until it is told anew, and what was never
    told is NaN. When several parameters tell of a shape, the most specific one is believed.
    ``gaze_range_deg`` is the angle that a gaze of 1 stands for; gaze is a tangent, of 45 degrees
    in VRCFaceTracking (its Vector2.ToYaw).
    """

    def __init__(self, report: Report, *, gaze_range_deg: float = 45.0) -> None:
        self._report = report
        self._full_gaze = math.tan(math.radians(gaze_range_deg))
        self._handlers: dict[str, Handler | None] = {}
        self._values: list[float] = []
        self._ranks: list[int] = []
        self.foreign = 0
        """Messages of addresses that nobody here knows."""
        self.foreign_addresses: list[str] = []
        """The first few of them."""
        self.forget()

    def forget(self) -> None:
        """Know nothing, as before the first message."""
        # In place: handlers hold on to them.
        self._values[:] = [math.nan] * len(SLOTS)
        self._ranks[:] = [_UNTOLD] * len(SLOTS)
        self._bits: dict[tuple[bool, str], dict[str, bool]] = {}
        self._inactive: dict[str, set[str]] = {'eyes': set(), 'face': set()}
        self.is_simulation = False

    def take(self, message: OscMessage) -> bool:
        """Take in a message; return whether it is one of face or eyes."""
        address = message.address
        try:
            handler = self._handlers[address]
        except KeyError:
            handler = self._handler(address)
            if len(self._handlers) >= _ADDRESSES:
                self._handlers.clear()
            self._handlers[address] = handler
        if handler is None:
            self.foreign += 1
            if len(self.foreign_addresses) < _FOREIGN_SHOWN:
                # Anybody may have sent it, and it is written to logs and screens.
                shown = ''.join(c if c.isprintable() else '?' for c in address[:80])
                if shown not in self.foreign_addresses:
                    self.foreign_addresses.append(shown)
            return False
        handler(message)
        return True

    def shapes(self) -> np.ndarray:
        """Return the weights of Unified Expressions, float64 [102]; unknown ones are NaN."""
        shapes = np.array(self._values[:len(NAMES)])
        if not self._inactive['eyes']:
            for side, inwards in (('Left', 1.0), ('Right', -1.0)):
                x = inwards * self._values[SLOT[f'Eye{side}X']]
                y = self._values[SLOT[f'Eye{side}Y']]
                for way, along in (('In', x), ('Out', -x), ('Up', y), ('Down', -y)):
                    # min and max would turn NaN into a number.
                    weight = along if math.isnan(along) else min(max(along, 0.0), 1.0)
                    shapes[SLOT[f'EyeLook{way}{side}']] = weight
        for i, name in enumerate(NAMES):
            if self._inactive['eyes' if name.startswith('Eye') else 'face']:
                shapes[i] = math.nan
        return shapes

    def eye(self, side: str) -> dict[str, float]:
        """Return what is known of the ``left`` or ``right`` eye, fields as in EyeState."""
        name = side.capitalize()
        get = (lambda slot: math.nan) if self._inactive['eyes'] else (
            lambda slot: self._values[SLOT[slot]])
        x, y = get(f'Eye{name}X'), get(f'Eye{name}Y')
        closed = get('EyeClosed' + name)
        return {
            # x is to the right, azimuth to the left; elevation is that of Fick angles.
            'azimuth_deg': -math.degrees(math.atan(self._full_gaze * x)),
            'elevation_deg': math.degrees(math.atan2(
                self._full_gaze * y, math.hypot(1.0, self._full_gaze * x))),
            'pupil_diameter_mm': get('PupilDiameter' + name),
            'openness': 1.0 - closed,
            'squint': get('EyeSquint' + name),
            'widening': get('EyeWide' + name)}

    def _handler(self, address: str) -> Handler | None:
        """Return what to do with the messages of an address; None: nothing."""
        special = {
            '/avatar/change': lambda message: self.forget(),
            SIMULATION: self._take_simulation,
            '/tracking/eye/LeftRightPitchYaw': self._take_both_angles,
            '/tracking/eye/CenterPitchYaw': self._take_centre_angles,
            '/tracking/eye/EyesClosedAmount': lambda message: self._take_value(
                message, 'EyesClosedAmount', LEGACY_PARAMETERS['EyeClosed']),
        }.get(address)
        if special is not None:
            return special
        # Avatars may keep the parameters in folders of their own: only the end counts.
        *folders, name = address.split('/')
        is_second = bool(folders) and folders[-1] == 'v2'
        table = PARAMETERS if is_second else LEGACY_PARAMETERS
        if name in _ACTIVE:
            return lambda message: self._take_active(message, name)
        if name in table:
            return self._value_handler(name, table[name])
        found = _BINARY.fullmatch(name)
        if found is not None and found['name'] in table:
            return self._binary_handler(found['name'], found['bit'], is_second)
        return None

    def _value_handler(self, name: str, parameter: VrcftParameter) -> Handler:
        """Return what takes a value; the usual ones by a short way, there are thousands."""
        slots, rank, values, ranks = parameter.plus, 2 * parameter.rank, self._values, self._ranks
        is_plain = not parameter.minus and parameter.kind in ('weight', 'gaze')
        low, high = (-1.0 if parameter.kind == 'gaze' else 0.0), 1.0

        def take(message: OscMessage) -> None:
            arguments = message.arguments
            if (is_plain and len(arguments) == 1 and type(arguments[0]) is float
                    and low <= arguments[0] <= high):
                for slot in slots:
                    if rank <= ranks[slot]:
                        ranks[slot] = rank
                        values[slot] = arguments[0]
            else:
                self._take_value(message, name, parameter)

        return take

    def _binary_handler(self, name: str, bit: str, is_second: bool) -> Handler | None:
        parameter = (PARAMETERS if is_second else LEGACY_PARAMETERS)[name]
        if parameter.kind == 'lid' and not is_second:
            return None  # the first generation's bits of these mean something else by themselves
        return lambda message: self._take_bit(message, name, bit, is_second, parameter)

    def _take_simulation(self, message: OscMessage) -> None:
        self.is_simulation = message.arguments == (True,)

    def _take_active(self, message: OscMessage, name: str) -> None:
        """Take whether a tracker runs; while it does not, what was told does not hold."""
        value = message.arguments[0] if len(message.arguments) == 1 else None
        if not isinstance(value, bool):
            self._complain(name, 'is not a boolean')
            return
        inactive = self._inactive[_ACTIVE[name]]
        (inactive.discard if value else inactive.add)(name)

    def _take_value(self, message: OscMessage, name: str, parameter: VrcftParameter) -> None:
        value = message.arguments[0] if len(message.arguments) == 1 else None
        if isinstance(value, bool):
            return  # the same parameter, coarser: whether it is above a threshold
        if not isinstance(value, int | float):
            self._complain(name, 'is not one number')
            return
        self._set(name, parameter, float(value), parameter.rank * 2)

    def _take_bit(
        self, message: OscMessage, name: str, bit: str, is_second: bool,
        parameter: VrcftParameter,
    ) -> None:
        """Take a bit of a value that avatars get as bits (BinaryBaseParameter)."""
        value = message.arguments[0] if len(message.arguments) == 1 else None
        if not isinstance(value, bool | int):
            self._complain(name + bit, 'is not a boolean')
            return
        bits = self._bits.setdefault((is_second, name), {})
        bits[bit] = bool(value)
        count = len(bits) - ('Negative' in bits)
        steps = [str(1 << i) for i in range(count)]
        if count == 0 or not all(step in bits for step in steps):
            return  # how many there are is known when the lower ones have been told
        whole = sum(bits[step] << i for i, step in enumerate(steps)) / ((1 << count) - 1)
        sign = -1.0 if bits.get('Negative') else 1.0
        self._set(name, parameter, sign * whole, parameter.rank * 2 + 1)

    def _take_both_angles(self, message: OscMessage) -> None:
        self._take_angles(message, ('EyeLeftY', 'EyeLeftX', 'EyeRightY', 'EyeRightX'))

    def _take_centre_angles(self, message: OscMessage) -> None:
        self._take_angles(message, ('EyeY', 'EyeX'))

    def _take_angles(self, message: OscMessage, names: tuple[str, ...]) -> None:
        """Take VRChat's own form: degrees, pitch positive down, yaw positive to the right."""
        angles = message.arguments
        if len(angles) != len(names) or not all(
                isinstance(a, int | float) and abs(a) < 90.0 for a in angles):
            self._complain(message.address, f'is not {len(names)} angles in degrees')
            return
        for name, angle in zip(names, angles, strict=True):
            tangent = math.tan(math.radians(angle)) / self._full_gaze
            parameter = PARAMETERS[name]
            self._write(
                parameter.plus, -tangent if name.endswith('Y') else tangent,
                2 * (parameter.rank + 500))

    def _set(self, name: str, parameter: VrcftParameter, value: float, rank: int) -> None:
        """Write a value into the slots that it tells."""
        plus, minus, kind = parameter.plus, parameter.minus, parameter.kind
        if kind == 'pupil':
            diameter = value * parameter.pupil_unit_mm
            seen = _PUPIL_MM[0] <= diameter <= _PUPIL_MM[1]
            self._write(plus, diameter if seen else math.nan, rank)
            return
        low = -1.0 - _SLACK if minus or kind == 'gaze' else -_SLACK
        if not low <= value <= 1.0 + _SLACK:
            self._complain(name, 'out of range', value)
            self._write(plus + minus, math.nan, rank)
            return
        if kind == 'gaze':
            self._write(plus, value, rank)
        elif kind == 'open':
            self._write(plus, min(max(1.0 - value, 0.0), 1.0), rank)
        elif kind == 'lid':
            half = len(plus) // 2
            self._write(plus[:half], 1.0 - min(max(value / parameter.wide_from, 0.0), 1.0), rank)
            wide = (value - parameter.wide_from) / (1.0 - parameter.wide_from)
            self._write(plus[half:], min(max(wide, 0.0), 1.0), rank)
            self._write(minus, min(max(-value, 0.0), 1.0), rank)
        else:
            self._write(plus, min(max(value, 0.0), 1.0), rank)
            self._write(minus, min(max(-value, 0.0), 1.0), rank)

    def _write(self, slots: tuple[int, ...], value: float, rank: int) -> None:
        for slot in slots:
            if rank <= self._ranks[slot]:
                self._ranks[slot] = rank
                self._values[slot] = value

    def _complain(self, name: str, what: str, value: float | None = None) -> None:
        told = '' if value is None else f'{value:g}: '
        self._report(
            f'osc {name[:80]}', what, f'{told}it is taken as not observed')
