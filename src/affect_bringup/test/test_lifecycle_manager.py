# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The manager brings up what can be, in order, and again; and names what is down."""

import time

from affect_bringup import managed_node
from affect_bringup.lifecycle_manager import LifecycleManagerNode
from affect_node import AffectNode
from affect_node import SetupError
from affect_node import STATE
from affect_node.diagnostics import Diagnostics
from affect_node.run import make_executor
from affect_node.testing import Bench
from affect_node.testing import health
from affect_node.testing import is_well
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
from lifecycle_msgs.msg import State
from lifecycle_msgs.srv import ChangeState
from lifecycle_msgs.srv import GetState
import pytest
from rclpy.node import Node


class WorkerNode(AffectNode):
    """Writes down what is done with it; refuses to be configured while it is broken."""

    def __init__(self, *, log=None, is_broken=False, **kwargs):
        super().__init__('worker', **kwargs)
        self.log = [] if log is None else log
        self.is_broken = is_broken
        self.attempts_s = []

    def setup(self):
        self.attempts_s.append(time.monotonic())
        if self.is_broken:
            raise SetupError('the cable is out; plug it in')
        self.log.append(f'{self.get_name()} configured')

    def start(self):
        self.log.append(f'{self.get_name()} activated')


class MuteNode(Node):
    """Tells the state that it is given; what answers `change_state` is never spun."""

    def __init__(self, name, context):
        super().__init__(name, context=context, use_global_arguments=False)
        self.diagnostics = Diagnostics(self)
        self.state = State(id=State.PRIMARY_STATE_UNCONFIGURED, label='unconfigured')
        self.create_service(GetState, f'{name}/get_state', self._tell)
        self.mute = Node(f'{name}_mute', context=context, use_global_arguments=False)
        self.mute.create_service(
            ChangeState, f'{name}/change_state', lambda request, response: response)

    def _tell(self, request, response):
        response.current_state = self.state
        return response

    def destroy_node(self):
        self.mute.destroy_node()
        super().destroy_node()


@pytest.fixture
def bench():
    with Bench() as bench:
        yield bench


def make(bench, name, executor=None, **keywords):
    """Make a worker; one with an executor of its own is deaf whenever that is not spun."""
    node = WorkerNode(
        context=bench.context, use_global_arguments=False,
        cli_args=['--ros-args', '-r', f'__node:={name}'], **keywords)
    if executor is None:
        bench.nodes.append(node)
    (executor or bench.executor).add_node(node)
    return node


def make_mute(bench):
    node = MuteNode('mute', bench.context)
    bench.nodes.append(node)
    bench.executor.add_node(node)
    return node


def manage(bench, *names, patience_s=4.0):
    return bench.add(
        LifecycleManagerNode, activate=False, node_names=list(names), patience_s=patience_s)


def state_of(manager, name):
    return next(node.state for node in manager.nodes if node.name == name)


@pytest.fixture
def elsewhere(bench):
    """Return an executor that only the test spins, as if it were another process."""
    executor = make_executor(bench.context)
    yield executor
    for node in list(executor.get_nodes()):
        executor.remove_node(node)
        node.destroy_node()
    executor.shutdown()


# -- bring-up ----------------------------------------------------------------------------------


def test_each_node_is_active_before_the_next_is_configured(bench):
    log = []
    names = ['camera', 'encoder', 'fusion', 'avatar']
    for name in reversed(names):
        make(bench, name, log=log)
    manager = manage(bench, *names)
    bench.until(lambda: len(log) == 8, 'all nodes')
    assert log == [f'{name} {step}' for name in names for step in ('configured', 'activated')]
    bench.until(lambda: all(node.is_active for node in manager.nodes), 'the manager to know')


def test_absent_nodes_hold_the_others_up_for_their_patience_and_no_longer(bench):
    worker = make(bench, 'worker')
    begin_s = time.monotonic()
    manage(bench, 'absent', 'gone', 'worker', patience_s=1.0)
    bench.until(lambda: worker.is_active, 'the worker')
    assert worker.attempts_s[0] - begin_s >= 1.0


def test_a_node_that_refuses_holds_nobody_up(bench):
    make(bench, 'broken', is_broken=True)
    worker = make(bench, 'worker')
    manage(bench, 'broken', 'worker', patience_s=60.0)
    bench.until(lambda: worker.is_active, 'the worker')


