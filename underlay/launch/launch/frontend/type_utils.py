# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Types in markup."""

from .entity import Entity
from ..utilities.type_utils import is_typing_list

_TYPES = {
    'bool': bool,
    'int': int,
    'float': float,
    'str': str,
    'list_of_bool': list[bool],
    'list_of_int': list[int],
    'list_of_float': list[float],
    'list_of_str': list[str],
    'yaml': None,
}


def check_is_list_entity(data_type):
    """Return whether `data_type` is a list of entities, such as ``List[Entity]``."""
    return is_typing_list(data_type) and issubclass(data_type.__args__[0], Entity)


def get_data_type_from_identifier(type_identifier):
    """
    Return the Python type for a name such as 'list_of_int'; None for 'yaml'.

    :raises ValueError: for another name
    """
    if type_identifier not in _TYPES:
        raise ValueError(f"Got invalid type identifier '{type_identifier}'")
    return _TYPES[type_identifier]
