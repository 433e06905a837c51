# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a coroutine."""

import asyncio
import collections.abc

from ..action import Action
from ..event_handlers.on_shutdown import OnShutdown
from ..utilities import ensure_argument_type


class OpaqueCoroutine(Action):
    """Run a coroutine function beside the rest; the shutdown cancels it."""

    def __init__(self, *, coroutine, args=None, kwargs=None, ignore_context=False,
                 **left_over_kwargs):
        """
        Create the action.

        :param coroutine: the function, called with (context, *args, **kwargs)
        :param ignore_context: call it without the context
        """
        super().__init__(**left_over_kwargs)
        if not asyncio.iscoroutinefunction(coroutine):
            raise TypeError("OpaqueCoroutine expected a coroutine function for 'coroutine', got "
                            f"'{type(coroutine)}'")
        ensure_argument_type(
            args, (collections.abc.Iterable, type(None)), 'args', 'OpaqueCoroutine')
        ensure_argument_type(kwargs, (dict, type(None)), 'kwargs', 'OpaqueCoroutine')
        ensure_argument_type(ignore_context, bool, 'ignore_context', 'OpaqueCoroutine')
        self.__coroutine = coroutine
        self.__args = [] if args is None else list(args)
        self.__kwargs = {} if kwargs is None else kwargs
        self.__ignore_context = ignore_context
        self.__future = None

    def execute(self, context):
        """Start the coroutine."""
        args = self.__args if self.__ignore_context else [context, *self.__args]
        self.__future = context.asyncio_loop.create_task(
            self.__coroutine(*args, **self.__kwargs))
        context.register_event_handler(OnShutdown(on_shutdown=self.__on_shutdown))
        return None

    def __on_shutdown(self, event, context):
        self.__future.cancel()
        return None

    def get_asyncio_future(self):
        """Return the task."""
        return self.__future
