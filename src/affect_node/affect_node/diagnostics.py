# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Counters and a state of health, published on /diagnostics."""

from collections import Counter
import time

from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
from diagnostic_msgs.msg import KeyValue
from rclpy.node import Node

_LEVELS = {
    DiagnosticStatus.OK: 'OK',
    DiagnosticStatus.WARN: 'WARN',
    DiagnosticStatus.ERROR: 'ERROR',
    DiagnosticStatus.STALE: 'STALE',
}


class Diagnostics:
    """
    Says how a node is, once a second, on ``/diagnostics``.

    A rejected input is counted under its source and reason, logged at most every few seconds, and
    keeps the status at WARN for a while, so that a reader who looks later still learns of it.
    Reasons quote foreign input: they are cut, and beyond REASONS_EACH of one source they are
    counted and logged as one, so that no input can fill the memory or the log.
    """

    REMEMBER_S = 10.0
    LOG_EVERY_S = 5.0
    REASONS_EACH = 20
    LONGEST_TEXT = 300

    def __init__(self, node: Node) -> None:
        self._node = node
        # Absolute: every tool looks for diagnostics there; the names carry the namespace.
        self._publisher = node.create_publisher(DiagnosticArray, '/diagnostics', 10)
        self.counters: Counter[str] = Counter()
        self.values: dict[str, str] = {}
        self._conditions: dict[str, tuple[bytes, str]] = {}
        self._complaint: tuple[float, str] | None = None
        self._last_logged: dict[str, float] = {}
        self._reasons: dict[str, set[str]] = {}

    def count(self, name: str, n: int = 1) -> None:
        """Add to a named counter."""
        self.counters[name] += n

    def set(self, condition: str, level: bytes, message: str) -> None:
        """Set a lasting condition (OK clears it), e.g. a clock that stands still."""
        if level == DiagnosticStatus.OK:
            self._conditions.pop(condition, None)
        else:
            self._conditions[condition] = (level, message)

    def reject(self, source: str, reason: str, remedy: str = '') -> None:
        """Count and report an input that was not used: which, why, and what to do about it."""
        reason = self._cut(reason)
        known = self._reasons.setdefault(source, set())
        if reason in known or len(known) < self.REASONS_EACH:
            known.add(reason)
            key = f'{source}: {reason}'
        else:
            key = f'{source}: other reasons'
        self.counters[f'rejected: {key}'] += 1
        message = f'{source}: {reason}' + (f'; {self._cut(remedy)}' if remedy else '')
        self._complaint = (time.monotonic(), message)
        self.warn(key, message)

    def _cut(self, text: str) -> str:
        return text if len(text) <= self.LONGEST_TEXT else text[:self.LONGEST_TEXT] + '...'

    def warn(self, key: str, message: str) -> None:
        """Log a warning, at most every LOG_EVERY_S seconds for one key."""
        now = time.monotonic()
        if now - self._last_logged.get(key, -1e9) >= self.LOG_EVERY_S:
            if len(self._last_logged) > 200:
                self._last_logged.clear()
            self._last_logged[key] = now
            self._node.get_logger().warning(message)

    def status(self) -> DiagnosticStatus:
        """Return the node's health as it is now."""
        level, messages = DiagnosticStatus.OK, []
        for condition_level, message in self._conditions.values():
            level = max(level, condition_level)
            messages.append(message)
        if self._complaint is not None:
            since, message = self._complaint
            if time.monotonic() - since < self.REMEMBER_S:
                level = max(level, DiagnosticStatus.WARN)
                messages.append(message)
            else:
                self._complaint = None
        values = dict(self.values)
        values.update((name, str(n)) for name, n in sorted(self.counters.items()))
        name = self._node.get_fully_qualified_name()
        return DiagnosticStatus(
            level=level, name=f'{name}: health', hardware_id=name,
            message='; '.join(messages) or _LEVELS[level],
            values=[KeyValue(key=k, value=v) for k, v in values.items()])

    def publish(self) -> None:
        """Publish the status, stamped with the node's clock."""
        array = DiagnosticArray(status=[self.status()])
        array.header.stamp = self._node.get_clock().now().to_msg()
        self._publisher.publish(array)
