# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Calls a function."""

import collections.abc

from ..action import Action
from ..utilities import ensure_argument_type


class OpaqueFunction(Action):
    """Call a function; the entities it returns are visited."""

    def __init__(self, *, function, args=None, kwargs=None, **left_over_kwargs):
        """
        Create the action.

        :param function: called with (context, *args, **kwargs); returns entities or None
        """
        super().__init__(**left_over_kwargs)
        if not callable(function):
            raise TypeError(
                f"OpaqueFunction expected a callable for 'function', got '{type(function)}'")
        ensure_argument_type(
            args, (collections.abc.Iterable, type(None)), 'args', 'OpaqueFunction')
        ensure_argument_type(kwargs, (dict, type(None)), 'kwargs', 'OpaqueFunction')
        self.__function = function
        self.__args = [] if args is None else args
        self.__kwargs = {} if kwargs is None else kwargs

    def execute(self, context):
        """Call the function."""
        return self.__function(context, *self.__args, **self.__kwargs)
