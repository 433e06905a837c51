# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The voice of the wearer as an embedding, features and an estimate."""

from collections.abc import Sequence
from pathlib import Path

from affect_encoders.encoder import decayed
from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.encoder import FeatureSpec
from affect_encoders.voice.analyser import SpeechSummary
from affect_encoders.voice.analyser import VoiceAnalyser
from affect_encoders.voice.features import FEATURES
from affect_encoders.voice.stress import VoiceStress
import numpy as np

HALF_LIFE_S = 2.0
LOWEST_QUALITY = 0.01
"""Below this, what was heard is so long ago or so poor that it counts as nothing."""

NO_SPEECH = 'no voiced speech'
VOICE_STRESS = FeatureSpec('voice_stress', '1', 0.0, 1.0)
"""See stress.py: formula, sources, and that it is not validated."""


class VoiceEncoder(Encoder):
    """
    Functionals over the last 3 s of speech, held through silence while their quality decays.

    With a wearer enrolled the network also looks at what differs from their neutral speech.

    Costs about 15 ms per second of speech; the work is done in :meth:`encode`.
    """

    def __init__(self, weights: Path | None = None) -> None:
        """Load ``weights`` (default: those shipped); raises WeightsError when they do not fit."""
        from affect_encoders.voice.model import EMBEDDING_DIMENSION
        from affect_encoders.voice.model import VoiceModel
        from affect_encoders.voice.model import WEIGHTS
        self._model = VoiceModel(weights or WEIGHTS)
        self._analyser = VoiceAnalyser()
        self._known: SpeechSummary | None = None
        self._neutral: np.ndarray | None = None
        self._stress = VoiceStress(self._model.neutral)
        self.info = EncoderInfo(
            modality='voice',
            model_id=self._model.model_id,
            embedding_dimension=EMBEDDING_DIMENSION,
            features=(*FEATURES, VOICE_STRESS),
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                'Seconds of voiced speech in the window (full at 1 s), times factors in [0, 1] '
                'for level over noise (3 to 20 dB), level (-70 to -55 dBFS), clipped samples '
                '(0.1 to 5 %), unknown samples, a pitch that never moves (a tone), periods that '
                'never vary (a machine) and voice without a pause (no speech); halved '
                f'for every {HALF_LIFE_S:g} s since the last voiced frame.'),
            training_data='RAVDESS speech, actors 1-22 (CC BY-NC-SA 4.0)',
            label_kind='acted')

    @property
    def dropped_chunks(self) -> int:
        """Chunks that came late, repeated what was known, or lay in the future."""
        return self._analyser.dropped_chunks

    def push(self, samples: np.ndarray, sample_rate_hz: int, start_s: float) -> None:
        """Take mono samples [N] in [-1, 1] (NaN: unknown); ValueError says what is wrong."""
        self._analyser.push(samples, sample_rate_hz, start_s)

    def encode(self, tick_s: float) -> Encoding:
        """Return what speech up to ``tick_s`` amounts to; ticks must not go back (ValueError)."""
        summary = self._analyser.advance(tick_s)
        if summary is None:
            return self.no_evidence(NO_SPEECH)
        fresh = float(np.prod(list(summary.factors.values())))
        age_s = tick_s - summary.last_voiced_s
        quality = decayed(fresh, age_s, HALF_LIFE_S)
        worst = min(summary.factors, key=lambda name: summary.factors[name])
        if quality < LOWEST_QUALITY:
            return self.no_evidence(NO_SPEECH if fresh >= LOWEST_QUALITY else worst)
        if summary is not self._known:
            self._embedding, self._estimate = self._model(summary.functionals, self._neutral)
            stress = self._stress.index(
                summary.functionals, at_s=summary.last_voiced_s, quality=fresh,
                voiced_s=summary.factors['little voiced speech'])
            self._features = np.append(summary.functionals, np.float32(stress))
            self._known = summary
        reason = ''
        if summary.factors[worst] < 0.5:
            reason = worst
        elif age_s > HALF_LIFE_S / 2.0:
            reason = f'held since {age_s:.1f} s ago'
        return Encoding(
            embedding=self._embedding,
            features=self._features,
            quality=quality,
            reason=reason,
            window_start_s=summary.window_start_s,
            evidence_end_s=summary.last_voiced_s,
            estimate=self._estimate)

    def enroll(self, neutral: Sequence[Encoding]) -> None:
        """
        Learn the wearer's neutral from encodings of speech without particular feeling.

        Their functionals, averaged by quality, are what later ones are compared with: by the
        network, which was taught both ways, and by ``voice_stress``. A few seconds of plain
        speech by the same microphone will do. ``enroll(())`` forgets.

        :raises ValueError: no encoding of any quality among those given
        """
        known = [each for each in neutral if each.quality > 0.0]
        if neutral and not known:
            reasons = sorted({each.reason for each in neutral if each.reason})
            raise ValueError('voice: nothing to learn a neutral from: every encoding has quality 0'
                             + (f' ({"; ".join(reasons)})' if reasons else ''))
        self.forget_wearer()
        if known:
            rows = np.stack([each.features[:len(FEATURES)] for each in known]).astype(np.float64)
            weights = np.array([each.quality for each in known])[:, None] * np.isfinite(rows)
            total = weights.sum(axis=0)
            mean = (weights * np.nan_to_num(rows)).sum(axis=0) / np.where(total > 0, total, np.nan)
            self._neutral = mean.astype(np.float32)
            self._stress.enroll(self._neutral)

    def forget_wearer(self) -> None:
        """Forget who is enrolled, and what their voice usually is."""
        super().forget_wearer()
        self._neutral = self._known = None
        self._stress.enroll(None)
        self._stress.forget_heard()

    def reset(self) -> None:
        """Forget all sound. Who is enrolled stays."""
        self._analyser.reset()
        self._stress.forget_heard()
        self._known = None
