# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Indices of the wearer's condition from the modalities' features: published rules, no ROS."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
import math

MODEL_ID = 'wearer-condition-rules/0.2.0'

STATUS_UNKNOWN = 0
STATUS_UNVALIDATED = 1
STATUS_VALIDATED = 2

LEAST_QUALITY = 0.3
"""A modality whose quality is lower is not listened to."""

GOOD_PULSE_CORRELATION = 0.86
GOOD_PULSE_COVERAGE = 0.7
"""Pulse good enough for HRV: the correlation is Orphanidou's (2015), the coverage ours."""

EXERTION_M_S2 = 3.0
"""Above this spread of wrist acceleration heart rate follows the body's work, not the mind's."""


@dataclass(frozen=True)
class ConditionIndexValue:
    """
    One index, as affect_msgs/ConditionIndex: ``value`` in [0, 1] or NaN with a ``reason``.

    The three evidence tuples have one length; they hold what was looked at even when the value
    is NaN, as far as it was known. Age in seconds, NaN unknown.
    """

    value: float
    formula: str
    status: int = STATUS_UNVALIDATED
    standard_deviation: float = float('nan')
    evidence_names: tuple[str, ...] = ()
    evidence_values: tuple[float, ...] = ()
    evidence_units: tuple[str, ...] = ()
    evidence_age_s: float = float('nan')
    reason: str = ''


