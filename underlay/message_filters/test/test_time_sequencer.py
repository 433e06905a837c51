# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages come out in the order of their stamps, after a delay."""

from types import SimpleNamespace

from builtin_interfaces.msg import Time as TimeMsg
from message_filters import SimpleFilter
from message_filters import TimeSequencer
import pytest
from rclpy.clock import ClockType
from rclpy.time import Time


class FakeNode:
    """A clock and a timer that move by hand."""

    def __init__(self):
        self.seconds = 0
        self.warnings = []
        self.timers = []

    def create_timer(self, period_s, callback):
        timer = SimpleNamespace(period_s=period_s, fire=callback, cancel=lambda: None)
        self.timers.append(timer)
        return timer

    def destroy_timer(self, timer):
        self.timers.remove(timer)

    def get_clock(self):
        return SimpleNamespace(
            now=lambda: Time(seconds=self.seconds, clock_type=ClockType.ROS_TIME))

    def get_logger(self):
        return SimpleNamespace(warning=self.warnings.append)

    def at(self, seconds):
        self.seconds = seconds
        self.timers[0].fire()


def sequencer(**kwargs):
    node, source, received = FakeNode(), SimpleFilter(), []
    arguments = {'delay': 1.0, 'update_rate': 0.1, 'queue_size': 0, 'node': node, **kwargs}
    sequencer = TimeSequencer(source, **arguments)
    sequencer.registerCallback(lambda message: received.append(message.name))

    def put(seconds, name=None):
        header = SimpleNamespace(stamp=TimeMsg(sec=seconds))
        source.signalMessage(SimpleNamespace(header=header, name=name or seconds))

    return SimpleNamespace(node=node, source=source, received=received, put=put, filter=sequencer)


def test_messages_wait_for_the_delay_and_come_in_order():
    s = sequencer()
    for seconds in (3, 1, 2):
        s.put(seconds)
    s.node.at(1)
    assert s.received == []
    s.node.at(3)
    assert s.received == [1, 2]
    s.node.at(4)
    assert s.received == [1, 2, 3]


def test_a_message_older_than_one_already_output_is_dropped():
    s = sequencer()
    s.put(5)
    s.node.at(6)
    s.put(4)
    s.node.at(100)
    assert s.received == [5]


def test_equal_stamps_keep_their_order_of_arrival():
    s = sequencer()
    s.put(1, 'first')
    s.put(1, 'second')
    s.node.at(2)
    assert s.received == ['first', 'second']


def test_a_full_queue_drops_the_oldest_stamp():
    s = sequencer(queue_size=2)
    for seconds in (3, 1, 2):
        s.put(seconds)
    s.node.at(10)
    assert s.received == [2, 3]


def test_messages_without_stamp_are_dropped_with_a_warning():
    s = sequencer()
    s.source.signalMessage(SimpleNamespace(name='no header'))
    s.node.at(10)
    assert s.received == []
    assert len(s.node.warnings) == 1


def test_a_stamp_of_another_type_is_an_error():
    s = sequencer(msg_stamp_attr='name')
    with pytest.raises(TypeError, match='float'):
        s.source.signalMessage(SimpleNamespace(name=1.5))


def test_shutdown_ends_the_timer():
    s = sequencer()
    assert s.node.timers[0].period_s == pytest.approx(0.1)
    s.filter.shutdown()
    assert s.node.timers == []


def test_a_sequencer_has_one_source():
    with pytest.raises(RuntimeError):
        sequencer().filter.connectInput(SimpleFilter())
