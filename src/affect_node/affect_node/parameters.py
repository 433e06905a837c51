# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Declaring a parameter once: default, description, range; a clear word when it does not fit."""

from collections.abc import Sequence
import math
from typing import Any

from rcl_interfaces.msg import FloatingPointRange
from rcl_interfaces.msg import IntegerRange
from rcl_interfaces.msg import ParameterDescriptor
from rclpy.exceptions import InvalidParameterException
from rclpy.exceptions import InvalidParameterValueException
from rclpy.node import Node


def declare(
    node: Node,
    name: str,
    default: Any,
    description: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[str] | None = None,
) -> tuple[Any, str | None]:
    """
    Declare a parameter and return its value and, when the given one does not fit, a complaint.

    A value of the wrong type or out of range (from a file or the command line) is not taken; the
    default stands in for it, so that one bad line does not take a node down. An integer is taken
    for a float, and for a text that has no choices. Nodes read their parameters when they are
    made, so none can be set later.
    """
    descriptor = ParameterDescriptor(description=description, read_only=True)
    if isinstance(default, float):
        lower = -1e308 if low is None else float(low)
        upper = 1e308 if high is None else float(high)
        if low is not None or high is not None:
            descriptor.floating_point_range = [
                FloatingPointRange(from_value=lower, to_value=upper, step=0.0)]
    elif isinstance(default, int) and not isinstance(default, bool) and (
            low is not None or high is not None):
        descriptor.integer_range = [IntegerRange(
            from_value=-2**62 if low is None else int(low),
            to_value=2**62 if high is None else int(high), step=1)]
    if choices is not None:
        descriptor.additional_constraints = 'one of: ' + ', '.join(choices)

    wanted = _wanted_value(node, name, default)
    wanted = _as_float_where(default, wanted)
    if isinstance(default, str) and choices is None and type(wanted) is int:
        wanted = str(wanted)  # `device:=0` is a number to YAML
    if _kind(wanted) != _kind(default):
        complaint = f'is {wanted!r} ({_kind(wanted)}) and should be a {_kind(default)}'
    elif choices is not None and wanted not in choices:
        complaint = f"is '{wanted}', which is not one of {', '.join(choices)}"
    elif isinstance(wanted, float) and math.isfinite(default) and not math.isfinite(wanted):
        complaint = f'is {wanted!r} and should be a finite number'
    else:
        try:
            value = node.declare_parameter(name, wanted, descriptor, ignore_override=True).value
            return _plain(value), None
        except InvalidParameterValueException:
            complaint = f'is {wanted!r}, which is out of range, allowed is {low} to {high}'
    value = node.declare_parameter(name, default, descriptor, ignore_override=True).value
    return _plain(value), f"parameter '{name}' {complaint}; using the default {default!r}"


def _wanted_value(node: Node, name: str, default: Any) -> Any:
    """Return the override given on the command line or in a file, else the default."""
    peek = ParameterDescriptor(dynamic_typing=True)
    try:
        value = node.declare_parameter(name, default, peek).value
    except InvalidParameterException:
        return default
    node.undeclare_parameter(name)
    return default if value is None else _plain(value)


def _plain(value: Any) -> Any:
    """Return a list for the arrays in which rclpy holds numbers."""
    return value if isinstance(value, str | bool | int | float) else list(value)


def _as_float_where(default: Any, wanted: Any) -> Any:
    """Return integers as floats where the default says that floats are meant."""
    if isinstance(default, float) and type(wanted) is int:
        return float(wanted)
    if isinstance(default, list) and isinstance(wanted, list) and any(
            isinstance(element, float) for element in default):
        return [float(element) if type(element) is int else element for element in wanted]
    return wanted


def _kind(value: Any) -> str:
    """Name a type; of a list, that of its elements as well."""
    if not isinstance(value, list):
        return type(value).__name__
    kinds = sorted({type(element).__name__ for element in value})
    return f"list of {' and '.join(kinds)}"
