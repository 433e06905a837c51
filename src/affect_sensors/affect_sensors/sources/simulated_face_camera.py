# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated wearer's face."""

from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.frame import Frame
from affect_sensors.sources.pacing import Pacing


class SimulatedFaceCamera:
    """Grey images of 240 x 320 by the wearer's clock."""

    finished = False

    def __init__(self, wearer: SimulatedWearer, *, t0_ns: int, rate_hz: float) -> None:
        self._wearer = wearer
        self._rate_hz = rate_hz
        self._pacing = Pacing(rate_hz, 1, origin_ns=t0_ns)

    @property
    def due_ns(self) -> int:
        """When the next frame is exposed."""
        return self._pacing.stamp_ns(self._pacing.position)

    def open(self) -> None:
        """Nothing to acquire."""

    def start(self, now_ns: int) -> None:
        """Look from ``now_ns`` on."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[Frame]:
        """Return the newest frame taken by ``until_ns``; older ones are nobody's use."""
        number = None
        while self.due_ns <= until_ns:
            number = self._pacing.position
            self._pacing.advance()
        if number is None:
            return []
        image = self._wearer.face_image(number / self._rate_hz, number)
        return [Frame(self._pacing.stamp_ns(number), image)]

    def close(self) -> None:
        """Nothing to release."""
