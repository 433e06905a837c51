# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Brings parameters into one form."""

from collections.abc import Mapping
from collections.abc import Sequence

from launch.substitution import Substitution
from launch.substitutions import TextSubstitution
from launch.utilities import ensure_argument_type
from launch.utilities import normalize_to_list_of_substitutions
import yaml

from ..parameter_descriptions import Parameter
from ..parameter_descriptions import ParameterFile
from ..parameter_descriptions import ParameterValue


def _normalize_array(value):
    """
    Return a tuple of numbers, of substitutions that are concatenated, or of lists of them.

    Strings and substitutions next to each other are one text, as everywhere in launch; an array
    whose items are lists (or strings only) is an array of texts that YAML turns into values.
    """
    types = set()
    for item in value:
        ensure_argument_type(
            item, (float, int, str, bool, Substitution, Sequence), 'subvalue')
        types.add(Substitution if isinstance(item, Substitution) else type(item))
    if types == {bool} or types == {int}:
        return tuple(value)
    if types in ({float}, {int, float}):
        return tuple(float(item) for item in value)
    if Substitution in types and types <= {str, Substitution}:
        return tuple(normalize_to_list_of_substitutions(value))
    return tuple(
        normalize_to_list_of_substitutions(
            yaml.dump(item) if isinstance(item, (float, int, bool, str)) else item)
        for item in value)


def normalize_parameter_dict(parameters, *, _prefix=()):
    """
    Return a flat dictionary from names, tuples of substitutions, to values.

    Keys of nested dictionaries are joined by dots. Values are scalars, bytes, tuples, or
    :class:`ParameterValue`; a tuple of substitutions is a text that YAML turns into a value.

    :raises TypeError: if it is no dictionary, or for a value of another type
    """
    if not isinstance(parameters, Mapping):
        raise TypeError('expected dict')
    normalized = {}
    for key, value in parameters.items():
        name = tuple(normalize_to_list_of_substitutions(key))
        if _prefix:
            name = (*_prefix, TextSubstitution(text='.'), *name)
        if isinstance(value, Mapping):
            normalized.update(normalize_parameter_dict(value, _prefix=name))
        elif isinstance(value, str):
            # In quotes, if it needs them, so that it stays a string.
            normalized[name] = tuple(normalize_to_list_of_substitutions(yaml.dump(value)))
        elif isinstance(value, Substitution):
            normalized[name] = (value,)
        elif isinstance(value, (ParameterValue, float, bool, int, bytes)):
            normalized[name] = value
        elif isinstance(value, Sequence):
            normalized[name] = _normalize_array(value)
        else:
            raise TypeError(f'Unexpected type for parameter value {value!r}')
    return normalized


def normalize_parameters(parameters):
    """
    Return a tuple of parameter files, parameters and normalized dictionaries.

    :raises TypeError: if `parameters` is no list, or holds something else
    """
    if isinstance(parameters, str) or not isinstance(parameters, Sequence):
        raise TypeError(f'Expecting list of parameters, got {parameters}')
    normalized = []
    for entry in parameters:
        if isinstance(entry, Mapping):
            normalized.append(normalize_parameter_dict(entry))
        elif isinstance(entry, (Parameter, ParameterFile)):
            normalized.append(entry)
        else:
            normalized.append(ParameterFile(entry))
    return tuple(normalized)
