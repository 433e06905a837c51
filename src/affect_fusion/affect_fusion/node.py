# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The fusion node: one emotional state and one condition of the wearer per tick."""

from collections.abc import Callable
import copy
from typing import Any

from affect_fusion import messages
from affect_fusion.assessment import estimate_stream
from affect_fusion.assessment import estimates
from affect_fusion.assessment import features
from affect_fusion.assessment import judge_condition
from affect_fusion.assessment import judge_emotion
from affect_fusion.assessment import ModalityReport
from affect_fusion.assessment import report
from affect_fusion.condition import MODEL_ID as CONDITION_MODEL_ID
from affect_fusion.condition import wearer_condition
from affect_fusion.fusion import fuse
from affect_fusion.fusion import Reliabilities
from affect_fusion.grid_synchronizer import GridSynchronizer
from affect_fusion.modality_inputs import ModalityInputs
from affect_fusion.saccade_baseline import SaccadeBaseline
from affect_fusion.smoothing import EstimateSmoother
from affect_fusion.tick_set import TickSet
from affect_msgs.msg import EmotionState
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import Purpose
from affect_msgs.msg import WearerCondition
from affect_node import AffectNode
from affect_node import LATCHED
from affect_node import run
from affect_node import SetupError
from affect_node import STATE
from affect_node import to_stamp
from affect_node.latency_window import LatencyWindow
from message_filters import Subscriber
from rclpy.qos_overriding_options import QoSOverridingOptions

_MODALITIES = [
    'facial_expression', 'eye_movement', 'eye_expression', 'voice', 'speech', 'head_motion',
    'body_expression', 'physiology', 'scene']
_OF_THE_EYES = ('eye_movement', 'eye_expression')