def test_a_node_that_does_not_answer_holds_nobody_up_and_is_brought_up_once_it_does(
        bench, elsewhere):
    deaf = make(bench, 'deaf', elsewhere)
    worker = make(bench, 'worker')
    manager = manage(bench, 'deaf', 'worker', patience_s=1.0)
    bench.until(lambda: worker.is_active, 'the worker')
    bench.until(lambda: 'deaf does not answer' in health(manager), 'the complaint')

    def hears():
        elsewhere.spin_once(timeout_sec=0.0)
        return deaf.is_active
    bench.until(hears, 'the one that hears again')


def test_a_node_named_twice_is_managed_once(bench):
    worker = make(bench, 'worker')
    manager = manage(bench, 'worker', 'worker')
    bench.until(lambda: is_well_and_said_so(manager), 'the manager to know')
    assert len(manager.nodes) == 1
    assert len(worker.attempts_s) == 1
    assert worker.diagnostics.counters == {}


def is_well_and_said_so(manager):
    values = manager.diagnostics.values.values()
    return is_well(manager) and values and all(value == 'active' for value in values)


# -- refusal -----------------------------------------------------------------------------------


def test_a_refusal_is_tried_again_after_growing_pauses_and_said(bench, monkeypatch):
    monkeypatch.setattr(managed_node, '_RETRY_FIRST_S', 0.5)
    monkeypatch.setattr(managed_node, '_LOOK_WHEN_SETTLED_S', 0.1)
    broken = make(bench, 'broken', is_broken=True)
    worker = make(bench, 'worker')
    manager = manage(bench, 'broken', 'worker')
    bench.until(lambda: len(broken.attempts_s) == 4, 'the fourth attempt')
    pauses_s = [b - a for a, b in zip(broken.attempts_s, broken.attempts_s[1:], strict=False)]
    for pause_s, least_s in zip(pauses_s, (0.5, 1.0, 2.0), strict=True):
        assert pause_s >= least_s
    assert 'broken refused to come up' in health(manager)
    assert worker.is_active
    assert len(worker.attempts_s) == 1


def test_a_node_that_refused_comes_up_when_it_is_mended(bench):
    broken = make(bench, 'broken', is_broken=True)
    manager = manage(bench, 'broken')
    bench.until(lambda: 'refused' in health(manager), 'the refusal')
    broken.is_broken = False
    bench.until(lambda: broken.is_active, 'the second attempt')
    bench.until(lambda: is_well_and_said_so(manager), 'the all-clear')


def test_a_new_process_in_place_of_one_that_refused_is_tried_at_once(bench, monkeypatch):
    monkeypatch.setattr(managed_node, '_RETRY_FIRST_S', 60.0)
    broken = make(bench, 'worker', is_broken=True)
    manager = manage(bench, 'worker')
    bench.until(lambda: state_of(manager, 'worker') == 'refused', 'the refusal')
    bench.remove(broken)
    bench.until(lambda: state_of(manager, 'worker') in ('absent', 'silent'), 'its end')
    mended = make(bench, 'worker')
    bench.until(lambda: mended.is_active, 'the new one')


# -- recovery ----------------------------------------------------------------------------------


def test_a_node_that_is_made_again_is_brought_up_also_when_another_is_down(bench):
    first = make(bench, 'worker')
    manager = manage(bench, 'absent', 'worker', patience_s=0.0)
    bench.until(lambda: first.is_active, 'the first')
    bench.remove(first)
    second = make(bench, 'worker')
    bench.until(lambda: second.is_active, 'the second')
    bench.until(lambda: state_of(manager, 'worker') == 'active', 'the manager to know')


def test_a_dead_process_that_is_still_seen_does_not_stand_in_the_way_of_the_next(
        bench, elsewhere):
    """As after SIGKILL: the services of the dead one match for up to 20 s more."""
    dead = make(bench, 'worker', elsewhere)
    manager = manage(bench, 'worker')

    def brought_up():
        elsewhere.spin_once(timeout_sec=0.0)
        return state_of(manager, 'worker') == 'active'
    bench.until(brought_up, 'the first')
    second = make(bench, 'worker')
    bench.until(lambda: second.is_active, 'the second')
    bench.until(lambda: state_of(manager, 'worker') == 'active', 'the manager to know')
    assert dead.is_active


def test_a_node_that_answers_counts_even_while_the_middleware_calls_it_absent(bench):
    """Half a service, left by a process that was killed, makes the whole one count as absent."""
    worker = make(bench, 'worker')
    manager = manage(bench, 'worker')
    for client in manager.clients:
        client.service_is_ready = lambda: False
    bench.until(lambda: worker.is_active, 'the worker')
    bench.until(lambda: is_well_and_said_so(manager), 'the manager to know')
    looks = []
    manager.nodes[0]._get_state.call_async = _counted(manager.nodes[0]._get_state, looks)
    bench.until(lambda: len(looks) == 3, 'three more looks')
    assert state_of(manager, 'worker') == 'active'


