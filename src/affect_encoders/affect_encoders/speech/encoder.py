# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the wearer said as an embedding, features and an estimate."""

from pathlib import Path

from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.speech.features import FEATURES
from affect_encoders.speech.features import Meaning
from affect_encoders.speech.features import meaning_of
from affect_encoders.speech.model import EMBEDDING_DIMENSION
from affect_encoders.speech.model import SpeechModel
from affect_encoders.speech.model import WEIGHTS
from affect_encoders.speech.utterance import Utterance

HALF_LIFE_S = 10.0
LOWEST_QUALITY = 0.01
"""Below this, what was said is so long ago or so doubtful that it counts as nothing."""

KEPT_UTTERANCES = 4
OLDER_COUNTS = 0.5
"""An utterance gives way to the next one, unless it is still twice as good: 'mhm' wipes out
nothing."""

NO_TRANSCRIPT = 'no transcript'


class SpeechEncoder(Encoder):
    """
    The last utterance, held while its quality decays.

    Partial results count for half until the final one replaces them. At most
    ``KEPT_UTTERANCES`` are read at a tick, whatever arrives in between.
    """

    def __init__(self, weights: Path | None = None) -> None:
        """Load ``weights`` (default: those shipped); raises WeightsError when they do not fit."""
        self._model = SpeechModel(weights or WEIGHTS)
        self._kept: list[Utterance] = []
        self._read: dict[Utterance, Meaning] = {}
        self.info = EncoderInfo(
            modality='speech',
            model_id=self._model.model_id,
            embedding_dimension=EMBEDDING_DIMENSION,
            features=FEATURES,
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                "The recogniser's confidence (0.7 when it gives none), times factors in [0, 1] "
                'for the share of known words (none at 0.5, full at 0.85), few words (full at '
                '3), a partial result (half), words left unread beyond 200; zero in another '
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

    def encode(self, tick_s: float) -> Encoding:
        """Return what was said up to ``tick_s``; an utterance counts from its end on."""
        said = [utterance for utterance in reversed(self._kept) if utterance.end_s <= tick_s]
        if not said:
            return self.no_evidence(NO_TRANSCRIPT)
        self._read = {utterance: self._read.get(utterance) or meaning_of(utterance, self._model)
                      for utterance in said}
        qualities = [
            decayed(self._read[utterance].quality, tick_s - utterance.end_s, HALF_LIFE_S)
            for utterance in said]
        chosen = max(range(len(said)), key=lambda i: qualities[i] * OLDER_COUNTS ** i)
        utterance, quality = said[chosen], qualities[chosen]
        meaning = self._read[utterance]
        if quality < LOWEST_QUALITY:
            newest = self._read[said[0]]
            return self.no_evidence(
                NO_TRANSCRIPT if newest.quality >= LOWEST_QUALITY else newest.worst)
        age_s = tick_s - utterance.end_s
        reason = ''
        if meaning.factors[meaning.worst] < 0.6:
            reason = meaning.worst
        elif age_s > HALF_LIFE_S / 2.0:
            reason = f'held since {age_s:.1f} s ago'
        return Encoding(
            embedding=meaning.embedding,
            features=meaning.features,
            quality=quality,
            reason=reason,
            window_start_s=utterance.start_s,
            evidence_end_s=utterance.end_s,
            estimate=meaning.estimate)

    def reset(self) -> None:
        """Forget everything that was said."""
        self._kept.clear()
        self._read.clear()
