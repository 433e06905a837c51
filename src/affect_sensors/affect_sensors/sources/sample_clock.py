# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Stamps of a sample-counted stream, disciplined to the host's clock."""

_SECOND_NS = 1e9
_FIRST_SETTLE_S = 0.25
_PERSIST_S = 0.4
_CERTAIN_S = 1.0
_OVERRUN_S = 0.005


class SampleClock:
    """
    Says when sample ``n`` was taken, from a device's count and late, jittering arrival times.

    A device's crystal drifts (tens of ppm): counting alone runs away from the host's clock, and
    arrival times alone jitter by milliseconds. A second-order loop (critically damped, of the
    time constant ``settle_s``, quicker at first) follows the host slowly and learns the true
    rate, so that a constant drift leaves no error. It never moves a stamp by more than
    ``most_slew`` of the time that has passed, so stamps neither jump nor go back.

    One late arrival means nothing: the host was busy. When arrivals stay more than ``jump_s``
    late for 0.4 s (or one is a second late, or the device itself tells of an overrun), samples
    must have been lost in between; ``lost`` counts them, and time goes on along the same line.
    When they stay as much too early, the host's clock was set back; it is followed. Both are
    counted in ``jumps``.

    Sample numbers are always what the device has counted; ``index`` adds what was lost.
    """

    def __init__(
        self, rate_hz: float, *, settle_s: float = 10.0, jump_s: float = 0.08,
        most_slew: float = 0.05,
    ) -> None:
        self._nominal_ns = _SECOND_NS / rate_hz
        self._period_ns = self._nominal_ns
        self._settle_s = settle_s
        self._jump_ns = jump_s * _SECOND_NS
        self._most_slew = most_slew
        self._sample: int | None = None
        self._since_ns = 0.0
        self._time_ns = 0.0
        self._origin_ns = 0
        self._odd: list[float] = []
        self._odd_ns = 0.0
        self.jumps = 0
        self.lost = 0

    @property
    def rate_hz(self) -> float:
        """Return the device's rate by the host's clock, as far as learnt."""
        return _SECOND_NS / self._period_ns

    def index(self, sample: int) -> int:
        """Return the running index of a sample: what the device counted and what was lost."""
        return sample + self.lost

    def observe(self, sample: int, host_ns: int, *, overrun: bool = False) -> None:
        """
        Tell that sample number ``sample`` was taken at ``host_ns``, give or take.

        ``overrun``: the device says that it lost samples before those that came now.
        """
        if self._sample is None or sample < self._sample:
            self.jumps += self._sample is not None
            self._sample, self._origin_ns, self._time_ns = sample, host_ns, 0.0
            self._since_ns = 0.0
            return
        elapsed_ns = (sample - self._sample) * self._period_ns
        self._sample = sample
        self._time_ns += elapsed_ns
        self._since_ns += elapsed_ns
        error_ns = host_ns - self._origin_ns - self._time_ns
        if overrun and error_ns > _OVERRUN_S * _SECOND_NS:
            self._lose(error_ns)
        elif abs(error_ns) > self._jump_ns:
            self._suspect(error_ns, elapsed_ns)
        else:
            self._odd, self._odd_ns = [], 0.0
            self._follow(error_ns, elapsed_ns)

    def stamp_ns(self, sample: int) -> int:
        """Return when a sample was taken; needs one ``observe`` before."""
        if self._sample is None:
            raise ValueError('stamp_ns before the first observe')
        offset = self._time_ns + (sample - self._sample) * self._period_ns
        return self._origin_ns + round(offset)

    def _follow(self, error_ns: float, elapsed_ns: float) -> None:
        since_s = self._since_ns / _SECOND_NS
        settle_ns = _SECOND_NS * min(max(_FIRST_SETTLE_S, 0.5 * since_s), self._settle_s)
        most_ns = self._most_slew * elapsed_ns
        wanted_ns = min(elapsed_ns / settle_ns, 0.5) * error_ns
        self._time_ns += min(max(wanted_ns, -most_ns), most_ns)
        if settle_ns >= self._settle_s * _SECOND_NS:
            gain = min(elapsed_ns / settle_ns, 0.5)
            self._period_ns += 0.25 * gain * error_ns / settle_ns * self._period_ns

    def _suspect(self, error_ns: float, elapsed_ns: float) -> None:
        if self._odd and (self._odd[0] > 0.0) != (error_ns > 0.0):
            self._odd, self._odd_ns = [], 0.0
        self._odd.append(error_ns)
        self._odd_ns += elapsed_ns
        if self._odd_ns < _PERSIST_S * _SECOND_NS and error_ns < _CERTAIN_S * _SECOND_NS:
            return
        # Arrivals are late, never early: the one that is off least tells best.
        least_ns = min(self._odd, key=abs)
        if least_ns > 0.0:
            self._lose(least_ns)
        else:
            self.jumps += 1
            self._time_ns += least_ns
        self._odd, self._odd_ns = [], 0.0

    def _lose(self, error_ns: float) -> None:
        """Take it that as many samples were lost as fit into ``error_ns``."""
        lost = round(error_ns / self._period_ns)
        self.jumps += 1
        self.lost += lost
        self._time_ns += lost * self._period_ns
        self._odd, self._odd_ns = [], 0.0
