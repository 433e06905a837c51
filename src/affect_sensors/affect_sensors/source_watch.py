# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Says in the diagnostics of a sensor node whether its source gives what it should."""

from collections.abc import Callable
import time

from affect_node.diagnostics import Diagnostics
from affect_sensors.sources.rate_watch import RateWatch
from diagnostic_msgs.msg import DiagnosticStatus


class SourceWatch:
    """
    STALE when nothing comes, WARN when it comes at another rate than promised.

    Silence is measured in steady time: a clock that stands still must not hide it.
    ``on_silence`` is called when it begins.
    """

    def __init__(
        self, diagnostics: Diagnostics, *, stale_after_s: float, on_silence: Callable[[], None],
    ) -> None:
        self._diagnostics = diagnostics
        self._stale_after_s = stale_after_s
        self._on_silence = on_silence
        self._rate = RateWatch()
        self._last_item_at = time.monotonic()
        self._reason = ''

    @property
    def is_stale(self) -> bool:
        """Whether the source is called STALE."""
        return bool(self._reason)

    @property
    def patience_s(self) -> float:
        """Return how long nothing may come from now on; slow sensors have their time."""
        slowest_s = 2.5 / (self._rate.promised_hz or 1e9)
        return max(self._stale_after_s, slowest_s) - (time.monotonic() - self._last_item_at)

    def begin(self, promised_hz: float | None = None) -> None:
        """Begin to wait: the source was opened, or the clock jumped."""
        self._last_item_at = time.monotonic()
        self._rate.restart()
        self._rate.promised_hz = promised_hz

    def has_come(self, now_ns: int, samples: int) -> None:
        """Tell that items with so many samples came at ``now_ns``."""
        self._last_item_at = time.monotonic()
        if self.is_stale:
            self.end_silence()
            self._diagnostics.publish()
        if self._rate.add(now_ns, samples):
            self._tell_rate(f'{self._rate.measured_hz:.5g} Hz')

    def end_silence(self) -> None:
        """Say that nothing is wrong, or that nobody waits."""
        self._reason = ''
        self._diagnostics.set('source', DiagnosticStatus.OK, '')

    def is_silent(self, reason: str) -> None:
        """Say that nothing comes, and why."""
        before, self._reason = self._reason, reason
        self._diagnostics.set('source', DiagnosticStatus.STALE, reason)
        self._diagnostics.warn('source', reason)
        if not before:
            self.forget_rate()
            self._on_silence()
        if reason != before:
            # At once: why it was lost may hold only until it was tried to open it again.
            self._diagnostics.publish()

    def forget_rate(self) -> None:
        """Forget what was said of the rate."""
        self._rate.restart()
        self._rate.measured_hz = None
        self._tell_rate('')

    def _tell_rate(self, measured: str) -> None:
        if measured:
            self._diagnostics.values['rate'] = measured
        else:
            self._diagnostics.values.pop('rate', None)
        complaint = self._rate.complaint
        self._diagnostics.set(
            'rate', DiagnosticStatus.WARN if complaint else DiagnosticStatus.OK, complaint)
