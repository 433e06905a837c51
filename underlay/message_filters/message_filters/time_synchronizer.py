# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sets of messages with equal stamps."""

import threading

from message_filters.simple_filter import SimpleFilter
from rclpy.time import Time


class TimeSynchronizer(SimpleFilter):
    """
    Outputs one message of every input as soon as all have the same stamp.

    :param fs: the filters to listen to; callbacks get their messages in this order.
    :param queue_size: how many unmatched messages to keep of each input; the oldest stamps go.

    ``queues`` holds one dict from stamp (ns) to message per input. Callbacks run with ``lock``
    held: one that adds to this synchronizer again would wait for itself.
    """

    def __init__(self, fs, queue_size):
        super().__init__()
        self.queue_size = queue_size
        self.lock = threading.Lock()
        self.connectInput(fs)

    def connectInput(self, fs):
        """Listen to the filters ``fs`` with empty queues."""
        fs = list(fs)
        self.queues = [{} for _ in fs]
        self.input_connections = [
            f.registerCallback(self.add, queue, index)
            for index, (f, queue) in enumerate(zip(fs, self.queues, strict=True))]

    def add(self, msg, my_queue, my_queue_index=None):
        """Queue a message of one input and output the set it completes, if it does."""
        with self.lock:
            stamp = Time.from_msg(msg.header.stamp).nanoseconds
            self._enqueue(msg, stamp, my_queue)
            # No other stamp can be complete: it would have left when its last message came.
            if all(stamp in queue for queue in self.queues):
                self._output([stamp] * len(self.queues))

    def _enqueue(self, msg, stamp, my_queue):
        my_queue[stamp] = msg
        while len(my_queue) > self.queue_size:
            del my_queue[min(my_queue)]

    def _output(self, stamps):
        """Output the messages with these stamps, one per queue, and take them off the queues."""
        chosen = list(zip(self.queues, stamps, strict=True))
        try:
            self.signalMessage(*(queue[stamp] for queue, stamp in chosen))
        finally:
            # Also after an exception: a set is handed out once.
            for queue, stamp in chosen:
                queue.pop(stamp, None)
