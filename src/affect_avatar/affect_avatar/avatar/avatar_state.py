# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Merging the newest face, gaze, head and emotion into what an avatar shows. No ROS here."""

from dataclasses import dataclass
from dataclasses import field
from enum import IntEnum
import math

from affect_avatar.avatar import blendshapes
from affect_avatar.avatar.blendshapes import INDEX
from affect_avatar.avatar.category_hysteresis import CategoryHysteresis
from affect_avatar.avatar.one_euro_filter import OneEuroFilter
import numpy as np

FULL_LOOK_DEG = 30.0  # where an eyeLook shape is taken to be fully formed; Apple gives no angle


class FaceSource(IntEnum):
    """AvatarState.FACE_*."""

    UNKNOWN = 0
    TRACKED = 1
    EMOTION = 2
    BLENDED = 3


@dataclass(frozen=True)
class Eye:
    """One eye; angles as in EyeState.msg, unknown is NaN."""

    openness: float = math.nan
    azimuth_deg: float = math.nan
    elevation_deg: float = math.nan
    squint: float = math.nan
    widening: float = math.nan


@dataclass(frozen=True)
class Emotion:
    """Probabilities [8] of an emotional state with valence and arousal; unknown is NaN."""

    probabilities: np.ndarray
    valence: float
    arousal: float


@dataclass(frozen=True)
class Shown:
    """What an avatar shows; the fields are those of AvatarState.msg, unknown is NaN or None."""

    weights: np.ndarray
    face_source: FaceSource = FaceSource.UNKNOWN
    left: Eye = field(default_factory=Eye)
    right: Eye = field(default_factory=Eye)
    head: tuple[float, float, float, float] | None = None
    category: int | None = None
    category_probability: float = math.nan
    valence: float = math.nan
    arousal: float = math.nan
    emotion_age_s: float = math.nan
    evidence_s: float = math.nan
    """Time of the newest face or gaze sample that went in."""


