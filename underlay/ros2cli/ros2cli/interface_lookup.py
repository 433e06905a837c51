# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Python classes of interfaces by their name."""

from importlib import import_module


def get_interface(type_name: str, namespaces: tuple[str, ...] = ('msg', 'srv', 'action')):
    """
    Return the class of `package/msg/Name` (or `package/Name`).

    Raises:
        ValueError: the name has another form.
        ModuleNotFoundError: there is no such package.
        AttributeError: the package has no such interface.

    """
    parts = type_name.split('/')
    if len(parts) == 2:
        parts.insert(1, namespaces[0])
    if len(parts) != 3 or not all(parts) or parts[1] not in namespaces:
        raise ValueError(f"'{type_name}' is not the name of an interface")
    return getattr(import_module(f'{parts[0]}.{parts[1]}'), parts[2])
