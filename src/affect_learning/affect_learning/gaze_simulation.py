# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Gaze in degrees as eye trackers of many kinds would give it, with the exact truth.

Teaches and checks the sample classifier of affect_encoders.eye_movement where no recordings with
labels are: in degrees, 60 to 1000 Hz. It draws from wide ranges instead of one device's figures.
"""

from dataclasses import dataclass

from affect_encoders.eye_movement import events as ev
import numpy as np

FINE_HZ = 2000.0


@dataclass(frozen=True)
class SimulatedGaze:
    """Stamps [N], seconds; gaze [N, 2], degrees (NaN where lost); true codes [N]; its noise."""

    t_s: np.ndarray
    gaze: np.ndarray
    codes: np.ndarray
    noise_deg: float


def simulated_gaze(rng: np.random.Generator, seconds: float, rate_hz: float, *,
                   noise_deg: float | None = None, oscillates: bool | None = None,
                   head_moves: bool | None = None) -> SimulatedGaze:
    """
    Return one wearer's gaze through one tracker; what is None is drawn.

    Saccades: durations after Carpenter 1988 (2.2 ms per degree and 21 ms) with a spread between
    and within wearers, skewed velocity profiles. Oscillation after them: 15 to 45 Hz, up to a
    sixth of the amplitude (Hooge, Nystroem, Cornelissen & Holmqvist 2015). Pursuit: 1.5 to 35
    deg/s along lines, curves and sinusoids with catch-up saccades. Noise: white, drifting, with
    outliers, as seen through a tracker's own smoothing; .002 to .6 deg.
    """
    size = int(seconds * FINE_HZ)
    velocity = np.zeros((size, 2))
    ring = np.zeros((size, 2))
    codes = np.full(size, ev.FIXATION, dtype=np.int8)
    lost = np.zeros(size, dtype=bool)
    lid = np.zeros(size)
    if noise_deg is None:
        noise_deg = float(np.exp(rng.uniform(np.log(0.002), np.log(0.6))))
    person = {
        'slow': np.exp(rng.normal(0.0, 0.2)),
        'ring': rng.uniform(0.03, 0.17) * (
            rng.random() < 0.7 if oscillates is None else oscillates),
        'hz': rng.uniform(15.0, 45.0), 'decay_s': rng.uniform(0.007, 0.022),
        'amplitude': rng.uniform(2.0, 9.0), 'pursuit': rng.choice([0.0, 0.15, 0.5, 0.8]),
        'blink': rng.choice([0.0, 0.03, 0.1]), 'fixation_s': rng.uniform(0.2, 0.6),
        'lid_deg': rng.choice([0.0, rng.uniform(1.0, 12.0)]), 'noise': noise_deg}
    k, place = 0, np.zeros(2)
    while k < size:
        kind = rng.random()
        if kind < person['blink']:
            k = _blink(rng, k, codes, lost, lid, person)
        elif kind < person['blink'] + person['pursuit'] * 0.5:
            k = _pursuit(rng, k, velocity, ring, codes, person, place)
        else:
            n = int(FINE_HZ * rng.lognormal(np.log(person['fixation_s']), 0.5))
            k = _saccade(rng, k + max(n, 60), velocity, ring, codes, person, place)
        place = velocity[:k].sum(axis=0) / FINE_HZ
    drift = rng.normal(0.0, rng.uniform(0.0, 0.6), (size // 100 + 2, 2))
    fine = np.arange(size) / FINE_HZ
    for axis in (0, 1):
        velocity[:, axis] += np.interp(np.arange(size) / 100.0, np.arange(len(drift)),
                                       drift[:, axis])
    if rng.random() < 0.3 if head_moves is None else head_moves:
        for axis in (0, 1):
            w = 2.0 * np.pi * rng.uniform(0.1, 0.8)
            velocity[:, axis] += rng.uniform(0.2, 1.5) * np.sin(w * fine + rng.uniform(0.0, 6.0))
    x = np.cumsum(velocity, axis=0) / FINE_HZ + ring
    x[:, 1] -= lid
    return _seen(rng, fine, x, codes, lost, rate_hz, noise_deg)


def saccade_velocity(n: int, amplitude_deg: float, skew: float) -> np.ndarray:
    """Return the speed, deg/s, at n fine samples of a saccade; skew below .5 peaks early."""
    u = (np.arange(n) + 0.5) / n
    a = 2.0 * skew / (1.0 - skew)
    shape = u ** a * (1.0 - u) ** 2.0
    return shape / shape.sum() * amplitude_deg * FINE_HZ


def _saccade(rng, k, velocity, ring, codes, person, place, amplitude=None, towards=None) -> int:
    size = len(codes)
    if amplitude is None:
        amplitude = min(rng.gamma(1.3, person['amplitude'] / 1.3) + 0.25, 40.0)
        if rng.random() < 0.08:
            amplitude = rng.uniform(0.1, 0.6)
    if towards is None:
        angle = rng.choice([0.0, np.pi]) + rng.normal(0.0, 0.6) * (rng.random() < 0.8)
        towards = np.array([np.cos(angle), np.sin(angle)])
        if place @ towards > 12.0:
            towards = -towards
    duration = (0.0022 * amplitude + 0.021) * person['slow'] * np.exp(rng.normal(0.0, 0.1))
    n = max(int(duration * 1.15 * FINE_HZ), 16)
    speed = saccade_velocity(n, amplitude, np.clip(0.52 - amplitude * 0.004, 0.36, 0.5))
    stop = min(k + n, size)
    if k >= size:
        return size
    velocity[k:stop] += speed[:stop - k, None] * towards
    # A coder marks what stands out of the noise: hardly visible saccades stay fixation.
    visible = speed > max(0.06 * speed.max(), min(6.0, 0.5 * speed.max()))
    if amplitude > 2.5 * person['noise']:
        codes[k:stop][visible[:stop - k]] = ev.SACCADE
    if person['ring'] > 0.0:
        size_deg = min(person['ring'] * amplitude, 2.0) * np.exp(rng.normal(0.0, 0.3))
        last = k + int(np.flatnonzero(visible)[-1]) + 1
        m = min(int(0.12 * FINE_HZ), size - last)
        if m > 0:
            late = np.arange(m) / FINE_HZ
            envelope = size_deg * np.exp(-late / person['decay_s'])
            ring[last:last + m] += (
                envelope * np.sin(2.0 * np.pi * person['hz'] * late))[:, None] * towards
            ends = int(np.count_nonzero(envelope > max(0.08, person['noise'])))
            if ends / FINE_HZ > 0.006:
                rest = codes[last:last + min(ends, int(0.05 * FINE_HZ))]
                rest[rest != ev.BLINK] = ev.PSO
                stop = max(stop, last + len(rest))
    return stop


def _pursuit(rng, k, velocity, ring, codes, person, place) -> int:
    size = len(codes)
    n = int(FINE_HZ * rng.uniform(0.3, 3.0))
    stop = min(k + n, size)
    late = np.arange(stop - k) / FINE_HZ
    speed = np.exp(rng.uniform(np.log(1.5), np.log(35.0)))
    inward = np.arctan2(-place[1], -place[0]) + rng.normal(0.0, 0.8)
    kind = rng.integers(3)
    if kind == 0:
        heading, pace = np.full(late.size, inward), np.full(late.size, speed)
    elif kind == 1:
        heading, pace = inward + rng.normal(0.0, 1.5) * late, np.full(late.size, speed)
    else:
        w = 2.0 * np.pi * rng.uniform(0.15, 0.7)
        heading, pace = np.full(late.size, inward), speed * np.cos(w * late)
    pace = pace * np.minimum(late / 0.08, 1.0) * (1.0 + 0.12 * np.interp(
        late, np.arange(0.0, 4.0, 0.15), rng.normal(0.0, 1.0, 27)))
    velocity[k:stop] += pace[:, None] * np.stack([np.cos(heading), np.sin(heading)], axis=1)
    part = codes[k:stop]
    part[(part != ev.PSO) & (np.abs(pace) > 1.0)] = ev.PURSUIT
    at = k + int(FINE_HZ * rng.uniform(0.08, 0.3))
    while at < stop - 100 and rng.random() < 0.85:
        i = at - k
        towards = np.sign(pace[i]) * np.array([np.cos(heading[i]), np.sin(heading[i])])
        if rng.random() < 0.15:
            towards = -towards
        amplitude = np.clip(abs(pace[i]) * rng.uniform(0.02, 0.3), 0.2, 6.0)
        end = _saccade(rng, at, velocity, ring, codes, person, place, amplitude, towards)
        at = end + int(FINE_HZ * rng.uniform(0.15, 0.8))
    return stop


def _blink(rng, k, codes, lost, lid, person) -> int:
    size = len(codes)
    k = min(k + int(FINE_HZ * rng.uniform(0.15, 0.6)), size)
    skirts = FINE_HZ * rng.uniform(0.01, 0.05, 2)
    if person['lid_deg'] == 0.0:
        skirts *= 0.0
    closed = FINE_HZ * rng.uniform(0.06, 0.35)
    a, b, c, d = (min(int(v), size) for v in np.cumsum([k, skirts[0], closed, skirts[1]]))
    lost[b:c] = True
    codes[a:d] = ev.BLINK
    depth = person['lid_deg'] * np.exp(rng.normal(0.0, 0.3))
    lid[a:b] = depth * np.linspace(0.0, 1.0, b - a) ** 2
    lid[c:d] = depth * np.linspace(1.0, 0.0, d - c) ** 2
    return min(d + int(FINE_HZ * rng.uniform(0.05, 0.3)), size)


def _seen(rng, fine, x, codes, lost, rate_hz, noise_deg) -> SimulatedGaze:
    count = int(fine[-1] * rate_hz)
    t = np.arange(count) / rate_hz
    exposure = t + rng.uniform(0.0, 1.0 / rate_hz)
    if rng.random() < 0.3:
        exposure = np.sort(exposure + rng.normal(0.0, 0.05 / rate_hz, count))
    index = np.clip(np.round(exposure * FINE_HZ).astype(int), 0, len(fine) - 1)
    seen = np.stack([np.interp(exposure, fine, x[:, axis]) for axis in (0, 1)], axis=1)
    white = rng.normal(0.0, 1.0, (count, 2))
    if rng.random() < 0.5:
        tail = 1.0 / np.sqrt(np.maximum(rng.chisquare(5.0, (count, 1)) / 5.0, 0.1))
        white = white * tail
    # Part of the noise stays for a while: pupil detection errs alike in neighbouring frames.
    keep, share = np.exp(-1.0 / (rate_hz * rng.uniform(0.004, 0.05))), rng.uniform(0.0, 0.7)
    slow, last = np.empty((count, 2)), np.zeros(2)
    steps = rng.normal(0.0, np.sqrt(1.0 - keep ** 2), (count, 2))
    for i in range(count):
        last = keep * last + steps[i]
        slow[i] = last
    seen = seen + noise_deg * (np.sqrt(1.0 - share) * white + np.sqrt(share) * slow)
    if rng.random() < 0.35 and rate_hz >= 200.0:
        width = max(int(rng.uniform(0.004, 0.012) * rate_hz), 1) | 1
        kernel = np.ones(width) / width
        padded = np.pad(seen, ((width // 2, width // 2), (0, 0)), mode='edge')
        seen = np.stack([np.convolve(padded[:, a], kernel, 'valid') for a in (0, 1)], axis=1)
    if rng.random() < 0.3:
        grain = rng.choice([0.005, 0.01, 0.05])
        seen = np.round(seen / grain) * grain
    gone = lost[index].copy()
    out = codes[index].copy()
    out[gone] = ev.BLINK
    # A sample lost here and there is no blink.
    if rng.random() < 0.3:
        gone |= rng.random(count) < rng.uniform(0.0, 0.02)
    seen[gone] = np.nan
    return SimulatedGaze(exposure, seen, out, noise_deg)
