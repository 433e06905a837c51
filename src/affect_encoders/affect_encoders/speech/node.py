# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The speech encoder as a ROS node."""

import math

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.speech import SpeechEncoder
from affect_encoders.speech import Utterance
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import Transcript
from affect_node import run
from affect_node import STATE
from affect_node import stream
import numpy as np

_TOPIC = 'hmd/speech/transcript'
_VOICE = 'affect/voice/estimate'
_LONGEST_TEXT = 10000  # characters: ten minutes without a breath
_LONGEST_S = 600.0


class SpeechNode(EncoderNode):
    """
    `hmd/speech/transcript` (and `affect/voice/estimate`) in, `affect/speech/...` out.

    Features and embedding are emotions by name (28 labels, valence and arousal). So not only the
    estimate waits for a purpose that permits emotion: without one the node ticks with quality 0
    and keeps nothing of what is said.
    """

    modality = 'speech'
    frame_id = 'microphone_frame'

    def make_encoder(self) -> SpeechEncoder:
        """Return the encoder with the shipped weights."""
        return SpeechEncoder()

    def subscribe_inputs(self) -> None:
        """Subscribe to the recogniser, and to the voice, which says something under a purpose."""
        self.subscribe(Transcript, _TOPIC, self._on_transcript, stream(5.0))
        self.subscribe(AffectEstimate, _VOICE, self._on_voice, STATE)

    def withheld(self) -> str:
        """Nothing is inferred from words without a purpose that permits emotion."""
        return '' if self.emotion_allowed else 'the purpose permits no emotion'

    def _on_voice(self, message: AffectEstimate) -> None:
        stamp_s = self.accept_stamp(_VOICE, message.header.stamp)
        if stamp_s is not None:
            self.encoder.push_voice(stamp_s, message.probabilities, message.quality)

    def _on_transcript(self, message: Transcript) -> None:
        # What was said is private: no diagnostic repeats a word of it.
        if not 0.0 <= message.duration_s <= _LONGEST_S:
            self.diagnostics.reject(
                _TOPIC, 'unusable duration',
                f'{message.duration_s} s; send the seconds from the stamp to the last word, at '
                f'most {_LONGEST_S:g}')
        elif len(message.text) > _LONGEST_TEXT:
            self.diagnostics.reject(
                _TOPIC, 'giant transcript',
                f'{len(message.text)} characters; end utterances after {_LONGEST_TEXT} at most')
        elif not math.isnan(message.confidence) and not 0.0 <= message.confidence <= 1.0:
            self.diagnostics.reject(
                _TOPIC, 'confidence outside [0, 1]',
                f'{message.confidence}; send NaN when it is unknown')
        else:
            start_s = self.accept_stamp(_TOPIC, message.header.stamp, message.duration_s)
            if start_s is not None:
                self.encoder.push(Utterance(
                    utterance_id=message.utterance_id, start_s=start_s,
                    duration_s=message.duration_s, text=message.text,
                    is_final=message.is_final, confidence=_confidence(message),
                    language=message.language))


def _confidence(message: Transcript) -> float:
    """Return the confidence in the text: as given, else the mean of its words', else NaN."""
    words = np.frombuffer(message.word_confidence, dtype=np.float32)
    known = words[(words >= 0.0) & (words <= 1.0)]
    if math.isnan(message.confidence) and len(known):
        return float(known.mean())
    return message.confidence


def main(args=None) -> int:
    """Run the node."""
    return run(SpeechNode, args)
