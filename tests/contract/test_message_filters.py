# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What we rely on in message_filters, true of the real package and of the stand-in alike.

Upstream's defects (a lock kept after an exception, the cost of a search that finds nothing) are
not pinned here; that the stand-in lacks them is tested beside it. Exact synchronization is pinned
on streams in order only: releases since 4.11.10 drop what arrives late, earlier ones keep it.
"""

import itertools
import time
from types import SimpleNamespace

from builtin_interfaces.msg import Time as TimeMsg
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from message_filters import ApproximateTimeSynchronizer
from message_filters import Cache
from message_filters import SimpleFilter
from message_filters import Subscriber
from message_filters import TimeSynchronizer
import pytest
import rclpy
from rclpy.clock import ClockType
from rclpy.clock import ROSClock
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import QoSProfile
from rclpy.qos import ReliabilityPolicy
from rclpy.time import Time
from sensor_msgs.msg import Temperature
from std_msgs.msg import Header
from std_msgs.msg import String

MS = 1_000_000


def stamped(nanoseconds):
    """Return a message as the filters see one: nothing but a header with a stamp."""
    stamp = TimeMsg(sec=nanoseconds // 10**9, nanosec=nanoseconds % 10**9)
    return SimpleNamespace(header=SimpleNamespace(stamp=stamp), ns=nanoseconds)


def ros_time(nanoseconds):
    return Time(nanoseconds=nanoseconds, clock_type=ClockType.ROS_TIME)


class Synchronized:
    """Inputs of a synchronizer, and the stamps (ns) of the sets that came out."""

    def __init__(self, synchronizer_type, inputs, *args, **kwargs):
        self.inputs = [SimpleFilter() for _ in range(inputs)]
        self.synchronizer = synchronizer_type(self.inputs, *args, **kwargs)
        self.messages = []
        self.synchronizer.registerCallback(lambda *messages: self.messages.append(messages))

    def put(self, index, nanoseconds):
        message = stamped(nanoseconds)
        self.inputs[index].signalMessage(message)
        return message

    @property
    def sets(self):
        return [tuple(message.ns for message in messages) for messages in self.messages]


def test_callbacks_get_output_and_their_own_arguments_in_order_of_registration():
    filter_ = SimpleFilter()
    calls = []
    first = filter_.registerCallback(lambda *args: calls.append(('first', *args)), 'extra', 7)
    second = filter_.registerCallback(lambda *args: calls.append(('second', *args)))
    filter_.signalMessage('a', 'b')
    assert calls == [('first', 'a', 'b', 'extra', 7), ('second', 'a', 'b')]
    assert [first, second] == [0, 1] == list(filter_.callbacks)


def test_equal_stamps_make_a_set_in_the_order_of_the_inputs():
    sync = Synchronized(TimeSynchronizer, 3, 10)
    third, first = sync.put(2, 5), sync.put(0, 5)
    assert sync.messages == []
    second = sync.put(1, 5)
    assert sync.messages == [(first, second, third)]


def test_exact_synchronizer_ignores_stamps_one_nanosecond_apart():
    sync = Synchronized(TimeSynchronizer, 2, 10)
    sync.put(0, 5)
    sync.put(1, 6)
    assert sync.sets == []


def test_exact_synchronizer_keeps_queue_size_newest_stamps():
    sync = Synchronized(TimeSynchronizer, 2, queue_size=3)
    for nanoseconds in range(5):
        sync.put(0, nanoseconds)
    for nanoseconds in range(5):
        sync.put(1, nanoseconds)
    assert sync.sets == [(2, 2), (3, 3), (4, 4)]


def test_exact_synchronizer_matches_a_stream_that_lags():
    sync = Synchronized(TimeSynchronizer, 2, 10)
    for nanoseconds in range(0, 60, 3):
        sync.put(0, nanoseconds)
        if nanoseconds >= 15:
            sync.put(1, nanoseconds - 15)
    assert sync.sets == [(nanoseconds, nanoseconds) for nanoseconds in range(0, 45, 3)]


def test_stamps_within_slop_make_a_set_once():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 0.01)
    for tick in range(5):
        sync.put(0, 100 * MS * tick)
        sync.put(1, 100 * MS * tick + 3 * MS)
    sync.put(1, 400 * MS + 4 * MS)
    assert sync.sets == [(100 * MS * tick, 100 * MS * tick + 3 * MS) for tick in range(5)]


@pytest.mark.parametrize(('spread_ns', 'fires'), [(9 * MS, True), (10 * MS - 1, True),
                                                  (10 * MS, False), (11 * MS, False)])
def test_spread_must_be_less_than_slop(spread_ns, fires):
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, slop=0.01)
    sync.put(0, 10**9)
    sync.put(1, 10**9 + spread_ns)
    assert bool(sync.sets) == fires


def test_slop_of_zero_never_fires():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 0.0)
    sync.put(0, 10**9)
    sync.put(1, 10**9)
    assert sync.sets == []


def test_spread_of_the_whole_set_counts_not_only_the_distance_from_the_last_message():
    sync = Synchronized(ApproximateTimeSynchronizer, 3, 10, 0.01)
    sync.put(0, 100 * MS)
    sync.put(1, 112 * MS)
    sync.put(2, 106 * MS)
    assert sync.sets == []


def test_the_nearest_messages_to_the_last_one_are_chosen_first():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 0.1)
    for nanoseconds in (100 * MS, 160 * MS, 130 * MS):
        sync.put(0, nanoseconds)
    sync.put(1, 133 * MS)
    assert sync.sets == [(130 * MS, 133 * MS)]


def test_of_two_equally_near_messages_the_first_to_arrive_is_chosen():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 0.1)
    sync.put(0, 140 * MS)
    sync.put(0, 120 * MS)
    sync.put(1, 130 * MS)
    assert sync.sets == [(140 * MS, 130 * MS)]


def test_last_input_gives_way_before_the_first():
    # The nearest of inputs 0 and 1 are 12 ms apart: input 1 takes its second nearest.
    sync = Synchronized(ApproximateTimeSynchronizer, 3, 10, 0.01)
    sync.put(0, 94 * MS)
    sync.put(0, 107 * MS)
    sync.put(1, 106 * MS)
    sync.put(1, 93 * MS)
    sync.put(2, 100 * MS)
    assert sync.sets == [(94 * MS, 93 * MS, 100 * MS)]


def test_sets_may_come_out_of_order():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 0.01)
    sync.put(0, 100 * MS)
    sync.put(0, 200 * MS)
    sync.put(1, 200 * MS)
    sync.put(1, 100 * MS)
    assert sync.sets == [(200 * MS, 200 * MS), (100 * MS, 100 * MS)]


def test_a_full_queue_drops_the_oldest_stamp_even_if_it_has_just_arrived():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 2, 0.01)
    for nanoseconds in (300 * MS, 200 * MS, 100 * MS):
        sync.put(0, nanoseconds)
    sync.put(1, 100 * MS)
    assert sync.sets == []
    sync.put(1, 200 * MS)
    assert sync.sets == [(200 * MS, 200 * MS)]


def test_a_message_with_the_stamp_of_a_waiting_one_replaces_it():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 0.01)
    sync.put(0, 100 * MS)
    replacement = sync.put(0, 100 * MS)
    other = sync.put(1, 100 * MS)
    assert len(sync.messages) == 1
    assert sync.messages[0][0] is replacement
    assert sync.messages[0][1] is other


def test_stamps_may_be_rclpy_times():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 0.01)
    for index, input_ in enumerate(sync.inputs):
        header = SimpleNamespace(stamp=Time(nanoseconds=10**9 + index))
        input_.signalMessage(SimpleNamespace(header=header, ns=index))
    assert sync.sets == [(0, 1)]


def test_messages_without_header_are_dropped():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 10.0)
    for input_ in sync.inputs:
        input_.signalMessage(String(data='no header'))
    assert sync.messages == []


def test_messages_without_header_can_be_stamped_with_ros_time():
    sync = Synchronized(ApproximateTimeSynchronizer, 2, 10, 10.0, allow_headerless=True)
    with_header = Header(stamp=ROSClock().now().to_msg())
    sync.inputs[0].signalMessage(SimpleNamespace(header=with_header))
    without = String(data='no header')
    sync.inputs[1].signalMessage(without)
    assert len(sync.messages) == 1
    assert sync.messages[0][1] is without


def test_a_silent_input_silences_the_synchronizer():
    sync = Synchronized(ApproximateTimeSynchronizer, 3, 5, 0.05)
    for tick in range(20):
        sync.put(0, 100 * MS * tick)
        sync.put(1, 100 * MS * tick)
    assert sync.sets == []


class PlainSynchronizer:
    """The specification of the approximate synchronizer: try every combination in order."""

    def __init__(self, inputs, queue_size, slop):
        self.queues = [[] for _ in range(inputs)]
        self.queue_size = queue_size
        self.slop = slop
        self.sets = []

    def put(self, index, stamp):
        own = self.queues[index]
        if stamp not in own:
            own.append(stamp)
        while len(own) > self.queue_size:
            own.remove(min(own))
        if stamp not in own:
            return
        choices = [
            sorted(queue, key=lambda s: abs(s - stamp)) if queue is not own else [stamp]
            for queue in self.queues]
        for choice in itertools.product(*choices):
            if max(choice) - min(choice) < self.slop:
                self.sets.append(choice)
                for queue, chosen in zip(self.queues, choice, strict=True):
                    queue.remove(chosen)
                return


@settings(max_examples=200, deadline=None)
@given(
    inputs=st.integers(1, 4), queue_size=st.integers(1, 5), slop_ms=st.integers(0, 40),
    arrivals=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 120)), max_size=60))
def test_sets_are_the_first_that_fit(inputs, queue_size, slop_ms, arrivals):
    sync = Synchronized(ApproximateTimeSynchronizer, inputs, queue_size, slop_ms / 1000)
    plain = PlainSynchronizer(inputs, queue_size, slop_ms * MS)
    for index, milliseconds in arrivals:
        sync.put(index % inputs, milliseconds * MS)
        plain.put(index % inputs, milliseconds * MS)
    assert sync.sets == plain.sets


def cache_with(*stamps, **kwargs):
    cache = Cache(SimpleFilter(), **kwargs)
    messages = [stamped(nanoseconds) for nanoseconds in stamps]
    for message in messages:
        cache.add(message)
    return cache, messages


def test_cache_passes_messages_on_and_keeps_the_last_to_arrive():
    source = SimpleFilter()
    cache = Cache(source, cache_size=2)
    passed = []
    cache.registerCallback(passed.append)
    messages = [stamped(nanoseconds) for nanoseconds in (10, 30, 20)]
    for message in messages:
        source.signalMessage(message)
    assert passed == messages
    assert cache.getInterval(ros_time(0), ros_time(100)) == messages[1:]
    assert cache.getOldestTime() == ros_time(30)


def test_cache_interval_is_closed():
    cache, messages = cache_with(10, 20, 30, 40, cache_size=10)
    assert cache.getInterval(ros_time(20), ros_time(30)) == messages[1:3]
    assert cache.getInterval(ros_time(21), ros_time(29)) == []
    with pytest.raises(AssertionError):
        cache.getInterval(ros_time(30), ros_time(20))


def test_cache_finds_the_elements_around_a_time():
    cache, messages = cache_with(10, 20, 30, cache_size=10)
    assert cache.getElemBeforeTime(ros_time(20)) is messages[1]
    assert cache.getElemAfterTime(ros_time(20)) is messages[1]
    assert cache.getElemBeforeTime(ros_time(29)) is messages[1]
    assert cache.getElemAfterTime(ros_time(29)) is messages[2]
    assert cache.getElemBeforeTime(ros_time(9)) is None
    assert cache.getElemAfterTime(ros_time(31)) is None
    assert cache.getLast() is messages[2]


def test_cache_searches_in_the_order_of_arrival():
    cache, messages = cache_with(30, 10, 20, cache_size=10)
    assert cache.getElemAfterTime(ros_time(10)) is messages[0]
    assert cache.getElemBeforeTime(ros_time(30)) is messages[2]
    # The first that is not older than the last to arrive.
    assert cache.getLast() is messages[0]


def test_empty_cache_has_nothing():
    cache, _ = cache_with(cache_size=3)
    assert cache.getLast() is None
    assert cache.getOldestTime() is None
    assert cache.getElemBeforeTime(ros_time(1)) is None
    assert cache.getInterval(ros_time(0), ros_time(1)) == []


def test_cache_size_is_one_by_default():
    cache, messages = cache_with(10, 20)
    assert cache.getInterval(ros_time(0), ros_time(100)) == messages[1:]


def test_cache_drops_messages_without_header_unless_allowed():
    message = String(data='no header')
    strict = Cache(SimpleFilter(), 5)
    strict.add(message)
    assert strict.getLast() is None
    before = ROSClock().now()
    lenient = Cache(SimpleFilter(), 5, allow_headerless=True)
    lenient.add(message)
    assert lenient.getElemAfterTime(before) is message


@pytest.fixture
def graph(monkeypatch, domain_id):
    """Two nodes in a domain of their own, and a function that spins until a condition holds."""
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    context = rclpy.Context()
    rclpy.init(context=context, domain_id=domain_id)
    executor = SingleThreadedExecutor(context=context)
    nodes = [rclpy.create_node(name, context=context) for name in ('source', 'sink')]
    for node in nodes:
        executor.add_node(node)

    def spin_until(condition, timeout_s=60.0):
        deadline = time.monotonic() + timeout_s
        while not condition() and time.monotonic() < deadline:
            executor.spin_once(timeout_sec=0.1)
        return condition()

    yield SimpleNamespace(source=nodes[0], sink=nodes[1], spin_until=spin_until)
    executor.shutdown()
    for node in nodes:
        node.destroy_node()
    rclpy.shutdown(context=context)


def test_subscriber_passes_on_what_arrives(graph):
    subscriber = Subscriber(graph.sink, String, 'words')
    received = []
    subscriber.registerCallback(lambda message, tag: received.append((message.data, tag)), 'tag')
    publisher = graph.source.create_publisher(String, 'words', 10)
    assert graph.spin_until(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(String(data='hello'))
    assert graph.spin_until(lambda: received)
    assert received == [('hello', 'tag')]


def test_subscriber_looks_like_its_subscription(graph):
    qos = QoSProfile(depth=3, reliability=ReliabilityPolicy.BEST_EFFORT)
    subscriber = Subscriber(graph.sink, String, 'words', qos_profile=qos)
    assert subscriber.getTopic() == subscriber.topic == 'words'
    assert subscriber.node is graph.sink
    assert subscriber.sub in graph.sink.subscriptions
    assert subscriber.topic_name == '/words'
    assert subscriber.qos_profile.reliability == ReliabilityPolicy.BEST_EFFORT
    with pytest.raises(AttributeError):
        subscriber.no_such_attribute  # noqa: B018


def test_subscribers_feed_a_synchronizer_over_the_graph(graph):
    topics = ('left', 'right')
    subscribers = [Subscriber(graph.sink, Temperature, topic) for topic in topics]
    synchronizer = ApproximateTimeSynchronizer(subscribers, 10, 0.01)
    sets = []
    synchronizer.registerCallback(
        lambda left, right: sets.append((left.temperature, right.temperature)))
    publishers = [graph.source.create_publisher(Temperature, topic, 10) for topic in topics]
    assert graph.spin_until(
        lambda: all(publisher.get_subscription_count() == 1 for publisher in publishers))
    for second in range(1, 6):
        for offset_ms, publisher in enumerate(publishers):
            header = Header(stamp=TimeMsg(sec=second, nanosec=offset_ms * MS))
            publisher.publish(Temperature(header=header, temperature=float(second)))
    assert graph.spin_until(lambda: len(sets) == 5)
    assert sets == [(second, second) for second in range(1, 6)]
