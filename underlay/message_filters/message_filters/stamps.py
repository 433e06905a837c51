# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""When did a message happen? Shared by the filters that accept messages without a header."""

from rclpy.clock import ROSClock
from rclpy.logging import get_logger
from rclpy.time import Time


def stamp_of(msg, allow_headerless, logger_name):
    """
    Return the time of a message as an ``rclpy.time.Time``.

    :param msg: any object; its ``header.stamp`` may be a message or an ``rclpy.time.Time``.
    :param allow_headerless: give a message without stamp the current ROS time.
    :param logger_name: where to complain about a message without stamp.
    :return: the time, or None if the message has none and must not be used.
    :raises TypeError: the stamp is neither a ``builtin_interfaces.msg.Time`` nor a ``Time``.
    """
    try:
        stamp = msg.header.stamp
    except AttributeError:
        if allow_headerless:
            return ROSClock().now()
        get_logger(logger_name).warning(
            f'dropped a {type(msg).__name__}: it has no header.stamp to synchronize by. '
            'Publish a stamped message, or construct the filter with allow_headerless=True '
            'to use the time of arrival instead.',
            throttle_duration_sec=1.0)
        return None
    return stamp if hasattr(stamp, 'nanoseconds') else Time.from_msg(stamp)
