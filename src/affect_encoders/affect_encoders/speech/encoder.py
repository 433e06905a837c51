# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the wearer said as an embedding, features and an estimate."""

from collections import deque
from pathlib import Path

from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.speech.features import agreement
from affect_encoders.speech.features import FEATURES
from affect_encoders.speech.features import Meaning
from affect_encoders.speech.features import meaning_of
from affect_encoders.speech.features import VOICE_AGREEMENT
from affect_encoders.speech.model import EMBEDDING_DIMENSION
from affect_encoders.speech.model import SpeechModel
from affect_encoders.speech.model import WEIGHTS
from affect_encoders.speech.utterance import Utterance
import numpy as np

HALF_LIFE_S = 8.0
LOWEST_QUALITY = 0.01
"""Below this, what was said is so long ago or so doubtful that it counts as nothing."""

KEPT_UTTERANCES = 4
OLDER_COUNTS = 0.5
"""An utterance gives way to the next one, unless it is still twice as good: 'mhm' wipes out
nothing."""

VOICE_LAG_S = 0.5
"""How long after an utterance its voice may be judged: the window of a voice encoder lags."""

KEPT_VOICE = 600
"""Estimates of the voice, a minute at ten a second."""

NO_TRANSCRIPT = 'no transcript'


class SpeechEncoder(Encoder):
    """
    The last utterance, held while its quality decays.

    Partial results count for half until the final one replaces them. An
    utterance is read once, at the first tick that needs it, whatever arrives in between.
    """

    def __init__(self, weights: Path | None = None) -> None:
        """Load ``weights`` (default: those shipped); raises WeightsError when they do not fit."""
        self._model = SpeechModel(weights or WEIGHTS)
        self._kept: list[Utterance] = []
        self._read: dict[Utterance, Meaning] = {}
        self._voice: deque[tuple[float, np.ndarray, float]] = deque(maxlen=KEPT_VOICE)
        self.info = EncoderInfo(
            modality='speech',
            model_id=self._model.model_id,
            embedding_dimension=EMBEDDING_DIMENSION,
            features=FEATURES,
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                "The recogniser's confidence (0.7 when it gives none), times factors in [0, 1] "
                'for the share of known words (none at 0.6, full at 0.85), few words (full at '
                '3), a partial result (half), words left unread beyond 100; zero in another '
                f'language or script; halved for every {HALF_LIFE_S:g} s since the last word.'),
            training_data='GoEmotions (CC BY 4.0)',
            label_kind='perceived')

    def push(self, utterance: Utterance) -> None:
        """Take a result of the recogniser; a partial one that comes after its final is dropped."""
        for other in self._kept:
            if utterance.continues(other):
                if other.is_final and not utterance.is_final:
                    return
                self._kept.remove(other)
                break
        self._kept.append(utterance)
        self._kept.sort(key=lambda kept: kept.end_s)
        del self._kept[:-KEPT_UTTERANCES]

    def push_voice(self, stamp_s: float, probabilities: np.ndarray, quality: float) -> None:
        """Take what the voice sounds like: category probabilities [8] (NaN: unknown)."""
        if quality > 0.0:
            self._voice.append((stamp_s, np.asarray(probabilities, dtype=np.float64), quality))

    def encode(self, tick_s: float) -> Encoding:
        """Return what was said up to ``tick_s``; an utterance counts from its end on."""
        said = [utterance for utterance in reversed(self._kept) if utterance.end_s <= tick_s]
        if not said:
            return self.no_evidence(NO_TRANSCRIPT)
        best, chosen = -1.0, said[0]
        for rank, utterance in enumerate(said):
            age_s = tick_s - utterance.end_s
            weight = OLDER_COUNTS ** rank
            # What can't win even if every word of it is clear need not be read.
            if decayed(weight, age_s, HALF_LIFE_S) > best:
                quality = decayed(self._meaning(utterance).quality, age_s, HALF_LIFE_S)
                if weight * quality > best:
                    best, chosen = weight * quality, utterance
        meaning = self._meaning(chosen)
        age_s = tick_s - chosen.end_s
        quality = decayed(meaning.quality, age_s, HALF_LIFE_S)
        if quality < LOWEST_QUALITY:
            newest = self._meaning(said[0])
            return self.no_evidence(
                NO_TRANSCRIPT if newest.quality >= LOWEST_QUALITY else newest.worst)
        reason = ''
        if meaning.factors[meaning.worst] < 0.6:
            reason = meaning.worst
        elif age_s > HALF_LIFE_S / 2.0:
            reason = f'held since {age_s:.1f} s ago'
        return Encoding(
            embedding=meaning.embedding,
            features=self._with_voice(chosen, meaning, tick_s),
            quality=quality,
            reason=reason,
            window_start_s=chosen.start_s,
            evidence_end_s=chosen.end_s,
            estimate=meaning.estimate)

    def _meaning(self, utterance: Utterance) -> Meaning:
        if utterance not in self._read:
            self._read = {known: meaning for known, meaning in self._read.items()
                          if known in self._kept}
            self._read[utterance] = meaning_of(utterance, self._model)
        return self._read[utterance]

    def _with_voice(self, utterance: Utterance, meaning: Meaning, tick_s: float) -> np.ndarray:
        """Return the features, with the agreement of the voice if it was heard meanwhile."""
        until_s = min(utterance.end_s + VOICE_LAG_S, tick_s)
        heard = [(probabilities, quality) for stamp_s, probabilities, quality in self._voice
                 if utterance.start_s <= stamp_s <= until_s]
        if not heard:
            return meaning.features
        voice = np.average([h[0] for h in heard], axis=0, weights=[h[1] for h in heard])
        features = meaning.features.copy()
        features[VOICE_AGREEMENT] = agreement(meaning.estimate.probabilities, voice)
        return features

    def reset(self) -> None:
        """Forget everything that was said and how it sounded."""
        self._voice.clear()
        self._kept.clear()
        self._read.clear()
