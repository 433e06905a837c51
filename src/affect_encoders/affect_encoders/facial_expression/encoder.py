# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face of the wearer as an embedding, features and an estimate."""

from collections import deque
from dataclasses import dataclass
import math
from pathlib import Path

from affect_encoders.circumplex import estimate_of
from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.encoder import Estimate
from affect_encoders.facial_expression import actions
from affect_encoders.facial_expression import features as pictures
import numpy as np

HALF_LIFE_S = 0.5
SMOOTHING_S = 0.4  # time constant of the average over looks
WINDOW_S = 1.0  # looks older than this before the newest no longer count
LOWEST_QUALITY = 0.01
QUEUE = 256  # inputs that may wait for their tick


@dataclass(frozen=True)
class Look:
    """One judged picture, or one frame of weights."""

    stamp_s: float
    embedding: np.ndarray
    probabilities: np.ndarray
    features: np.ndarray
    quality: float
    reason: str
    standard: np.ndarray


class FacialExpressionEncoder(Encoder):
    """
    Looks at the newest picture (or weights) up to each tick, and averages over the last second.

    ``source`` fixes which input it takes, since the two give different embeddings: ``'image'``
    (a trained network) or ``'weights'`` (ARKit weights, by rule). However many pictures arrive,
    one is judged per tick: about 3 ms for a crop, 8 ms when the face must be found first.
    """

    def __init__(self, source: str = 'image', weights: Path | None = None) -> None:
        """
        Load the network when ``source`` is ``'image'`` (``weights``: another file).

        Raises ValueError for another source, WeightsError when the weights do not fit.
        """
        if source not in ('image', 'weights'):
            raise ValueError(f"facial_expression: source {source!r}; use 'image' or 'weights'")
        self.source = source
        self.dropped_inputs = 0
        """Inputs that came after a newer one, or that overflowed the queue."""
        if source == 'image':
            # Here, so that a headset that gives weights needs no torch.
            from affect_encoders.facial_expression.model import EMBEDDING_DIMENSION
            from affect_encoders.facial_expression.model import FaceModel
            from affect_encoders.facial_expression.model import WEIGHTS
            self._model = FaceModel(weights or WEIGHTS)
            self._find_face = pictures.FaceFinder()
            self.info = EncoderInfo(
                modality='facial_expression', model_id=self._model.model_id,
                embedding_dimension=EMBEDDING_DIMENSION, features=pictures.FEATURES,
                quality_half_life_s=HALF_LIFE_S,
                quality_meaning=(
                    'Confidence that the crop shows an upright face, times factors in [0, 1] for '
                    'contrast (sd 2 to 10 % of full scale), sharpness (Laplacian sd 0.1 to 0.3 '
                    'of the crop sd) and saturated pixels (40 to 90 %); halved for every '
                    f"{HALF_LIFE_S:g} s of the picture's age."),
                training_data='FER2013 (Kaggle challenge; licence unclear)',
                label_kind='perceived')
        else:
            self.info = EncoderInfo(
                modality='facial_expression', model_id='facial_action_rules-1',
                embedding_dimension=actions.SHAPES, features=actions.FEATURES,
                quality_half_life_s=HALF_LIFE_S,
                quality_meaning=(
                    'Share of the 52 weights that is observed, times the mean of the upper and '
                    'lower face confidence where the device gives them; halved for every '
                    f'{HALF_LIFE_S:g} s of age.'))
        self.reset()

    def push_image(self, image: np.ndarray, stamp_s: float) -> None:
        """
        Take a picture uint8 [H, W] or [H, W, 3] (BGR) exposed at ``stamp_s``.

        Up to 96 pixels on the longer side it is a face crop; else the face is looked for. Raises
        ValueError on a wrong type or shape, a stamp that is not finite, or the other source.
        """
        self._check('image', stamp_s)
        # Grey at once: a copy that owes nothing to the message, and a third of the memory.
        grey = pictures.to_grey(image)
        self._enqueue(stamp_s, grey.copy() if grey is image or grey.base is not None else grey)

    def push_weights(
            self, weights: np.ndarray, observed: np.ndarray, upper_confidence: float,
            lower_confidence: float, stamp_s: float) -> None:
        """
        Take ARKit weights [52] in [0, 1] with their mask [52] (order of affect_msgs/FaceTracking).

        Confidences in [0, 1], NaN when the device does not say. Values outside [0, 1] are limited.
        Raises ValueError on a wrong length, a stamp that is not finite, or the other source.
        """
        self._check('weights', stamp_s)
        values = np.asarray(weights, dtype=np.float64)
        mask = np.asarray(observed, dtype=bool)
        if values.shape != (actions.SHAPES,) or mask.shape != (actions.SHAPES,):
            raise ValueError(f'face weights: shapes {values.shape} and {mask.shape}, '
                             f'need ({actions.SHAPES},) each')
        values = np.where(mask & np.isfinite(values), np.clip(values, 0.0, 1.0), np.nan)
        confidence = [min(max(c, 0.0), 1.0) for c in (upper_confidence, lower_confidence)
                      if math.isfinite(c)]
        self._enqueue(stamp_s, (values, float(np.mean(confidence)) if confidence else 1.0))

    def encode(self, tick_s: float) -> Encoding:
        """Return what the face showed up to ``tick_s``, judging at most one new input."""
        newest = None
        while self._queue and self._queue[0][0] <= tick_s:
            newest = self._queue.popleft()
        # A picture that is long past would count for nothing: spare the work.
        if newest is not None and tick_s - newest[0] < 10.0 * HALF_LIFE_S:
            self._judge(*newest)
        looks = [look for look in self._looks if look.stamp_s <= tick_s]
        if not looks:
            return self.no_evidence(self._missing)
        last = looks[-1]
        looks = [look for look in looks if look.stamp_s > last.stamp_s - WINDOW_S]
        weight = np.array([look.quality * math.exp((look.stamp_s - last.stamp_s) / SMOOTHING_S)
                           for look in looks])
        quality = decayed(last.quality, tick_s - last.stamp_s, HALF_LIFE_S)
        if quality < LOWEST_QUALITY or weight.sum() <= 0.0:
            return self.no_evidence(last.reason or self._missing)
        weight /= weight.sum()
        embedding = sum(w * look.embedding for w, look in zip(weight, looks, strict=True))
        estimate = self._estimate(looks, weight)
        reason = last.reason
        if not reason and self._missing_since > last.stamp_s:
            reason = self._missing
        if not reason and tick_s - last.stamp_s > HALF_LIFE_S:
            reason = f'held since {tick_s - last.stamp_s:.1f} s ago'
        return Encoding(
            embedding=np.asarray(embedding, dtype=np.float32), features=last.features,
            quality=quality, reason=reason, window_start_s=looks[0].stamp_s,
            evidence_end_s=last.stamp_s, estimate=estimate)

    def reset(self) -> None:
        """Forget all pictures and weights."""
        self._queue: deque = deque()
        self._looks: deque[Look] = deque(maxlen=64)
        self._newest_s = -math.inf
        self._missing = 'no image' if self.source == 'image' else 'no face weights'
        self._missing_since = -math.inf

    def _check(self, source: str, stamp_s: float) -> None:
        if source != self.source:
            raise ValueError(f'facial_expression: got {source}, but this encoder was made with '
                             f'source={self.source!r}')
        if not math.isfinite(stamp_s):
            raise ValueError(f'facial_expression: stamp {stamp_s} is not a time')

    def _enqueue(self, stamp_s: float, item: object) -> None:
        if stamp_s <= self._newest_s:
            self.dropped_inputs += 1
            return
        self._newest_s = stamp_s
        self._queue.append((stamp_s, item))
        if len(self._queue) > QUEUE:
            self._queue.popleft()
            self.dropped_inputs += 1

    def _judge(self, stamp_s: float, item: object) -> None:
        look = self._judge_image(stamp_s, item) if self.source == 'image' else \
            self._judge_weights(stamp_s, *item)
        if look is not None:
            self._looks.append(look)

    def _change(self, stamp_s: float, standard: np.ndarray) -> float:
        if not self._looks or stamp_s - self._looks[-1].stamp_s > WINDOW_S:
            return float('nan')
        before = self._looks[-1]
        difference = np.abs(standard - before.standard)
        known = np.isfinite(difference)
        if not known.any():
            return float('nan')
        return float(difference[known].mean()) / (stamp_s - before.stamp_s)

    def _judge_image(self, stamp_s: float, grey: np.ndarray) -> Look | None:
        crop = self._find_face(grey)
        if crop is None:
            self._missing, self._missing_since = 'no face', stamp_s
            return None
        standard = pictures.standardise(crop.grey)
        embeddings, probabilities, confidence = self._model(standard[None])
        values = pictures.picture_features(crop)
        values['face_confidence'] = float(confidence[0])
        values['change'] = self._change(stamp_s, standard)
        factors = {
            'not like an upright face': float(confidence[0]),
            'low contrast': _ramp(values['contrast'], 0.02, 0.1),
            'blurred': _ramp(values['sharpness'], 0.1, 0.3),
            'too dark or too bright': 1.0 - _ramp(values['saturated_share'], 0.4, 0.9),
        }
        worst = min(factors, key=lambda name: factors[name])
        return Look(
            stamp_s=stamp_s, embedding=embeddings[0], probabilities=probabilities[0],
            features=np.array([values[f.name] for f in pictures.FEATURES], dtype=np.float32),
            quality=float(np.prod(list(factors.values()))),
            reason=worst if factors[worst] < 0.5 else '', standard=standard)

    def _judge_weights(self, stamp_s: float, weights: np.ndarray, confidence: float) -> Look:
        units = actions.action_units(weights)
        estimate = actions.estimate_emotion(units)
        share = float(np.mean(np.isfinite(weights)))
        row = [*units, actions.asymmetry(weights), self._change(stamp_s, weights), share]
        reason = ''
        if share < 0.5:
            reason = 'few weights observed'
        elif confidence < 0.5:
            reason = 'low tracking confidence'
        return Look(
            stamp_s=stamp_s, embedding=np.nan_to_num(weights), probabilities=estimate.probabilities,
            features=np.array(row, dtype=np.float32), quality=share * confidence, reason=reason,
            standard=weights)

    def _estimate(self, looks: list[Look], weight: np.ndarray) -> Estimate:
        table = np.stack([look.probabilities for look in looks]).astype(np.float64)
        usable = ~np.isnan(table).all(axis=1)
        # Categories that a look could not judge are known only as far as every look judged them.
        if not usable.any():
            return Estimate()
        judged = ~np.isnan(table[usable]).any(axis=0)
        mean = weight[usable] @ np.where(judged, table[usable], 0.0)
        if mean.sum() <= 0.0:
            return Estimate()
        return estimate_of(np.where(judged, mean / mean.sum(), np.nan))


def _ramp(value: float, low: float, high: float) -> float:
    """0 up to ``low``, 1 from ``high``, linear between."""
    return min(max((value - low) / (high - low), 0.0), 1.0)
