# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages in the order of their stamps."""

from bisect import insort_right
from operator import itemgetter
import threading

from builtin_interfaces.msg import Time as TimeMsg
from message_filters.simple_filter import SimpleFilter
from rclpy.duration import Duration
from rclpy.time import Time


class TimeSequencer(SimpleFilter):
    """
    Delays messages and outputs them in the order of their stamps.

    :param input_filter: the filter to listen to, or None.
    :param delay: how old a message must be, by its stamp and the node's clock, before it is
        output; ``Duration`` or seconds.
    :param update_rate: the period between looks at the clock; ``Duration`` or seconds.
    :param queue_size: how many messages to hold, the oldest stamps go; 0 for no limit.
    :param node: the node whose clock, timer and logger are used.
    :param msg_stamp_attr: dotted path to the ``builtin_interfaces.msg.Time`` of a message.

    A message older than one already output is dropped.
    """

    def __init__(
            self, input_filter, delay, update_rate, queue_size, node,
            msg_stamp_attr='header.stamp'):
        super().__init__()
        self.delay = _duration(delay)
        self.update_rate = _duration(update_rate)
        self.queue_size = queue_size
        self.lock = threading.Lock()
        self.messages = []
        self.last_time = Time()
        self.node = node
        self.msg_stamp_attrs = msg_stamp_attr.split('.')
        self.update_timer = node.create_timer(self.update_rate.nanoseconds / 1e9, self._dispatch)
        self.incoming_connection = None
        if input_filter is not None:
            self.connectInput(input_filter)

    def connectInput(self, input_filter):
        """Listen to a filter; RuntimeError if there is one already."""
        if self.incoming_connection is not None:
            raise RuntimeError('Already connected to an input filter.')
        self.incoming_connection = input_filter.registerCallback(self._add)

    def shutdown(self):
        """Stop the timer."""
        self.update_timer.cancel()
        self.node.destroy_timer(self.update_timer)

    def _add(self, msg):
        stamp = self._stamp_of(msg)
        if stamp is None:
            return
        with self.lock:
            if stamp.nanoseconds < self.last_time.nanoseconds:
                return
            insort_right(self.messages, (stamp, msg), key=itemgetter(0))
            if 0 < self.queue_size < len(self.messages):
                del self.messages[0]

    def _stamp_of(self, msg):
        stamp = msg
        for name in self.msg_stamp_attrs:
            if not hasattr(stamp, name):
                self.node.get_logger().warning(
                    'Cannot use message without timestamp; discarding message.')
                return None
            stamp = getattr(stamp, name)
        if not isinstance(stamp, TimeMsg):
            raise TypeError(
                f'expected a {TimeMsg.__name__} message in {".".join(self.msg_stamp_attrs)} '
                f'of a {type(msg).__name__}, got a {type(stamp).__name__}')
        return Time.from_msg(stamp)

    def _dispatch(self):
        due = []
        with self.lock:
            now = self.node.get_clock().now()
            while self.messages and self.messages[0][0] + self.delay <= now:
                self.last_time, msg = self.messages.pop(0)
                due.append(msg)
        for msg in due:
            self.signalMessage(msg)


def _duration(value):
    return value if isinstance(value, Duration) else Duration(seconds=value)
