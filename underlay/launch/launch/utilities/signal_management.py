# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Signals in an asyncio loop."""

import contextlib
import os
import signal
import socket


class AsyncSafeSignalManager:
    """
    Calls functions in an event loop when signals arrive, as long as its context is entered.

    Handlers that :func:`signal.signal` has installed are called all the same, and other managers,
    around this one or within it, get the signals too. It only reads what Python writes for a
    signal that it handles: one that ends the process still does.
    """

    def __init__(self, loop):
        """
        Create the manager.

        :param loop: the event loop that runs the functions
        """
        self.__loop = loop
        self.__handlers = {}
        self.__outer_descriptor = -1
        self.__cleanup = None

    def __enter__(self):
        """
        Begin to call the functions.

        :raises ValueError: outside of the main thread
        """
        with contextlib.ExitStack() as stack:
            reader, writer = (stack.enter_context(end) for end in socket.socketpair())
            reader.setblocking(False)
            writer.setblocking(False)
            self.__outer_descriptor = signal.set_wakeup_fd(writer.fileno())
            stack.callback(signal.set_wakeup_fd, self.__outer_descriptor)
            self.__loop.add_reader(reader, self.__on_signals, reader)
            stack.callback(self.__loop.remove_reader, reader)
            self.__cleanup = stack.pop_all()
        return self

    def __exit__(self, exc_type, exc_value, exc_traceback):
        """Leave signals as they were before."""
        self.__cleanup.close()

    def handle(self, signum, handler):
        """
        Set the function for a signal, at any time.

        :param signum: the signal
        :param handler: called with the number of the signal; None for no function
        :return: the function it had before, or None
        :raises ValueError: if there is no such signal, or the function cannot be called
        """
        number = signal.Signals(signum)
        if handler is not None and not callable(handler):
            raise ValueError(f'signal handler must be a callable, got {handler!r}')
        previous = self.__handlers.pop(number, None)
        if handler is not None:
            self.__handlers[number] = handler
        return previous

    def __on_signals(self, reader):
        # A call for each signal: Python writes one byte, its number.
        numbers = reader.recv(4096)
        for number in numbers:
            if number in self.__handlers:
                self.__handlers[number](number)
        if self.__outer_descriptor != -1:
            os.write(self.__outer_descriptor, numbers)
