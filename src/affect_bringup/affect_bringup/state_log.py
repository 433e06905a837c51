# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What an observer outside the graph sees of the emotional state."""

import math
import statistics
import time
from typing import Any

from affect_msgs.msg import EmotionState
from affect_msgs.msg import ModalityContribution
from affect_msgs.msg import SafetyStatus
from affect_msgs.msg import WearerCondition
from affect_node import STATE
from rclpy.node import Node


class StateLog:
    """Collects states and sums them up; counts from the first VALID one."""

    def __init__(self) -> None:
        self.started_s = time.monotonic()
        self.first_valid_at_s: float | None = None
        self.state: EmotionState | None = None
        self.condition: WearerCondition | None = None
        self.safety: SafetyStatus | None = None
        self._valid: list[bool] = []
        self._latencies_s: list[float] = []
        self._qualities: dict[str, list[float]] = {}
        self._most_evidence = 0

    @property
    def has_states(self) -> bool:
        """Whether any state has come."""
        return self.state is not None

    def add(self, state: EmotionState) -> None:
        """Take a state."""
        self.state = state
        is_valid = state.validity == EmotionState.VALIDITY_VALID
        if self.first_valid_at_s is None:
            if not is_valid:
                return
            self.first_valid_at_s = time.monotonic()
        self._valid.append(is_valid)
        self._latencies_s.append(state.latency_s)
        for contribution in state.contributions:
            quality = contribution.quality
            self._qualities.setdefault(contribution.modality, []).append(
                0.0 if math.isnan(quality) else quality)
        if is_valid:
            self._most_evidence = max(self._most_evidence, sum(
                c.state == ModalityContribution.STATE_EVIDENCE for c in state.contributions))

    def was_valid_with(self, modalities: int) -> bool:
        """Whether a VALID state had evidence from so many modalities at once."""
        return self._most_evidence >= modalities

    def summary(self) -> dict[str, Any]:
        """Return the figures; a dead modality counts as quality 0, unknown figures are None."""
        valid_at_s = self.first_valid_at_s
        return {
            'states': len(self._valid),
            'valid_fraction': (
                round(statistics.fmean(self._valid), 4) if self._valid else 0.0),
            'modalities': {
                name: round(statistics.fmean(values), 3)
                for name, values in self._qualities.items()},
            'first_valid_s': None if valid_at_s is None else round(
                valid_at_s - self.started_s, 2),
            'latency_p50_ms': self._latency_ms(0.50),
            'latency_p95_ms': self._latency_ms(0.95),
        }

    def _latency_ms(self, share: float) -> float | None:
        if not self._latencies_s:
            return None
        ordered = sorted(self._latencies_s)
        return round(1e3 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


class StateObserver(Node):
    """Feeds a StateLog from the graph, as any foreign client would."""

    def __init__(self, log: StateLog, namespace: str = '') -> None:
        super().__init__('demo_observer', namespace=namespace)
        self._log = log
        self.create_subscription(EmotionState, 'affect/emotion_state', log.add, STATE)
        self.create_subscription(
            WearerCondition, 'affect/wearer_condition', self._on_condition, STATE)
        self.create_subscription(SafetyStatus, 'safety/status', self._on_safety, STATE)

    def _on_condition(self, message: WearerCondition) -> None:
        self._log.condition = message

    def _on_safety(self, message: SafetyStatus) -> None:
        self._log.safety = message

    def count_nodes(self) -> int:
        """Return how many other nodes are on the graph."""
        return len({n for n in self.get_node_names_and_namespaces()
                    if n[0] != self.get_name() and not n[0].startswith('_')})