class FusionNode(AffectNode):
    """`affect/<modality>/{embedding,estimate,info}` in, state and condition of the wearer out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('fusion', **kwargs)
        self._modalities = self.declare(
            'modalities', _MODALITIES, 'Expected modalities; one that is missing degrades.')
        self._hop_s = self.declare(
            'hop_s', 0.1, 'Spacing of the grid that all encoders tick on, seconds.',
            low=0.02, high=10.0)
        self._max_wait_s = self.declare(
            'max_wait_s', 0.085, 'How long after a tick to wait for the last modality, seconds. '
            'Encoders publish 0.03 s after the tick; above 0.09 the state comes too late.',
            low=0.0, high=10.0)
        self._slop_s = self.declare(
            'slop_s', 0.04, 'A stamp further than this from a tick is counted as off grid, '
            'seconds; below half of hop_s.', low=0.001, high=5.0)
        self._smoothing_s = self.declare(
            'smoothing_s', 0.2, 'Time constant of the smoothing of the emotional state, '
            'seconds; it delays by as much, less half of hop_s. 0: none.', low=0.0, high=10.0)
        self._wearer = self.declare(
            'wearer', '', 'Pseudonym of the wearer; empty: nobody enrolled.')
        self._states = self._conditions = None
        self._saccades = SaccadeBaseline()

    def setup(self) -> None:
        """Subscribe to the modalities; publishers wait for the purpose."""
        self._headset_fit = HeadsetStatus.FIT_UNKNOWN
        self._latencies = LatencyWindow()
        try:
            self._reliabilities = Reliabilities.of_package()
            self._smoother = EstimateSmoother(self._smoothing_s)
            streams = [*self._modalities, *map(estimate_stream, self._modalities)]
            self._synchronizer = GridSynchronizer(
                streams, self._hop_s, self._max_wait_s, self._slop_s,
                self.guarded(self._on_tick_set), self._now_ns)
        except (OSError, ValueError) as error:
            raise SetupError(str(error)) from error
        self._inputs = ModalityInputs(self, self._modalities, self._synchronizer)
        self.subscribe(
            HeadsetStatus, 'hmd/headset/status', self._on_headset, LATCHED, while_inactive=True)
        self.follow_purpose(self._purpose_has_changed)
        self.tick_on_grid(self._hop_s, self._max_wait_s, self._on_deadline)

    def start(self) -> None:
        """Begin with no evidence from before."""
        self.clock_jumped()

    def clock_jumped(self) -> None:
        """Forget all evidence."""
        self._synchronizer.reset()
        self._smoother.reset()
        self._saccades.reset()

    def teardown(self) -> None:
        """Forget the publishers, which the base destroys."""
        self._states = self._conditions = None

    def listen(self, message_type: type, topic: str, callback: Callable[[Any], None]) -> None:
        """Subscribe through message_filters; the callback is guarded like every other."""
        # A copy: rclpy writes overrides into the profile.
        subscriber = Subscriber(
            self, message_type, topic, qos_profile=copy.copy(STATE),
            qos_overriding_options=QoSOverridingOptions.with_default_policies())
        self.own(self.destroy_subscription, subscriber.sub)
        subscriber.registerCallback(self.guarded(callback))

    def _now_ns(self) -> int:
        return self.get_clock().now().nanoseconds

    def _on_headset(self, message: HeadsetStatus) -> None:
        self._headset_fit = message.fit

    def _purpose_has_changed(self) -> None:
        """Have publishers for what the purpose allows, and no others."""
        self._states = self._adjust(
            self._states, self.emotion_allowed, EmotionState, 'affect/emotion_state')
        self._conditions = self._adjust(
            self._conditions, self.emotion_allowed or self.purpose == Purpose.SAFETY,
            WearerCondition, 'affect/wearer_condition')
        self._smoother.reset()

    def _adjust(self, publisher: Any, is_allowed: bool, message_type: type, topic: str) -> Any:
        if is_allowed and publisher is None:
            return self.advertise(message_type, topic, STATE)
        if not is_allowed and publisher is not None:
            self.withdraw(publisher)
            return None
        return publisher

    def _on_deadline(self, tick_ns: int) -> None:
        # A timer may wake a little early; the deadline of this tick has come all the same.
        self._synchronizer.advance(max(self._now_ns(), tick_ns + round(self._max_wait_s * 1e9)))
        if tick_ns % 1_000_000_000 < round(self._hop_s * 1e9):
            self._diagnose()

    def _on_tick_set(self, tick_set: TickSet) -> None:
        reports = [report(tick_set, modality) for modality in self._modalities]
        if self._conditions is not None:
            self._publish(
                self._conditions, self._condition(reports, tick_set.tick_ns * 1e-9), tick_set)
        if self._states is not None:
            fused = fuse(estimates(reports), self._reliabilities)
            verdict = judge_emotion(reports, fused)
            fused = self._smoother.smooth(fused, tick_set.tick_ns * 1e-9)
            state = messages.emotion_state(fused, reports, verdict)
            self._stamp(state.affect, tick_set)
            self._publish(self._states, state, tick_set)
        self._latencies.add((self._now_ns() - tick_set.tick_ns) * 1e-9)

    def _condition(self, reports: list[ModalityReport], tick_s: float) -> WearerCondition:
        qualities = {r.modality: r.quality for r in reports}
        named = self._saccades.with_change(
            features(reports, self._inputs.feature_names),
            qualities.get('eye_movement', 0.0), tick_s)
        if self._headset_fit == HeadsetStatus.FIT_NOT_WORN:
            named = {m: values for m, values in named.items() if m not in _OF_THE_EYES}
        indices = wearer_condition(
            named, qualities, ages_s={r.modality: r.evidence_age_s for r in reports})
        n_known = sum(index.value == index.value for index in indices.values())
        message = messages.wearer_condition(
            indices, judge_condition(reports, n_known), CONDITION_MODEL_ID)
        message.headset_fit = self._headset_fit
        return message

    def _publish(self, publisher: Any, message: Any, tick_set: TickSet) -> None:
        self._stamp(message, tick_set)
        message.wearer = self._wearer
        message.purpose = self.purpose
        message.latency_s = (self._now_ns() - tick_set.tick_ns) * 1e-9
        publisher.publish(message)

    def _stamp(self, message: Any, tick_set: TickSet) -> None:
        message.header.stamp = to_stamp(ns=tick_set.tick_ns)
        message.header.frame_id = self.frame('hmd_link')

    def _diagnose(self) -> None:
        values = self.diagnostics.values
        for percent in (50, 95):
            values[f'latency_p{percent}_ms'] = f'{self._latencies.percentile_ms(percent):.1f}'
        self._inputs.diagnose()


def main(args=None) -> int:
    """Run the node."""
    return run(FusionNode, args)
