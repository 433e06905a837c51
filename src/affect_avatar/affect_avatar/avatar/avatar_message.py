# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Between messages and what the avatar model works on."""

import math

from affect_avatar.avatar.avatar_state import Emotion
from affect_avatar.avatar.avatar_state import Eye
from affect_avatar.avatar.avatar_state import Shown
from affect_msgs.msg import AvatarState
from affect_msgs.msg import EmotionState
from affect_msgs.msg import EyeState
from affect_node import to_stamp
from geometry_msgs.msg import Quaternion
import numpy as np


def eye(message: EyeState) -> Eye:
    """Return an eye; one that its tracker calls closed has openness 0, whatever else it says."""
    openness = message.openness
    if message.state == EyeState.STATE_CLOSED:
        openness = 0.0
    return Eye(
        openness, message.azimuth_deg, message.elevation_deg, message.squint, message.widening)


def emotion(message: EmotionState) -> Emotion:
    """Return probabilities, valence and arousal; what is out of range becomes unknown."""
    affect = message.affect
    probabilities = np.asarray(affect.probabilities, np.float64)
    outside = (probabilities < 0.0) | (probabilities > 1.0 + 1e-3) | np.isinf(probabilities)
    return Emotion(
        np.where(outside, np.nan, probabilities),
        _within_one(affect.valence), _within_one(affect.arousal))


def _within_one(value: float) -> float:
    return value if -1.0 <= value <= 1.0 else math.nan


def avatar_state(shown: Shown, now_s: float) -> AvatarState:
    """
    Return the message but for frame, wearer and purpose.

    Its stamp is the newest evidence of face or gaze. Without any, it is the emotional state's
    time, and the time of publication when there is not even that.
    """
    stamp_s = shown.evidence_s
    if not math.isfinite(stamp_s):
        age_s = shown.emotion_age_s
        stamp_s = now_s - age_s if math.isfinite(age_s) else now_s
    unknown = math.nan
    x, y, z, w = shown.head if shown.head is not None else (unknown,) * 4
    message = AvatarState(
        weights=shown.weights.astype(np.float32), face_source=int(shown.face_source),
        left_openness=float(shown.left.openness), right_openness=float(shown.right.openness),
        left_azimuth_deg=float(shown.left.azimuth_deg),
        left_elevation_deg=float(shown.left.elevation_deg),
        right_azimuth_deg=float(shown.right.azimuth_deg),
        right_elevation_deg=float(shown.right.elevation_deg),
        head_orientation=Quaternion(x=x, y=y, z=z, w=w),
        category=AvatarState.CATEGORY_UNKNOWN if shown.category is None else shown.category,
        category_probability=shown.category_probability,
        valence=float(shown.valence), arousal=float(shown.arousal),
        emotion_age_s=shown.emotion_age_s, latency_s=max(now_s - stamp_s, 0.0))
    message.header.stamp = to_stamp(s=stamp_s)
    return message
