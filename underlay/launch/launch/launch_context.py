# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What entities share while a description is launched."""

import asyncio
import collections
import os

from . import logging


class _ReadOnlyAttributes:
    """Shows a dictionary as attributes."""

    def __init__(self, values):
        self.__dict__['_values'] = values

    def __getattr__(self, name):
        try:
            return self.__dict__['_values'][name]
        except KeyError:
            known = ', '.join(self.__dict__['_values'])
            raise AttributeError(
                f"context.locals does not contain attribute '{name}', it contains: [{known}]"
            ) from None

    def __setattr__(self, name, value):
        raise AttributeError(f"can't set attribute '{name}', locals are read-only")


class LaunchContext:
    """Launch configurations, environment, locals, event queue and event handlers of a launch."""

    def __init__(self, *, argv=None, noninteractive=False):
        """
        Create a context.

        :param argv: command line arguments that entities may look at
        :param noninteractive: True if no terminal can have sent a ctrl-c to the children
        """
        self.__argv = [] if argv is None else argv
        self.__noninteractive = noninteractive

        self._event_queue = asyncio.Queue()
        self._event_handlers = collections.deque()
        self._completion_futures = []

        self.__globals = {}
        self.__locals = {}
        self.__locals_stack = []
        self.__configurations = {}
        self.__configurations_stack = []
        self.__environment_stack = []
        self.__original_environment = dict(os.environ)

        self.__is_shutdown = False
        self.__loop = None
        self.__logger = logging.get_logger(__name__)

    @property
    def argv(self):
        """Arguments of the command line."""
        return self.__argv

    @property
    def noninteractive(self):
        """Whether the launch runs without a terminal."""
        return self.__noninteractive

    @property
    def is_shutdown(self):
        """Whether the launch is shutting down."""
        return self.__is_shutdown

    def _set_is_shutdown(self, state):
        self.__is_shutdown = state

    @property
    def asyncio_loop(self):
        """The running event loop, None outside of a run."""
        return self.__loop

    def _set_asyncio_loop(self, loop):
        self.__loop = loop

    def add_completion_future(self, completion_future):
        """Let the launch service wait for a future before it counts as idle."""
        self._completion_futures.append(completion_future)

    @property
    def locals(self):
        """Attribute access to globals and locals, for example ``context.locals.event``."""
        return _ReadOnlyAttributes(self.get_locals_as_dict())

    def get_locals_as_dict(self):
        """Return globals overlaid with locals."""
        return {**self.__globals, **self.__locals}

    def extend_globals(self, extensions):
        """Add values for the rest of the launch; locals of the same name hide them."""
        self.__globals.update(extensions)

    def extend_locals(self, extensions):
        """Add values until the locals are popped."""
        self.__locals.update(extensions)

    def _push_locals(self):
        self.__locals_stack.append(dict(self.__locals))

    def _pop_locals(self):
        if not self.__locals_stack:
            raise RuntimeError('locals stack unexpectedly empty')
        self.__locals = self.__locals_stack.pop()

    @property
    def launch_configurations(self):
        """The launch configurations: name to value."""
        return self.__configurations

    def _push_launch_configurations(self):
        self.__configurations_stack.append(dict(self.__configurations))

    def _pop_launch_configurations(self):
        if not self.__configurations_stack:
            raise RuntimeError('launch_configurations stack unexpectedly empty')
        self.__configurations = self.__configurations_stack.pop()

    @property
    def environment(self):
        """The environment that children inherit: this process's own."""
        return os.environ

    def _push_environment(self):
        self.__environment_stack.append(dict(os.environ))

    def _pop_environment(self):
        if not self.__environment_stack:
            raise RuntimeError('environment stack unexpectedly empty')
        self.__replace_environment(self.__environment_stack.pop())

    def _reset_environment(self):
        self.__replace_environment(self.__original_environment)

    @staticmethod
    def __replace_environment(values):
        # os.environ must be changed in place: a plain dict put in its stead would no longer
        # reach the C library, and so neither the children nor rcutils.
        os.environ.clear()
        os.environ.update(values)

    def would_handle_event(self, event):
        """Return whether any registered handler matches the event."""
        return any(handler.matches(event) for handler in self._event_handlers)

    def register_event_handler(self, event_handler, append=False):
        """Register a handler before all others, or after them if `append`."""
        if append:
            self._event_handlers.append(event_handler)
        else:
            self._event_handlers.appendleft(event_handler)

    def unregister_event_handler(self, event_handler):
        """
        Remove a handler.

        :raises ValueError: if it is not registered
        """
        self._event_handlers.remove(event_handler)

    def emit_event_sync(self, event):
        """Queue an event; only from the thread of the event loop."""
        self.__logger.debug(f"emitting event synchronously: '{event.name}'")
        self._event_queue.put_nowait(event)

    async def emit_event(self, event):
        """Queue an event."""
        self.__logger.debug(f"emitting event: '{event.name}'")
        await self._event_queue.put(event)

    def perform_substitution(self, substitution):
        """Return the value of one substitution in this context."""
        return substitution.perform(self)
