# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks of argument types with a telling message."""

import collections.abc


def ensure_argument_type(argument, types, argument_name, caller=None):
    """
    Raise TypeError unless `argument` is an instance of one of `types`.

    :param types: a type or an iterable of types
    :param argument_name: the name to mention
    :param caller: the function or class to mention
    """
    own_name = 'ensure_argument_type()'
    if not isinstance(types, (type, collections.abc.Iterable)):
        raise TypeError(_message(own_name, 'types', 'type, iterable of types', types))
    if not isinstance(argument_name, str):
        raise TypeError(_message(own_name, 'argument_name', 'str', argument_name))
    if caller is not None and not isinstance(caller, str):
        raise TypeError(_message(own_name, 'caller', 'str, None', caller))
    allowed = tuple(types) if isinstance(types, collections.abc.Iterable) else (types,)
    if not isinstance(argument, allowed):
        names = ', '.join(str(entry) for entry in allowed)
        raise TypeError(_message(caller, argument_name, names, argument))


def _message(caller, name, allowed, value):
    start = 'Expected' if caller is None else f"'{caller}' expected"
    return f"{start} '{name}' to be one of [{allowed}], but got '{value}' of type '{type(value)}'"