class AvatarModel:
    """
    Holds the newest of each input and merges them on request.

    An input that is older than its time-out does not go in. Times are seconds of one clock, each
    input's own originating time. Lids follow the gaze sample as it is: a blink is shorter than
    what a filter that removes jitter would let pass.
    """

    def __init__(
        self, *, face_timeout_s: float = 0.5, gaze_timeout_s: float = 0.25,
        emotion_timeout_s: float = 1.0, head_timeout_s: float = 0.5,
        min_cutoff_hz: float = 1.5, beta: float = 2.0, category_margin: float = 0.1,
        category_hold_s: float = 0.4,
    ) -> None:
        """Set it up; the last four are those of OneEuroFilter and CategoryHysteresis."""
        self._timeout_s = {
            'face': face_timeout_s, 'gaze': gaze_timeout_s, 'emotion': emotion_timeout_s,
            'head': head_timeout_s}
        self._filter = OneEuroFilter(min_cutoff_hz=min_cutoff_hz, beta=beta)
        self._hysteresis = CategoryHysteresis(margin=category_margin, hold_s=category_hold_s)
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._newest: dict[str, tuple[float, object]] = {}
        self._filter.reset()
        self._hysteresis.reset()

    def forget_emotion(self) -> None:
        """Forget the emotional state at once, as when the purpose no longer allows it."""
        self._newest.pop('emotion', None)
        self._hysteresis.reset()

    def forget_gaze(self) -> None:
        """Forget the eyes, as when the headset was taken off."""
        self._newest.pop('gaze', None)

    def add_face(self, t_s: float, weights: np.ndarray, observed: np.ndarray) -> bool:
        """
        Take blendshape weights [52]; not observed, not finite is unknown; [0, 1] is enforced.

        Returns False for a sample that is older than the one that is there (it is dropped).

        :raises ValueError: not 52 weights.
        """
        weights = np.asarray(weights, np.float64)
        observed = np.asarray(observed, bool)
        if weights.shape != (blendshapes.COUNT,) or observed.shape != weights.shape:
            raise ValueError(f'expected 52 weights and 52 flags, got {weights.shape}')
        known = observed & np.isfinite(weights)
        return self._add('face', t_s, np.where(known, np.clip(weights, 0.0, 1.0), np.nan))

    def add_gaze(self, t_s: float, left: Eye, right: Eye) -> bool:
        """Take both eyes; returns False for a sample from the past (it is dropped)."""
        return self._add('gaze', t_s, (left, right))

    def add_head(self, t_s: float, orientation: tuple[float, float, float, float]) -> bool:
        """
        Take a unit quaternion x, y, z, w; it is normalised.

        :raises ValueError: it is not finite or far from a unit quaternion.
        """
        norm = math.sqrt(sum(value * value for value in orientation))
        if not abs(norm - 1.0) < 0.1:
            raise ValueError(f'the quaternion has norm {norm:g}, expected 1')
        x, y, z, w = orientation
        return self._add('head', t_s, (x / norm, y / norm, z / norm, w / norm))

    def add_emotion(self, t_s: float, emotion: Emotion) -> bool:
        """Take an emotional state; returns False for one from the past (it is dropped)."""
        if not self._add('emotion', t_s, emotion):
            return False
        self._hysteresis.update(t_s, emotion.probabilities)
        return True

    def show(self, now_s: float) -> Shown:
        """Return what to show now."""
        face = self._fresh('face', now_s)
        eyes = self._fresh('gaze', now_s)
        emotion = self._fresh('emotion', now_s)
        left, right = eyes if eyes is not None else (Eye(), Eye())
        category, probability = self._category(emotion)
        weights, source = self._merge(face, category, probability)
        # A lid that a tracker of gaze sees is better known than one in the face's image.
        left, right = self._lids(weights, left, 'Left'), self._lids(weights, right, 'Right')
        if eyes is None and face is None:
            evidence_s = math.nan
        else:
            evidence_s = max(
                self._newest[name][0] for name, there in (('face', face), ('gaze', eyes))
                if there is not None)
        return Shown(
            weights=self._smooth(now_s, weights), face_source=source, left=left, right=right,
            head=self._fresh('head', now_s), category=category,
            category_probability=probability,
            valence=math.nan if emotion is None else emotion.valence,
            arousal=math.nan if emotion is None else emotion.arousal,
            emotion_age_s=(
                math.nan if emotion is None else max(now_s - self._newest['emotion'][0], 0.0)),
            evidence_s=evidence_s)

    def _add(self, name: str, t_s: float, value: object) -> bool:
        if name in self._newest and t_s < self._newest[name][0]:
            return False
        self._newest[name] = (t_s, value)
        return True

    def _fresh(self, name: str, now_s: float):
        if name not in self._newest:
            return None
        t_s, value = self._newest[name]
        if now_s - t_s > self._timeout_s[name]:
            if name == 'emotion':
                self.forget_emotion()
            return None
        return value

    def _category(self, emotion: Emotion | None) -> tuple[int | None, float]:
        shown = self._hysteresis.shown
        if emotion is None or shown is None:
            return None, math.nan
        return shown, float(emotion.probabilities[shown])

    def _merge(
        self, face: np.ndarray | None, category: int | None, probability: float,
    ) -> tuple[np.ndarray, FaceSource]:
        """Fill the parts of the face that no tracker sees with the emotion's pose."""
        weights = np.full(blendshapes.COUNT, np.nan) if face is None else face.copy()
        if category is None or not math.isfinite(probability):
            pose = None
        else:
            pose = blendshapes.emotion_pose(category, probability)
        sources = []
        for part in (blendshapes.UPPER, blendshapes.LOWER):
            if np.isfinite(weights[part]).any():
                sources.append(FaceSource.TRACKED)
            elif pose is not None:
                weights[part] = pose[part]
                sources.append(FaceSource.EMOTION)
            else:
                sources.append(FaceSource.UNKNOWN)
        if FaceSource.TRACKED in sources and FaceSource.EMOTION in sources:
            return weights, FaceSource.BLENDED
        return weights, max(sources)

    def _lids(self, weights: np.ndarray, eye: Eye, side: str) -> Eye:
        """Put an eye's lid and direction into the weights; return the eye with its openness."""
        blink = INDEX[f'eyeBlink{side}']
        openness = eye.openness
        if math.isfinite(openness):
            openness = max(openness, 0.0)
            weights[blink] = 1.0 - min(openness, 1.0)
        elif math.isfinite(weights[blink]):
            openness = 1.0 - float(weights[blink])
        for shape, value in (('eyeSquint', eye.squint), ('eyeWide', eye.widening)):
            if math.isfinite(value):
                weights[INDEX[shape + side]] = min(max(value, 0.0), 1.0)
        if math.isfinite(eye.azimuth_deg) and math.isfinite(eye.elevation_deg):
            out = eye.azimuth_deg if side == 'Left' else -eye.azimuth_deg
            for shape, angle in (
                    ('Out', out), ('In', -out), ('Up', eye.elevation_deg),
                    ('Down', -eye.elevation_deg)):
                weights[INDEX[f'eyeLook{shape}{side}']] = min(
                    max(angle / FULL_LOOK_DEG, 0.0), 1.0)
        return Eye(openness, eye.azimuth_deg, eye.elevation_deg)

    def _smooth(self, now_s: float, weights: np.ndarray) -> np.ndarray:
        """Filter all but lids and direction of gaze, which are abrupt by nature."""
        smooth = self._filter(now_s, weights)
        abrupt = blendshapes.BLINK | blendshapes.LOOK
        smooth[abrupt] = weights[abrupt]
        return np.clip(smooth, 0.0, 1.0)
