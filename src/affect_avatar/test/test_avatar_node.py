# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The avatar node on a real graph: which input moves which output, and what bad input does."""

import math
import socket
import time

from affect_avatar.avatar.blendshapes import INDEX
from affect_avatar.avatar.node import AvatarNode
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import AvatarState
from affect_msgs.msg import EmotionState
from affect_msgs.msg import EyeState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import Purpose
from affect_node import LATCHED
from affect_node import STATE
from affect_node import stream
from affect_node import to_stamp
from affect_node.domain import free_domain
import numpy as np
import pytest
from pythonosc.osc_bundle import OscBundle
import rclpy
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter
from sensor_msgs.msg import Imu

SMILE = INDEX['mouthSmileLeft']
NAN = math.nan
TIMEOUT_S = 20.0


class Bench(Node):
    """Trackers, fusion, a safety monitor and ears, in the process of the node under test."""

    def __init__(self, context):
        super().__init__('bench', context=context)
        self.states = []
        self.faces = self.create_publisher(FaceTracking, 'hmd/face/tracking', STATE)
        self.gazes = self.create_publisher(GazeSample, 'hmd/gaze/sample', stream(200))
        self.imus = self.create_publisher(Imu, 'hmd/imu/data', stream(200))
        self.headsets = self.create_publisher(HeadsetStatus, 'hmd/headset/status', LATCHED)
        self.emotions = self.create_publisher(EmotionState, 'affect/emotion_state', STATE)
        self.purposes = self.create_publisher(Purpose, 'safety/purpose', LATCHED)
        self.create_subscription(AvatarState, 'avatar/state', self.states.append, STATE)

    def stamp(self, age_s=0.0):
        return to_stamp(ns=self.get_clock().now().nanoseconds - round(age_s * 1e9))

    def face(self, age_s=0.0, observed=True, **weights):
        message = FaceTracking(weights=np.zeros(52, np.float32))
        for name, weight in weights.items():
            message.weights[INDEX[name]] = weight
        message.observed = [observed] * 52
        message.header.stamp = self.stamp(age_s)
        self.faces.publish(message)

    def gaze(self, openness=NAN, age_s=0.0, state=EyeState.STATE_OPEN):
        def eye():
            return EyeState(
                state=state, azimuth_deg=5.0, elevation_deg=0.0, openness=openness, squint=NAN,
                widening=NAN)
        message = GazeSample(left=eye(), right=eye())
        message.header.stamp = self.stamp(age_s)
        self.gazes.publish(message)

    def emotion(self, category=AffectEstimate.HAPPY, validity=EmotionState.VALIDITY_VALID):
        probabilities = np.full(8, 0.02, np.float32)
        probabilities[category] = 0.86
        message = EmotionState(validity=validity, affect=AffectEstimate(
            probabilities=probabilities, valence=0.6, arousal=0.3))
        message.header.stamp = self.stamp()
        self.emotions.publish(message)

    def imu(self, covariance, **quaternion):
        message = Imu()
        message.header.stamp = self.stamp()
        message.orientation_covariance[0] = covariance
        for name, value in quaternion.items():
            setattr(message.orientation, name, value)
        self.imus.publish(message)


class Graph:
    """The node under test and the bench, spun together."""

    def __init__(self, context):
        self._context = context
        self._executor = SingleThreadedExecutor(context=context)
        self.bench = Bench(context)
        self._executor.add_node(self.bench)
        self.node = None

    def start(self, **parameters):
        self.node = AvatarNode(
            context=self._context,
            parameter_overrides=[Parameter(k, value=v) for k, v in parameters.items()])
        self._executor.add_node(self.node)
        self.node.trigger_configure()
        self.node.trigger_activate()
        self.until(lambda: self.bench.faces.get_subscription_count()
                   and self.bench.gazes.get_subscription_count()
                   and self.bench.imus.get_subscription_count()
                   and self.bench.purposes.get_subscription_count()
                   and self.node.count_subscribers('avatar/state'))
        return self

    def allow(self, purpose):
        self.bench.purposes.publish(Purpose(purpose=purpose))
        self.until(lambda: self.node.purpose == purpose)
        wanted = 1 if purpose in (Purpose.RESEARCH, Purpose.MEDICAL) else 0
        self.until(lambda: self.bench.emotions.get_subscription_count() == wanted)

    def until(self, condition, repeat=None):
        """Spin until the condition holds; call ``repeat`` every 35 ms meanwhile."""
        deadline = time.monotonic() + TIMEOUT_S
        again = 0.0
        while not condition():
            assert time.monotonic() < deadline, 'timed out'
            if repeat is not None and time.monotonic() >= again:
                repeat()
                again = time.monotonic() + 0.035
            self._executor.spin_once(timeout_sec=0.02)

    def state(self, condition, repeat=None):
        """Return the first state from now on that meets the condition."""
        seen = len(self.bench.states)
        found = []

        def check():
            nonlocal seen
            new, seen = self.bench.states[seen:], len(self.bench.states)
            found.extend(state for state in new if condition(state))
            return bool(found)

        self.until(check, repeat)
        return found[0]

    def close(self):
        for node in (self.node, self.bench):
            if node is not None:
                self._executor.remove_node(node)
                node.destroy_node()
        self._executor.shutdown()


