# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What physiology is described by: beats, electrodermal responses, temperature, breathing."""

from affect_encoders.encoder import FeatureSpec
from affect_encoders.physiology.breathing import respiration_from_sensor
from affect_encoders.physiology.pulse import interval_statistics
from affect_encoders.physiology.pulse import LEAST_INTERVALS
from affect_encoders.physiology.pulse import plausible_intervals
from affect_encoders.physiology.pulse import Pulse
from affect_encoders.physiology.pulse import pulse_features
from affect_encoders.physiology.pulse import PULSE_WINDOW_S
from affect_encoders.physiology.pulse import spectral_peak
from affect_encoders.physiology.pulse import thinned
from affect_encoders.physiology.pulse import uniform
from affect_encoders.physiology.skin import EDA_WINDOW_S
from affect_encoders.physiology.skin import skin_conductance
from affect_encoders.physiology.skin import SkinConductance
from affect_encoders.quick import line
import numpy as np

__all__ = [
    'EDA_WINDOW_S',
    'FEATURES',
    'LEAST_INTERVALS',
    'PULSE_WINDOW_S',
    'TEMPERATURE_WINDOW_S',
    'Pulse',
    'SkinConductance',
    'interval_statistics',
    'plausible_intervals',
    'pulse_features',
    'respiration_from_sensor',
    'skin_conductance',
    'spectral_peak',
    'temperature_trend',
    'thinned',
    'uniform',
]

TEMPERATURE_WINDOW_S = 60.0

FEATURES = (
    FeatureSpec('heart_rate', '1/min', 30.0, 215.0),
    FeatureSpec('heart_rate_change', '1/min', -180.0, 180.0),
    FeatureSpec('rmssd', 'ms', 0.0, 1000.0),
    FeatureSpec('rmssd_change', '1', -5.0, 5.0),
    FeatureSpec('sdnn', 'ms', 0.0, 1000.0),
    FeatureSpec('respiration_rate', '1/min', 4.0, 60.0),
    FeatureSpec('pulse_quality', '1', 0.0, 1.0),
    FeatureSpec('pulse_correlation', '1', -1.0, 1.0),
    FeatureSpec('pulse_concentration', '1', 0.0, 1.0),
    FeatureSpec('interval_coverage', '1', 0.0, 1.0),
    FeatureSpec('eda_tonic', 'uS', 0.0, 60.0),
    FeatureSpec('eda_slope', 'uS/min', -60.0, 60.0),
    FeatureSpec('eda_phasic_sd', 'uS', 0.0, 30.0),
    FeatureSpec('scr_rate', '1/min', 0.0, 60.0),
    FeatureSpec('scr_amplitude', 'uS', 0.0, 30.0),
    FeatureSpec('skin_temperature', 'degC', 15.0, 45.0),
    FeatureSpec('skin_temperature_slope', 'degC/min', -10.0, 10.0),
    FeatureSpec('motion', 'm/s2', 0.0, 80.0),
)
"""
Pulse figures are over 30 s (ultra-short HRV), EDA and temperature over 60 s. heart_rate_change
(difference) and rmssd_change (natural logarithm of the ratio) are against the wearer's own median
of the last ten minutes. scr_amplitude is the mean rise of the
responses in the window, NaN without one; motion is the spread of acceleration.
"""


def temperature_trend(t_s: np.ndarray, celsius: np.ndarray) -> tuple[float, float]:
    """Return the last 10 s' mean in degC and the window's slope in degC/min, NaN unknown."""
    good = np.isfinite(celsius)
    t, x = t_s[good], celsius[good]
    if t.size < 4:
        return float('nan'), float('nan')
    level = float(x[t > t[-1] - 10.0].mean())
    if t[-1] - t[0] < 20.0:
        return level, float('nan')
    return level, 60.0 * line(t - t[-1], x)[1]
