# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
How strained a voice sounds against the same voice at ease. UNVALIDATED, and no lie detector.

What moves under stress, in the order in which studies agree (reviews: Giddens et al., J. Voice
27(3), 2013; Van Puyvelde et al., Frontiers in Psychology 9:1994, 2018; Kirchhuebel et al., Int. J.
Speech, Language and the Law 18, 2011): mean F0 rises; energy moves to higher frequencies; jitter
falls; and the area under the autocorrelation of the Teager energy profile falls (Zhou, Hansen &
Kaiser, IEEE Trans. Speech and Audio Processing 9, 2001). People differ, and so do stressors:
some lower their voice. Loudness, speaking against noise and joy move the same quantities.
"""

from collections import deque
import math

from affect_encoders.voice.features import FEATURES
import numpy as np

STATUS = 'UNVALIDATED'
LEAST_VOICED_S = 1.0
"""Seconds of voiced speech in the window that the index needs; below, it is NaN."""
LEAST_QUALITY = 0.3
"""In clipped, noisy or tone-like sound jitter and Teager energy are those of the disturbance."""
OWN_AFTER = 20
"""Moments, a second or more apart, after which the wearer's own median is the baseline."""
FORMULA = (
    'mean of, each cut to [0, 1]: mean F0 above own / 4 semitones, alpha ratio above own / 6 dB, '
    'ln of own jitter over jitter / ln 2, Teager area below own / 0.15 (mean of four bands) '
    '(Giddens 2013; Van Puyvelde 2018; Zhou 2001); own: as enrolled, else the median of what was '
    'heard, after 20 s of speech; before, the mean of neutral speech of others, without F0')

_NAMES = [feature.name for feature in FEATURES]
_F0 = _NAMES.index('F0semitoneFrom27.5Hz_sma3nz_amean')
_ALPHA = _NAMES.index('alphaRatioV_sma3nz_amean')
_JITTER = _NAMES.index('jitterLocal_sma3nz_amean')
_AREAS = [_NAMES.index(f'teagerAreaBand{k}_sma3nz_amean') for k in range(1, 5)]


# What counts as the whole way from at ease to strained.
_F0_SEMITONES = 4.0
_ALPHA_DB = 6.0
_JITTER_LOG = math.log(2.0)
_AREA = 0.15


def stress_index(
        functionals: np.ndarray, baseline: np.ndarray, *, is_own: bool) -> float:
    """
    Return the index in [0, 1] of functionals [F] against a baseline [F]; NaN with no known term.

    ``is_own`` False: the baseline is other people's, and F0, which mostly tells people apart, is
    left out.
    """
    jitter = functionals[_JITTER] / baseline[_JITTER] if baseline[_JITTER] > 0.0 else math.nan
    terms = [
        (functionals[_ALPHA] - baseline[_ALPHA]) / _ALPHA_DB,
        -math.log(jitter) / _JITTER_LOG if jitter > 0.0 else math.nan,
        float(np.mean(baseline[_AREAS] - functionals[_AREAS])) / _AREA]
    if is_own:
        terms.append((functionals[_F0] - baseline[_F0]) / _F0_SEMITONES)
    known = [min(max(float(term), 0.0), 1.0) for term in terms if term == term]
    return sum(known) / len(known) if known else math.nan


class VoiceStress:
    """Keeps the baseline of one wearer and tells the index of each moment."""

    def __init__(self, population: np.ndarray) -> None:
        """Take mean functionals [F] of other people's neutral speech for a first baseline."""
        self._population = population
        self._enrolled: np.ndarray | None = None
        self.forget_heard()

    def forget_heard(self) -> None:
        """Forget the running baseline; what was enrolled stays."""
        self._heard: deque[np.ndarray] = deque(maxlen=600)
        self._last_s = -math.inf
        self._own: np.ndarray | None = None

    def enroll(self, neutral: np.ndarray | None) -> None:
        """Take functionals [F] of the wearer's neutral speech for the baseline; None: forget."""
        self._enrolled = neutral

    def index(self, functionals: np.ndarray, *, at_s: float, voiced_s: float,
              quality: float) -> float:
        """Return the index of functionals [F] heard until ``at_s``, NaN where it cannot tell."""
        if voiced_s < LEAST_VOICED_S or quality < LEAST_QUALITY:
            return math.nan
        if at_s >= self._last_s + 1.0:
            self._last_s = at_s
            self._heard.append(functionals)
            # A median of many rows at every second would cost more than it tells.
            if len(self._heard) >= OWN_AFTER and len(self._heard) % 5 == 0:
                self._own = np.median(np.stack(self._heard), axis=0)
        own = self._enrolled if self._enrolled is not None else self._own
        baseline = self._population if own is None else own
        return stress_index(functionals, baseline, is_own=own is not None)
