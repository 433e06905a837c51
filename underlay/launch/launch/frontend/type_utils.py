# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Types named in markup."""


_TYPES = {
    'bool': bool,
    'int': int,
    'float': float,
    'str': str,
    'list_of_bool': list[bool],
    'list_of_int': list[int],
    'list_of_float': list[float],
    'list_of_str': list[str],
}


def get_data_type_from_identifier(type_identifier):
    """Return the Python type for a name such as 'list_of_int'."""
    return _TYPES[type_identifier]
