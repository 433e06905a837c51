# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base of every node: life cycle, guarded callbacks, stamps, purpose, clock."""


from affect_msgs.msg import Purpose
from affect_msgs.srv import SetPurpose
from affect_node import AffectNode
from affect_node import LATCHED
from affect_node import SetupError
from affect_node import STATE
from affect_node import to_stamp
from affect_node.testing import Bench
from affect_node.testing import health
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from std_msgs.msg import String

SUCCESS, FAILURE = TransitionCallbackReturn.SUCCESS, TransitionCallbackReturn.FAILURE


class EchoNode(AffectNode):
    """Says what it hears; `boom` makes it stumble, `missing` keeps it from being configured."""

    def __init__(self, **kwargs):
        super().__init__('echo', **kwargs)
        self.missing = ''
        self.calls = []
        self.purposes = []
        self.gain = self.declare('gain', 1.0, 'A number of its own.', low=0.0, high=10.0)
        self.mode = self.declare(
            'mode', 'loud', 'A choice without a stand-in.', choices=('loud', 'quiet'),
            must_fit=True)

    def setup(self):
        self.calls.append('setup')
        self.said = self.advertise(String, 'said', STATE)
        if self.missing:
            raise SetupError(f'{self.missing} is not there; plug it in')
        self.subscribe(String, 'heard', self.on_heard, STATE)
        self.follow_purpose(lambda: self.purposes.append(self.purpose))
        self.serve(SetPurpose, 'ask', self.on_ask)

    def start(self):
        self.calls.append('start')

    def stop(self):
        self.calls.append('stop')

    def teardown(self):
        self.calls.append('teardown')

    def on_heard(self, message):
        if message.data == 'boom':
            raise RuntimeError('stumbled')
        self.said.publish(message)

    def on_ask(self, request, response):
        response.success = 1 / request.purpose > 0.0
        return response


@pytest.fixture
def bench():
    with Bench() as bench:
        yield bench


def topics_of(bench, node):
    name, namespace = node.get_name(), node.get_namespace()
    own = {'/heard', '/said', '/safety/purpose'}
    published = bench.peer.get_publisher_names_and_types_by_node(name, namespace)
    subscribed = bench.peer.get_subscriber_names_and_types_by_node(name, namespace)
    return {topic for topic, _ in [*published, *subscribed]} & own


def says(bench, node, text, heard):
    bench.until(lambda: bench.peer.count_publishers('said'), 'the publisher')
    bench.until(node.said.get_subscription_count, 'the listener')
    bench.publish('heard', String(data=text), STATE)
    bench.until(lambda: any(message.data == text for message in heard), f"the echo of '{text}'")


# -- life cycle --------------------------------------------------------------------------------


def test_entities_exist_from_configure_to_clean_up_and_again_after(bench):
    node = bench.add(EchoNode, activate=False)
    everything = {'/heard', '/said', '/safety/purpose'}
    for _ in range(3):
        assert topics_of(bench, node) == set()
        assert node.trigger_configure() == SUCCESS
        bench.until(lambda: topics_of(bench, node) == everything, 'the topics')
        for _ in range(2):
            assert node.trigger_activate() == SUCCESS
            assert node.is_active
            assert node.trigger_deactivate() == SUCCESS
            assert not node.is_active
        assert node.trigger_cleanup() == SUCCESS
        bench.until(lambda: topics_of(bench, node) == set(), 'no topics')
    once = ['setup', 'start', 'stop', 'start', 'stop', 'teardown']
    assert node.calls == once * 3
    assert health(node) == 'OK'


def test_after_reconfiguring_the_node_works_as_before(bench):
    node = bench.add(EchoNode)
    heard = bench.hear(String, 'said', STATE)
    says(bench, node, 'one', heard)
    node.trigger_deactivate()
    node.trigger_cleanup()
    node.trigger_configure()
    node.trigger_activate()
    bench.until(lambda: bench.peer.count_subscribers('heard') == 1, 'the subscription')
    bench.until(lambda: bench.peer.count_publishers('said') == 1, 'the publisher')

    def repeated():
        bench.publish('heard', String(data='two'), STATE)
        bench.executor.spin_once(timeout_sec=0.02)
        return heard[-1].data == 'two'
    bench.until(repeated, 'the echo after reconfiguring')


