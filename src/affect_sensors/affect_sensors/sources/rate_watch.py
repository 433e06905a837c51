# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a source gives as many samples a second as was promised."""


class RateWatch:
    """
    Measures a rate over ``WINDOW_S`` at a time and compares it with the promised one.

    It judges data that flow: silence is for somebody else to say. Times are of the node's clock,
    so that a simulation at half speed has its rate.
    """

    WINDOW_S = 5.0
    TOLERANCE = 0.2
    """Relative deviation that is said: drivers round rates, crystals are far better."""

    def __init__(self, promised_hz: float | None = None) -> None:
        self.promised_hz = promised_hz
        self.measured_hz: float | None = None
        self._first_ns: int | None = None
        self._count = 0

    @property
    def complaint(self) -> str:
        """Say what is wrong with the rate; empty when nothing is, or nothing is known."""
        measured, promised = self.measured_hz, self.promised_hz
        if not measured or not promised or (
                abs(measured - promised) <= self.TOLERANCE * promised):
            return ''
        return (
            f'{measured:.5g} Hz are measured and {promised:.6g} Hz were promised; relieve the '
            'bus, the network or this computer, give a camera light (in the dark it lowers its '
            'rate), or set the parameter of the rate to what the device has')

    def restart(self) -> None:
        """Begin a new window: there was a pause, or a jump of the clock."""
        self._first_ns, self._count = None, 0

    def add(self, now_ns: int, amount: int) -> bool:
        """Tell that so many samples came; return whether a window has ended."""
        if amount == 0:
            return False
        if self._first_ns is None:
            self._first_ns = now_ns
            return False
        self._count += amount
        passed_s = (now_ns - self._first_ns) * 1e-9
        if passed_s < self.WINDOW_S:
            return False
        self.measured_hz = self._count / passed_s
        self._first_ns, self._count = now_ns, 0
        return True
