# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base of every filter: a list of callbacks."""


class SimpleFilter:
    """
    Base class of filters: whoever registers a callback gets the filter's output.

    ``callbacks`` maps a connection number to ``(callback, extra_arguments)``.
    """

    def __init__(self):
        self.callbacks = {}

    def registerCallback(self, cb, *args):
        """
        Call ``cb(*output, *args)`` on each output of this filter.

        :return: the number of the connection (0 for the first callback).
        """
        connection = len(self.callbacks)
        while connection in self.callbacks:  # an earlier one was removed: never replace a live one
            connection += 1
        self.callbacks[connection] = (cb, args)
        return connection

    def unregisterCallback(self, conn):
        """Forget connection ``conn``; an unknown number is ignored."""
        self.callbacks.pop(conn, None)

    def signalMessage(self, *msg):
        """Hand one output to every callback, in the order of registration."""
        # A copy, because a callback may register or remove callbacks.
        for cb, args in tuple(self.callbacks.values()):
            cb(*msg, *args)