def test_an_inactive_node_does_not_hear(bench):
    node = bench.add(EchoNode)
    heard = bench.hear(String, 'said', STATE)
    says(bench, node, 'awake', heard)
    node.trigger_deactivate()
    bench.publish('heard', String(data='asleep'), STATE)
    # Delivery is in order, so purpose, published last, comes last.
    bench.publish('safety/purpose', Purpose(purpose=Purpose.SAFETY), LATCHED)
    bench.until(lambda: node.purpose == Purpose.SAFETY, 'the purpose')
    node.trigger_activate()
    says(bench, node, 'awake again', heard)
    assert [message.data for message in heard] == ['awake', 'awake again']


def test_shutdown_from_any_state_releases_everything(bench):
    for steps, calls in (
            ([], ['teardown']),
            (['configure'], ['setup', 'teardown']),
            (['configure', 'activate'], ['setup', 'start', 'stop', 'teardown'])):
        node = bench.add(EchoNode, activate=False)
        for step in steps:
            getattr(node, f'trigger_{step}')()
        assert node.trigger_shutdown() == SUCCESS
        assert node.calls == calls
        bench.until(lambda node=node: topics_of(bench, node) == set(), 'no topics')
        bench.remove(node)


def test_destroying_an_active_node_stops_and_tears_down(bench):
    node = bench.add(EchoNode)
    bench.remove(node)
    assert node.calls == ['setup', 'start', 'stop', 'teardown']


def test_what_cannot_be_set_up_fails_with_the_reason_and_can_be_retried(bench):
    node = bench.add(EchoNode, activate=False)
    node.missing = '/dev/video9'
    assert node.trigger_configure() == FAILURE
    status = node.diagnostics.status()
    assert status.level == DiagnosticStatus.ERROR
    assert '/dev/video9 is not there; plug it in' in status.message
    bench.until(lambda: topics_of(bench, node) == set(), 'no topics left over')
    assert node.calls == ['setup', 'teardown']
    node.missing = ''
    assert node.trigger_configure() == SUCCESS
    assert node.trigger_activate() == SUCCESS
    assert health(node) == 'OK'


def test_a_parameter_that_must_fit_keeps_the_node_unconfigured(bench):
    node = bench.add(EchoNode, mode='shy', activate=False)
    assert node.trigger_configure() == FAILURE
    assert "parameter 'mode' is 'shy', which is not one of loud, quiet" in (
        node.diagnostics.status().message)
    assert 'setup' not in node.calls


@pytest.mark.parametrize('error, words', [
    (SetupError('no camera; plug it in'), 'no camera; plug it in'),
    (RuntimeError('a defect'), 'internal error, see the log'),
])
def test_a_failed_activation_leaves_the_node_inactive_and_can_be_retried(bench, error, words):
    node = bench.add(EchoNode, activate=False)
    node.trigger_configure()

    def failing():
        raise error
    node.start = failing
    assert node.trigger_activate() == FAILURE
    assert not node.is_active
    assert words in health(node)
    del node.start
    assert node.trigger_activate() == SUCCESS
    assert health(node) == 'OK'


@pytest.mark.parametrize('step', ['stop', 'teardown'])
def test_an_exception_on_the_way_down_is_reported_and_holds_up_nothing(bench, step):
    node = bench.add(EchoNode)
    setattr(node, step, lambda: 1 / 0)
    assert node.trigger_deactivate() == SUCCESS
    assert node.trigger_cleanup() == SUCCESS
    bench.until(lambda: topics_of(bench, node) == set(), 'no topics')
    assert any('ZeroDivisionError' in key for key in node.diagnostics.counters)
    delattr(node, step)
    assert node.trigger_configure() == SUCCESS


def test_autostart_needs_no_manager(bench):
    node = bench.add(EchoNode, activate=False, autostart=True)
    bench.until(lambda: node.is_active, 'activation by itself')
    assert node.calls == ['setup', 'start']


def test_without_autostart_a_node_waits(bench):
    node = bench.add(EchoNode, activate=False)
    arrays = bench.hear(DiagnosticArray, '/diagnostics', STATE)
    bench.until(lambda: arrays, 'diagnostics of an unconfigured node')
    assert node.calls == []


# -- QoS ---------------------------------------------------------------------------------------


def test_a_qos_override_holds_for_its_topic_only_and_through_reconfiguring(bench):
    node = bench.add(
        EchoNode, '-p', 'qos_overrides./said.publisher.reliability:=best_effort',
        '-p', 'qos_overrides./said.publisher.depth:=3')
    for _ in range(2):
        info, = bench.until(lambda: bench.peer.get_publishers_info_by_topic('said'), 'said')
        assert info.qos_profile.reliability.name == 'BEST_EFFORT'
        heard, = bench.until(
            lambda: bench.peer.get_subscriptions_info_by_topic('heard'), 'heard')
        assert heard.qos_profile.reliability.name == 'RELIABLE'
        assert (STATE.depth, STATE.reliability.name) == (10, 'RELIABLE')
        node.trigger_deactivate()
        node.trigger_cleanup()
        bench.until(lambda: not bench.peer.get_publishers_info_by_topic('said'), 'its end')
        assert node.trigger_configure() == SUCCESS
        assert node.trigger_activate() == SUCCESS


