# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which purpose holds: the one that the safety monitor told, for as long as its heart beats."""

from collections.abc import Callable
import time

from affect_msgs.msg import Purpose
from affect_node.diagnostics import Diagnostics
from diagnostic_msgs.msg import DiagnosticStatus

SILENT_PERIODS = 3
"""As SafetyStatus says: silence for longer than this many periods is unsafe."""
_USUAL_PERIOD_S, _LONGEST_PERIOD_S = 0.5, 5.0
"""The default and the limit of the monitor's parameter `period_s`."""


class PurposeGate:
    """
    Falls back to NONE when a monitor that was heard falls silent, and returns when it does.

    A purpose without any monitor (a researcher who publishes it by hand) holds: nobody's heart
    has been heard, so none has stopped. Silence counts only when two looks in a row find it: a
    node that was busy itself has its beats still waiting in the queue.
    """

    def __init__(
        self, diagnostics: Diagnostics, now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._diagnostics = diagnostics
        self._now_s = now_s
        self.reset()

    def reset(self) -> None:
        """Forget what was told and heard."""
        self._told = Purpose.NONE
        self._beat_s: float | None = None
        self._period_s = _USUAL_PERIOD_S
        self._missed_looks = 0

    @property
    def purpose(self) -> int:
        """Return the purpose that holds now."""
        return Purpose.NONE if self._missed_looks > 1 else self._told

    def tell(self, purpose: int) -> None:
        """Take a purpose."""
        self._told = purpose

    def beat(self, period_s: float) -> None:
        """Take a heartbeat."""
        self._beat_s = self._now_s()
        # Whatever a beat says: silence must end the purpose within reach.
        self._period_s = (
            min(period_s, _LONGEST_PERIOD_S) if period_s > 0.0 else _USUAL_PERIOD_S)
        if self._missed_looks:
            self._missed_looks = 0
            self._diagnostics.set('safety monitor', DiagnosticStatus.OK, '')

    def look(self) -> None:
        """Judge the silence; to be called every half second or so."""
        if self._beat_s is None:
            return
        silence_s = self._now_s() - self._beat_s
        if silence_s <= SILENT_PERIODS * self._period_s:
            return
        self._missed_looks += 1
        if self._missed_looks > 1:
            message = (
                f'safety/status has been silent for {silence_s:.1f} s: the purpose counts as '
                'none; is the safety monitor running?')
            self._diagnostics.set('safety monitor', DiagnosticStatus.ERROR, message)
            self._diagnostics.warn('safety monitor', message)
