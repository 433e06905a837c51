# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From sound to transcripts: voice activity, utterances, words with confidence."""
