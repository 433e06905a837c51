# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The physiology encoder: channels of a wrist band or mask in, an encoding at each tick out."""

import math

from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.feature_projection import FeatureProjection
from affect_encoders.head_motion.features import GRAVITY_M_S2
from affect_encoders.physiology import features as physio
from affect_encoders.physiology import model
from affect_encoders.quick import median
from affect_encoders.quick import Remembered
from affect_encoders.sample_buffer import SampleBuffer
import numpy as np

HALF_LIFE_S = 10.0
BASELINE_S = 600.0
BLOCK_S = 10.0
BLOCK_WINDOW_S = 20.0
LEAST_BLOCKS = 6
GOOD_PULSE = 0.5
MOTION_HALVES_M_S2 = 8.0
UNKNOWN_MOTION = 0.7
RHYTHM_LEAST_M_S2 = 0.5
RHYTHM_SHARE = 0.4
RHYTHM_WITHIN_MIN = 5.0
RHYTHM_QUALITY = 0.4
IN_G = (0.8, 1.3)
SENSOR_RATE_HZ = 25.0

CHANNELS = {
    'bvp': (-1e9, 1e9),
    'eda': (-1.0, 1000.0),
    'skin_temperature': (-50.0, 100.0),
    'respiration': (-1e9, 1e9),
    'acceleration_x': (-1000.0, 1000.0),
    'acceleration_y': (-1000.0, 1000.0),
    'acceleration_z': (-1000.0, 1000.0),
    'heart_rate': (0.0, 400.0),
    'interbeat_interval': (0.0, 10.0),
}
"""What a sample can be, in the channel's unit; anything else counts as missing."""

WEIGHTS = {'pulse': 1.0, 'eda': 0.6, 'respiration': 0.4, 'skin_temperature': 0.2}


