# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Filters in a row."""

from types import SimpleNamespace

from message_filters import Cache
from message_filters import Chain
from message_filters import SimpleFilter
import pytest
from rclpy.time import Time


class AddOne(SimpleFilter):
    """A filter whose output is its input plus one."""

    def add(self, value):
        self.signalMessage(value + 1)


def collect(filter_):
    received = []
    filter_.registerCallback(received.append)
    return received


def test_an_empty_chain_passes_messages_through():
    chain = Chain()
    received = collect(chain)
    chain.add(1)
    assert received == [1]


def test_each_filter_feeds_the_next_and_the_last_one_is_the_output():
    source = SimpleFilter()
    chain = Chain(source)
    received = collect(chain)
    for length in range(1, 4):
        chain.addFilter(AddOne())
        source.signalMessage(10)
        assert received.pop() == 10 + length
        assert received == []


def test_callbacks_of_the_filters_in_the_chain_stay():
    first = AddOne()
    before = collect(first)
    chain = Chain()
    chain.addFilter(first)
    after = collect(first)
    chain.addFilter(AddOne())
    chain.add(1)
    assert before == after == [2]


def test_filters_are_found_by_their_number():
    chain = Chain()
    cache = Cache(SimpleFilter())
    chain.addFilter(cache)
    assert chain.getFilter(0) is cache
    with pytest.raises(KeyError):
        chain.getFilter(1)
    message = SimpleNamespace(header=SimpleNamespace(stamp=Time(seconds=1)))
    chain.add(message)
    assert cache.getLast() is message


def test_a_chain_has_one_source():
    chain = Chain(SimpleFilter())
    with pytest.raises(RuntimeError):
        chain.connectInput(SimpleFilter())
