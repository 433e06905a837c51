# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Between builtin_interfaces/Time, integer nanoseconds and float seconds."""

import math

from builtin_interfaces.msg import Time

_LOWEST_S, _HIGHEST_S = -2.0**31, 2.0**31 - 1e-6


def stamp_ns(stamp: Time) -> int:
    """Return a stamp as integer nanoseconds (exact)."""
    return stamp.sec * 1_000_000_000 + stamp.nanosec


def from_stamp(stamp: Time) -> float:
    """Return a stamp as seconds; float64 resolves 0.24 microseconds at today's dates."""
    return stamp.sec + stamp.nanosec * 1e-9


def to_stamp(*, ns: int | None = None, s: float | None = None) -> Time:
    """
    Return a stamp from nanoseconds or seconds.

    Seconds that are no time (NaN, or beyond what a stamp holds: 68 years from 1970) give the zero
    time ("never").

    :raises ValueError: neither or both given.
    """
    if (ns is None) == (s is None):
        raise ValueError('to_stamp needs exactly one of ns and s')
    if ns is None:
        if s is None or not math.isfinite(s) or not _LOWEST_S <= s < _HIGHEST_S:
            return Time()
        ns = round(s * 1e9)
    return Time(sec=ns // 1_000_000_000, nanosec=ns % 1_000_000_000)
