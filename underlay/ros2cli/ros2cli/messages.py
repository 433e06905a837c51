# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages as text, and text as messages."""

from array import array
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
import sys
from typing import Any

import numpy as np
from rosidl_parser.definition import AbstractString
from rosidl_parser.definition import AbstractWString
from rosidl_parser.definition import Array
from rosidl_parser.definition import BasicType
from rosidl_parser.definition import BoundedSequence
import yaml

SEQUENCES = (list, tuple, array, np.ndarray)
ELLIPSIS = '...'
HEADER_TYPE = 'std_msgs/Header'
TIME_TYPE = 'builtin_interfaces/Time'


class _Dumper(getattr(yaml, 'CSafeDumper', yaml.SafeDumper)):
    """Never writes anchors: equal values are equal by chance."""

    def ignore_aliases(self, data) -> bool:
        return True

    def represent_dict(self, data):
        """Leave the style of a mapping open, as upstream does: only sequences flow."""
        node = super().represent_dict(data)
        node.flow_style = None
        return node


_Dumper.add_representer(dict, _Dumper.represent_dict)


def type_name(value_type) -> str:
    """Return the name of what an array holds, as `rosidl_parser.definition` describes it."""
    if isinstance(value_type, BasicType):
        return value_type.typename
    if isinstance(value_type, AbstractString):
        return 'string'
    if isinstance(value_type, AbstractWString):
        return 'wstring'
    return '/'.join(value_type.namespaced_name())


def array_summary(values, array_type) -> str:
    """Return what stands for an array of the given slot type when arrays are not printed."""
    name = type_name(array_type.value_type)
    if isinstance(array_type, Array):
        return f'<array type: {name}[{array_type.size}]>'
    if isinstance(array_type, BoundedSequence):
        return (
            f'<sequence type: {name}[{array_type.maximum_size}], length: {len(values)}>')
    return f'<sequence type: {name}, length: {len(values)}>'


def fields_and_types(message) -> Iterator[tuple[str, Any]]:
    """Yield the name and the slot type of each field."""
    return zip(message.get_fields_and_field_types(), message.SLOT_TYPES, strict=True)


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
    def plain(value, field_type):
        # First: np.float64 is a float to isinstance, but not to YAML.
        if isinstance(value, np.generic):
            return value.item()
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
        if isinstance(value, SEQUENCES):
            if no_arr and field_type is not None:
                return array_summary(value, field_type)
            cut = truncate_length is not None and len(value) > truncate_length
            shown = value[:truncate_length]
            # Numbers, of which an image has a million.
            shown = shown.tolist() if isinstance(shown, array | np.ndarray) else [
                plain(element, None) for element in shown]
            return [*shown, ELLIPSIS] if cut else shown
        return message_to_dict(
            value, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str)

    return {
        name: plain(getattr(message, name), field_type)
        for name, field_type in fields_and_types(message)}


def message_to_yaml(
    message, *, truncate_length: int | None = None, no_arr: bool = False, no_str: bool = False,
    flow_style: bool = False,
) -> str:
    """Return a message as YAML in the order of its fields; arguments as `message_to_dict`."""
    return dict_to_yaml(
        message_to_dict(message, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str),
        flow_style=flow_style)


def dict_to_yaml(fields: Mapping[str, Any], *, flow_style: bool = False) -> str:
    """Return the fields of a message as YAML in their order."""
    return yaml.dump(
        fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=sys.maxsize >> 33,
        default_flow_style=flow_style)


def message_to_csv(
    message, *, truncate_length: int | None = None, no_arr: bool = False, no_str: bool = False,
) -> str:
    """Return all values of a message, nested ones too, separated by commas."""
    def text(value, field_type) -> str:
        if isinstance(value, str | bytes):
            if no_str and isinstance(value, str):
                return string_summary(value)
            if truncate_length is not None and len(value) > truncate_length:
                ending = b'...' if isinstance(value, bytes) else ELLIPSIS
                value = value[:truncate_length] + ending
            return str(value)
        if isinstance(value, bool | int | float | np.generic):
            return str(value)
        if isinstance(value, SEQUENCES):
            if no_arr and field_type is not None:
                return array_summary(value, field_type)
            shown = [text(element, None) for element in value[:truncate_length]]
            cut = truncate_length is not None and len(value) > truncate_length
            return _joined([*shown, ELLIPSIS] if cut else shown)
        return message_to_csv(
            value, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str)

    return _joined(
        [text(getattr(message, name), field_type)
         for name, field_type in fields_and_types(message)])


def _joined(texts: list[str]) -> str:
    """Return texts with commas between them; empty ones at the start get none (as upstream)."""
    while texts and not texts[0]:
        texts = texts[1:]
    return ','.join(texts)


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
        raise TypeError(
            f"Value '{values}' is expected to be a dictionary but is a {type(values).__name__}")
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
