# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of a face to blendshape weights: everything of the face tracker but ROS."""

from dataclasses import dataclass
from dataclasses import field
import math

from affect_trackers.face_tracker.blendshapes import blendshapes
from affect_trackers.face_tracker.blendshapes import NEEDS_WHOLE_FACE
from affect_trackers.face_tracker.blendshapes import SHAPES
from affect_trackers.face_tracker.blendshapes import UPPER
from affect_trackers.face_tracker.face_follower import FaceFollower
from affect_trackers.face_tracker.face_follower import Mesher
from affect_trackers.face_tracker.head_frame import head_frame
from affect_trackers.face_tracker.measurements import measure
from affect_trackers.face_tracker.neutral_face import NeutralFace
from affect_trackers.face_tracker.visibility import halves_seen
from affect_trackers.face_tracker.visibility import Visibility
from affect_trackers.face_tracker.visibility import visibility
import cv2
import numpy as np

LEAST_CONFIDENCE = 0.2
"""Below it a half of the face counts as not seen, and its weights are not given."""

LEARN_FROM = 0.6
UPPER_FACE = ('auto', 'visible', 'hidden')
_LYING_DEG = 60.0  # of roll, from which on it is rather the camera than the head

_DOUBTED_S = 0.5  # after which what shows neither half of a face is no longer followed
_STEADY_S = 0.5  # time constant of the confidences: a headset does not come off within a frame


@dataclass(frozen=True)
class TrackedFace:
    """
    Weights [52] with NaN where not observed, confidences in [0, 1], and the number of faces.

    ``reason`` says why a confidence is low, or that there is no face. Rotation of the head against
    the camera as ``HeadFrame`` has it, NaN without a face.
    """

    weights: np.ndarray = field(default_factory=lambda: np.full(SHAPES, np.nan))
    upper_confidence: float = 0.0
    lower_confidence: float = 0.0
    faces: int = 0
    reason: str = 'no face'
    yaw_deg: float = math.nan
    pitch_deg: float = math.nan
    roll_deg: float = math.nan

    @property
    def observed(self) -> np.ndarray:
        """Which weights were measured, bool [52]."""
        return np.isfinite(self.weights)


class FaceTracker:
    """
    Follows one face through pictures.

    ``upper_face``: 'visible' trusts the camera to see brows and eyes, 'hidden' says that a headset
    covers them, 'auto' judges by the picture. ``learn_neutral`` learns the wearer's resting face
    (see ``NeutralFace``); else that of people at large is used.
    """

    def __init__(
        self, mesher: Mesher, *, upper_face: str = 'auto', learn_neutral: bool = True,
    ) -> None:
        if upper_face not in UPPER_FACE:
            raise ValueError(f"upper_face '{upper_face}': not one of {', '.join(UPPER_FACE)}")
        self._follower = FaceFollower(mesher, _likeness)
        self._upper_face = upper_face
        self._learn_neutral = learn_neutral
        self.neutral = NeutralFace()
        self._steady: Visibility | None = None
        self._last_s = -math.inf
        self._trusted_s = math.nan

    def forget(self) -> None:
        """Begin anew: another wearer, or another time."""
        self._follower.forget()
        self.neutral.forget()
        self._steady = None
        self._last_s = -math.inf

    def track(
        self, image: np.ndarray, stamp_s: float, *, thoroughly: bool = False,
    ) -> TrackedFace:
        """
        Return what the largest face shows in a picture uint8 [H, W] or RGB [H, W, 3].

        ``thoroughly`` searches all of the picture at once for a face that is hard to find.
        """
        if image.ndim == 2:
            grey, colour = image, cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)
        else:
            grey, colour = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), image
        found = self._follower.follow(colour, stamp_s, thoroughly=thoroughly)
        frame = None if found.mesh is None else head_frame(found.mesh)
        if found.mesh is None or frame is None:
            self._steady = None
            return TrackedFace(
                reason=_lying(found.turned_deg) if found.turned_deg else 'no face')
        seen = self._steadied(visibility(grey, found.mesh, frame), stamp_s)
        self._doubt(seen, stamp_s)
        measured = measure(frame.points)
        if self._learn_neutral:
            self.neutral.learn(
                measured, stamp_s, upper=seen.upper >= LEARN_FROM, lower=seen.lower >= LEARN_FROM)
        weights = blendshapes(measured, self.neutral.values)
        if seen.upper < LEAST_CONFIDENCE:
            weights[UPPER] = np.nan
            weights[list(NEEDS_WHOLE_FACE)] = np.nan
        if seen.lower < LEAST_CONFIDENCE:
            weights[~UPPER] = np.nan
        reason, roll_deg = seen.reason, frame.roll_deg
        if max(seen.upper, seen.lower) < LEAST_CONFIDENCE and abs(roll_deg) > _LYING_DEG:
            reason = _lying(round(-roll_deg / 90.0) * 90 % 360)
        return TrackedFace(
            weights, seen.upper, seen.lower, found.faces, reason,
            frame.yaw_deg, frame.pitch_deg, frame.roll_deg)

    def _doubt(self, seen: Visibility, stamp_s: float) -> None:
        """Let go of what has shown neither half of a face for a while."""
        if max(seen.upper, seen.lower) >= LEAST_CONFIDENCE or not stamp_s >= self._trusted_s:
            self._trusted_s = stamp_s
        elif stamp_s - self._trusted_s > _DOUBTED_S:
            self._follower.lose()
            self._trusted_s = math.nan

    def _steadied(self, seen: Visibility, stamp_s: float) -> Visibility:
        upper, reason = seen.upper, seen.reason
        if self._upper_face == 'hidden':
            upper, reason = 0.0, reason or 'upper face covered'
        elif self._upper_face == 'visible':
            upper = max(seen.upper, seen.lower)
        lower = seen.lower
        passed_s = stamp_s - self._last_s
        self._last_s = stamp_s
        if self._steady is not None and 0.0 < passed_s < 2.0:
            # Down at once where nothing can be seen, up and down slowly otherwise.
            share = 1.0 - math.exp(-passed_s / _STEADY_S)
            upper = min(self._steady.upper + share * (upper - self._steady.upper), 2.0 * upper)
            lower = min(self._steady.lower + share * (lower - self._steady.lower), 2.0 * lower)
        self._steady = Visibility(upper, lower, reason)
        return self._steady


def _lying(rotation_deg: int) -> str:
    return f'no upright face: with rotation_deg {rotation_deg} there is one'


def _likeness(image: np.ndarray, mesh: np.ndarray) -> float:
    """How probable it is that landmarks [478, 3] in an RGB picture show half of a face."""
    return max(halves_seen(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), mesh))
