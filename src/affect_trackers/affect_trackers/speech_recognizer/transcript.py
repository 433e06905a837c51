# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""An utterance as the message that tells it."""

from affect_msgs.msg import Transcript
from affect_node import to_stamp
from affect_trackers.speech_recognizer.recognizer import Recognizer
from affect_trackers.speech_recognizer.transcriber import Utterance


def to_transcript(said: Utterance, recognizer: Recognizer, frame_id: str) -> Transcript:
    """Return the message of an utterance that ``recognizer`` understood, on the host's clock."""
    message = Transcript(
        utterance_id=said.number % 2**32, is_final=said.is_final, duration_s=said.duration_s,
        text=' '.join(word.text for word in said.words), language=recognizer.language,
        confidence=said.confidence, words=[word.text for word in said.words],
        word_start_s=[word.start_s for word in said.words],
        word_confidence=[word.confidence for word in said.words],
        recognizer_id=recognizer.recognizer_id)
    message.header.stamp = to_stamp(s=said.start_s)
    message.header.frame_id = frame_id
    return message
