# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of the avatar's merging and smoothing."""

from collections.abc import Callable
from typing import Any

from affect_avatar.avatar.avatar_state import AvatarModel


def declare_model(declare: Callable[..., Any]) -> AvatarModel:
    """Declare the parameters with ``AffectNode.declare`` and return the model they make."""
    return AvatarModel(
        face_timeout_s=declare(
            'face_timeout_s', 0.5, 'Weights older than this are not shown, seconds.',
            low=0.05, high=10.0),
        gaze_timeout_s=declare(
            'gaze_timeout_s', 0.25, 'Eyes older than this are not shown, seconds.',
            low=0.02, high=10.0),
        emotion_timeout_s=declare(
            'emotion_timeout_s', 1.0, 'A state older than this is not shown, seconds.',
            low=0.1, high=60.0),
        min_cutoff_hz=declare(
            'min_cutoff_hz', 1.5, '1 euro filter: cutoff at rest, hertz; lower is smoother.',
            low=0.01, high=100.0),
        beta=declare(
            'beta', 2.0, '1 euro filter: hertz of cutoff per unit of weight per second; '
            'higher lags less in motion.', low=0.0, high=1000.0),
        category_margin=declare(
            'category_margin', 0.1, 'Lead in probability that a new category needs.',
            low=0.0, high=1.0),
        category_hold_s=declare(
            'category_hold_s', 0.4, 'How long it must lead before it is shown, seconds.',
            low=0.0, high=10.0))
