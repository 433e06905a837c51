# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What every modality encoder is: typed values, no ROS, the same code live and in training."""

import abc
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import wraps
import hashlib
import json
from typing import Any

from affect_encoders.wearer_neutral import WearerNeutral
import numpy as np

CATEGORIES = (
    'neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised')
"""Order of every probability vector, as in affect_msgs/AffectEstimate."""


@dataclass(frozen=True)
class FeatureSpec:
    """Name, unit ('1' for none) and meaningful range of one feature."""

    name: str
    unit: str
    low: float = float('-inf')
    high: float = float('inf')


@dataclass(frozen=True)
class EncoderInfo:
    """What an encoder's numbers mean; becomes affect_msgs/ModalityInfo."""

    modality: str
    model_id: str
    embedding_dimension: int
    features: tuple[FeatureSpec, ...]
    quality_half_life_s: float
    quality_meaning: str
    training_data: str = 'rule'
    label_kind: str = 'rule'

    @property
    def schema_id(self) -> str:
        """Digest over what the numbers mean: equal digests may stand in for each other."""
        meaning = [self.modality, self.model_id, self.embedding_dimension,
                   [[f.name, f.unit] for f in self.features]]
        return hashlib.sha256(json.dumps(meaning).encode()).hexdigest()[:16]

    @property
    def feature_names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.features)


def _unknown_categories() -> np.ndarray:
    return np.full(len(CATEGORIES), np.nan, dtype=np.float32)


@dataclass(frozen=True)
class Estimate:
    """Affect as eight categories and valence/arousal in [-1, 1]. Unknown is NaN."""

    probabilities: np.ndarray = field(default_factory=_unknown_categories)
    valence: float = float('nan')
    arousal: float = float('nan')
    valence_variance: float = float('nan')
    arousal_variance: float = float('nan')


@dataclass(frozen=True)
class Encoding:
    """
    What a modality says at one tick.

    ``embedding`` float32 [D] (all NaN when quality is 0), ``features`` float32 [F] (NaN unknown),
    ``quality`` in [0, 1], ``reason`` why it is low, evidence as seconds of ROS time (NaN: none).
    """

    embedding: np.ndarray
    features: np.ndarray
    quality: float
    reason: str
    window_start_s: float
    evidence_end_s: float
    estimate: Estimate


class Encoder(abc.ABC):
    """
    Takes samples with their originating times, and says at a tick what they amount to.

    Subclasses add ``push`` methods for their inputs. ``encode`` is causal: it uses nothing
    stamped after the tick, and chunks of any size give the same values.

    ``enroll`` teaches what the wearer's neutral is. ``encode`` of every subclass then gives
    estimates against it: a subclass writes ``encode`` as if nobody were enrolled, unless it has a
    better ``enroll`` of its own.
    """

    info: EncoderInfo
    _wearer: WearerNeutral | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if 'encode' in cls.__dict__:
            cls.encode = _against_neutral(cls.encode)  # type: ignore[assignment, method-assign]

    @abc.abstractmethod
    def encode(self, tick_s: float) -> Encoding:
        """Return the encoding at ``tick_s`` (seconds), from evidence up to the tick."""

    @abc.abstractmethod
    def reset(self) -> None:
        """Forget all evidence, as after a clock jump. Who is enrolled stays."""

    def enroll(self, neutral: Sequence[Encoding]) -> None:
        """
        Learn the wearer's neutral from encodings of moments without particular feeling.

        What their estimates differ from anybody's neutral is taken off all later ones, in the
        log-odds of the categories and in valence and arousal; half of it after one encoding of
        quality 1, more after more. Features and embedding stay. An earlier enrolment is
        forgotten; ``enroll(())`` does only that. The encodings must have been made while nobody
        was enrolled.

        :raises ValueError: no encoding of any quality among those given
        """
        learned = WearerNeutral.of(neutral) if neutral else None
        self.forget_wearer()
        self._wearer = learned

    def forget_wearer(self) -> None:
        """Forget who is enrolled."""
        self._wearer = None

    def no_evidence(self, reason: str) -> Encoding:
        """Return the encoding of an encoder that is alive and has nothing to go by."""
        return Encoding(
            embedding=np.full(self.info.embedding_dimension, np.nan, dtype=np.float32),
            features=np.full(len(self.info.features), np.nan, dtype=np.float32),
            quality=0.0,
            reason=reason,
            window_start_s=float('nan'),
            evidence_end_s=float('nan'),
            estimate=Estimate())


def _against_neutral(
        encode: Callable[[Any, float], Encoding]) -> Callable[[Any, float], Encoding]:
    """Return ``encode`` followed by what enrolment takes off the estimate."""

    @wraps(encode)
    def encode_for_wearer(self: Any, tick_s: float) -> Encoding:
        encoding = encode(self, tick_s)
        if self._wearer is None:
            return encoding
        return replace(encoding, estimate=self._wearer.taken_off(encoding.estimate))

    return encode_for_wearer


def decayed(quality: float, age_s: float, half_life_s: float) -> float:
    """Halve ``quality`` for every ``half_life_s`` seconds of the evidence's age."""
    return float(quality * 0.5 ** (max(age_s, 0.0) / half_life_s))
