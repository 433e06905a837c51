# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Performs the substitutions in parameters."""

from collections.abc import Mapping

from launch.substitution import Substitution
from launch.utilities import ensure_argument_type
from launch.utilities import perform_substitutions
import yaml

from ..parameter_descriptions import Parameter
from ..parameter_descriptions import ParameterFile
from ..parameter_descriptions import ParameterValue

_SCALARS = (bool, int, float, str)
_REMEDY = ('If the parameter is meant to be a string, try wrapping it in '
           'launch_ros.parameter_descriptions.ParameterValue(value, value_type=str)')


def _array(items, name):
    if not items or type(items[0]) not in _SCALARS or any(
            not isinstance(item, type(items[0])) for item in items):
        raise TypeError('Expected a non-empty sequence, with items of uniform type. Allowed '
                        'sequence item types are bool, int, float, str. Got inconsistent input '
                        f'for "{name}"')
    return tuple(items)


def _value_of_text(text, name):
    if not text:
        return ''
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise TypeError(
            f'Unable to parse the value of parameter {name} as yaml. {_REMEDY}') from error
    if type(value) in (*_SCALARS, bytes):
        return value
    if isinstance(value, list):
        return _array(value, name)
    raise TypeError('Allowed value types are bytes, bool, int, float, str, Sequence[bool], '
                    'Sequence[int], Sequence[float], Sequence[str]. '
                    f'Got {type(value)} for "{name}". {_REMEDY}')


def _evaluate(context, value, name):
    if isinstance(value, ParameterValue):
        return value.evaluate(context)
    if not isinstance(value, tuple):
        ensure_argument_type(value, (float, int, str, bool, bytes), 'value')
        return value
    if not value:
        raise TypeError(f'given unnormalized parameters {name!r}, {value!r}')
    if isinstance(value[0], Substitution):
        return _value_of_text(perform_substitutions(context, value), name)
    if isinstance(value[0], list):
        return _array(
            [yaml.safe_load(perform_substitutions(context, item)) for item in value], name)
    return value


def evaluate_parameter_dict(context, parameters):
    """
    Return a dictionary from names to values.

    :param parameters: as :func:`normalize_parameter_dict` returns them
    :raises TypeError: if a text stands for a value that no parameter can have
    """
    if not isinstance(parameters, Mapping):
        raise TypeError('expected dict')
    evaluated = {}
    for key, value in parameters.items():
        if not isinstance(key, tuple):
            raise TypeError(f'Expecting tuple of substitutions got {key!r}')
        name = perform_substitutions(context, key)
        evaluated[name] = _evaluate(context, value, name)
    return evaluated


def evaluate_parameters(context, parameters):
    """
    Return a tuple of paths, :class:`Parameter` and dictionaries from names to values.

    :param parameters: as :func:`normalize_parameters` returns them
    """
    evaluated = []
    for entry in parameters:
        if isinstance(entry, ParameterFile):
            evaluated.append(entry.evaluate(context))
        elif isinstance(entry, Parameter):
            evaluated.append(entry)
        else:
            evaluated.append(evaluate_parameter_dict(context, entry))
    return tuple(evaluated)
