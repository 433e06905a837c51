# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The body-expression encoder: clouds or joints, and inertial samples, to an encoding a tick."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
import math

from affect_encoders.body_expression import features as body
from affect_encoders.body_expression import model
from affect_encoders.body_expression.joint_track import JointTrack
from affect_encoders.body_expression.joint_track import JointWindow
from affect_encoders.body_expression.joints import look_at_joints
from affect_encoders.body_expression.view import View
from affect_encoders.encoder import decayed
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.feature_projection import FeatureProjection
from affect_encoders.frame_encoder import FrameEncoder
from affect_encoders.head_rotation import levelling
from affect_encoders.head_rotation import pitched_down
import numpy as np

HALF_LIFE_S = 0.5
LOWEST_QUALITY = 0.01
LEAST_STEP_S = 0.06
LONGEST_STEP_S = 0.5
STAMP_JITTER_S = 0.02

FULL_BODY_VOXELS = 150
WITHOUT_BODY = 0.2
WITHOUT_GYROSCOPE = 0.5
WITHOUT_GRAVITY = 0.8
WITHOUT_MOTION = 0.5
JOINTS_FIRST_S = 1.0
"""Joints that are older than the newest cloud by no more than that are gone by, not the cloud."""

MISMATCHED = 0.3

LEAST_TURN_RAD = math.radians(1.0)
TELLING_TURN_RAD = math.radians(6.0)
MISMATCH_RATIO = 1.2
"""
Turned back by the gyroscope, what stands still must move less than as it was seen, and less than
turned the other way; what moves by itself does so in all three. When over turns of six degrees it
moves a fifth more instead, cloud and head do not share their axes.
"""


@dataclass
class _Step:
    """A look, the one about STEP_S before, and how the body moved since."""

    look: body.CloudLook
    before: body.CloudLook | None
    view: View
    is_judged: bool = False
    speed: float = math.nan
    is_turned_back: bool = False
    turn_rad: float = 0.0
    carried_rad: np.ndarray = field(default_factory=lambda: np.zeros((2, 3)))


