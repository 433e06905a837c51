# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Declaring a parameter once: default, description, range; a clear word when it does not fit."""

from collections.abc import Sequence
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
    read_only: bool = True,
) -> tuple[Any, str | None]:
    """
    Declare a parameter and return its value and, when the given one does not fit, a complaint.

    A value of the wrong type or out of range (from a file or the command line) is not taken; the
    default stands in for it, so that one bad line does not take a node down. An integer is taken
    for a float.
    """
    descriptor = ParameterDescriptor(description=description, read_only=read_only)
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
    if isinstance(default, float) and isinstance(wanted, int) and not isinstance(wanted, bool):
        wanted = float(wanted)
    if type(wanted) is not type(default):
        complaint = (
            f'is {wanted!r} ({type(wanted).__name__}) and should be a {type(default).__name__}')
    elif choices is not None and wanted not in choices:
        complaint = f"is '{wanted}', which is not one of {', '.join(choices)}"
    else:
        try:
            value = node.declare_parameter(name, wanted, descriptor, ignore_override=True).value
            return value, None
        except InvalidParameterValueException:
            complaint = f'is {wanted!r}, which is out of range, allowed is {low} to {high}'
    value = node.declare_parameter(name, default, descriptor, ignore_override=True).value
    return value, f"parameter '{name}' {complaint}; using the default {default!r}"


def _wanted_value(node: Node, name: str, default: Any) -> Any:
    """Return the override given on the command line or in a file, else the default."""
    peek = ParameterDescriptor(dynamic_typing=True)
    try:
        value = node.declare_parameter(name, default, peek).value
    except InvalidParameterException:
        return default
    node.undeclare_parameter(name)
    if isinstance(default, list) or (value is not None and not isinstance(
            value, (str, bool, int, float))):
        value = list(value) if value is not None else default
    return default if value is None else value
