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

_SILENT_S = 1.0


class StateLog:
    """Collects states and sums them up; counts from the first VALID one."""

    def __init__(self) -> None:
        self.started_s = time.monotonic()
        self.first_valid_at_s: float | None = None
        self._newest: dict[type, tuple[float, Any]] = {}
        self._valid: list[bool] = []
        self._latencies_s: list[float] = []
        self._qualities: dict[str, list[float]] = {}
        self._most_evidence = 0

    def count_anew(self) -> None:
        """Forget what was summed up so far, but not when the first VALID state came."""
        self._valid.clear()
        self._latencies_s.clear()
        self._qualities.clear()

    @property
    def has_states(self) -> bool:
        """Whether any state has come."""
        return EmotionState in self._newest

    def current(self, message_type: type, now_s: float) -> Any:
        """Return the newest message of a type, None when its publisher has fallen silent."""
        arrived_s, message = self._newest.get(message_type, (-math.inf, None))
        # Three periods of a heartbeat, as SafetyStatus says.
        limit_s = 3.0 * message.period_s if message_type is SafetyStatus and message else _SILENT_S
        return message if now_s - arrived_s <= limit_s else None

    def note(self, message: Any) -> None:
        """Take a message for `current`."""
        self._newest[type(message)] = time.monotonic(), message

    def add(self, state: EmotionState) -> None:
        """Take a state."""
        self.note(state)
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
        self.create_subscription(EmotionState, 'affect/emotion_state', log.add, STATE)
        self.create_subscription(
            WearerCondition, 'affect/wearer_condition', log.note, STATE)
        self.create_subscription(SafetyStatus, 'safety/status', log.note, STATE)

    def count_nodes(self) -> int:
        """Return how many other nodes are on the graph."""
        return len({n for n in self.get_node_names_and_namespaces()
                    if n[0] != self.get_name() and not n[0].startswith('_')})
