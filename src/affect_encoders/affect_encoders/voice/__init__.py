# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Voice: prosody and voice quality of the wearer's speech."""

from affect_encoders.voice.encoder import VoiceEncoder

__all__ = ['VoiceEncoder']
