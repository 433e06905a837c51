# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What tells fixation, saccade, oscillation, pursuit and blink apart around a gaze sample."""

from dataclasses import dataclass

import numpy as np

MEMORY_S = 1.1
"""How far back of a sample its features reach, beside the running statistics."""

AHEAD_S = 0.039
"""
How far ahead of a sample its features reach when 40 ms are allowed.

One millisecond less: stamps of a 200 or 1000 Hz tracker that were rounded shall not decide
whether the last sample still counts.
"""

_EDGE_S = 0.0004
_SHORT = (-0.010, 0.010)
_LONGEST_GAP_S = 1.0
_BLOCK = 4096
_SLOPES_AHEAD = (
    (-0.010, 0.010), (-0.020, 0.020), (-0.040, 0.040), (-0.020, 0.000), (0.000, 0.020),
    (-0.040, -0.020), (0.020, 0.040), (-0.040, 0.000), (0.000, 0.040), (-0.080, -0.040),
    (-0.100, 0.000), (-0.200, 0.000), (-0.200, -0.100), (-0.400, -0.200), (-0.100, 0.040),
    (-0.500, 0.000), (-0.200, 0.040))
_SLOPES_PAST = (
    (-0.010, 0.000), (-0.020, 0.000), (-0.040, 0.000), (-0.020, -0.010), (-0.040, -0.020),
    (-0.060, -0.040), (-0.080, -0.040), (-0.060, 0.000), (-0.100, 0.000), (-0.200, 0.000),
    (-0.200, -0.100), (-0.400, -0.200), (-0.100, -0.040), (-0.500, 0.000), (-0.300, 0.000))
_TURNS_AHEAD = (
    (3, 4), (7, 8), (9, 7), (11, 8), (12, 10), (10, 8), (0, 7), (5, 4), (3, 6), (0, 11))
_TURNS_PAST = ((1, 4), (2, 6), (0, 3), (8, 10), (10, 11), (2, 8), (2, 9), (0, 5))
_SPREADS_AHEAD = (0, 1, 2, 14, 16, 15)
_SPREADS_PAST = (1, 2, 7, 8, 9, 13)
_MEANS_AHEAD = (
    (-0.030, 0.000), (-0.060, -0.030), (-0.120, -0.060), (-0.250, -0.120), (-0.500, -0.250),
    (-1.000, -0.500), (0.000, 0.028))
_MEANS_PAST = _MEANS_AHEAD[:-1]
_TRUST_AHEAD = (
    (-0.010, 0.000), (-0.050, 0.000), (-0.100, -0.050), (-0.300, -0.100), (-1.000, -0.300),
    (0.000, 0.020), (0.000, 0.040), (-0.050, 0.040))
_TRUST_PAST = _TRUST_AHEAD[:5]


@dataclass(frozen=True)
class Surroundings:
    """
    Running statistics of the last 10 s at each sample, [N] each; degrees and seconds.

    ``noise_deg`` standard deviation of a position, ``step_s`` usual step, ``middle_deg`` [N, 2]
    and ``spread_deg`` of positions, ``usual_confidence`` (upper quartile).
    """

    noise_deg: np.ndarray
    step_s: np.ndarray
    middle_deg: np.ndarray
    spread_deg: np.ndarray
    usual_confidence: np.ndarray


def feature_count(ahead: bool, confidence: bool) -> int:
    """Return how many features a sample has."""
    t = np.arange(8) / 200.0
    ones = np.ones(8)
    about = Surroundings(ones, ones, np.zeros((8, 2)), ones, ones)
    return sample_features(
        t, np.zeros((8, 2)), ones > 0.0, ones if confidence else None, about, 0, 8, ahead).shape[1]