@pytest.fixture
def graph(monkeypatch):
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    context = Context()
    rclpy.init(context=context, domain_id=free_domain())
    graph = Graph(context)
    yield graph
    graph.close()
    rclpy.shutdown(context=context)


def test_a_smile_in_the_face_is_a_smile_of_the_avatar(graph):
    graph.start()
    before = graph.state(lambda s: s.face_source == s.FACE_TRACKED, graph.bench.face)
    after = graph.state(
        lambda s: s.weights[SMILE] > 0.7, lambda: graph.bench.face(mouthSmileLeft=0.9))
    assert before.weights[SMILE] == 0.0
    assert after.header.frame_id == 'hmd_link'


def test_a_blink_is_there_in_the_first_state_after_it(graph):
    graph.start()
    graph.state(lambda s: s.left_openness == 1.0, lambda: graph.bench.gaze(openness=1.0))
    seen = len(graph.bench.states)
    graph.until(
        lambda: len(graph.bench.states) > seen and graph.bench.states[-1].left_openness < 1.0,
        lambda: graph.bench.gaze(openness=0.0))
    lids = [state.left_openness for state in graph.bench.states[seen:]]
    # Unknown when this process was slow to send them.
    assert {lid for lid in lids if not math.isnan(lid)} <= {1.0, 0.0}, 'a lid was smoothed'
    assert graph.bench.states[-1].weights[INDEX['eyeBlinkLeft']] == 1.0


def test_an_eye_that_its_tracker_calls_closed_has_no_opening(graph):
    graph.start()
    state = graph.state(
        lambda s: not math.isnan(s.right_openness),
        lambda: graph.bench.gaze(state=EyeState.STATE_CLOSED))
    assert state.right_openness == 0.0


@pytest.mark.parametrize('purpose', [Purpose.RESEARCH, Purpose.MEDICAL])
def test_happiness_smiles_when_no_face_is_tracked(graph, purpose):
    graph.start()
    graph.allow(purpose)
    state = graph.state(lambda s: s.face_source == s.FACE_EMOTION, graph.bench.emotion)
    assert state.weights[SMILE] > 0.5
    assert state.category == AffectEstimate.HAPPY
    assert state.category_probability == pytest.approx(0.86)
    assert (state.valence, state.arousal) == pytest.approx((0.6, 0.3))
    assert 0.0 <= state.emotion_age_s < TIMEOUT_S
    assert state.purpose == purpose


@pytest.mark.parametrize('purpose', [Purpose.NONE, Purpose.SAFETY])
def test_no_emotion_without_a_purpose_that_allows_it(graph, purpose):
    graph.start()
    graph.allow(Purpose.RESEARCH)
    graph.state(lambda s: s.category == AffectEstimate.HAPPY, graph.bench.emotion)
    graph.allow(purpose)
    graph.bench.states.clear()

    def drive():
        graph.bench.emotion()
        graph.bench.gaze(openness=1.0)

    # Lids go on; in some states they may be unknown, when this process was slow to send them.
    graph.until(
        lambda: sum(state.left_openness == 1.0 for state in graph.bench.states) >= 5, drive)
    for state in graph.bench.states:
        assert state.category == AvatarState.CATEGORY_UNKNOWN
        assert math.isnan(state.category_probability) and math.isnan(state.emotion_age_s)
        assert math.isnan(state.valence) and math.isnan(state.arousal)
        assert state.face_source == AvatarState.FACE_UNKNOWN
        assert math.isnan(state.weights[SMILE])


def test_an_unknown_state_takes_the_emotion_away(graph):
    graph.start()
    graph.allow(Purpose.RESEARCH)
    graph.state(lambda s: s.category == AffectEstimate.HAPPY, graph.bench.emotion)
    graph.state(
        lambda s: s.category == AvatarState.CATEGORY_UNKNOWN and math.isnan(s.valence),
        lambda: graph.bench.emotion(validity=EmotionState.VALIDITY_UNKNOWN))


def test_silence_is_unknown_and_said_so(graph):
    graph.start()
    state = graph.state(lambda s: True)
    assert state.face_source == AvatarState.FACE_UNKNOWN
    assert np.isnan(state.weights).all()
    assert math.isnan(state.left_openness) and math.isnan(state.head_orientation.w)


def test_the_stamp_is_the_sample_s_and_the_latency_its_age(graph):
    graph.start()
    state = graph.state(
        lambda s: not math.isnan(s.left_openness),
        lambda: graph.bench.gaze(openness=1.0, age_s=0.05))
    age_s = graph.bench.get_clock().now().nanoseconds * 1e-9 - (
        state.header.stamp.sec + state.header.stamp.nanosec * 1e-9)
    assert 0.05 <= state.latency_s <= age_s + 1e-3
    assert age_s < TIMEOUT_S


