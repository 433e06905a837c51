# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Speech: what the wearer's words say about feeling, whatever the voice says."""

from affect_encoders.speech.encoder import SpeechEncoder
from affect_encoders.speech.utterance import Utterance

__all__ = ['SpeechEncoder', 'Utterance']
