# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a message's stamp can be of now."""

import math

from affect_node.diagnostics import Diagnostics
from affect_node.stamps import from_stamp
from builtin_interfaces.msg import Time
from rclpy.clock import Clock


class StampCheck:
    """Accepts stamps from ``max_age_s`` ago to ``max_lead_s`` ahead of a clock."""

    def __init__(
        self, clock: Clock, diagnostics: Diagnostics, *, max_age_s: float, max_lead_s: float,
    ) -> None:
        self._clock = clock
        self._diagnostics = diagnostics
        self._max_age_s = max_age_s
        self._max_lead_s = max_lead_s

    def accept(self, topic: str, stamp: Time, duration_s: float = 0.0) -> float | None:
        """
        Return a stamp in seconds, or None (counted, reported) when it can't be of now.

        For a run of samples that is stamped at its start, ``duration_s`` is how long it lasts:
        what has to be of now is its end.
        """
        stamp_s = from_stamp(stamp)
        ahead_s = stamp_s + duration_s - self._clock.now().nanoseconds * 1e-9
        if stamp_s == 0.0:
            self._diagnostics.reject(topic, 'no stamp', 'its publisher must set header.stamp')
        elif ahead_s > self._max_lead_s:
            self._diagnostics.reject(
                topic, 'stamped in the future',
                f"{ahead_s:.3f} s ahead: is the publisher's clock synchronised?")
        elif ahead_s < -self._max_age_s:
            self._diagnostics.reject(
                topic, 'stamped in the past',
                f'{-ahead_s:.1f} s ago: for a replay set use_sim_time and play the bag '
                'with --clock')
        elif math.isfinite(ahead_s):
            return stamp_s
        return None
