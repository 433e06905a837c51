# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye-movement encoder: gaze samples in, an encoding at each tick out."""

from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.eye_movement import features as eye
from affect_encoders.eye_movement import model
from affect_encoders.eye_movement.events import CONFIDENCE_LEAST
from affect_encoders.eye_movement.live_codes import LiveCodes
from affect_encoders.eye_movement.live_codes import SPAN_S
from affect_encoders.feature_projection import FeatureProjection
from affect_encoders.quick import median
from affect_encoders.quick import rows_known
from affect_encoders.sample_buffer import SampleBuffer
import numpy as np

HALF_LIFE_S = 1.0
CAPACITY = 70_000
LEAST_SAMPLES = 20
QUALITY_WINDOW_S = 2.0
FROZEN_S = 1.0
GAZE_LIMITS = ((-180.0, 180.0), (-90.0, 90.0), (0.0, 1.0), (0.0, 3.0))
IMAGE_LIMITS = ((-1.0, 2.0), (-1.0, 2.0), (0.0, 1.0))


class EyeMovementEncoder(Encoder):
    """Calibrated gaze where there is any, else pupil positions in the eye image."""

    def __init__(self, *, projection: FeatureProjection | None = None) -> None:
        names = tuple(spec.name for spec in eye.FEATURES)
        self._projection = projection or FeatureProjection.load('eye_movement', names)
        self.info = EncoderInfo(
            modality='eye_movement',
            model_id='eye-movement-samples/0.2.0',
            embedding_dimension=self._projection.dimension,
            features=eye.FEATURES,
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                'Mean confidence over the last 2 s, lost samples counting 0 (so a long blink '
                'lowers it); halved for every second since the last usable sample.'),
            training_data=self._projection.training_data,
            label_kind='rule')
        horizon = eye.PERCLOS_WINDOW_S
        self._gaze = SampleBuffer(
            4, horizon_s=horizon, capacity=CAPACITY, limits=GAZE_LIMITS)
        self._image = SampleBuffer(
            3, horizon_s=SPAN_S, capacity=CAPACITY, limits=IMAGE_LIMITS)
        self._codes = {units: LiveCodes(units) for units in ('deg', 'image')}

    def push(self, t_s, azimuth_deg, elevation_deg, confidence, openness) -> None:
        """
        Add calibrated gaze, [N] each: seconds, degrees, [0, 1], and lid openness or NaN.

        :raises ValueError: the lengths differ
        """
        self._gaze.push(t_s, _columns(
            t_s, azimuth_deg=azimuth_deg, elevation_deg=elevation_deg, confidence=confidence,
            openness=openness))

    def push_image_position(self, t_s, x, y, confidence) -> None:
        """
        Add pupil positions in fractions of the eye image, [N] each.

        :raises ValueError: the lengths differ
        """
        self._image.push(t_s, _columns(t_s, x=x, y=y, confidence=confidence))

    def reset(self) -> None:
        self._gaze.clear()
        self._image.clear()
        for codes in self._codes.values():
            codes.reset()

    def encode(self, tick_s: float) -> Encoding:
        self._gaze.trim(tick_s)
        self._image.trim(tick_s)
        t, values = self._gaze.view(tick_s - SPAN_S, tick_s)
        units, openness = 'deg', values[:, 3]
        recent = t > tick_s - eye.WINDOW_S
        if not _usable(values[recent]).any():
            image_t, image_values = self._image.view(tick_s - SPAN_S, tick_s)
            if image_t.size:
                t, values, units = image_t, image_values, 'image'
                openness = np.full(t.size, np.nan)
                recent = t > tick_s - eye.WINDOW_S
        if not recent.any():
            waiting = len(self._gaze) + len(self._image) > 0
            return self.no_evidence('gaze stamps lie in the future or far past' if waiting
                                    else 'no gaze samples')
        since = int(np.argmax(recent))
        quality, reason = _quality(t[since:], values[since:], tick_s)
        if quality <= 0.0:
            return self.no_evidence(reason)
        named = self._features(t, values, openness, tick_s, units)
        lid_t, lid = self._gaze.view(tick_s - eye.PERCLOS_WINDOW_S, tick_s)
        named['perclos'] = eye.perclos(lid_t, lid[:, 3])
        vector = np.array([named[name] for name in self._projection.names])
        rate_hz = 1.0 / max(median(t[since + 1:] - t[since:-1]), 1e-6)
        saccades = round(np.nan_to_num(named['saccade_rate']) * eye.WINDOW_S)
        evidence = t[since:][_usable(values[since:])]
        return Encoding(
            embedding=self._projection.embed(vector),
            features=vector.astype(np.float32),
            quality=quality,
            reason=reason,
            window_start_s=float(evidence[0]),
            evidence_end_s=float(evidence[-1]),
            estimate=model.estimate(named, saccades, rate_hz))

    def _features(self, t, values, openness, tick_s: float, units: str) -> dict[str, float]:
        x = values[:, :2]
        closed = openness <= eye.CLOSED_OPENNESS
        if closed.any():
            x = np.where(closed[:, None], np.nan, x)
        coded = self._codes[units].update(t, x, values[:, 2], openness > 0.5, tick_s)
        part = slice(coded.first, coded.first + coded.codes.size)
        return eye.eye_features(
            t[part], x[part], coded.codes, coded.good, openness[part], tick_s, units,
            coded.speed)


