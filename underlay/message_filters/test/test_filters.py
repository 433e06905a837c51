# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the stand-in's filters do beyond the contract with upstream."""

import copy
from types import SimpleNamespace

from message_filters import Cache
from message_filters import SimpleFilter
from message_filters import Subscriber
from rclpy.time import Time


def test_a_removed_connection_does_not_take_the_number_of_a_live_one():
    filter_ = SimpleFilter()
    calls = []
    first = filter_.registerCallback(calls.append)
    filter_.registerCallback(lambda value: calls.append(-value))
    filter_.unregisterCallback(first)
    filter_.unregisterCallback(99)
    filter_.registerCallback(lambda value: calls.append(10 * value))
    filter_.signalMessage(3)
    assert calls == [-3, 30]


def test_a_callback_may_remove_itself():
    filter_ = SimpleFilter()
    calls = []

    def once(value):
        calls.append(value)
        filter_.unregisterCallback(connection)

    connection = filter_.registerCallback(once)
    filter_.signalMessage(1)
    filter_.signalMessage(2)
    assert calls == [1]


def test_cache_knows_its_latest_time_by_the_names_of_all_distributions():
    cache = Cache(SimpleFilter(), 3)
    assert cache.getLatestTime() is None
    stamp = Time(seconds=1)
    cache.add(SimpleNamespace(header=SimpleNamespace(stamp=stamp)))
    assert cache.getLatestTime() is cache.getLastestTime() is stamp


class FakeNode:
    """Records what a subscription was asked for."""

    def create_subscription(self, msg_type, topic, callback, **options):
        self.asked = (msg_type, topic, callback, options)
        return SimpleNamespace(topic_name='/ns/' + topic)


def test_subscriber_hands_every_option_to_the_node():
    node = FakeNode()
    subscriber = Subscriber(node, dict, 'words', callback_group='group', raw=True)
    assert node.asked == (
        dict, 'words', subscriber.callback,
        {'qos_profile': 10, 'callback_group': 'group', 'raw': True})
    Subscriber(node, dict, 'words', 5)
    assert node.asked[3] == {'qos_profile': 5}


def test_subscriber_can_be_copied():
    subscriber = Subscriber(FakeNode(), dict, 'words')
    assert copy.copy(subscriber).topic_name == '/ns/words'
