# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reading ahead of the player."""

import threading

import pytest
from ros2cli.bag.message_feeder import MessageFeeder


def numbered(count):
    return iter([('/a', number, b'') for number in range(count)])


@pytest.mark.parametrize('read_ahead', [0, 1, 7, 1000])
@pytest.mark.parametrize('count', [0, 1, 32, 100])
def test_messages_come_in_order_and_end(count, read_ahead):
    feeder = MessageFeeder(numbered(count), read_ahead)
    assert [stamp for _, stamp, _ in feeder] == list(range(count))


def test_it_reads_no_further_than_asked():
    taken = []
    blocked = threading.Event()

    def source():
        for number in range(1000):
            taken.append(number)
            yield '/a', number, b''
        blocked.set()

    feeder = MessageFeeder(source(), 64)
    feeder.wait_until_filled()
    assert len(taken) < 200
    feeder.stop()
    assert not blocked.is_set()


def test_an_error_of_the_reader_arrives_in_its_place():
    def source():
        yield '/a', 1, b''
        raise ValueError('damaged')

    feeder = MessageFeeder(source(), 1)
    seen = []
    with pytest.raises(ValueError, match='damaged'):
        for _, stamp, _ in feeder:
            seen.append(stamp)
    assert seen == [1]