@pytest.mark.parametrize('override', [
    'publisher.reliability:=sure', 'publisher.reliability:=3', 'publisher.depth:=many',
    'publisher.depth:=99999999999'])
def test_a_qos_override_that_cannot_be_is_said_with_topic_and_remedy(bench, override):
    node = bench.add(EchoNode, '-p', f'qos_overrides./said.{override}', activate=False)
    assert node.trigger_configure() == FAILURE
    for words in ("topic 'said'", 'qos_overrides', 'allowed are'):
        assert words in health(node)


# -- callbacks ---------------------------------------------------------------------------------


def test_an_exception_in_a_callback_is_counted_and_the_next_message_works(bench):
    node = bench.add(EchoNode)
    heard = bench.hear(String, 'said', STATE)
    for _ in range(3):
        bench.publish('heard', String(data='boom'), STATE)
    says(bench, node, 'fine', heard)
    key = 'rejected: EchoNode.on_heard: RuntimeError: stumbled'
    assert node.diagnostics.counters[key] == 3
    assert 'on_heard' in health(node)


def test_withdrawing_and_advertising_again_under_load_loses_nothing_else(bench):
    node = bench.add(EchoNode)
    heard = bench.hear(String, 'said', STATE)
    extra = []

    def on_purpose():
        if node.emotion_allowed:
            extra.append(node.advertise(String, 'emotion', STATE))
        else:
            node.withdraw(extra.pop())
    node._purpose_changed = on_purpose
    says(bench, node, 'ready', heard)
    for i in range(20):
        allowed = Purpose.RESEARCH if i % 2 == 0 else Purpose.NONE
        bench.publish('heard', String(data=f'before {i}'), STATE)
        bench.publish('safety/purpose', Purpose(purpose=allowed), LATCHED)
        bench.publish('heard', String(data=f'after {i}'), STATE)
        bench.until(lambda allowed=allowed: node.purpose == allowed, 'the purpose')
        bench.until(lambda i=i: len(heard) == 3 + 2 * i, 'both echoes')
    assert bench.peer.count_publishers('emotion') == 0
    assert node.diagnostics.counters == {}


def test_messages_under_way_at_clean_up_reach_no_callback(bench):
    node = bench.add(EchoNode)
    heard = bench.hear(String, 'said', STATE)
    says(bench, node, 'ready', heard)
    for i in range(10):
        bench.publish('heard', String(data=f'late {i}'), STATE)
    node.trigger_deactivate()
    node.trigger_cleanup()
    node.trigger_configure()
    node.trigger_activate()
    bench.until(lambda: bench.peer.count_subscribers('heard') == 1, 'the new subscription')
    assert [message.data for message in heard] == ['ready']
    assert node.diagnostics.counters == {}


def ask(bench, purpose):
    client = bench.peer.create_client(SetPurpose, 'ask')
    bench.until(client.service_is_ready, 'the service')
    future = client.call_async(SetPurpose.Request(purpose=purpose))
    bench.until(future.done, 'the answer')
    bench.peer.destroy_client(client)
    return future.result()


def test_a_service_answers_also_when_its_handler_stumbles_or_the_node_is_inactive(bench):
    node = bench.add(EchoNode)
    assert ask(bench, 1).success
    answer = ask(bench, 0)
    assert not answer.success and 'ZeroDivisionError' in answer.message
    assert ask(bench, 1).success
    node.trigger_deactivate()
    answer = ask(bench, 1)
    assert not answer.success and 'not active' in answer.message


# -- stamps ------------------------------------------------------------------------------------


@pytest.fixture
def stamped():
    with Bench(clock_s=1000.0) as bench:
        yield bench.add(EchoNode, max_stamp_age_s=5.0, max_stamp_lead_s=0.25)


@pytest.mark.parametrize('stamp_s', [995.1, 1000.0, 1000.2])
def test_a_stamp_of_now_is_accepted(stamped, stamp_s):
    assert stamped.accept_stamp('t', to_stamp(s=stamp_s)) == pytest.approx(stamp_s)
    assert stamped.diagnostics.counters == {}


