# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face of the wearer as an embedding, features and an estimate."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
import math
from pathlib import Path
from typing import TYPE_CHECKING

from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.facial_expression import actions
from affect_encoders.facial_expression import features as pictures
from affect_encoders.facial_expression.face_finder import FaceFinder
from affect_encoders.facial_expression.face_search import FaceSearch
from affect_encoders.facial_expression.looks import HALF_LIFE_S
from affect_encoders.facial_expression.looks import Look
from affect_encoders.facial_expression.looks import LookSource
from affect_encoders.facial_expression.looks import WINDOW_S
from affect_encoders.facial_expression.resting_face import RestingFace
from affect_encoders.facial_expression.weights_head import hidden_share
from affect_encoders.facial_expression.weights_head import WeightsHead
import numpy as np

if TYPE_CHECKING:
    from affect_encoders.facial_expression.picture_judge import JudgedCrop

LOWEST_QUALITY = 0.01
PICTURES = 32  # that may wait for their tick: at 240 a second more than the grace after a tick
WEIGHTS = 256
BATCH = 64  # pictures that stand by themselves go through the networks together
USABLE = 0.3
"""Quality from which on pictures are gone by; below half of it weights are, when better."""


class FacialExpressionEncoder(Encoder):
    """
    Looks at the newest picture and the newest weights up to each tick; averages the last second.

    Pictures go through a trained network, ARKit weights of our own face tracker through a fitted
    read-out, those of other devices through rules. Either may be missing; where both are there,
    one is gone by and the other does not mix in: pictures as long as they show a usable face,
    else the better of both (``source`` says which). The embedding is the network's (64) followed
    by the weights (52); the part that is not gone by is zero, which a face never gives. Features
    are those of both: each is a measurement by itself.

    However many pictures arrive, one is judged per tick: about 5 ms for a crop, one or two more to
    follow a face in a larger picture, six when it must be found anew.
    """

    def __init__(self, weights: Path | None = None, *, least_look_s: float = 0.0) -> None:
        """
        Load the network's ``weights`` (default: those shipped); WeightsError if unfit.

        ``least_look_s``: ticks that come sooner after a look at a picture hold what it showed.
        """
        from affect_encoders.facial_expression.model import EMBEDDING_DIMENSION
        from affect_encoders.facial_expression.model import FaceModel
        from affect_encoders.facial_expression.model import WEIGHTS as MODEL_WEIGHTS
        from affect_encoders.facial_expression.picture_judge import PictureJudge
        from affect_encoders.facial_expression.picture_judge import QUALITY_MEANING
        self._model = FaceModel(weights or MODEL_WEIGHTS)
        self._head = WeightsHead()
        self._judge = PictureJudge(self._model)
        self._find_face = FaceFinder(self._model.confidence)
        self._search: FaceSearch | None = None
        self._parts = (EMBEDDING_DIMENSION, actions.SHAPES)
        self.info = EncoderInfo(
            modality='facial_expression',
            model_id=f'{self._model.model_id}+{self._head.model_id}+facial_action_rules-2',
            embedding_dimension=sum(self._parts),
            features=(*pictures.FEATURES, *actions.FEATURES),
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                f'Pictures: {QUALITY_MEANING}. Weights: share of the 52 '
                'that is observed, each counted with the confidence in its half of the face. '
                f'Halved for every {HALF_LIFE_S:g} s of age; that of the input gone by.'),
            training_data=(
                'FER2013 (Kaggle challenge; licence unclear); weights of other devices by rule'),
            label_kind='mixed')
        self._least_look_s = least_look_s
        self._looked_s = -math.inf
        self.dropped_inputs = 0
        """Inputs that came after a newer one, or that overflowed the queue."""
        self._images = LookSource(PICTURES)
        self._weights = LookSource(WEIGHTS)
        self._no_face_s = -math.inf
        self._chosen: LookSource | None = None
        self._resting_face: RestingFace | None = None

    def enroll(self, neutral: Sequence[Encoding]) -> None:
        """
        Learn the wearer's resting face from encodings of moments without particular feeling.

        Pictures and weights are learned each by itself. Pictures, and weights of our own tracker:
        what their estimates differ from anybody's neutral is taken off in the log-odds. Weights of
        devices: the resting weights are taken off before the rules see them. Little evidence is
        trusted half, as ``WearerNeutral`` says. Features and embedding stay.

        :raises ValueError: no encoding of any quality among those given
        """
        learned = RestingFace.of(neutral, self._parts[0]) if neutral else None
        self.forget_wearer()
        self._resting_face = learned

    def forget_wearer(self) -> None:
        """Forget whose resting face was learned."""
        super().forget_wearer()
        self._resting_face = None

    @property
    def source(self) -> str:
        """Return what the last tick went by: `picture`, `weights`, or `nothing`."""
        if self._chosen is None:
            return 'nothing'
        return 'picture' if self._chosen is self._images else 'weights'

    def push_image(self, image: np.ndarray, stamp_s: float) -> None:
        """
        Take a picture uint8 [H, W] or [H, W, 3] (BGR) exposed at ``stamp_s``.

        Up to 96 pixels on the longer side it is a face crop; else the face is looked for. Raises
        ValueError on a wrong type or shape, or a stamp that is not finite.
        """
        _check_stamp(stamp_s)
        # Grey at once: a copy that owes nothing to the message, and a third of the memory.
        grey = pictures.to_grey(image)
        if np.shares_memory(grey, image):
            grey = grey.copy()
        self.dropped_inputs += not self._images.enqueue(stamp_s, lambda: grey)

    def push_picture_to_come(
            self, decode: Callable[[], np.ndarray], stamp_s: float) -> None:
        """
        Take a picture that is decoded only if it is looked at: most never are.

        ``decode()`` returns one as ``push_image`` takes it. Raises ValueError on a stamp that is
        not finite.
        """
        _check_stamp(stamp_s)

        self.dropped_inputs += not self._images.enqueue(
            stamp_s, lambda: pictures.to_grey(decode()))

    def push_weights(
            self, weights: np.ndarray, observed: np.ndarray, upper_confidence: float,
            lower_confidence: float, stamp_s: float, *, from_camera: bool = False) -> None:
        """
        Take ARKit weights [52] in [0, 1] with their mask [52] (order of affect_msgs/FaceTracking).

        ``from_camera``: by our own face tracker, for which the read-out was fitted. Confidences in
        [0, 1], NaN when the device does not say. Values outside [0, 1] are limited. Raises
        ValueError on a wrong length or a stamp that is not finite.
        """
        _check_stamp(stamp_s)
        values = np.asarray(weights, dtype=np.float64)
        mask = np.asarray(observed, dtype=bool)
        if values.shape != (actions.SHAPES,) or mask.shape != (actions.SHAPES,):
            raise ValueError(f'face weights: shapes {values.shape} and {mask.shape}, '
                             f'need ({actions.SHAPES},) each')
        values = np.where(mask & np.isfinite(values), np.clip(values, 0.0, 1.0), np.nan)
        upper, lower = (
            min(max(c, 0.0), 1.0) if math.isfinite(c) else 1.0
            for c in (upper_confidence, lower_confidence))
        confidences = np.where(actions.UPPER, upper, lower)
        self.dropped_inputs += not self._weights.enqueue(
            stamp_s, (values, confidences, from_camera))

    def push_action_units(self, units: Mapping[str, float], stamp_s: float) -> None:
        """
        Take action units by name (`AU12`, `AU06`, ...), intensities in [0, 1], NaN unknown.

        They stand for the weights of both sides. Raises ValueError on a name that is none of
        ``actions.NAMES`` or a stamp that is not finite.
        """
        weights = actions.weights_of_units(units)
        self.push_weights(
            weights, np.isfinite(weights), float('nan'), float('nan'), stamp_s)

    def encode_pictures(self, images: Sequence[np.ndarray]) -> list[Encoding]:
        """
        Return an encoding of each of many pictures by itself, without time and without smoothing.

        A picture [H, W] or [H, W, 1 to 4] (blue, green, red, opacity) of 8 or 16 bits or floats.
        Up to 96 pixels on the longer side it may be a crop; else, or where it does not look like
        one, the face is looked for thoroughly, which takes longer than live. What is too small
        for a face has quality 0. Pushed inputs neither count nor are forgotten.

        :raises ValueError: an array that is no picture
        """
        if self._search is None:
            self._search = FaceSearch(self._model.confidence)
        greys = [pictures.grey_of_any(image) for image in images]
        encodings = [
            self.no_evidence('no face' if min(grey.shape) >= pictures.LEAST_PX else
                             f'{grey.shape[1]} x {grey.shape[0]} pixels are too few for a face')
            for grey in greys]
        found = [(i, self._search(grey)) for i, grey in enumerate(greys)
                 if min(grey.shape) >= pictures.LEAST_PX]
        crops = [(i, crop) for i, crop in found if crop is not None]
        for start in range(0, len(crops), BATCH):
            batch = crops[start:start + BATCH]
            for (i, _), judged in zip(
                    batch, self._judge([crop for _, crop in batch]), strict=True):
                encodings[i] = self._encoding_of(judged)
        return encodings

    def _encoding_of(self, judged: 'JudgedCrop') -> Encoding:
        """Return the encoding of one picture that stands by itself."""
        values = judged.features | {'picture_change': float('nan')}
        return Encoding(
            embedding=np.concatenate(
                [judged.embedding, np.zeros(self._parts[1])]).astype(np.float32),
            features=np.array(
                [values.get(name, float('nan')) for name in self.info.feature_names],
                dtype=np.float32),
            quality=judged.quality,
            reason=judged.reason,
            window_start_s=float('nan'),
            evidence_end_s=float('nan'),
            estimate=actions.estimate_of(self._seen(judged.probabilities), judged.hidden))

    def encode(self, tick_s: float) -> Encoding:
        """Return what the face showed up to ``tick_s``; judges at most one input of a kind."""
        for source, judge in ((self._images, self._judge_image),
                              (self._weights, self._judge_weights)):
            if source is self._images and tick_s - self._looked_s < self._least_look_s:
                continue
            newest = source.newest(tick_s)
            if newest is not None:
                judge(*newest)
                if source is self._images:
                    self._looked_s = tick_s
        sources = (self._images, self._weights)
        qualities = [self._quality(source, tick_s) for source in sources]
        self._choose(*qualities)
        chosen = self._chosen
        if chosen is None:
            return self.no_evidence(self._why_nothing(tick_s))
        looks, embedding, estimate = chosen.average()
        embeddings, rows = [], []
        for source, quality, size, width in zip(
                sources, qualities, self._parts, (len(pictures.FEATURES), len(actions.FEATURES)),
                strict=True):
            embeddings.append(embedding if source is chosen else np.zeros(size))
            rows.append(source.looks[-1].features if quality >= LOWEST_QUALITY
                        else np.full(width, np.nan))
        last = chosen.looks[-1]
        reason = last.reason
        if not reason and chosen is self._images and self._no_face_s > last.stamp_s:
            reason = 'no face'
        if not reason and tick_s - last.stamp_s > HALF_LIFE_S:
            reason = f'held since {tick_s - last.stamp_s:.1f} s ago'
        return Encoding(
            embedding=np.concatenate(embeddings).astype(np.float32),
            features=np.concatenate(rows).astype(np.float32),
            quality=qualities[sources.index(chosen)],
            reason=reason,
            window_start_s=looks[0].stamp_s,
            evidence_end_s=last.stamp_s,
            estimate=estimate)

    def _choose(self, picture: float, weights: float) -> None:
        """Decide by the qualities which input to go by, without a flutter between them."""
        least = USABLE / 2.0 if self._chosen is self._images else USABLE
        if picture >= least or (picture >= weights and picture >= LOWEST_QUALITY):
            self._chosen = self._images
        else:
            self._chosen = self._weights if weights >= LOWEST_QUALITY else None

    def reset(self) -> None:
        """Forget all pictures and weights."""
        self._images = LookSource(PICTURES)
        self._weights = LookSource(WEIGHTS)
        self._no_face_s = self._looked_s = -math.inf
        self._chosen = None
        self._find_face.forget()

    def _quality(self, source: LookSource, tick_s: float) -> float:
        if not source.looks or source.looks[-1].stamp_s > tick_s:
            return 0.0
        last = source.looks[-1]
        return decayed(last.quality, tick_s - last.stamp_s, HALF_LIFE_S)

    def _why_nothing(self, tick_s: float) -> str:
        recent = [source.looks[-1] for source in (self._images, self._weights)
                  if source.looks and tick_s - source.looks[-1].stamp_s < WINDOW_S]
        reasons = [look.reason for look in recent if look.reason]
        if 0.0 <= tick_s - self._no_face_s < WINDOW_S:
            reasons.insert(0, 'no face')
        return reasons[0] if reasons else 'no face image and no face weights'

    def _judge_image(self, stamp_s: float, grey: Callable[[], np.ndarray]) -> None:
        crop = self._find_face(grey())
        if crop is None:
            self._no_face_s = stamp_s
            return
        judged = self._judge([crop])[0]
        values = judged.features | {
            'picture_change': self._images.change(stamp_s, judged.pattern)}
        self._images.looks.append(Look(
            stamp_s=stamp_s, embedding=judged.embedding,
            probabilities=self._seen(judged.probabilities),
            features=np.array([values[f.name] for f in pictures.FEATURES]),
            quality=judged.quality, reason=judged.reason, pattern=judged.pattern,
            hidden=judged.hidden))

    def _seen(self, probabilities: np.ndarray) -> np.ndarray:
        """Return a picture's probabilities less those of the wearer's resting face."""
        if self._resting_face is None:
            return probabilities
        return self._resting_face.of_pictures(probabilities)

    def _judge_weights(
            self, stamp_s: float, item: tuple[np.ndarray, np.ndarray, bool]) -> None:
        weights, confidences, from_camera = item
        observed = np.isfinite(weights)
        share = float(np.mean(observed))
        quality = float(np.mean(observed * confidences))
        reason = ''
        if observed.any() and quality < 0.5 * share:
            reason = 'low tracking confidence'
        elif observed.any() and not observed[actions.UPPER].any():
            reason = 'only the lower face is observed'
        elif observed.any() and not observed[~actions.UPPER].any():
            reason = 'only the upper face is observed'
        elif share < 0.5:
            reason = 'few weights observed'
        units = actions.action_units(weights)
        resting = self._resting_face
        if from_camera:
            probabilities = self._head(weights)
            if resting is not None:
                probabilities = resting.of_weights(probabilities)
            judgement = actions.Judgement(probabilities, hidden_share(self._head.part(weights)))
        elif resting is not None:
            judgement = actions.judge_emotion(
                actions.action_units(actions.less_resting(weights, resting.weights)))
        else:
            judgement = actions.judge_emotion(units)
        self._weights.looks.append(Look(
            stamp_s=stamp_s, embedding=np.nan_to_num(weights),
            probabilities=judgement.probabilities,
            features=np.array([*units, actions.asymmetry(weights),
                               self._weights.change(stamp_s, weights), share]),
            quality=quality, reason=reason, pattern=weights, hidden=judgement.hidden))


def _check_stamp(stamp_s: float) -> None:
    if not math.isfinite(stamp_s):
        raise ValueError(f'facial_expression: stamp {stamp_s} is not a time')