def _columns(t_s, **columns) -> np.ndarray:
    """Return the columns as [N, C], or raise ValueError naming the one that does not fit."""
    size = np.size(t_s)
    for name, values in columns.items():
        if np.size(values) != size:
            raise ValueError(f'{name} has {np.size(values)} values for {size} stamps')
    return np.column_stack(
        [np.asarray(c, dtype=np.float64).reshape(-1) for c in columns.values()])


def _usable(values: np.ndarray) -> np.ndarray:
    return rows_known(values[:, :2]) & ~(values[:, 2] < CONFIDENCE_LEAST)


def _quality(t: np.ndarray, values: np.ndarray, tick_s: float) -> tuple[float, str]:
    """Return quality and reason from the samples of the last WINDOW_S."""
    usable = _usable(values)
    if np.count_nonzero(usable) < LEAST_SAMPLES:
        if np.count_nonzero(values[:, 2] >= CONFIDENCE_LEAST) >= LEAST_SAMPLES:
            return 0.0, 'gaze is NaN or outside its unit, though the tracker is sure of it'
        return 0.0, 'too few usable gaze samples'
    newest = t[usable][-1]
    recent = t > t[-1] - QUALITY_WINDOW_S
    positions = values[usable, :2]
    moved = np.flatnonzero((positions[1:] != positions[:-1]).any(axis=1))
    if not moved.size:
        return 0.0, 'gaze is frozen'
    frozen_s = newest - t[usable][moved[-1] + 1]
    step = median(t[1:] - t[:-1])
    expected = max(min(QUALITY_WINDOW_S, t[-1] - t[0]) / step, np.count_nonzero(recent), 1.0)
    # A tracker that does not say how sure it is gets the benefit of half the doubt.
    trust = np.where(np.isnan(values[:, 2]), 0.75, np.clip(values[:, 2], 0.0, 1.0))
    quality = float(np.sum(trust[recent & usable]) / expected)
    quality = decayed(quality, tick_s - newest, HALF_LIFE_S)
    # Eyes are never as still as that: an eye tracker repeats itself.
    if frozen_s > FROZEN_S:
        return decayed(quality, frozen_s - FROZEN_S, HALF_LIFE_S), 'gaze is frozen'
    if quality < 1e-3:
        return 0.0, 'no usable gaze lately'
    if tick_s - newest > HALF_LIFE_S:
        return quality, 'gaze stopped or eyes closed'
    return quality, '' if quality >= 0.5 else 'gaze confidence is low'
