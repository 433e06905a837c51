# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Stamps of a sample-counted stream, disciplined to the host's clock."""


class SampleClock:
    """
    Says when sample ``n`` was taken, from a device's count and late, jittering arrival times.

    A device's crystal drifts (tens of ppm): counting alone runs away from the host's clock, and
    arrival times alone jitter by milliseconds. A second-order loop follows the host slowly and
    learns the true rate, so that a constant drift leaves no error. Arrivals that are more than
    ``jump_s`` off (samples were lost, or the clock was set) set it anew, counted in ``jumps``.
    """

    def __init__(
        self, rate_hz: float, *, settle_s: float = 10.0, jump_s: float = 0.08,
    ) -> None:
        self._nominal_ns = 1e9 / rate_hz
        self._period_ns = self._nominal_ns
        self._settle_ns = settle_s * 1e9
        self._jump_ns = jump_s * 1e9
        self._sample: int | None = None
        self._time_ns = 0.0
        self._origin_ns = 0
        self.jumps = 0

    @property
    def rate_hz(self) -> float:
        """Return the device's rate by the host's clock, as far as learnt."""
        return 1e9 / self._period_ns

    def observe(self, sample: int, host_ns: int) -> None:
        """Tell that sample number ``sample`` was taken at ``host_ns``, give or take."""
        if self._sample is None:
            self._set(sample, host_ns)
            return
        elapsed_ns = (sample - self._sample) * self._period_ns
        error_ns = host_ns - self._origin_ns - self._time_ns - elapsed_ns
        if abs(error_ns) > self._jump_ns or sample < self._sample:
            self.jumps += 1
            self._set(sample, host_ns)
            return
        gain = min(elapsed_ns / self._settle_ns, 0.5)
        self._time_ns += elapsed_ns + gain * error_ns
        self._period_ns += 0.25 * gain * error_ns / self._settle_ns * self._period_ns
        self._sample = sample

    def stamp_ns(self, sample: int) -> int:
        """Return when a sample was taken; needs one ``observe`` before."""
        if self._sample is None:
            raise ValueError('stamp_ns before the first observe')
        offset = self._time_ns + (sample - self._sample) * self._period_ns
        return self._origin_ns + round(offset)

    def _set(self, sample: int, host_ns: int) -> None:
        self._sample, self._origin_ns, self._time_ns = sample, host_ns, 0.0
