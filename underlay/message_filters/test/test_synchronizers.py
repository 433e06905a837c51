# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the stand-in is better than upstream: locks, exceptions, cost."""

from types import SimpleNamespace

from builtin_interfaces.msg import Time as TimeMsg
from message_filters import ApproximateTimeSynchronizer
from message_filters import SimpleFilter
from message_filters import TimeSynchronizer
import pytest
from rclpy.time import Time


def stamped(nanoseconds):
    stamp = TimeMsg(sec=nanoseconds // 10**9, nanosec=nanoseconds % 10**9)
    return SimpleNamespace(header=SimpleNamespace(stamp=stamp), ns=nanoseconds)


SYNCHRONIZERS = [
    lambda inputs: TimeSynchronizer(inputs, 10),
    lambda inputs: ApproximateTimeSynchronizer(inputs, 10, 0.01),
]


@pytest.mark.parametrize('make', SYNCHRONIZERS)
def test_an_exception_in_a_callback_reaches_the_caller_and_leaves_no_lock(make):
    inputs = [SimpleFilter(), SimpleFilter()]
    synchronizer = make(inputs)
    sets = []

    def fail_on_first(*messages):
        sets.append(tuple(message.ns for message in messages))
        if len(sets) == 1:
            raise ValueError('from the callback')

    synchronizer.registerCallback(fail_on_first)
    inputs[0].signalMessage(stamped(5))
    with pytest.raises(ValueError, match='from the callback'):
        inputs[1].signalMessage(stamped(5))
    assert not synchronizer.lock.locked()
    # The set was handed out and is gone; the next one comes as if nothing had happened.
    for input_ in inputs:
        input_.signalMessage(stamped(100_000_000))
    assert sets == [(5, 5), (100_000_000, 100_000_000)]
    assert synchronizer.queues == [{}, {}]


@pytest.mark.parametrize('make', SYNCHRONIZERS)
def test_a_stamp_that_is_none_is_an_error_that_leaves_no_lock(make):
    inputs = [SimpleFilter(), SimpleFilter()]
    synchronizer = make(inputs)
    with pytest.raises(TypeError):
        inputs[0].signalMessage(SimpleNamespace(header=SimpleNamespace(stamp=3.5)))
    assert not synchronizer.lock.locked()


def test_arrival_time_can_stand_in_for_the_stamp():
    inputs = [SimpleFilter(), SimpleFilter()]
    synchronizer = ApproximateTimeSynchronizer(inputs, 10, 60.0, sync_arrival_time=True)
    sets = []
    synchronizer.registerCallback(lambda *messages: sets.append(messages))
    messages = stamped(0), stamped(10**18)  # thirty years apart
    for input_, message in zip(inputs, messages, strict=True):
        input_.signalMessage(message)
    assert sets == [messages]


def test_a_message_may_be_added_without_its_index():
    inputs = [SimpleFilter(), SimpleFilter()]
    synchronizer = ApproximateTimeSynchronizer(inputs, 10, 1e-8)
    sets = []
    synchronizer.registerCallback(lambda *messages: sets.append([m.ns for m in messages]))
    for index, nanoseconds in enumerate((100, 105)):
        message = SimpleNamespace(
            header=SimpleNamespace(stamp=Time(nanoseconds=nanoseconds)), ns=nanoseconds)
        synchronizer.add(message, synchronizer.queues[index])
    assert sets == [[100, 105]]


@pytest.mark.parametrize('inputs_count', [4, 9])
def test_streams_in_step_leave_nothing_to_search(inputs_count):
    inputs = [SimpleFilter() for _ in range(inputs_count)]
    synchronizer = ApproximateTimeSynchronizer(inputs, 30, 0.04)
    sets = []
    synchronizer.registerCallback(lambda *messages: sets.append(messages[0].ns))
    ticks = [
        [(input_, stamped(100_000_000 * tick + index)) for index, input_ in enumerate(inputs)]
        for tick in range(200)]
    for tick in ticks:
        for input_, message in tick:
            input_.signalMessage(message)
        assert not any(synchronizer.queues)
    assert sets == [100_000_000 * tick for tick in range(200)]
