# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The 1 euro filter: little jitter at rest, little lag in motion."""

import math

import numpy as np


class OneEuroFilter:
    """
    A first-order low-pass whose cutoff rises with speed (Casiez, Roussel & Vogel, CHI 2012).

    Works on a vector, element by element. An element that is NaN stays NaN in the output and
    starts anew, unfiltered, when it is known again.
    """

    def __init__(
        self, *, min_cutoff_hz: float = 1.0, beta: float = 0.0, derivative_cutoff_hz: float = 1.0,
    ) -> None:
        """
        Set the filter up.

        :param min_cutoff_hz: cutoff at rest; lower is smoother and slower.
        :param beta: how much the cutoff rises per unit of speed (units of the signal per second).
        :param derivative_cutoff_hz: cutoff of the speed estimate; the authors use 1 Hz.
        :raises ValueError: a cutoff that is not positive or a negative beta.
        """
        if not (min_cutoff_hz > 0 and derivative_cutoff_hz > 0 and beta >= 0):
            raise ValueError(
                f'cutoffs must be positive and beta not negative, got {min_cutoff_hz}, '
                f'{derivative_cutoff_hz} and {beta}')
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._derivative_cutoff_hz = derivative_cutoff_hz
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._t_s = math.nan
        self._value = np.empty(0)
        self._speed = np.empty(0)

    def __call__(self, t_s: float, value: np.ndarray) -> np.ndarray:
        """
        Return the filtered ``value`` [N] at time ``t_s``.

        A step back in time or another N starts anew; the same time again returns the last output
        where there is one.

        :raises ValueError: ``t_s`` is not finite.
        """
        if not math.isfinite(t_s):
            raise ValueError(f'the time is {t_s}, it must be finite')
        value = np.asarray(value, np.float64)
        if value.shape != self._value.shape or t_s < self._t_s:
            self._t_s, self._value, self._speed = t_s, value.copy(), np.zeros(value.shape)
            return value.copy()
        period_s = t_s - self._t_s
        if period_s > 0:
            known = np.isfinite(self._value)
            speed = np.where(known, (value - self._value) / period_s, 0.0)
            speed = np.where(np.isfinite(speed), speed, 0.0)
            share = _share(self._derivative_cutoff_hz, period_s)
            self._speed = np.where(known, self._speed + share * (speed - self._speed), 0.0)
            share = _share(self._min_cutoff_hz + self._beta * np.abs(self._speed), period_s)
            filtered = self._value + share * (value - self._value)
            self._t_s = t_s
        else:
            filtered = self._value
        self._value = np.where(np.isfinite(value) & np.isfinite(self._value), filtered, value)
        return self._value.copy()


def _share(cutoff_hz, period_s: float):
    """Return the weight of the new sample in an exponential average."""
    time_constant_s = 1.0 / (2.0 * math.pi * cutoff_hz)
    return 1.0 / (1.0 + time_constant_s / period_s)
