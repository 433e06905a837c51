# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a camera's images still come, told on /diagnostics."""

import time

from affect_node.diagnostics import Diagnostics
from diagnostic_msgs.msg import DiagnosticStatus

WATCH_S = 0.1
"""How often to look."""

NOT_LATER = (
    'stamped no later than the image before',
    'does somebody else publish it too, or was the clock of the camera set back?')
"""What to say, reason and remedy, of an image that comes out of order."""


class ImageWatch:
    """
    Sets the state STALE while ``topic`` has been silent for longer than ``stale_after_s``.

    Silence is counted by steady time: a /clock that stands still hides none.
    """

    def __init__(self, diagnostics: Diagnostics, topic: str, stale_after_s: float) -> None:
        self._diagnostics = diagnostics
        self._topic = topic
        self._stale_after_s = stale_after_s
        self._is_stale = False
        self.heard()

    def heard(self) -> None:
        """Count silence from now on: an image came, good or bad, or one begins to listen."""
        self._heard_s = time.monotonic()

    def look(self) -> None:
        """Compare with the time; what changed is published at once."""
        silent_s = time.monotonic() - self._heard_s
        is_stale = silent_s > self._stale_after_s
        if is_stale == self._is_stale:
            return
        self._is_stale = is_stale
        self._diagnostics.set(
            f'images of {self._topic}',
            DiagnosticStatus.STALE if is_stale else DiagnosticStatus.OK,
            f'no image on {self._topic} for {silent_s:.1f} s: is the camera running?')
        # Whoever watches shall know within a second, not at the next turn.
        self._diagnostics.publish()
