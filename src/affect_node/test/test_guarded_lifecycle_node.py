# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What others ask of a node's life cycle, and what a subclass owns."""

from affect_node import AffectNode
from affect_node.testing import Bench
from affect_node.testing import health
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
import pytest


class OwnerNode(AffectNode):
    """Owns two things that are no ROS entities."""

    def __init__(self, **kwargs):
        super().__init__('owner', **kwargs)
        self.destroyed = []
        self.heard = []

    def setup(self):
        self.first = self.own(self.destroyed.append, ['first'])
        self.second = self.own(self.destroyed.append, ['second'])
        self.awake = self.guarded(self.on_heard)
        self.asleep = self.guarded(self.on_heard, while_inactive=True)

    def on_heard(self, *words):
        if not words:
            raise ValueError('nothing said')
        self.heard.append(words)


@pytest.fixture
def bench():
    with Bench() as bench:
        yield bench


@pytest.mark.parametrize('transition', [
    Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_CLEANUP, 99])
def test_an_impossible_transition_is_refused_and_the_node_lives_on(bench, transition):
    node = bench.add(OwnerNode)
    client = bench.peer.create_client(ChangeState, 'owner/change_state')
    bench.until(client.service_is_ready, 'the service')

    def ask(number):
        future = client.call_async(ChangeState.Request(transition=Transition(id=number)))
        return bench.until(lambda: future.done() and future.result(), 'the answer').success

    assert not ask(transition)
    assert node.is_active
    assert f'change_state: transition {transition} is not possible; the node is active' in (
        health(node))
    assert ask(Transition.TRANSITION_DEACTIVATE)
    assert not node.is_active


def test_what_is_owned_is_destroyed_once_and_the_last_first(bench):
    node = bench.add(OwnerNode)
    node.trigger_deactivate()
    assert node.destroyed == []
    node.trigger_cleanup()
    assert node.destroyed == [['second'], ['first']]
    node.trigger_configure()
    node.withdraw(node.first)
    node.withdraw(node.first)
    assert node.destroyed[2:] == [['first']]
    node.trigger_cleanup()
    assert node.destroyed[2:] == [['first'], ['second']]


def test_a_guarded_callback_runs_while_active_never_raises_and_ends_with_its_configuration(bench):
    node = bench.add(OwnerNode)
    node.awake('one', 'word')
    node.awake()
    assert node.diagnostics.counters == {
        'rejected: OwnerNode.on_heard: ValueError: nothing said': 1}
    node.trigger_deactivate()
    node.awake('two')
    node.asleep('three')
    assert node.heard == [('one', 'word'), ('three',)]
    late = node.awake, node.asleep
    node.trigger_cleanup()
    node.trigger_configure()
    node.trigger_activate()
    for callback in late:
        callback('late')
    node.awake('four')
    assert node.heard[2:] == [('four',)]