def _counted(client, calls):
    call_async = client.call_async

    def counted(request):
        calls.append(request)
        return call_async(request)
    return counted


@pytest.mark.parametrize('steps', [['deactivate'], ['deactivate', 'cleanup']])
def test_what_is_taken_down_by_hand_is_brought_up_again(bench, steps):
    worker = make(bench, 'worker')
    manager = manage(bench, 'worker')
    bench.until(lambda: state_of(manager, 'worker') == 'active', 'the worker')
    for step in steps:
        getattr(worker, f'trigger_{step}')()
    bench.until(lambda: worker.is_active, 'the worker again')


def test_what_is_shut_down_by_hand_stays_down_and_is_named(bench):
    worker = make(bench, 'worker')
    manager = manage(bench, 'worker')
    bench.until(lambda: state_of(manager, 'worker') == 'active', 'the worker')
    worker.trigger_shutdown()
    bench.until(lambda: 'worker is finalized' in health(manager), 'its name')
    assert worker.log == ['worker configured', 'worker activated']


# -- answers that do not come ------------------------------------------------------------------


def test_when_the_answer_to_a_transition_is_lost_the_state_tells(bench):
    mute, manager = make_mute(bench), manage(bench, 'mute')
    for label, state in (
            ('configuring', State(id=State.PRIMARY_STATE_INACTIVE, label='inactive')),
            ('activating', State(id=State.PRIMARY_STATE_ACTIVE, label='active'))):
        bench.until(lambda label=label: state_of(manager, 'mute') == label, label)
        mute.state = state
    bench.until(lambda: state_of(manager, 'mute') == 'active', 'active')


def test_a_transition_without_answer_and_without_effect_counts_as_refused(bench):
    make_mute(bench)
    manager = manage(bench, 'mute')
    bench.until(lambda: state_of(manager, 'mute') == 'refused', 'the refusal')


def test_a_neighbour_in_a_container_that_is_busy_loading_is_not_called_silent(
        bench, elsewhere, monkeypatch):
    monkeypatch.setattr(managed_node, '_ASK_AGAIN_S', 0.1)
    monkeypatch.setattr(managed_node, '_SILENT_AFTER_S', 0.2)
    monkeypatch.setattr(managed_node, '_CHANGE_WITHIN_S', 3.0)
    make(bench, 'neighbour', elsewhere)
    make(bench, 'loading', elsewhere)
    manager = manage(bench, 'neighbour', 'loading')
    said = []

    def until_is(name, state, *, is_spun):
        def condition():
            if is_spun:
                elsewhere.spin_once(timeout_sec=0.0)
            said.append(state_of(manager, 'neighbour'))
            return state_of(manager, name) == state
        bench.until(condition, f'{name} to be {state}')

    until_is('loading', 'configuring', is_spun=True)
    said.clear()
    until_is('loading', 'silent', is_spun=False)
    assert set(said) == {'active'}
    until_is('neighbour', 'silent', is_spun=False)
    until_is('loading', 'active', is_spun=True)
    until_is('neighbour', 'active', is_spun=True)


# -- what it says ------------------------------------------------------------------------------


def test_diagnostics_name_what_is_down_and_nothing_else(bench):
    arrays = bench.hear(DiagnosticArray, '/diagnostics', STATE)
    make(bench, 'well')
    make(bench, 'broken', is_broken=True)
    manager = manage(bench, 'well', 'broken', 'absent', patience_s=0.5)

    def last():
        return next((status for array in reversed(arrays) for status in array.status
                     if status.name == '/lifecycle_manager: health'), DiagnosticStatus())
    bench.until(lambda: {v.key: v.value for v in last().values} == {
        'well': 'active', 'broken': 'refused', 'absent': 'absent'}, 'the states')
    assert last().level == DiagnosticStatus.ERROR
    assert 'broken refused to come up, its own log says why' in last().message
    assert 'absent is absent' in last().message
    assert 'well' not in last().message
    bench.until(lambda: state_of(manager, 'well') == 'active', 'well')


def test_a_bad_list_of_nodes_is_said(bench):
    manager = bench.add(LifecycleManagerNode, activate=False, node_names='5')
    assert "parameter 'node_names' is 5" in health(manager)