@dataclass(frozen=True)
class Term:
    """One measurement's way into an index: ``low`` maps to 0, ``high`` to 1, straight between."""

    modality: str
    feature: str
    unit: str
    low: float
    high: float

    def share(self, value: float) -> float:
        """Return where ``value`` lies between the anchors, cut to [0, 1]."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass
class _Evidence:
    """Looks features up, and keeps what was found and why something was not."""

    features: Mapping[str, Mapping[str, float]]
    qualities: Mapping[str, float]
    ages_s: Mapping[str, float]
    found: dict[str, tuple[float, str]] = field(default_factory=dict)
    modalities: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)

    def get(self, term: Term) -> float:
        """Return the feature, or NaN and note the reason."""
        value = float(self.features.get(term.modality, {}).get(term.feature, math.nan))
        quality = float(self.qualities.get(term.modality, 0.0))
        if term.modality not in self.features:
            self._note(f'no {term.modality}')
        elif not quality >= LEAST_QUALITY:
            self._note(f'{term.modality} quality is below {LEAST_QUALITY}')
        elif not math.isfinite(value):
            self._note(f'{term.modality} does not know {term.feature}')
        else:
            self.found[f'{term.modality}/{term.feature}'] = (value, term.unit)
            self.modalities.add(term.modality)
            return value
        return math.nan

    def refuse(self, reason: str) -> float:
        """Note why something that was found must not be used, and return NaN."""
        self._note(reason)
        return math.nan

    def index(self, value: float, formula: str) -> ConditionIndexValue:
        """Return the index with everything that was looked at."""
        ages = [self.ages_s[m] for m in self.modalities if m in self.ages_s]
        ages = [age for age in ages if math.isfinite(age)]
        known = math.isfinite(value)
        return ConditionIndexValue(
            value=value,
            formula=formula,
            evidence_names=tuple(self.found),
            evidence_values=tuple(v for v, _ in self.found.values()),
            evidence_units=tuple(u for _, u in self.found.values()),
            evidence_age_s=min(ages) if ages else math.nan,
            reason='' if known else '; '.join(self.reasons) or 'no evidence')

    def _note(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


HEART_RATE = Term('physiology', 'heart_rate_change', '1/min', 0.0, 20.0)
VOICE_STRESS = Term('voice', 'voice_stress', '1', 0.0, 1.0)
SCR_RATE = Term('physiology', 'scr_rate', '1/min', 3.0, 20.0)
MOTION = Term('physiology', 'motion', 'm/s2', 0.0, 1.0)
PULSE_CORRELATION = Term('physiology', 'pulse_correlation', '1', 0.0, 1.0)
PULSE_COVERAGE = Term('physiology', 'interval_coverage', '1', 0.0, 1.0)
# A halving of RMSSD is the upper anchor; more variability than usual is no load.
RMSSD = Term('physiology', 'rmssd_change', '1', 0.0, -math.log(2.0))
PUPIL = Term('eye_expression', 'pupil_change', 'mm', 0.0, 0.5)
PERCLOS = Term('eye_movement', 'perclos', '1', 0.0, 0.15)
PERCLOS_OF_LIDS = Term('eye_expression', 'perclos', '1', 0.0, 0.15)
BLINK_DURATION = Term('eye_movement', 'blink_duration', 's', 0.2, 0.5)
# Peak velocity falls by up to a tenth at the same amplitude: the logarithm of 0.9 is the anchor.
SACCADIC_SLOWING = Term('eye_movement', 'main_sequence_change', '1', 0.0, math.log(0.9))
FIXATION_SHARE = Term('eye_movement', 'fixation_share', '1', 0.0, 1.0)
PURSUIT_SHARE = Term('eye_movement', 'pursuit_share', '1', 0.0, 1.0)
VALID_SHARE = Term('eye_movement', 'valid_share', '1', 0.0, 1.0)

STRESS_FORMULA = (
    'mean of HR above own 10 min median / 20 per min (Kreibig 2010; left out above 3 m/s2 wrist '
    'motion), (SCR rate - 3) / 17 per min (Boucsein 2012) and voice stress (Giddens 2013), each '
    'cut to [0, 1]')
FATIGUE_FORMULA = (
    'largest of PERCLOS P80 over 60 s / 0.15 (Wierwille 1994), (mean blink duration - 0.2 s) '
    '/ 0.3 s (Caffier 2003) and fall of saccadic peak velocity, at its amplitude, below that of '
    "the wearer's first 5 min / 10 % (Di Stasi 2013), each cut to [0, 1]")
LOAD_FORMULA = (
    'mean of luminance-corrected pupil dilation / 0.5 mm (Beatty 1982) and fall of ln RMSSD '
    'below own 10 min median / ln 2 (Castaldo 2015), each cut to [0, 1]')
ATTENTION_FORMULA = (
    'share of the last 10 s in fixation or pursuit with the eyes tracked: visual intake is '
    'suppressed in saccades and blinks (Volkmann 1986); an upper bound, whatever is looked at')


def wearer_condition(
        features: Mapping[str, Mapping[str, float]], qualities: Mapping[str, float], *,
        ages_s: Mapping[str, float] | None = None) -> dict[str, ConditionIndexValue]:
    """
    Return stress, fatigue, cognitive_load and attention.

    :param features: modality -> feature name -> value; NaN or absent where unknown
    :param qualities: modality -> quality in [0, 1]; absent counts as 0
    :param ages_s: modality -> age of its newest evidence, seconds

    The anchors that turn a measurement into [0, 1] are stated in each formula; they order states
    of one wearer and have not been checked against any outcome: every status is UNVALIDATED.
    A term whose input is unknown is left out; an index with no term is NaN and says why.
    """
    ages_s = ages_s or {}

    def evidence() -> _Evidence:
        return _Evidence(features, qualities, ages_s)

    return {
        'stress': _stress(evidence()),
        'fatigue': _fatigue(evidence()),
        'cognitive_load': _cognitive_load(evidence()),
        'attention': _attention(evidence()),
    }


def _mean_of_known(shares: list[float]) -> float:
    known = [share for share in shares if math.isfinite(share)]
    return sum(known) / len(known) if known else math.nan


def _share(term: Term, value: float) -> float:
    return term.share(value) if math.isfinite(value) else math.nan


def _stress(evidence: _Evidence) -> ConditionIndexValue:
    change = evidence.get(HEART_RATE)
    scr_rate = evidence.get(SCR_RATE)
    if math.isfinite(change) and evidence.get(MOTION) > EXERTION_M_S2:
        change = evidence.refuse('heart rate follows exertion')
    voice = evidence.get(VOICE_STRESS)
    value = _mean_of_known([
        _share(HEART_RATE, change), _share(SCR_RATE, scr_rate), _share(VOICE_STRESS, voice)])
    return evidence.index(value, STRESS_FORMULA)


def _fatigue(evidence: _Evidence) -> ConditionIndexValue:
    perclos = evidence.get(PERCLOS)
    if not math.isfinite(perclos):
        perclos = evidence.get(PERCLOS_OF_LIDS)
    blink = evidence.get(BLINK_DURATION)
    if math.isfinite(blink) and not math.isfinite(perclos):
        # A tracker that sees no lids calls every lost pupil a blink.
        blink = evidence.refuse('blinks are told from lost pupils only: no lids are seen')
    slowing = evidence.get(SACCADIC_SLOWING)
    shares = [
        _share(PERCLOS, perclos), _share(BLINK_DURATION, blink),
        _share(SACCADIC_SLOWING, slowing)]
    known = [share for share in shares if math.isfinite(share)]
    # Not the mean: long closures without slow blinks, or the reverse, must not hide one another.
    return evidence.index(max(known) if known else math.nan, FATIGUE_FORMULA)


def _cognitive_load(evidence: _Evidence) -> ConditionIndexValue:
    pupil = evidence.get(PUPIL)
    rmssd = evidence.get(RMSSD)
    if math.isfinite(rmssd):
        correlation = evidence.get(PULSE_CORRELATION)
        coverage = evidence.get(PULSE_COVERAGE)
        if not (correlation >= GOOD_PULSE_CORRELATION and coverage >= GOOD_PULSE_COVERAGE):
            rmssd = evidence.refuse('pulse too unclear for heart rate variability')
    return evidence.index(
        _mean_of_known([_share(PUPIL, pupil), _share(RMSSD, rmssd)]), LOAD_FORMULA)


def _attention(evidence: _Evidence) -> ConditionIndexValue:
    fixation = evidence.get(FIXATION_SHARE)
    pursuit = evidence.get(PURSUIT_SHARE)
    valid = evidence.get(VALID_SHARE)
    if math.isfinite(valid) and valid < 0.5:
        return evidence.index(
            evidence.refuse('eyes tracked in less than half of the samples'), ATTENTION_FORMULA)
    value = _share(FIXATION_SHARE, fixation) + _share(PURSUIT_SHARE, pursuit)
    return evidence.index(min(value, 1.0), ATTENTION_FORMULA)