def test_a_fast_tracker_is_shown_at_most_thirty_times_a_second(graph):
    graph.start()
    graph.state(lambda s: not math.isnan(s.left_openness), lambda: graph.bench.gaze(openness=1.0))
    graph.bench.states.clear()
    start = time.monotonic()
    samples = 0
    while len(graph.bench.states) < 30:
        graph.bench.gaze(openness=1.0)
        samples += 1
        graph._executor.spin_once(timeout_sec=0.002)
        assert time.monotonic() - start < TIMEOUT_S
    assert len(graph.bench.states) <= min(samples, 30 * (time.monotonic() - start) + 3)


def test_head_orientation_only_where_there_is_one(graph):
    graph.start()

    def drive(covariance):
        graph.bench.imu(covariance, z=math.sin(0.25), w=math.cos(0.25))
        graph.bench.gaze(openness=1.0)

    state = graph.state(lambda s: not math.isnan(s.left_openness), lambda: drive(-1.0))
    assert math.isnan(state.head_orientation.w)
    state = graph.state(lambda s: not math.isnan(s.head_orientation.w), lambda: drive(0.01))
    assert state.head_orientation.z == pytest.approx(math.sin(0.25))


def test_nothing_is_shown_of_the_eyes_of_a_headset_that_is_not_worn(graph):
    graph.start()
    graph.state(lambda s: s.left_openness == 1.0, lambda: graph.bench.gaze(openness=1.0))
    graph.bench.headsets.publish(HeadsetStatus(fit=HeadsetStatus.FIT_NOT_WORN))
    graph.state(lambda s: math.isnan(s.left_openness), lambda: graph.bench.gaze(openness=1.0))


def count(graph, word):
    return sum(n for name, n in graph.node.diagnostics.counters.items() if word in name)


def test_bad_input_is_counted_and_the_rest_goes_on(graph):
    graph.start()
    bench = graph.bench
    no_stamp = FaceTracking()
    crooked = FaceTracking(weights=np.full(52, np.nan, np.float32), observed=[True] * 52)
    for word, send in (
            ('no stamp', lambda: bench.faces.publish(no_stamp)),
            ('in the past', lambda: bench.face(age_s=100.0)),
            ('in the future', lambda: bench.gaze(openness=1.0, age_s=-100.0)),
            ('before its predecessor', lambda: (bench.gaze(), bench.gaze(age_s=0.2))),
            ('no unit quaternion', lambda: bench.imu(0.01, w=5.0))):
        graph.until(lambda word=word: count(graph, word), send)

    def drive():
        crooked.header.stamp = bench.stamp()
        bench.faces.publish(crooked)

    state = graph.state(lambda s: math.isnan(s.weights[SMILE]), drive)
    assert state.face_source == AvatarState.FACE_UNKNOWN
    graph.state(lambda s: s.weights[SMILE] > 0.7, lambda: bench.face(mouthSmileLeft=0.9))


def test_frames_go_out_by_vmc(graph):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(('127.0.0.1', 0))
        receiver.setblocking(False)
        graph.start(osc_port=receiver.getsockname()[1])
        packets = []

        def received():
            try:
                while True:
                    packets.append(receiver.recv(65536))
            except BlockingIOError:
                pass
            return any(smile(packet) > 0.5 for packet in packets)

        def smile(packet):
            values = dict(
                m.params for m in OscBundle(packet) if m.address == '/VMC/Ext/Blend/Val')
            return values.get('mouthSmileLeft', 0.0)

        graph.until(received, lambda: graph.bench.face(mouthSmileLeft=0.9))


def test_a_vmc_receiver_that_is_not_there_does_not_stop_the_avatar(graph):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(('127.0.0.1', 0))
        port = receiver.getsockname()[1]
    graph.start(osc_port=port)
    graph.until(lambda: len(graph.bench.states) >= 5, graph.bench.face)


def test_a_host_that_cannot_be_resolved_fails_the_configuration_with_the_remedy(graph):
    graph.node = AvatarNode(
        context=graph._context,
        parameter_overrides=[
            Parameter('osc_host', value='no such host.invalid'), Parameter('osc_port', value=1)])
    assert graph.node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'osc_port to 0' in graph.node.diagnostics.status().message
    graph._executor.add_node(graph.node)


def test_a_parameter_out_of_range_is_reported_and_not_taken(graph):
    graph.start(rate_hz=-5.0)
    assert graph.node.get_parameter('rate_hz').value == 30.0
    assert graph.node.diagnostics.counters['bad parameters'] == 1


def test_it_can_be_deactivated_and_cleaned_up_and_started_again(graph):
    graph.start()
    graph.state(lambda s: s.face_source == s.FACE_TRACKED, graph.bench.face)
    graph.node.trigger_deactivate()
    graph.node.trigger_cleanup()
    graph.node.trigger_configure()
    graph.node.trigger_activate()
    graph.state(lambda s: s.face_source == s.FACE_TRACKED, graph.bench.face)