@pytest.mark.parametrize('stamp_s, reason, remedy', [
    (1000.3, 'stamped in the future', 'synchronised'),
    (2e9, 'stamped in the future', 'synchronised'),
    (994.9, 'stamped in the past', 'use_sim_time'),
    (-5.0, 'stamped in the past', 'use_sim_time'),
    (0.0, 'no stamp', 'header.stamp'),
])
def test_a_stamp_of_another_time_is_rejected_with_topic_and_remedy(
        stamped, stamp_s, reason, remedy):
    assert stamped.accept_stamp('hmd/imu/data', to_stamp(s=stamp_s)) is None
    assert stamped.diagnostics.counters == {f'rejected: hmd/imu/data: {reason}': 1}
    assert remedy in health(stamped)


def test_of_a_run_of_samples_it_is_the_end_that_must_be_of_now(stamped):
    assert stamped.accept_stamp('t', to_stamp(s=990.0), 9.0) == 990.0
    assert stamped.accept_stamp('t', to_stamp(s=990.0), 1.0) is None
    assert stamped.accept_stamp('t', to_stamp(s=1000.0), 1.0) is None
    assert stamped.diagnostics.counters == {
        'rejected: t: stamped in the past': 1, 'rejected: t: stamped in the future': 1}


# -- purpose -----------------------------------------------------------------------------------


def test_purpose_starts_at_none_and_each_change_is_told_once(bench):
    node = bench.add(EchoNode)
    assert (node.purpose, node.emotion_allowed) == (Purpose.NONE, False)
    told = []
    for purpose, allowed in (
            (Purpose.RESEARCH, True), (Purpose.RESEARCH, True), (Purpose.SAFETY, False),
            (Purpose.MEDICAL, True), (77, False), (Purpose.NONE, False)):
        bench.publish('safety/purpose', Purpose(purpose=purpose), LATCHED)
        bench.until(lambda purpose=purpose: node.purpose == purpose, 'the purpose')
        assert node.emotion_allowed == allowed
        if told[-1:] != [purpose]:
            told.append(purpose)
    assert node.purposes == told


def test_the_latched_purpose_reaches_a_node_that_comes_late_or_is_reconfigured(bench):
    bench.peer.create_publisher(Purpose, 'safety/purpose', LATCHED).publish(
        Purpose(purpose=Purpose.RESEARCH))
    node = bench.add(EchoNode)
    bench.until(lambda: node.emotion_allowed, 'the purpose')
    node.trigger_deactivate()
    node.trigger_cleanup()
    assert node.purpose == Purpose.NONE
    node.trigger_configure()
    bench.until(lambda: node.emotion_allowed, 'the purpose, again')


# -- clock -------------------------------------------------------------------------------------


def clock_is_blamed(bench, arrays, words):
    bench.until(lambda: any(
        words in status.message and status.level == DiagnosticStatus.ERROR
        for array in arrays for status in array.status), words)


def test_sim_time_without_a_clock_is_said(bench):
    arrays = bench.hear(DiagnosticArray, '/diagnostics', STATE)
    node = bench.add(EchoNode, activate=False, use_sim_time=True)
    clock_is_blamed(bench, arrays, 'nobody publishes /clock')
    assert '--clock' in health(node)


def test_a_clock_that_stands_still_is_said_and_forgiven_when_it_goes_on():
    with Bench(clock_s=1000.0) as bench:
        arrays = bench.hear(DiagnosticArray, '/diagnostics', STATE)
        node = bench.add(EchoNode)
        clock_is_blamed(bench, arrays, '/clock stands still')
        bench.set_clock(1000.1)
        bench.until(lambda: health(node) == 'OK', 'forgiveness')


# -- several nodes in one process --------------------------------------------------------------


def test_nodes_in_one_process_keep_their_own_name_namespace_parameters_and_remaps(bench):
    first = bench.add(
        EchoNode, '-r', '__node:=left', '-r', '__ns:=/w1', '-p', 'gain:=2.0',
        '-r', 'said:=told')
    second = bench.add(EchoNode, '-r', '__ns:=/w2')
    assert first.get_fully_qualified_name() == '/w1/left'
    assert second.get_fully_qualified_name() == '/w2/echo'
    assert (first.gain, second.gain) == (2.0, 1.0)
    told = bench.hear(String, '/w1/told', STATE)
    said = bench.hear(String, '/w2/said', STATE)
    bench.publish('/w1/heard', String(data='first'), STATE)
    bench.publish('/w2/heard', String(data='second'), STATE)
    bench.until(lambda: told and said, 'both echoes')
    assert (told[0].data, said[0].data) == ('first', 'second')
    assert second.diagnostics.status().name == '/w2/echo: health'
