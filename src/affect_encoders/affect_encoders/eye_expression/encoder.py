# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye-expression encoder: lids, pupils and light in, an encoding at each tick out."""

import math

from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.eye_expression import features as eye
from affect_encoders.eye_expression import model
from affect_encoders.eye_expression.pupil_light import LATENCY_S
from affect_encoders.eye_expression.pupil_light import light_pupil_mm
from affect_encoders.eye_expression.pupil_light import REFERENCE_AGE
from affect_encoders.eye_expression.pupil_light import reflex_mm
from affect_encoders.eye_expression.pupil_light import WARM_UP_S
from affect_encoders.feature_projection import FeatureProjection
from affect_encoders.sample_buffer import SampleBuffer
import numpy as np

HALF_LIFE_S = 1.0
QUALITY_WINDOW_S = 2.0
BASELINE_S = 600.0
BLOCK_S = 10.0
LEAST_BLOCKS = 6
LEAST_LIGHT = 5
LEAST_PUPIL_SHARE = 0.3
CAPACITY = 40_000
PUPIL_CAPACITY = 200_000
LIGHT_CAPACITY = 20_000
EYE_LIMITS = ((0.0, 3.0), (0.0, 1.0), (0.0, 1.0), (1.0, 10.0), (0.0, 1.0))

PEAK_LUMINANCE_CD_M2 = 100.0
"""White of a headset's display, to an order of magnitude (100 to 150 are usual)."""

STRAY_LIGHT = 0.02
"""
Relative luminance of a black picture: black of the display, glare in lens and eye. Chosen on
ceap360vr, where without it films that fade to black make the formula widen pupils that stay.
"""

FIELD_DEG2 = 7854.0
"""Area of a round field of 100 degrees."""


