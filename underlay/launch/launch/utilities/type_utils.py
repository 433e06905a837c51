# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Values with a type, which may be given as substitutions."""

import collections.abc
from collections.abc import Sequence
from typing import Any

import yaml

from .ensure_argument_type_impl import ensure_argument_type
from .normalize_to_list_of_substitutions_impl import normalize_to_list_of_substitutions
from .perform_substitutions_impl import perform_substitutions
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution

ScalarTypesTuple = (int, float, bool, str)
ListTypesTuple = (list[int], list[float], list[bool], list[str])
AllowedTypesTuple = ScalarTypesTuple + ListTypesTuple

ScalarTypesType = type[int | float | bool | str]
ListTypesType = type[list[int] | list[float] | list[bool] | list[str]]
AllowedTypesType = ScalarTypesType | ListTypesType

ScalarValueType = int | float | bool | str
ListValueType = list[int] | list[float] | list[bool] | list[str]
SequenceValueType = Sequence[int] | Sequence[float] | Sequence[bool] | Sequence[str]
AllowedValueType = ScalarValueType | SequenceValueType

SomeScalarType = SomeSubstitutionsType | ScalarValueType
SomeSequenceType = Sequence[Any]
SomeValueType = SomeScalarType | SomeSequenceType
NormalizedScalarType = list[Substitution] | ScalarValueType
NormalizedSequenceType = list[Any]
NormalizedValueType = NormalizedScalarType | NormalizedSequenceType
StrSomeScalarType = SomeScalarType
StrSomeSequenceType = Sequence[Any]
StrSomeValueType = StrSomeScalarType | StrSomeSequenceType


def is_typing_list(data_type):
    """Return whether `data_type` is ``List`` or ``List[something]``."""
    return getattr(data_type, '__origin__', None) is list


def is_valid_scalar_type(data_type):
    """Return whether `data_type` is int, float, bool or str."""
    return data_type in ScalarTypesTuple


def extract_type(data_type):
    """
    Return (scalar type, whether it is a list of them).

    :raises ValueError: for a type outside of `AllowedTypesTuple`
    """
    is_list = is_typing_list(data_type) and bool(getattr(data_type, '__args__', None))
    scalar = data_type.__args__[0] if is_list else data_type
    if not is_valid_scalar_type(scalar):
        raise ValueError(f'Unrecognized data type: {data_type}')
    return scalar, is_list


def is_instance_of_valid_type(value, *, can_be_str=False):
    """
    Return whether `value` is a scalar or a list of one scalar type.

    :param can_be_str: strings are allowed among the others
    """
    if not isinstance(value, list):
        return isinstance(value, ScalarTypesTuple)
    member = next((type(item) for item in value if type(item) is not str), str)
    if member not in ScalarTypesTuple:
        return False
    allowed = (member, str) if can_be_str else member
    return all(isinstance(item, allowed) for item in value)


def is_instance_of(value, data_type=None, *, can_be_str=False):
    """Return whether `value` has the type, None standing for any valid type."""
    if data_type is None:
        return is_instance_of_valid_type(value, can_be_str=can_be_str)
    scalar, is_list = extract_type(data_type)
    allowed = (str, scalar) if can_be_str else scalar
    if is_list:
        return isinstance(value, list) and all(isinstance(item, allowed) for item in value)
    return isinstance(value, allowed)


def _load_yaml(text, can_be_str, failure):
    if not text:
        return text
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        if can_be_str:
            return text
        raise ValueError(f'{failure}: yaml.safe_load() failed\n{error}') from error
    if not is_instance_of_valid_type(value, can_be_str=can_be_str):
        raise ValueError(f'{failure}: output type is not allowed, got {type(value)}')
    return value


def coerce_to_type(value, data_type=None, *, can_be_str=False):
    """
    Return the string `value` as `data_type`; None applies the rules of YAML.

    :raises ValueError: if it does not represent such a value
    """
    ensure_argument_type(value, str, 'value', 'coerce_to_type')
    if data_type is None:
        return _load_yaml(value, can_be_str, f"Failed to convert '{value}' using yaml rules")
    scalar, is_list = extract_type(data_type)
    allowed = (str, scalar) if can_be_str else scalar
    if is_list:
        failure = f"Cannot convert value '{value}' to a list of '{allowed}'"
        items = _load_yaml(value, can_be_str, failure)
        if not isinstance(items, list):
            raise ValueError(failure)
        if not all(isinstance(item, allowed) for item in items):
            raise ValueError(f'{failure}, got {items}')
        return items
    if scalar is str:
        return value
    if scalar in (int, float):
        try:
            return scalar(value)
        except ValueError:
            if can_be_str:
                return value
            raise
    text = {'1': 'true', '0': 'false'}.get(value, value)
    result = _load_yaml(text, can_be_str, f"Failed to convert '{value}' to '{scalar}'")
    if not isinstance(result, allowed):
        raise ValueError(f"Cannot convert value '{value}' to '{scalar}'")
    return result


