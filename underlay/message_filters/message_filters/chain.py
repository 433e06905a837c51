# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Filters in a row, as one filter."""

from message_filters.simple_filter import SimpleFilter


class Chain(SimpleFilter):
    """
    A row of filters, each fed by the one before; its output is the output of the last.

    :param message_filter: the filter that feeds the chain, if there is one already.

    An empty chain passes messages through.
    """

    def __init__(self, message_filter=None):
        super().__init__()
        self.incoming_connection = None
        self._filters = {}
        self._output_connection = None
        if message_filter is not None:
            self.connectInput(message_filter)

    def connectInput(self, message_filter):
        """Feed the chain from a filter; RuntimeError if it has one already."""
        if self.incoming_connection is not None:
            raise RuntimeError('Already connected')
        self.incoming_connection = message_filter.registerCallback(self.add)

    def add(self, message):
        """Put a message into the first filter."""
        if self._filters:
            self._filters[0].add(message)
        else:
            self.signalMessage(message)

    def addFilter(self, message_filter):
        """Append a filter that has ``add``."""
        index = len(self._filters)
        if index:
            last = self._filters[index - 1]
            last.callbacks.pop(self._output_connection)
            last.registerCallback(message_filter.add)
        self._filters[index] = message_filter
        self._output_connection = message_filter.registerCallback(self.signalMessage)

    def getFilter(self, index):
        """Return the filter added as number ``index`` (from 0); KeyError if there is none."""
        return self._filters[index]