class EyeExpressionEncoder(Encoder):
    """What lids and pupils express, the pupil less what light makes of it."""

    def __init__(
        self, *, projection: FeatureProjection | None = None,
        peak_luminance_cd_m2: float = PEAK_LUMINANCE_CD_M2, stray_light: float = STRAY_LIGHT,
        field_deg2: float = FIELD_DEG2, age_years: float = REFERENCE_AGE,
    ) -> None:
        """
        Make an encoder without evidence.

        :param peak_luminance_cd_m2: what a relative luminance of 1 is worth
        :param stray_light: relative luminance that is there when the picture is black
        :param field_deg2: area of the lit field, square degrees
        :param age_years: of the wearer
        """
        names = tuple(spec.name for spec in eye.FEATURES)
        self._projection = projection or FeatureProjection.load('eye_expression', names)
        self._peak_cd_m2 = peak_luminance_cd_m2
        self._stray_light = stray_light
        self._field_deg2 = field_deg2
        self._age_years = age_years
        self.info = EncoderInfo(
            modality='eye_expression',
            model_id='eye-expression-rule/0.2.0',
            embedding_dimension=self._projection.dimension,
            features=eye.FEATURES,
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                'Share of the last 2 s in which lids or pupils are known, by the confidence of '
                'open eyes (0.75 for shut ones and where none is given); halved for every second '
                'since the last such sample; 0 where nothing of the eyes ever changes.'),
            training_data=self._projection.training_data,
            label_kind='rule')
        columns = len(eye.COLUMNS)
        self._eyes = SampleBuffer(
            2 * columns, horizon_s=eye.LID_WINDOW_S, capacity=CAPACITY, limits=2 * EYE_LIMITS)
        self._pupils = SampleBuffer(
            3, horizon_s=BASELINE_S + BLOCK_S, capacity=PUPIL_CAPACITY,
            limits=(EYE_LIMITS[eye.PUPIL_MM], EYE_LIMITS[eye.PUPIL_MM],
                    EYE_LIMITS[eye.OPENNESS]))
        self._light = SampleBuffer(
            1, horizon_s=BASELINE_S + 3.0 * BLOCK_S, capacity=LIGHT_CAPACITY,
            limits=((1.0, 10.0),))
        self._blocks: dict[int, tuple[tuple[int, int], float]] = {}

    def push(self, t_s, left, right) -> None:
        """
        Add what is known of the eyes.

        :param t_s: stamps, seconds [N]
        :param left, right: [N, 5] with features.COLUMNS: openness (0 shut), squint, widening,
            pupil diameter in mm, confidence; NaN unknown
        :raises ValueError: the shapes do not fit
        """
        t = np.asarray(t_s, dtype=np.float64).reshape(-1)
        eyes = []
        for name, values in (('left', left), ('right', right)):
            values = np.asarray(values, dtype=np.float64)
            if values.shape != (t.size, len(eye.COLUMNS)):
                raise ValueError(
                    f'{name} has shape {list(values.shape)}: give [{t.size}, '
                    f'{len(eye.COLUMNS)}], one row of {", ".join(eye.COLUMNS)} per stamp')
            # What is absurdly large is unknown, before it overflows in a mean.
            eyes.append(np.where(np.abs(values) < 1e3, values, np.nan))
        went_back = self._eyes.push(t, np.concatenate(eyes, axis=1))
        pupils = np.stack([values[:, eye.PUPIL_MM] for values in eyes], axis=1)
        openness = eye.both(np.stack([values[:, eye.OPENNESS] for values in eyes], axis=1))
        went_back |= self._pupils.push(t, np.column_stack([pupils, openness]))
        if went_back:
            self._blocks.clear()

    def push_luminance(self, t_s, luminance) -> None:
        """
        Add the relative luminance in [0, 1] of what the wearer sees, [N], NaN unknown.

        :raises ValueError: the lengths differ
        """
        relative = np.asarray(luminance, dtype=np.float64).reshape(-1)
        relative = np.where((relative >= 0.0) & (relative <= 1.0), relative, np.nan)
        if self._light.push(t_s, light_pupil_mm(
                (relative + self._stray_light) * self._peak_cd_m2,
                field_deg2=self._field_deg2, age_years=self._age_years)):
            self._blocks.clear()

    def reset(self) -> None:
        self._eyes.clear()
        self._pupils.clear()
        self._light.clear()
        self._blocks.clear()

    def encode(self, tick_s: float) -> Encoding:
        for buffer in (self._eyes, self._pupils, self._light):
            buffer.trim(tick_s)
        t, values = self._eyes.view(tick_s - eye.LID_WINDOW_S, tick_s)
        left, right = values[:, :len(eye.COLUMNS)], values[:, len(eye.COLUMNS):]
        # Older samples are worth less than a thousandth.
        near = int(np.searchsorted(t, tick_s - 10.0 * HALF_LIFE_S - QUALITY_WINDOW_S))
        quality, reason, newest_s = _quality(t[near:], left[near:], right[near:], tick_s)
        if quality <= 0.0:
            waiting = not t.size and len(self._eyes) > 0
            return self.no_evidence('gaze stamps lie in the future' if waiting else reason)
        why_frozen = eye.frozen(t, left, right)
        if why_frozen:
            return self.no_evidence(why_frozen)
        recent = int(np.searchsorted(t, tick_s - eye.WINDOW_S, side='right'))
        named = eye.lid_features(t[recent:], left[recent:], right[recent:])
        openness = eye.both(np.stack([left[:, eye.OPENNESS], right[:, eye.OPENNESS]], axis=1))
        named |= vars(eye.closures(t, openness))
        pupil_t, pupils, is_constant = self._steady_pupils(tick_s - eye.WINDOW_S, tick_s)
        if is_constant and not reason:
            reason = 'the pupil never changes and counts as unknown'
        named |= eye.pupil_features(pupil_t, pupils, tick_s)
        named['pupil_corrected'] = named['pupil_diameter'] - self._light_pupil(
            tick_s - eye.PUPIL_WINDOW_S, tick_s)
        named['pupil_change'] = named['pupil_corrected'] - self._usual(tick_s)
        vector = np.array([named[name] for name in self._projection.names])
        return Encoding(
            embedding=self._projection.embed(vector),
            features=vector.astype(np.float32),
            quality=quality,
            reason=reason,
            window_start_s=float(t[0]),
            evidence_end_s=newest_s,
            estimate=model.estimate(named))

    def _steady_pupils(
            self, after_s: float, until_s: float) -> tuple[np.ndarray, np.ndarray, bool]:
        """
        Return stamps [N] and pupils [N, 2], NaN in and beside blinks and where they never change.

        And whether that is why none is known.
        """
        t, values = self._pupils.view(after_s, until_s)
        blinking = eye.near_blink(t, values[:, 2])
        given = np.where(blinking[:, None], np.nan, values[:, :2])
        pupils = eye.without_frozen(t, given)
        return t, pupils, bool(np.isfinite(given).any() and not np.isfinite(pupils).any())

    def _light_pupil(self, after_s: float, until_s: float) -> float:
        """Return the mean diameter by light alone over a time, NaN when the light is unknown."""
        t, goal = self._light.view(after_s - LATENCY_S - WARM_UP_S, until_s - LATENCY_S)
        known = np.isfinite(goal[:, 0])
        t, goal = t[known], goal[known, 0]
        first = int(t.searchsorted(after_s - LATENCY_S, side='right'))
        if t.size - first < LEAST_LIGHT:
            return math.nan
        return float(reflex_mm(t, goal)[first:].mean())

    def _usual(self, tick_s: float) -> float:
        """
        Return the wearer's median corrected pupil of ten minutes, NaN before one minute.

        Of every full 10 s: a function of the samples alone, whenever it is asked.
        """
        last = math.floor(tick_s / BLOCK_S)
        first = math.ceil((tick_s - BASELINE_S) / BLOCK_S)
        for old in [k for k in self._blocks if k < first]:
            del self._blocks[old]
        edges_s = BLOCK_S * np.arange(first - 1, last + 1)
        pupils = _counts(self._pupils, edges_s)
        lights = _counts(self._light, edges_s - LATENCY_S, before_s=WARM_UP_S)
        for k, counts in enumerate(zip(pupils, lights, strict=True), first):
            # Late samples change the counts, and with them the block is computed anew.
            if k not in self._blocks or self._blocks[k][0] != counts:
                self._blocks[k] = (counts, self._block(BLOCK_S * (k - 1), BLOCK_S * k))
        known = [value for _, value in self._blocks.values() if math.isfinite(value)]
        return float(np.median(known)) if len(known) >= LEAST_BLOCKS else math.nan

    def _block(self, after_s: float, until_s: float) -> float:
        _, pupils, _ = self._steady_pupils(after_s, until_s)
        pupil = eye.one_pupil(pupils)
        known = np.isfinite(pupil)
        if known.size < eye.LEAST_PUPILS or known.mean() < LEAST_PUPIL_SHARE:
            return math.nan
        return float(pupil[known].mean()) - self._light_pupil(after_s, until_s)


