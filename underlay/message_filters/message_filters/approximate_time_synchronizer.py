# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sets of messages with nearly equal stamps."""

from message_filters.stamp_search import first_feasible_stamps
from message_filters.stamps import stamp_of
from message_filters.time_synchronizer import TimeSynchronizer
from rclpy.clock import ROSClock
from rclpy.duration import Duration


class ApproximateTimeSynchronizer(TimeSynchronizer):
    """
    Outputs one message of every input as soon as their stamps lie within less than ``slop``.

    :param fs: the filters to listen to; callbacks get their messages in this order.
    :param queue_size: how many unmatched messages to keep of each input; the oldest stamps go.
    :param slop: seconds; the earliest and the latest stamp of a set differ by less.
    :param allow_headerless: give messages without a stamp the ROS time of their arrival
        (otherwise they are dropped with a warning).
    :param sync_arrival_time: use the ROS time of arrival for every message.

    A set always contains the message that has just arrived, and for the other inputs the first
    fitting combination of the messages nearest to it: a fast choice, not the best one.
    """

    def __init__(self, fs, queue_size, slop, allow_headerless=False, *, sync_arrival_time=False):
        self.slop = Duration(seconds=slop)
        self.allow_headerless = allow_headerless
        self.sync_arrival_time = sync_arrival_time
        super().__init__(fs, queue_size)

    def add(self, msg, my_queue, my_queue_index=None):
        """Queue a message of one input and output the set it completes, if it does."""
        if self.sync_arrival_time:
            time = ROSClock().now()
        else:
            time = stamp_of(msg, self.allow_headerless, 'message_filters_approx')
        if time is None:
            return
        stamp = time.nanoseconds
        with self.lock:
            self._enqueue(msg, stamp, my_queue)
            queues = list(self.queues)
            if my_queue_index is not None:
                if stamp not in my_queue:  # older than all of a full queue
                    return
                queues[my_queue_index] = (stamp,)
            stamps = first_feasible_stamps(queues, stamp, self.slop.nanoseconds)
            if stamps is not None:
                self._output(stamps)