def coerce_list(value, data_type=None, *, can_be_str=False):
    """Return the list of strings `value` with every item as the scalar `data_type`."""
    ensure_argument_type(value, list, 'value', 'coerce_list')
    items = [coerce_to_type(item, data_type, can_be_str=can_be_str) for item in value]
    if not is_instance_of_valid_type(items, can_be_str=can_be_str):
        raise ValueError(f'cannot convert value to {data_type}. Got value=`{value}`')
    return items


def get_typed_value(value, data_type, *, can_be_str=False):
    """Return a string, or a list of strings, as `data_type`."""
    if not isinstance(value, list):
        return coerce_to_type(value, data_type, can_be_str=can_be_str)
    if data_type is not None:
        data_type, is_list = extract_type(data_type)
        if not is_list:
            raise TypeError(
                f"Cannot convert input '{value}' of type '{type(value)}' to '{data_type}'")
    return coerce_list(value, data_type, can_be_str=can_be_str)


def is_substitution(x):
    """Return whether `x` is a substitution, or strings and at least one substitution."""
    if isinstance(x, Substitution):
        return True
    return (
        isinstance(x, collections.abc.Iterable)
        and not isinstance(x, str)
        and all(isinstance(item, (Substitution, str)) for item in x)
        and any(isinstance(item, Substitution) for item in x)
    )


def is_normalized_substitution(x):
    """Return whether `x` is a non-empty list of substitutions."""
    return isinstance(x, list) and bool(x) and all(isinstance(i, Substitution) for i in x)


def normalize_typed_substitution(value, data_type):
    """
    Return `value` as scalar, list of substitutions, or list of scalars and such lists.

    :param value: scalar, substitution, or a list of scalars of one type and substitutions
    :param data_type: one of `AllowedTypesTuple`, None for any of them
    :raises TypeError: if the value can never become one of that type
    """
    if isinstance(value, ScalarTypesTuple):
        if not is_instance_of(value, data_type):
            raise TypeError(f"value='{value}' is not an instance of {data_type}")
        return value
    if is_substitution(value):
        return normalize_to_list_of_substitutions(value)
    if not isinstance(value, collections.abc.Iterable):
        raise TypeError(
            'value should be either a scalar, a substitutions, or a mixed list of scalars and '
            f'substitutions. Got `value={value}` of type `{type(value)}`. ')
    scalar = None
    if data_type is not None:
        scalar, is_list = extract_type(data_type)
        if not is_list:
            raise TypeError(
                'The provided value resolves to a list, though the required type is a scalar. '
                f"Got value='{value}', data_type='{scalar}'.")
    items = list(value)
    found = {type(item) for item in items if isinstance(item, ScalarTypesTuple)}
    for item in items:
        if type(item) not in found and not is_substitution(item):
            raise TypeError(
                'value is a list, and one of the items is not a scalar, a Substitution or a '
                f"list of substitutions. Got value='{value}'")
    if found == {int, float}:
        found = {float}
    if len(found) > 1:
        raise TypeError(f"Input value is not an acceptable 'SomeValueType'.Got value='{value}'")
    member = found.pop() if found else None
    if member is int and scalar is float:
        member = float
    if member is not None and scalar is not None and member is not scalar:
        raise TypeError(f"Got a list of '{member}', expected a list of '{scalar}'. "
                        f"value='{value}'")
    return [
        normalize_to_list_of_substitutions(item) if is_substitution(item) else member(item)
        for item in items
    ]


def perform_typed_substitution(context, value, data_type):
    """
    Return what :func:`normalize_typed_substitution` gave as a value of `data_type`.

    :raises TypeError: if `value` is not normalized, or is a scalar of another type
    :raises ValueError: if the performed substitutions do not represent such a value
    """
    if isinstance(value, ScalarTypesTuple):
        if data_type is not None and not is_instance_of(value, data_type):
            raise TypeError(f'value=`{value}` is a scalar and not an instance of `{data_type}`')
        return value
    if is_normalized_substitution(value):
        return coerce_to_type(perform_substitutions(context, value), data_type)
    if not isinstance(value, list):
        raise TypeError(
            f"Input value is not an acceptable 'NormalizedValueType'.Got value='{value}'")
    scalar = None
    if data_type is not None:
        scalar, is_list = extract_type(data_type)
        if not is_list:
            raise ValueError('The input value is a list, cannot convert it to a scalar. '
                             f"Got value='{value}', expected type {scalar}.")
    items = [
        coerce_to_type(perform_substitutions(context, item), scalar)
        if is_normalized_substitution(item) else item
        for item in value
    ]
    if not is_instance_of(items, data_type):
        raise ValueError(
            'The output list is not uniform' if scalar is None else
            f"The output list does not match the expected type Got value='{value}', "
            f'expected type {scalar}.')
    return items