class PhysiologyEncoder(Encoder):
    """Any subset of the channels in CHANNELS, each at its own rate."""

    def __init__(self, *, projection: FeatureProjection | None = None) -> None:
        names = tuple(spec.name for spec in physio.FEATURES)
        self._projection = projection or FeatureProjection.load('physiology', names)
        self.info = EncoderInfo(
            modality='physiology',
            model_id='physiology-rule/0.2.0',
            embedding_dimension=self._projection.dimension,
            features=physio.FEATURES,
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                'That at least one of pulse, EDA, breathing and temperature can be relied on '
                '(alone they reach 1, 0.6, 0.4 and 0.2): pulse by spectral concentration, '
                'agreement of beats and spectrum, regularity, coverage with plausible beats, '
                'template correlation, stillness and what is clipped; halved for every 10 s of '
                'age. What is read from a pulse below a half is unknown.'),
            training_data=self._projection.training_data,
            label_kind='rule')
        self._skin_conductance = Remembered(physio.skin_conductance)
        self._temperature_trend = Remembered(physio.temperature_trend)
        self._channels: dict[str, SampleBuffer] = {}
        self._blocks: dict[int, tuple[int, float, float]] = {}

    def push(self, channel: str, samples, sample_rate_hz: float, start_s: float) -> None:
        """
        Add a gap-free run of one channel.

        :param channel: one of CHANNELS, in the units of affect_msgs/PhysioChunk
        :param samples: [N]; NaN where missing
        :param sample_rate_hz: rate of the run; NaN for interbeat intervals
        :param start_s: originating time of the first sample, seconds
        :raises ValueError: an unknown channel, or no usable rate
        """
        if channel not in CHANNELS:
            raise ValueError(f'unknown channel {channel!r}: use one of {", ".join(CHANNELS)}')
        x = np.asarray(samples, dtype=np.float64).reshape(-1)
        if channel == 'interbeat_interval':
            usable = np.where((x >= 0.0) & (x <= CHANNELS[channel][1]), x, 0.0)
            t = start_s + np.cumsum(usable) - usable[:1].sum()
        elif x.size > 1 and not (math.isfinite(sample_rate_hz) and sample_rate_hz > 0.0):
            raise ValueError(f'sample_rate_hz of {channel} is {sample_rate_hz}: give hertz > 0')
        else:
            rate = sample_rate_hz if sample_rate_hz > 0.0 else 1.0
            t = start_s + np.arange(x.size) / rate
        if channel not in self._channels:
            horizon = BASELINE_S + BLOCK_S if channel == 'bvp' else 2.0 * physio.EDA_WINDOW_S
            capacity = 700_000 if channel == 'bvp' else 130_000
            self._channels[channel] = SampleBuffer(
                1, horizon_s=horizon, capacity=capacity, limits=(CHANNELS[channel],))
        if self._channels[channel].push(t, x) and channel == 'bvp':
            self._blocks.clear()

    def reset(self) -> None:
        self._channels.clear()
        self._blocks.clear()

    def encode(self, tick_s: float) -> Encoding:
        for buffer in self._channels.values():
            buffer.trim(tick_s)
        named = {name: float('nan') for name in self._projection.names}
        reasons: list[str] = []
        named['motion'] = self._motion(reasons, tick_s)
        qualities = {
            'pulse': self._pulse(named, reasons, tick_s),
            'eda': self._eda(named, reasons, tick_s),
            'respiration': self._breathing(named, reasons, tick_s),
            'skin_temperature': self._temperature(named, reasons, tick_s)}
        quality = 1.0 - math.prod(1.0 - WEIGHTS[name] * q for name, q in qualities.items())
        if quality < 1e-3:
            return self.no_evidence('; '.join(reasons) or 'no physiological samples')
        vector = np.array([named[name] for name in self._projection.names])
        start, end = self._evidence(tick_s)
        return Encoding(
            embedding=self._projection.embed(vector),
            features=vector.astype(np.float32),
            quality=quality,
            reason='; '.join(reasons),
            window_start_s=start,
            evidence_end_s=end,
            estimate=model.estimate(named))

    def _view(self, channel: str, tick_s: float, window_s: float):
        if channel not in self._channels:
            return np.empty(0), np.empty(0)
        t, x = self._channels[channel].view(tick_s - window_s, tick_s)
        return t, x[:, 0]

    def _evidence(self, tick_s: float) -> tuple[float, float]:
        first, last = [], []
        for channel in self._channels:
            t, x = self._view(channel, tick_s, physio.EDA_WINDOW_S)
            t = t[np.isfinite(x)]
            if t.size:
                first.append(t[0])
                last.append(t[-1])
        return float(min(first)), float(max(last))

    def _motion(self, reasons: list[str], tick_s: float) -> float:
        """Return the spread of acceleration, infinite where its unit cannot be m/s^2."""
        axes = self._acceleration(tick_s)
        if not axes:
            return float('nan')
        if len(axes) == 3:
            # A sensor at rest measures gravity; one that takes it off measures next to nothing.
            gravity = math.sqrt(sum(median(axis) ** 2 for axis in axes))
            if IN_G[0] < gravity < IN_G[1] and all(np.abs(x).max() < 20.0 for x in axes):
                reasons.append('acceleration looks like g instead of m/s2')
                return math.inf
            if gravity > 3.0 * GRAVITY_M_S2:
                reasons.append('acceleration is too large for m/s2')
                return math.inf
        return math.sqrt(sum(float(axis.var()) for axis in axes))

    def _acceleration(self, tick_s: float) -> list[np.ndarray]:
        """Return what is known of each axis over the pulse's window."""
        views = [self._view(f'acceleration_{axis}', tick_s, physio.PULSE_WINDOW_S)[1]
                 for axis in 'xyz']
        known = [view[np.isfinite(view)] for view in views]
        return [axis for axis in known if axis.size > 1]

    def _moves_in_time(self, tick_s: float, heart_rate: float) -> bool:
        """Say whether the wearer moves in the rhythm that was taken for the pulse's."""
        axes = self._acceleration(tick_s)
        strongest = max(axes, key=lambda axis: float(axis.var()))
        rate_hz = strongest.size / physio.PULSE_WINDOW_S
        if rate_hz < 8.0:
            return False
        share, rate = physio.spectral_peak(strongest, rate_hz)
        return share > RHYTHM_SHARE and abs(rate - heart_rate) < RHYTHM_WITHIN_MIN

    def _pulse(self, named, reasons, tick_s: float) -> float:
        """Fill in the pulse's features, add reasons, return its quality."""
        t, x = self._view('bvp', tick_s, physio.PULSE_WINDOW_S)
        quality = 0.0
        if t.size:
            motion = named['motion']
            if motion == math.inf:
                named['motion'] = float('nan')
            pulse = physio.pulse_features(t, x)
            quality = pulse_quality(pulse, motion)
            if quality > 0.0 and motion > RHYTHM_LEAST_M_S2 and motion < math.inf and (
                    self._moves_in_time(tick_s, pulse.heart_rate)):
                reasons.append("pulse has the rhythm of the wearer's motion")
                quality *= RHYTHM_QUALITY
            quality = decayed(quality, tick_s - t[-1], HALF_LIFE_S)
            named['pulse_correlation'] = pulse.correlation
            named['interval_coverage'] = pulse.coverage
            named['pulse_concentration'] = pulse.concentration
            if pulse.reason:
                reasons.append(pulse.reason)
            if quality >= GOOD_PULSE:
                named['heart_rate'] = pulse.heart_rate
                named['rmssd'], named['sdnn'] = pulse.rmssd, pulse.sdnn
                named['respiration_rate'] = pulse.respiration_rate
            elif not pulse.reason:
                reasons.append('pulse unclear')
        named['motion'] = named['motion'] if named['motion'] < math.inf else float('nan')
        if quality < GOOD_PULSE:
            quality = max(quality, self._device_pulse(named, tick_s))
        named['pulse_quality'] = quality
        rate, rmssd = self._baseline(tick_s)
        named['heart_rate_change'] = named['heart_rate'] - rate
        if named['rmssd'] > 0.0 and rmssd > 0.0:
            named['rmssd_change'] = math.log(named['rmssd'] / rmssd)
        return quality

    def _breathing(self, named, reasons, tick_s: float) -> float:
        """Take breathing from its own sensor, which knows it better than the pulse does."""
        t, x = self._view('respiration', tick_s, physio.PULSE_WINDOW_S)
        if not t.size:
            return 0.0
        grid, x, rate_hz = physio.uniform(*physio.thinned(t, x, SENSOR_RATE_HZ), 1.0)
        if grid.size < 16 or grid[-1] - grid[0] < 15.0 or rate_hz < 2.5:
            reasons.append('less than 15 s of respiration at 2.5 Hz or more')
            return 0.0
        rate = physio.respiration_from_sensor(x, rate_hz)
        if not math.isfinite(rate):
            reasons.append('respiration is constant' if np.ptp(x) == 0.0
                           else 'respiration has no clear rhythm')
            return 0.0
        named['respiration_rate'] = rate
        return decayed(1.0, tick_s - grid[-1], HALF_LIFE_S)

    def _device_pulse(self, named, tick_s: float) -> float:
        """Take what the device itself computed, where its own beats or rate are there."""
        t, x = self._view('interbeat_interval', tick_s, physio.PULSE_WINDOW_S)
        good = physio.plausible_intervals(x)
        if np.count_nonzero(good) >= physio.LEAST_INTERVALS:
            statistics = physio.interval_statistics(x, good)
            named['heart_rate'], named['rmssd'], named['sdnn'] = statistics
            covered = min(1.0, float(x[good].sum()) / physio.PULSE_WINDOW_S)
            named['interval_coverage'] = covered
            return decayed(covered, tick_s - t[-1], HALF_LIFE_S)
        t, x = self._view('heart_rate', tick_s, BLOCK_S)
        good = (x >= 30.0) & (x <= 220.0)
        if good.any():
            named['heart_rate'] = float(x[good].mean())
            return decayed(0.5, tick_s - t[good][-1], HALF_LIFE_S)
        return 0.0

    def _baseline(self, tick_s: float) -> tuple[float, float]:
        """
        Return the wearer's median heart rate and RMSSD of ten minutes, NaN before a minute.

        Medians over good blocks of the last 20 s at every full 10 s: a function of the samples
        alone, whenever it is asked.
        """
        nothing = float('nan'), float('nan')
        if 'bvp' not in self._channels:
            return nothing
        last = math.floor(tick_s / BLOCK_S)
        first = math.ceil((tick_s - BASELINE_S + BLOCK_WINDOW_S) / BLOCK_S)
        for old in [k for k in self._blocks if k < first]:
            del self._blocks[old]
        bvp = self._channels['bvp']
        ends = BLOCK_S * np.arange(first, last + 1)
        counts = bvp.counts(ends - BLOCK_WINDOW_S, ends).tolist()
        known = []
        for k, count in zip(range(first, last + 1), counts, strict=True):
            # Late samples change the count, and with it the block is computed anew.
            if k not in self._blocks or self._blocks[k][0] != count:
                t, x = bvp.view(BLOCK_S * k - BLOCK_WINDOW_S, BLOCK_S * k)
                self._blocks[k] = (count, *_block(t, x[:, 0]))
            if math.isfinite(self._blocks[k][1]):
                known.append(self._blocks[k][1:])
        if len(known) < LEAST_BLOCKS:
            return nothing
        rates, rmssds = np.array(known).T
        rmssds = rmssds[np.isfinite(rmssds)]
        return float(np.median(rates)), float(np.median(rmssds)) if rmssds.size else math.nan

    def _eda(self, named, reasons, tick_s: float) -> float:
        t, x = self._view('eda', tick_s, physio.EDA_WINDOW_S)
        if not t.size:
            return 0.0
        skin = self._skin_conductance(t, x)
        if skin.reason:
            reasons.append(skin.reason)
            return 0.0
        named['eda_tonic'], named['eda_slope'] = skin.tonic_us, skin.slope_us_min
        named['eda_phasic_sd'], named['scr_rate'] = skin.phasic_sd_us, skin.rate_min
        if skin.amplitudes_us.size:
            named['scr_amplitude'] = float(skin.amplitudes_us.mean())
        good = np.isfinite(x)
        covered = min(1.0, float(np.ptp(t[good])) / (0.5 * physio.EDA_WINDOW_S)) * good.mean()
        return decayed(covered, tick_s - t[good][-1], HALF_LIFE_S)

    def _temperature(self, named, reasons, tick_s: float) -> float:
        t, x = self._view('skin_temperature', tick_s, physio.TEMPERATURE_WINDOW_S)
        if not t.size:
            return 0.0
        level, slope = self._temperature_trend(t, x)
        if not 20.0 <= level <= 42.0:
            eda = self._view('eda', tick_s, physio.TEMPERATURE_WINDOW_S)[1]
            eda = eda[np.isfinite(eda)]
            swapped = eda.size > 0 and 26.0 < median(eda) < 40.0 and 0.0 < level < 20.0
            reasons.append('EDA and skin temperature look exchanged' if swapped
                           else 'skin temperature is not that of worn skin')
            return 0.0
        named['skin_temperature'], named['skin_temperature_slope'] = level, slope
        good = np.isfinite(x)
        return decayed(1.0, tick_s - t[good][-1], HALF_LIFE_S)


