# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What every sensor node does with a source that hangs, is slow, silent, damaged or absent."""

import threading

from affect_node.testing import health
from affect_node.testing import is_well
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.opening import Opening
from affect_sensors.sources.source import DamagedItemError
from affect_sensors.sources.source import SourceError
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
import pytest
from rclpy.lifecycle import TransitionCallbackReturn


class FakeSource:
    """A source that a test holds in its hand."""

    comes_and_goes = True
    finished = False
    due_ns = None
    promised_hz = None

    def __init__(self):
        self.items = []
        self.error = None
        self.is_absent = False
        self.may_open = threading.Event()
        self.may_open.set()
        self.calls = []

    def open(self):
        """Open, when the test lets it."""
        self.calls.append('open')
        self.may_open.wait(20.0)
        if self.is_absent:
            raise SourceError("parameter 'device': it is not there")

    def start(self, now_ns):
        """Begin."""
        self.calls.append('start')

    def read(self, until_ns):
        """Return what the test put in."""
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        items, self.items = self.items, []
        return items

    def close(self):
        """Close."""
        self.calls.append('close')


class FakeNode(SensorNode):
    """A sensor node that collects what it would publish."""

    def __init__(self, source, **kwargs):
        self.given = source
        self.published = []
        self.silences = 0
        super().__init__(
            'sensor', sources=('device', 'simulation'), shortest_wait_s=0.005, **kwargs)

    def make_source(self):
        """Return the test's source."""
        return self.given

    def advertise_topics(self):
        """Publish nothing."""

    def publish_item(self, item):
        """Keep it."""
        self.published.append(item)

    def fell_silent(self):
        """Count it."""
        self.silences += 1


@pytest.fixture
def source():
    return FakeSource()


def add(graph, source, **parameters):
    return graph.add(lambda **kwargs: FakeNode(source, **kwargs), source='device', **parameters)


def is_stale(node, words=''):
    return lambda: (
        node.diagnostics.status().level == DiagnosticStatus.STALE and words in health(node))


def test_a_source_that_hangs_while_it_opens_is_stale_and_its_node_can_be_taken_down(
        graph, source):
    source.may_open.clear()
    reports = graph.hear(DiagnosticArray, '/diagnostics', 10)
    node = add(graph, source)
    graph.until(is_stale(node, 'does not answer yet'), 'STALE')
    # Said at once, not at the next report of the second.
    graph.until(lambda: any(
        s.level == DiagnosticStatus.STALE for r in reports for s in r.status), 'the report')
    assert node.trigger_deactivate() == TransitionCallbackReturn.SUCCESS
    assert node.trigger_cleanup() == TransitionCallbackReturn.SUCCESS
    assert source.calls == ['open']
    source.may_open.set()
    graph.until(lambda: source.calls == ['open', 'close'], 'the close')


def test_why_a_source_is_absent_is_said_until_it_is_there(graph, source):
    source.is_absent = True
    node = add(graph, source)
    graph.until(is_stale(node, 'it is not there'), 'the reason')
    graph.until(lambda: source.calls.count('open') > 1, 'another try')
    assert is_stale(node, 'it is not there')()
    assert node.diagnostics.counters['openings failed'] >= 1
    source.is_absent = False
    source.items = ['a']
    graph.until(lambda: node.published == ['a'], 'an item')
    assert is_well(node)
    assert node.silences == 1
    # It is closed before it is opened again.
    before, after = source.calls.index('open'), source.calls.index('close')
    assert before < after < len(source.calls) - 1


def test_a_lost_source_is_opened_anew_and_started(graph, source):
    node = add(graph, source)
    source.items = ['a']
    graph.until(lambda: node.published, 'an item')
    source.error = SourceError('unplugged')
    graph.until(is_stale(node, 'unplugged'), 'the loss')
    source.items = ['b']
    graph.until(lambda: node.published == ['a', 'b'], 'the next item')
    assert source.calls == ['open', 'start', 'close', 'open', 'start']
    assert node.diagnostics.counters['source lost'] == 1


def test_a_damaged_item_closes_nothing(graph, source):
    node = add(graph, source)
    source.error = DamagedItemError('frame 7 is torn')
    graph.until(lambda: 'frame 7 is torn' in health(node), 'the complaint')
    source.items = ['a']
    graph.until(lambda: node.published, 'the next item')
    assert source.calls == ['open', 'start']
    assert 'source lost' not in node.diagnostics.counters


def test_silence_is_said_once_and_ends_with_the_next_item(graph, source):
    node = add(graph, source)
    for _ in range(2):
        graph.until(is_stale(node, 'gives nothing'), 'STALE')
        source.items = ['a']
        graph.until(lambda: is_well(node), 'health')
    assert node.silences == 2
    assert source.calls == ['open', 'start']


def test_a_source_may_say_why_it_is_silent(graph, source):
    source.why_silent = 'nothing comes to port 9000'
    node = add(graph, source)
    graph.until(is_stale(node, 'port 9000'), 'the reason')


def test_a_source_that_is_being_opened_is_not_asked_why_it_is_silent(graph, source):
    source.why_silent = 'the streams send nothing'
    source.may_open.clear()
    node = add(graph, source)
    graph.until(is_stale(node, 'being opened'), 'silence')
    source.may_open.set()
    graph.until(is_stale(node, 'the streams send nothing'), 'the reason')


def test_a_slow_sensor_is_given_its_time(graph, source):
    """At 1 Hz, half a second of silence is nothing."""
    source.promised_hz = 1.0
    node = add(graph, source, stale_after_s=0.1)
    source.items = ['a']
    graph.until(lambda: node.published, 'an item')
    assert node._flow.patience_s > 1.0
    assert is_well(node)


def test_a_defect_of_a_source_is_no_end_of_its_opening(source):
    def defective():
        raise ZeroDivisionError('a defect')
    source.open = defective
    opening = Opening(source)
    pause = threading.Event()
    while not opening.is_done:
        pause.wait(0.001)
    with pytest.raises(SourceError, match='ZeroDivisionError: a defect'):
        opening.result()


def test_what_was_given_up_is_not_opened_after_the_pause(source):
    opening = Opening(source, again_after_s=20.0)
    opening.cancel()
    pause = threading.Event()
    while not opening.is_done:
        pause.wait(0.001)
    assert 'open' not in source.calls