def sample_features(t: np.ndarray, x: np.ndarray, seen: np.ndarray, confidence: np.ndarray | None,
                    about: Surroundings, first: int, stop: int, ahead: bool) -> np.ndarray:
    """
    Return features [stop - first, F] of samples first..stop-1, all finite, without resampling.

    A row depends on samples of the last MEMORY_S and, if ``ahead``, of the next AHEAD_S, and on
    its entries of ``about``: never on where the arrays begin.

    :param t: stamps, seconds [N]; those before ``first`` serve as context
    :param x: positions, degrees [N, 2]; what they hold where not ``seen`` does not matter
    :param seen: [N]
    :param confidence: [N] in [0, 1], or None
    """
    at = t[first:stop]
    slopes = _SLOPES_AHEAD if ahead else _SLOPES_PAST
    base = int(t.searchsorted(at[0] - MEMORY_S)) if at.size else first
    reach_s = AHEAD_S if ahead else 0.0
    end = int(t.searchsorted(at[-1] + reach_s, side='right')) if at.size else stop
    end = max(end, stop)
    part = slice(base, end)
    sums = _Sums(t[part], x[part], seen[part], at, reach_s)
    sigma = about.noise_deg[first:stop]
    velocity, error, deviation, residual, _ = sums.lines(slopes, sigma)
    speed = np.hypot(velocity[..., 0], velocity[..., 1])
    columns = [np.log(speed + 1.0), np.log1p(speed / error)]
    turns = np.array(_TURNS_AHEAD if ahead else _TURNS_PAST)
    u, v = velocity[:, turns[:, 0]], velocity[:, turns[:, 1]]
    lengths = speed[:, turns[:, 0]] * speed[:, turns[:, 1]]
    # Directions of what hardly moves are noise: they count for little.
    columns.append((u * v).sum(axis=2) / (
        lengths + (error[:, turns[:, 0]] * error[:, turns[:, 1]]) + 1e-3))
    spreads = list(_SPREADS_AHEAD if ahead else _SPREADS_PAST)
    columns += [
        np.log(deviation[:, spreads] + 0.01), np.log(residual[:, spreads] + 0.01),
        np.log1p(residual[:, spreads] / sigma[:, None])]
    # Of the short speed at all samples around.
    short = _SHORT if ahead else (-0.020, 0.000)
    here = _Sums(t[part], x[part], seen[part], t[part], reach_s)
    pace, pace_error, _, _, able = here.lines((short,), about.noise_deg[part])
    quick = np.hypot(pace[:, 0, 0], pace[:, 0, 1])
    threshold = np.maximum(6.0 * pace_error[:, 0], 28.0)
    log_quick = np.log(quick + 1.0)
    shape = np.stack([
        seen[part], log_quick, np.minimum(quick, 1000.0) ** 2, quick > threshold,
        quick > 4.0 * threshold, pace[:, 0, 0], pace[:, 0, 1],
        np.concatenate([[False], np.all(x[part][1:] == x[part][:-1], axis=1)])])
    shape[1:7] *= (able[:, 0] & seen[part])[None]
    means = _MEANS_AHEAD if ahead else _MEANS_PAST
    held = sums.means(shape, means)
    present = np.maximum(held[0], 1e-3)
    drift = np.hypot(held[5], held[6]) / present
    columns += [
        held[1] / present, np.log(np.sqrt(held[2] / present) + 1.0), held[3], held[4],
        np.log(drift + 1.0), held[7][:, :3]]
    since = _since(t[part], shape[3] > 0.0, first - base, stop - base)
    columns.append(np.log(since + 0.005)[:, None])
    away = np.hypot(*(x[first:stop] - about.middle_deg[first:stop]).T)
    away = np.where(seen[first:stop], away, 0.0)
    columns.append(np.stack([
        np.log(sigma), np.log(about.step_s[first:stop]), np.log(away + 0.1),
        np.log1p(away / (about.spread_deg[first:stop] + 0.1)),
        np.log(about.spread_deg[first:stop] + 0.1)], axis=1))
    trust = _TRUST_AHEAD if ahead else _TRUST_PAST
    columns.append(1.0 - sums.means(seen[None, part].astype(np.float64), trust)[0])
    if confidence is not None:
        c = confidence[part]
        c_means = sums.means(np.stack([c, c ** 2]), trust)
        usual = about.usual_confidence[first:stop, None]
        columns += [
            c_means[0], c_means[0] - usual,
            np.sqrt(np.maximum(c_means[1] - c_means[0] ** 2, 0.0)), usual,
            confidence[first:stop, None]]
    return np.concatenate(columns, axis=1).astype(np.float32)


def lines_before(t: np.ndarray, x: np.ndarray, seen: np.ndarray
                 ) -> tuple[np.ndarray, np.ndarray]:
    """
    Return velocities [N, 2] over the last 20 ms and their standard errors for unit noise [N].

    The error is NaN where fewer than two samples are seen.
    """
    velocity, error = np.empty((t.size, 2)), np.empty(t.size)
    for a in range(0, t.size, _BLOCK):
        part = slice(int(t.searchsorted(t[a] - 0.1)), min(a + _BLOCK, t.size))
        sums = _Sums(t[part], x[part], seen[part], t[a:part.stop], 0.0)
        v, e, _, _, known = sums.lines(((-0.020, 0.0),), np.ones(part.stop - a))
        velocity[a:part.stop] = v[:, 0]
        error[a:part.stop] = np.where(known, e, np.nan)[:, 0]
    return velocity, error