class BodyExpressionEncoder(FrameEncoder[_Step]):
    """
    Clouds of a camera that looks ahead or below, or a tracker's joints, and inertial samples.

    Joints are gone by while they come, even when clouds come too.
    """

    def __init__(
            self, *, camera_pitch_down_rad: float = 0.0,
            projection: FeatureProjection | None = None) -> None:
        """Make an encoder for a camera that looks so far below the headset's forward axis."""
        names = tuple(spec.name for spec in body.FEATURES)
        super().__init__(
            'point cloud', projection or FeatureProjection.load('body_expression', names),
            least_step_s=LEAST_STEP_S, window_s=body.WINDOW_S)
        self.info = EncoderInfo(
            modality='body_expression',
            model_id='body-expression-rule/0.1.0',
            embedding_dimension=self._projection.dimension,
            features=body.FEATURES,
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                f'Occupied {100 * body.VOXEL_M:g} cm voxels within {body.REACH_M:g} m (full at '
                f'{FULL_BODY_VOXELS}; {WITHOUT_BODY:g} when only the surroundings are seen) times '
                'the share of usable points (full at half), halved without a gyroscope, or when '
                'a cloud comes alone, times '
                f'{WITHOUT_GRAVITY:g} without gravity and {MISMATCHED:g} when the cloud does not '
                f'turn with the head; halved for every {HALF_LIFE_S:g} s since the last cloud '
                'that differs from the one before. Of joints, in place of voxels and points: half '
                'the share of hands and half that of shoulders, elbows and hands.'),
            training_data=self._projection.training_data,
            label_kind='rule')
        self._unseen = View(pitched_down(camera_pitch_down_rad))
        self._view = self._unseen
        self._joints = JointTrack(self._head)

    def push_joints(
            self, joints: Mapping[str, np.ndarray], stamp_s: float, *, is_fixed: bool = False,
    ) -> None:
        """
        Take joints by name, each [3] in metres, seen at ``stamp_s``; NaN, or left out: unknown.

        Names are those of ``joints.JOINTS`` (left_shoulder, ..., right_hand, chest; `wrist` stands
        for a hand that is not named, `l_` and `r_` for the sides). Others are ignored. Above 33
        a second the surplus is not used.

        :param is_fixed: the axes stand still, z up, and a joint `head` is among the names; else
            the axes are the headset's (x forward, y left, z up, from between the eyes)
        :raises ValueError: no known name, a place that is no [3], no head among joints in fixed
            axes, or a stamp that is not finite
        """
        self._joints.push(look_at_joints(joints, stamp_s, is_fixed=is_fixed))

    def reset(self) -> None:
        super().reset()
        self._joints.clear()

    def push_cloud(self, points: np.ndarray, stamp_s: float) -> None:
        """
        Take a cloud [N, 3] seen at ``stamp_s``; NaN is no point.

        Metres in the camera's axes: x the way it looks, y left, z up. Above 16 clouds a second
        the surplus is not used.

        :raises ValueError: not an array [N, 3], or a stamp that is not finite
        """
        if not self._gate.take(stamp_s):
            return
        usable, share = body.usable_points(points)
        look = body.look_at(usable, share, self._view.mount, stamp_s)
        before = self._steps[-1].look if self._steps else None
        self._newest_s = stamp_s
        if before is not None and (np.array_equal(look.near, before.near)
                                   and np.array_equal(look.far, before.far)):
            return
        # A body alone shows where it is, not how far the camera sees.
        if len(look.far) >= body.LEAST_FAR_POINTS:
            self._view = self._view.widened(usable)
        self._steps.append(_Step(look, self._look_before(stamp_s), self._view))

    def encode(self, tick_s: float) -> Encoding:
        steps = self._window(tick_s)
        joints = self._joints.window(tick_s)
        if joints is not None and (not steps or joints.steps[-1].look.stamp_s
                                   >= steps[-1].look.stamp_s - JOINTS_FIRST_S):
            return self._of_joints(joints, tick_s)
        if not steps:
            return self._nothing()
        look = steps[-1].look
        for step in steps:
            if not step.is_judged:
                self._judge(step)
        up = self._head.up(look.stamp_s)
        level = np.eye(3) if up is None else levelling(up)
        named = {spec.name: math.nan for spec in body.FEATURES}
        named.update(body.shape_features(look, level))
        is_mismatched = _is_mismatched(steps)
        if not is_mismatched:
            named.update(_motion(steps))
            named.update(self._speeds(steps, level))
        quality, reason = self._quality(steps[-1], named, tick_s, up is None, is_mismatched)
        if quality < LOWEST_QUALITY:
            return self.no_evidence(reason)
        return self._encoding(
            steps, named, quality, reason, model.estimate(named, self._projection))

    def _of_joints(self, joints: JointWindow, tick_s: float) -> Encoding:
        look = joints.steps[-1].look
        quality, reasons = look.known, []
        if quality < 0.5:
            reasons.append('few joints are known')
        if math.isnan(joints.named['quantity_of_motion']):
            quality *= WITHOUT_MOTION
            reasons.append('motion unknown: too few joints')
        elif not joints.is_turned_back:
            quality *= WITHOUT_GYROSCOPE
            reasons.append('head rotation unknown and not removed')
        if not joints.is_levelled:
            quality *= WITHOUT_GRAVITY
            reasons.append('up is unknown')
        age_s = tick_s - look.stamp_s
        quality = decayed(quality, age_s, HALF_LIFE_S)
        if age_s > HALF_LIFE_S:
            reasons.insert(0, 'joints stopped, or stand still to the last digit')
        reason = reasons[0] if reasons else ''
        if quality < LOWEST_QUALITY:
            return self.no_evidence(reason or 'no joint is known')
        return self._encoding(
            joints.steps, joints.named, quality, reason,
            model.estimate(joints.named, self._projection))

    def _forget_frames(self) -> None:
        super()._forget_frames()
        self._view = self._unseen

    def _look_before(self, stamp_s: float) -> body.CloudLook | None:
        """Return the first look of the last STEP_S, else the last one, if it is not long ago."""
        found = None
        for step in reversed(self._steps):
            age_s = stamp_s - step.look.stamp_s
            if age_s > (LONGEST_STEP_S if found is None else body.STEP_S + STAMP_JITTER_S):
                break
            found = step.look
        return found

    def _judge(self, step: _Step) -> None:
        step.is_judged = True
        before, after = step.before, step.look
        if before is None:
            return
        rotation = self._head.between(before.stamp_s, after.stamp_s)
        step.speed = body.mean_speed(before, after, rotation, step.view)
        if rotation is None:
            return
        step.is_turned_back = True
        step.turn_rad = math.acos(float(np.clip(0.5 * (np.trace(rotation) - 1.0), -1.0, 1.0)))
        if step.turn_rad >= LEAST_TURN_RAD:
            step.carried_rad = body.directions_carried(before, after, rotation, step.view)

    def _speeds(self, steps: list[_Step], level: np.ndarray) -> dict[str, float]:
        """Return reach and approach over the last BASELINE_S; nothing without rotation."""
        after = steps[-1].look
        earlier = [s.look for s in steps if 0.8 * body.BASELINE_S
                   <= after.stamp_s - s.look.stamp_s <= 1.6 * body.BASELINE_S]
        if not earlier:
            return {}
        before = earlier[-1]
        rotation = self._head.between(before.stamp_s, after.stamp_s)
        if rotation is None:
            return {}
        return body.speeds(before, after, rotation, level, steps[-1].view)

    def _quality(self, step: _Step, named: dict[str, float], tick_s: float, is_unlevelled: bool,
                 is_mismatched: bool) -> tuple[float, str]:
        look = step.look
        if look.usable == 0.0:
            return 0.0, 'the cloud has no usable point'
        reasons = []
        quality = min(1.0, len(look.near) / FULL_BODY_VOXELS)
        if len(look.near) < body.LEAST_NEAR_VOXELS:
            quality = WITHOUT_BODY if math.isfinite(named['approach_speed']) else 0.0
            reasons.append('no body within reach')
        if look.usable < 0.5:
            quality *= 2.0 * look.usable
            reasons.append('few points are finite and in range')
        if is_mismatched:
            quality *= MISMATCHED
            reasons.append('the cloud does not turn with the head: mirrored, or in other axes')
        if step.before is None:
            quality *= WITHOUT_MOTION
            reasons.append('motion unknown: too few clouds')
        elif not step.is_turned_back:
            quality *= WITHOUT_GYROSCOPE
            reasons.append('head rotation unknown and not removed')
        if is_unlevelled:
            quality *= WITHOUT_GRAVITY
            reasons.append('up is unknown')
        age = tick_s - look.stamp_s
        quality = decayed(quality, age, HALF_LIFE_S)
        if age > HALF_LIFE_S:
            reasons.insert(0, self._age_reason(look.stamp_s))
        return quality, reasons[0] if reasons else ''


def _motion(steps: list[_Step]) -> dict[str, float]:
    """Return the features of motion over the steps: of those less head rotation, if any are."""
    known = [s for s in steps if math.isfinite(s.speed)]
    turned_back = [s for s in known if s.is_turned_back]
    speed = np.array([s.speed for s in turned_back or known])
    if speed.size == 0:
        return {}
    return {
        'quantity_of_motion': float(speed.mean()),
        'quantity_of_motion_max': float(speed.max()),
        'quantity_of_motion_sd': float(speed.std()),
        'stillness_share': float(np.mean(speed < body.STILL_M_S))}


def _is_mismatched(steps: list[_Step]) -> bool:
    turned = sum(s.turn_rad for s in steps if s.carried_rad.any())
    if turned < TELLING_TURN_RAD:
        return False
    of_body, of_surroundings = np.sum([s.carried_rad for s in steps], axis=0)
    # Both together: a bare wall shows no turn, and a hand moves by itself.
    turned_back, seen, turned_further = of_body + of_surroundings
    # A body may turn with the head, on a swivel chair; what is around it does not.
    least = min(seen, turned_further) if of_surroundings.any() else turned_further
    return bool(turned_back > MISMATCH_RATIO * least)
