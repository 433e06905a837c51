# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Questions about the class of something."""

import inspect


def isclassinstance(obj):
    """Return whether `obj` has a class."""
    return hasattr(obj, '__class__')


def is_a(obj, entity_type):
    """
    Return whether `obj` is an instance of `entity_type`.

    :raises RuntimeError: if `entity_type` is no class
    """
    if not inspect.isclass(entity_type):
        raise RuntimeError(f"entity_type '{entity_type}' is not a class")
    return isinstance(obj, entity_type)


def is_a_subclass(obj, entity_type):
    """Return whether `obj` is an instance or a subclass of `entity_type`."""
    return is_a(obj, entity_type) or (inspect.isclass(obj) and issubclass(obj, entity_type))
