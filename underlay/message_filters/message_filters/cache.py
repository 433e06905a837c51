# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The latest messages of a topic, to be asked by time."""

from message_filters.simple_filter import SimpleFilter
from message_filters.stamps import stamp_of


class Cache(SimpleFilter):
    """
    Keeps the last ``cache_size`` messages of a filter and passes each of them on.

    :param f: the filter to listen to.
    :param cache_size: how many messages to keep.
    :param allow_headerless: keep messages without a stamp under the ROS time of their arrival
        (otherwise they are dropped with a warning).

    Messages stay in the order of arrival, not of their stamps. All times are ``rclpy.time.Time``;
    stamps that came as messages count as ROS time, and comparing them with a time of another
    clock raises TypeError.
    """

    def __init__(self, f, cache_size=1, allow_headerless=False):
        super().__init__()
        self.cache_size = cache_size
        self.cache_msgs = []
        self.cache_times = []
        self.allow_headerless = allow_headerless
        self.connectInput(f)

    def connectInput(self, f):
        """Listen to filter ``f``."""
        self.incoming_connection = f.registerCallback(self.add)

    def add(self, msg):
        """Keep a message, drop the oldest one beyond the size, and pass the new one on."""
        stamp = stamp_of(msg, self.allow_headerless, 'message_filters_cache')
        if stamp is None:
            return
        self.cache_times.append(stamp)
        self.cache_msgs.append(msg)
        if len(self.cache_msgs) > self.cache_size:
            del self.cache_msgs[0]
            del self.cache_times[0]
        self.signalMessage(msg)

    def getInterval(self, from_stamp, to_stamp):
        """Return the messages within the closed interval; AssertionError if it ends before."""
        if from_stamp > to_stamp:
            raise AssertionError(f'the interval ends before it starts: {from_stamp}, {to_stamp}')
        return [
            msg for msg, time in zip(self.cache_msgs, self.cache_times, strict=True)
            if from_stamp <= time <= to_stamp]

    def getElemAfterTime(self, stamp):
        """Return the first message to arrive that is not older than ``stamp``, or None."""
        for msg, time in zip(self.cache_msgs, self.cache_times, strict=True):
            if time >= stamp:
                return msg
        return None

    def getElemBeforeTime(self, stamp):
        """Return the last message to arrive that is not newer than ``stamp``, or None."""
        for msg, time in zip(reversed(self.cache_msgs), reversed(self.cache_times), strict=True):
            if time <= stamp:
                return msg
        return None

    def getLatestTime(self):
        """Return the time of the last message to arrive, or None."""
        return self.cache_times[-1] if self.cache_times else None

    # Jazzy spells it so; later distributions have the name above.
    getLastestTime = getLatestTime

    def getOldestTime(self):
        """Return the time of the first message still kept, or None."""
        return self.cache_times[0] if self.cache_times else None

    def getLast(self):
        """Return the first message that is not older than the last one to arrive, or None."""
        latest = self.getLatestTime()
        return None if latest is None else self.getElemAfterTime(latest)
