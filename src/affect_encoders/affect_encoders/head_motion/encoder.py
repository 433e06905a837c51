# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The head-motion encoder: IMU samples in, an encoding at each tick out."""

from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.feature_projection import FeatureProjection
from affect_encoders.head_motion import features as head
from affect_encoders.head_motion import model
from affect_encoders.quick import rows_known
from affect_encoders.sample_buffer import SampleBuffer
import numpy as np

HALF_LIFE_S = 1.0
HORIZON_S = 12.0
CAPACITY = 32_768
LEAST_SAMPLES = 20
FULL_EVIDENCE_S = 2.0
WITH_COMPLAINT = 0.5
LIMITS = 3 * ((-100.0, 100.0),) + 3 * ((-1000.0, 1000.0),)


class HeadMotionEncoder(Encoder):
    """Angular velocity and specific force in the headset's frame (x forward, y left, z up)."""

    def __init__(self, *, projection: FeatureProjection | None = None) -> None:
        names = tuple(spec.name for spec in head.FEATURES)
        self._projection = projection or FeatureProjection.load('head_motion', names)
        self.info = EncoderInfo(
            modality='head_motion',
            model_id='head-motion-rule/0.2.0',
            embedding_dimension=self._projection.dimension,
            features=head.FEATURES,
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                'Share of the last 2 s covered by finite, changing IMU samples; halved where '
                'accelerations are in another unit or in other axes than rates (nothing where '
                'rates are in another unit), and for every second since the last sample.'),
            training_data=self._projection.training_data,
            label_kind='rule')
        self._samples = SampleBuffer(
            6, horizon_s=HORIZON_S, capacity=CAPACITY, limits=LIMITS)

    def push(self, t_s, angular_velocity, linear_acceleration) -> None:
        """
        Add IMU samples.

        :param t_s: originating times, seconds [N]
        :param angular_velocity: rad/s [N, 3]; NaN where unknown
        :param linear_acceleration: specific force (gravity included), m/s^2 [N, 3]
        :raises ValueError: the shapes do not fit
        """
        t = np.asarray(t_s, dtype=np.float64).reshape(-1)
        turning = np.asarray(angular_velocity, dtype=np.float64)
        force = np.asarray(linear_acceleration, dtype=np.float64)
        for name, value in (('angular_velocity', turning), ('linear_acceleration', force)):
            if value.size != 3 * t.size:
                raise ValueError(
                    f'{name} has shape {list(value.shape)}: give [{t.size}, 3], one row per stamp')
        self._samples.push(
            t, np.concatenate([turning.reshape(-1, 3), force.reshape(-1, 3)], axis=1))

    def reset(self) -> None:
        self._samples.clear()

    def encode(self, tick_s: float) -> Encoding:
        self._samples.trim(tick_s)
        t, values = self._samples.view(tick_s - head.WINDOW_S, tick_s)
        usable = rows_known(values[:, :3])
        if t.size == 0:
            waiting = len(self._samples) > 0
            return self.no_evidence(
                'IMU stamps lie in the future' if waiting else 'no IMU samples')
        if np.count_nonzero(usable) < LEAST_SAMPLES:
            return self.no_evidence('too few finite angular velocities')
        quality, reason = self._quality(t, values, usable, tick_s)
        if quality <= 0.0:
            return self.no_evidence(reason)
        named, wrong = head.judged_features(t, values[:, :3], values[:, 3:], tick_s)
        if wrong is not None:
            if wrong.turning:
                return self.no_evidence(wrong.reason)
            quality, reason = WITH_COMPLAINT * quality, wrong.reason
        vector = np.array([named[name] for name in self._projection.names])
        return Encoding(
            embedding=self._projection.embed(vector),
            features=vector.astype(np.float32),
            quality=quality,
            reason=reason,
            window_start_s=float(t[usable][0]),
            evidence_end_s=float(t[usable][-1]),
            estimate=model.estimate(named, self._projection))

    @staticmethod
    def _quality(t, values, usable, tick_s: float) -> tuple[float, str]:
        newest = float(t[usable][-1])
        age = tick_s - newest
        since = int(t.searchsorted(newest - FULL_EVIDENCE_S, side='right'))
        recent = values[since:][usable[since:]]
        rate_hz = head.sample_rate(t)
        coverage = min(1.0, len(recent) / max(rate_hz * FULL_EVIDENCE_S, 1.0))
        if len(recent) > 1 and np.all(recent[:, :3] == recent[0, :3]):
            return 0.0, 'angular velocity is frozen'
        quality = decayed(coverage, age, HALF_LIFE_S)
        if quality < 1e-3:
            return 0.0, 'last IMU sample is too old'
        if age > HALF_LIFE_S:
            return quality, 'IMU samples stopped'
        return quality, '' if coverage > 0.8 else 'IMU samples missing'
