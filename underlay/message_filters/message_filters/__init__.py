# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Stand-in for the Python API of ROS 2 message_filters.

Written from the documented behaviour of the Jazzy package. It selects the same sets of messages in
the same order; it differs in two defects it does not have: an exception in a callback leaves no
lock behind, and a search that finds nothing costs microseconds, not a product over queues.
"""

from message_filters.approximate_time_synchronizer import ApproximateTimeSynchronizer
from message_filters.cache import Cache
from message_filters.chain import Chain
from message_filters.simple_filter import SimpleFilter
from message_filters.subscriber import Subscriber
from message_filters.time_sequencer import TimeSequencer
from message_filters.time_synchronizer import TimeSynchronizer

__all__ = [
    'ApproximateTimeSynchronizer',
    'Cache',
    'Chain',
    'SimpleFilter',
    'Subscriber',
    'TimeSequencer',
    'TimeSynchronizer',
]
