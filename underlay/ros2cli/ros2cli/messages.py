# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages as text, and text as messages."""

from array import array
from collections.abc import Callable
from collections.abc import Mapping
import sys
from typing import Any

import numpy as np
import yaml

SEQUENCES = (list, tuple, array, np.ndarray)
ELLIPSIS = '...'
HEADER_TYPE = 'std_msgs/Header'
TIME_TYPE = 'builtin_interfaces/Time'


class _Dumper(getattr(yaml, 'CSafeDumper', yaml.SafeDumper)):
    """Never writes anchors: equal values are equal by chance."""

    def ignore_aliases(self, data) -> bool:
        return True


def array_summary(values, field_type: str) -> str:
    """Return what stands for an array of the given field type when arrays are not printed."""
    if field_type.startswith('sequence<'):
        element = field_type[len('sequence<'):].split('>')[0].split(',')[0].strip()
        return f'<sequence type: {element}, length: {len(values)}>'
    return f'<array type: {field_type}>'


def string_summary(value: str) -> str:
    """Return what stands for a string when strings are not printed."""
    return f'<string length: <{len(value)}>>'


def message_to_dict(
    message, *, truncate_length: int | None = None, no_arr: bool = False, no_str: bool = False,
) -> dict[str, Any]:
    """
    Return the fields of a message, nested ones too, as plain Python values.

    Args:
        message: any ROS message.
        truncate_length: longer arrays, strings and bytes end after this many elements and `...`.
        no_arr: put a summary in the place of arrays.
        no_str: put a summary in the place of strings.

    """
    def plain(value, field_type: str | None):
        if isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            if no_str:
                return string_summary(value)
            if truncate_length is not None and len(value) > truncate_length:
                return value[:truncate_length] + ELLIPSIS
            return value
        if isinstance(value, bytes):
            text = value[:truncate_length].decode('latin-1')
            cut = truncate_length is not None and len(value) > truncate_length
            return text + ELLIPSIS if cut else text
        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, SEQUENCES):
            if no_arr and field_type is not None:
                return array_summary(value, field_type)
            cut = truncate_length is not None and len(value) > truncate_length
            shown = [plain(element, None) for element in value[:truncate_length]]
            return [*shown, ELLIPSIS] if cut else shown
        return message_to_dict(
            value, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str)

    return {
        name: plain(getattr(message, name), field_type)
        for name, field_type in message.get_fields_and_field_types().items()}


def message_to_yaml(
    message, *, truncate_length: int | None = None, no_arr: bool = False, no_str: bool = False,
    flow_style: bool = False,
) -> str:
    """Return a message as YAML in the order of its fields; arguments as `message_to_dict`."""
    fields = message_to_dict(
        message, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str)
    return yaml.dump(
        fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=sys.maxsize >> 33,
        default_flow_style=flow_style)


def message_to_csv(
    message, *, truncate_length: int | None = None, no_arr: bool = False, no_str: bool = False,
) -> str:
    """Return all values of a message, nested ones too, separated by commas."""
    def texts(value, field_type: str | None) -> list[str]:
        if isinstance(value, str | bytes):
            if no_str:
                return [string_summary(value)]
            if truncate_length is not None and len(value) > truncate_length:
                ending = b'...' if isinstance(value, bytes) else ELLIPSIS
                value = value[:truncate_length] + ending
            return [str(value)]
        if isinstance(value, bool | int | float | np.generic):
            return [str(value)]
        if isinstance(value, SEQUENCES):
            if no_arr and field_type is not None:
                return [array_summary(value, field_type)]
            shown = [
                text for element in value[:truncate_length] for text in texts(element, None)]
            cut = truncate_length is not None and len(value) > truncate_length
            return [*shown, ELLIPSIS] if cut else shown
        return [message_to_csv(
            value, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str)]

    return ','.join(
        text
        for name, field_type in message.get_fields_and_field_types().items()
        for text in texts(getattr(message, name), field_type) or [''])


def set_fields(
    message, values: Mapping[str, Any], *, expand_auto: bool = False,
) -> list[Callable[[Any], None]]:
    """
    Set fields of a message from a dictionary, as YAML gives it.

    Args:
        message: the message to change.
        values: field name to value; a dictionary for a nested message.
        expand_auto: let `auto` stand for a header with the current time, and `now` for the
            current time; the functions returned set those fields to a given time.

    Raises:
        AttributeError: there is no such field.
        TypeError, ValueError, AssertionError: the value does not fit the field.

    """
    if not isinstance(values, Mapping):
        raise TypeError(f"{type(message).__name__} needs a dictionary, not '{values}'")
    field_types = message.get_fields_and_field_types()
    stamp_setters: list[Callable[[Any], None]] = []
    for name, value in values.items():
        if name not in field_types:
            raise AttributeError(
                f"'{type(message).__name__}' object has no attribute '{name}'")
        if expand_auto and value == 'auto' and field_types[name] == HEADER_TYPE:
            header = getattr(message, name)
            stamp_setters.append(lambda stamp, header=header: setattr(header, 'stamp', stamp))
        elif expand_auto and value == 'now' and field_types[name] == TIME_TYPE:
            stamp_setters.append(
                lambda stamp, owner=message, name=name: setattr(owner, name, stamp))
        else:
            field_value, setters = _field_value(message, name, value, expand_auto)
            setattr(message, name, field_value)
            stamp_setters += setters
    return stamp_setters


def _field_value(message, name: str, value, expand_auto: bool):
    """Return a value that the field takes, and the setters of stamps in it."""
    current = getattr(message, name)
    slot_type = message.SLOT_TYPES[list(message.get_fields_and_field_types()).index(name)]
    element_type = getattr(slot_type, 'value_type', None)
    if element_type is not None:
        if hasattr(element_type, 'namespaces'):
            return _nested_sequence(element_type, value, expand_auto)
        if isinstance(current, np.ndarray):
            return np.array(value, dtype=current.dtype), []
        if isinstance(current, array):
            return array(current.typecode, value), []
        return [_basic(element, _example(element_type)) for element in value], []
    if hasattr(current, 'get_fields_and_field_types'):
        return current, set_fields(current, value, expand_auto=expand_auto)
    return _basic(value, current), []


def _nested_sequence(element_type, values, expand_auto: bool):
    from ros2cli.interface_lookup import get_interface
    element_class = get_interface('/'.join((*element_type.namespaces, element_type.name)))
    elements, setters = [], []
    for value in values:
        element = element_class()
        setters += set_fields(element, value, expand_auto=expand_auto)
        elements.append(element)
    return elements, setters


def _example(element_type):
    return '' if 'string' in type(element_type).__name__.lower() else None


def _basic(value, current):
    """Return a plain value in the field's own kind, as far as nothing is lost."""
    if isinstance(current, bytes):
        return bytes([value]) if isinstance(value, int) else str(value).encode('latin-1')
    if isinstance(current, bool):
        if value not in (True, False):
            raise ValueError(f"'{value}' is neither true nor false")
        return bool(value)
    if isinstance(current, int):
        if isinstance(value, float) and not value.is_integer():
            raise ValueError(f"'{value}' is not a whole number")
        return int(value)
    if isinstance(current, float):
        return float(value)
    if isinstance(current, str):
        return str(value)
    return value