def _counts(
    buffer: SampleBuffer, edges_s: np.ndarray, before_s: float = 0.0,
) -> list[int]:
    """Return how many samples lie between neighbours of the edges [E], or just before them."""
    return buffer.counts(edges_s[:-1] - before_s, edges_s[1:]).tolist()


def _quality(
    t: np.ndarray, left: np.ndarray, right: np.ndarray, tick_s: float,
) -> tuple[float, str, float]:
    """Return quality, why it is low, and the stamp of the newest sample that was used."""
    if not t.size:
        return 0.0, 'no gaze samples', math.nan
    first = int(np.searchsorted(t, t[-1] - QUALITY_WINDOW_S, side='right'))
    trust = np.zeros(t.size)
    for values in (left, right):
        confidence = values[:, eye.CONFIDENCE]
        # A tracker that does not say how sure it is gets the benefit of half the doubt; how
        # sure it is of the pupil says nothing about a lid that covers it.
        shut = values[:, eye.OPENNESS] <= eye.CLOSED_OPENNESS
        confidence = np.where(np.isnan(confidence) | shut, 0.75, confidence)
        known = np.isfinite(values[:, eye.OPENNESS]) | np.isfinite(values[:, eye.PUPIL_MM])
        trust = np.maximum(trust, np.where(known, confidence, 0.0))
    used = np.flatnonzero(trust > 0.0)
    if not used.size:
        return 0.0, 'neither lids nor pupils are known', math.nan
    newest_s = float(t[used[-1]])
    step_s = float(np.median(np.diff(t[max(first - 1, 0):]))) if t.size - first > 1 else 0.0
    length_s = min(QUALITY_WINDOW_S, float(t[-1] - t[0]))
    expected = max(length_s / step_s if step_s > 0.0 else 0.0, t.size - first, 1.0)
    quality = decayed(float(trust[first:].sum() / expected), tick_s - newest_s, HALF_LIFE_S)
    # The time that counts as evidence grows to half a second first.
    quality *= min(1.0, 2.0 * length_s)
    if quality < 1e-3:
        return 0.0, 'lids and pupils are not known lately', math.nan
    if tick_s - newest_s > HALF_LIFE_S:
        return quality, 'gaze samples stopped', newest_s
    return quality, '' if quality >= 0.5 else 'the tracker is not sure of the eyes', newest_s