def _block(t: np.ndarray, bvp: np.ndarray) -> tuple[float, float]:
    """Return heart rate and RMSSD of a block of BVP, NaN where the pulse is unclear."""
    if t.size:
        pulse = physio.pulse_features(t, bvp, BLOCK_WINDOW_S)
        if pulse_quality(pulse, float('nan')) >= GOOD_PULSE:
            return pulse.heart_rate, pulse.rmssd
    return float('nan'), float('nan')


def pulse_quality(pulse: physio.Pulse, motion: float) -> float:
    """
    Return [0, 1], a product of what says that the beats are beats, to the power of 0.68.

    Concentration of the spectrum (1 at a half), agreement of the beats' rate with the spectrum's
    (1/e at 10 per min), regularity (1/e where the intervals spread by 0.28 of their mean), square
    root of coverage, likeness of the beats (0 at a template correlation of 0.3, 1 at 0.7),
    stillness (a half at 8 m/s^2; 1 where no acceleration is known, 0.7 where its unit is wrong)
    and what is not clipped (0 at half of the samples). The constants were chosen on
    stress_predict so that a half parts windows whose heart rate can be used from the others: see
    the model card in weights/.
    """
    if not math.isfinite(pulse.heart_rate) or not math.isfinite(pulse.correlation):
        return 0.0
    concentration = min(1.0, 2.0 * pulse.concentration)
    agreement = math.exp(-((pulse.heart_rate - pulse.spectral_rate) / 10.0) ** 2)
    spread = 1e-3 * pulse.sdnn * pulse.heart_rate / 60.0
    regularity = math.exp(-(spread / 0.28) ** 2)
    likeness = min(1.0, max(0.0, (pulse.correlation - 0.3) / 0.4))
    if motion == math.inf:
        stillness = UNKNOWN_MOTION
    else:
        stillness = 1.0 / (1.0 + (motion / MOTION_HALVES_M_S2) ** 2) if motion > 0.0 else 1.0
    whole = max(0.0, 1.0 - 2.0 * pulse.clipped)
    return (concentration * agreement * regularity * math.sqrt(pulse.coverage) * likeness
            * stillness * whole) ** 0.68