def _since(t: np.ndarray, mask: np.ndarray, first: int, stop: int) -> np.ndarray:
    """Return the time since the last True, one second at most, for samples first..stop-1."""
    index = np.where(mask, np.arange(t.size), -1)
    last = np.maximum.accumulate(index)[first:stop]
    return np.where(last < 0, _LONGEST_GAP_S, np.minimum(
        t[first:stop] - t[np.maximum(last, 0)], _LONGEST_GAP_S))


class _Sums:
    """Sums over windows of samples around given times, without a loop over them."""

    def __init__(self, t: np.ndarray, x: np.ndarray, seen: np.ndarray, at: np.ndarray,
                 reach_s: float) -> None:
        self._t = t
        self._at = at
        self._reach_s = reach_s
        self._index = t.searchsorted(at, side='right') - 1
        # About a nearby origin: about zero the squares of time and place would eat the digits.
        time = (t - at[at.size // 2]) * seen
        origin = x[int(np.argmax(seen))] if seen.any() else np.zeros(2)
        place = np.where(seen[:, None], x - origin, 0.0)
        rows = np.stack([
            seen, time, time * time, place[:, 0], place[:, 1], time * place[:, 0],
            time * place[:, 1], (place ** 2).sum(axis=1)])
        self._moments = _running(rows)

    def bounds(self, windows) -> tuple[np.ndarray, np.ndarray]:
        """Return first and one-past-last indices [M, W], two samples at least if they exist."""
        edges = np.asarray(windows)
        low = self._t.searchsorted(self._at[:, None] + (edges[:, 0] - _EDGE_S))
        last = np.minimum(edges[:, 1] + _EDGE_S, self._reach_s)
        high = self._t.searchsorted(self._at[:, None] + last, side='right')
        return low, np.maximum(high, low)

    def lines(self, windows, sigma: np.ndarray):
        """
        Return velocity [M, W, 2], its standard error, spread, residual [M, W], which are known.

        Straight lines by least squares; a window with fewer than two samples is widened into the
        past. Spread and residual are root mean squares, degrees.
        """
        low, high = self.bounds(windows)
        # Slow trackers: the neighbours in the past, for a window of less than two samples.
        scarce = high - low < 2
        nearest = np.maximum(high, np.minimum(low + 1, self._index[:, None] + 1))
        high = np.where(scarce, nearest, high)
        low = np.where(scarce, np.maximum(high - 2, 0), low)
        s = self._moments[:, high] - self._moments[:, low]
        n = np.maximum(s[0], 1.0)
        s_tt = np.maximum(s[2] - s[1] ** 2 / n, 0.0)
        s_tx = s[5:7] - s[1] * s[3:5] / n
        known = (s[0] >= 2.0) & (s_tt > 1e-9)
        spread = np.where(known, s_tt, 1.0)
        velocity = np.where(known, s_tx / spread, 0.0)
        s_xx = np.maximum(s[7] - (s[3] ** 2 + s[4] ** 2) / n, 0.0)
        left = np.maximum(s_xx - (s_tx ** 2).sum(axis=0) / spread, 0.0)
        error = sigma[:, None] / np.sqrt(np.maximum(spread, 1e-6))
        return (np.moveaxis(velocity, 0, 2), error, np.sqrt(s_xx / n), np.sqrt(left / n), known)

    def means(self, rows: np.ndarray, windows) -> np.ndarray:
        """Return means of rows [R, N] in windows, [R, M, W]; 0 where a window is empty."""
        low, high = self.bounds(windows)
        # An empty window of a slow tracker has what was there last.
        low = np.where(high > low, low, np.maximum(high - 1, 0))
        sums = _running(rows)
        return (sums[:, high] - sums[:, low]) / np.maximum(high - low, 1)


def _running(rows: np.ndarray) -> np.ndarray:
    sums = np.zeros((rows.shape[0], rows.shape[1] + 1))
    np.cumsum(rows, axis=1, out=sums[:, 1:])
    return sums
