# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What message_filters costs, whichever is installed."""

from dataclasses import dataclass
from dataclasses import field
import random
import time

from affect_bringup.bench.bench_row import BenchRow
from builtin_interfaces.msg import Time
from message_filters import ApproximateTimeSynchronizer
from message_filters import SimpleFilter
from std_msgs.msg import Header

_TOPICS = 4
_QUEUE = 30
_TICKS = 5000


@dataclass
class _Stamped:
    """The least that a synchroniser needs."""

    header: Header = field(default_factory=Header)


def _at(stamp_s: float) -> _Stamped:
    ns = round(stamp_s * 1e9)
    return _Stamped(Header(stamp=Time(sec=ns // 10**9, nanosec=ns % 10**9)))


def synchronizer_rows() -> list[BenchRow]:
    """Measure a normal stream, and the search that finds nothing."""
    rng = random.Random(0)
    filters = [SimpleFilter() for _ in range(_TOPICS)]
    synchronizer = ApproximateTimeSynchronizer(filters, 10, 0.04)
    sets = []
    synchronizer.registerCallback(lambda *messages: sets.append(messages))
    arrivals = [
        (i, _at(100.0 + 0.1 * tick + rng.uniform(-0.005, 0.005)))
        for tick in range(_TICKS) for i in range(_TOPICS)]
    began_s = time.perf_counter()
    for i, message in arrivals:
        filters[i].signalMessage(message)
    per_message_us = 1e6 * (time.perf_counter() - began_s) / len(arrivals)

    filters = [SimpleFilter() for _ in range(_TOPICS)]
    synchronizer = ApproximateTimeSynchronizer(filters, _QUEUE, 0.04)
    synchronizer.registerCallback(lambda *messages: sets.append(messages))
    worst_ms = 0.0
    # Each topic half a second from the others: there is never a set.
    for tick in range(3 * _QUEUE):
        for i, each in enumerate(filters):
            message = _at(1000.0 + 5.0 * tick + 0.5 * i)
            began_s = time.perf_counter()
            each.signalMessage(message)
            worst_ms = max(worst_ms, 1e3 * (time.perf_counter() - began_s))
    return [
        BenchRow(
            'message_filters/normal_stream', round(per_message_us, 1), 'us per message',
            f'{_TOPICS} topics, {_TICKS} ticks with 5 ms of jitter, {len(sets)} sets', 40.0),
        BenchRow(
            'message_filters/no_feasible_set', round(worst_ms, 3), 'ms for one add()',
            f'{_TOPICS} topics, queue {_QUEUE}, never a set; the worst of all', 5.0)]
