# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Joints as they come, and what they amount to at a tick."""

from collections import deque
from dataclasses import dataclass
import math

from affect_encoders.body_expression import features as body
from affect_encoders.body_expression.joints import joint_advance
from affect_encoders.body_expression.joints import joint_shape
from affect_encoders.body_expression.joints import joint_speed
from affect_encoders.body_expression.joints import JointLook
from affect_encoders.frame_gate import FrameGate
from affect_encoders.head_rotation import HeadRotation
from affect_encoders.head_rotation import levelling
import numpy as np

LEAST_STEP_S = 0.03
LONGEST_STEP_S = 0.5
STAMP_JITTER_S = 0.02
QUEUE = 256


@dataclass
class JointStep:
    """A look, the one about STEP_S before, and the speed since (NaN until a tick asks)."""

    look: JointLook
    before: JointLook | None
    is_judged: bool = False
    speed: float = math.nan
    is_turned_back: bool = False


@dataclass(frozen=True)
class JointWindow:
    """Steps of a window, and their features by name; what is missing for full trust."""

    steps: list[JointStep]
    named: dict[str, float]
    is_turned_back: bool
    is_levelled: bool


class JointTrack:
    """Keeps the looks of the last seconds; above 33 a second the surplus is not used."""

    def __init__(self, head: HeadRotation) -> None:
        """Make one without joints; ``head`` tells how the headset turned."""
        self._head = head
        self._gate = FrameGate(LEAST_STEP_S, self._forget)
        self._steps: deque[JointStep] = deque(maxlen=QUEUE)

    def clear(self) -> None:
        """Forget every joint."""
        self._gate.clear()
        self._forget()

    def __len__(self) -> int:
        return len(self._steps)

    def push(self, look: JointLook) -> None:
        """
        Take a look unless it repeats the one before, or comes too soon or late.

        :raises ValueError: its stamp is no finite number
        """
        if not self._gate.take(look.stamp_s):
            return
        last = self._steps[-1].look if self._steps else None
        if last is not None:
            if last.is_fixed != look.is_fixed:
                self._forget()
            elif np.array_equal(last.places, look.places, equal_nan=True) and (
                    look.head is None or last.head is None
                    or np.array_equal(last.head, look.head, equal_nan=True)):
                return
        self._steps.append(JointStep(look, self._before(look.stamp_s)))

    def window(self, tick_s: float) -> JointWindow | None:
        """Return what the newest joints up to a tick and those before amount to, None for none."""
        steps = [s for s in self._steps if s.look.stamp_s <= tick_s]
        if not steps:
            return None
        begin_s = steps[-1].look.stamp_s - body.WINDOW_S
        steps = [s for s in steps if s.look.stamp_s > begin_s]
        look = steps[-1].look
        level = look.level if look.is_fixed else self._level(look.stamp_s)
        named = {spec.name: math.nan for spec in body.FEATURES}
        named.update(joint_shape(look, level))
        for step in steps:
            if not step.is_judged:
                self._judge(step)
        moving = [s for s in steps if math.isfinite(s.speed)]
        turned_back = [s for s in moving if s.is_turned_back]
        known = np.array([s.speed for s in turned_back or moving])
        if known.size:
            named.update(
                quantity_of_motion=float(known.mean()), quantity_of_motion_max=float(known.max()),
                quantity_of_motion_sd=float(known.std()),
                stillness_share=float(np.mean(known < body.STILL_M_S)))
        earlier = [s.look for s in steps if 0.8 * body.BASELINE_S
                   <= look.stamp_s - s.look.stamp_s <= 1.6 * body.BASELINE_S]
        if earlier:
            named.update(joint_advance(
                earlier[-1], look, self._rotation(earlier[-1], look), level))
        return JointWindow(
            steps, named, bool(turned_back), look.is_fixed or level is not None)

    def _forget(self) -> None:
        self._steps.clear()

    def _judge(self, step: JointStep) -> None:
        step.is_judged = True
        if step.before is not None:
            rotation = self._rotation(step.before, step.look)
            step.speed = joint_speed(step.before, step.look, rotation)
            step.is_turned_back = step.look.is_fixed or rotation is not None

    def _level(self, at_s: float) -> np.ndarray | None:
        up = self._head.up(at_s)
        return None if up is None else levelling(up)

    def _rotation(self, before: JointLook, after: JointLook) -> np.ndarray | None:
        return None if after.is_fixed else self._head.between(before.stamp_s, after.stamp_s)

    def _before(self, stamp_s: float) -> JointLook | None:
        """Return the first look of the last STEP_S, else the last one, if it is not long ago."""
        found = None
        for step in reversed(self._steps):
            age_s = stamp_s - step.look.stamp_s
            if age_s > (LONGEST_STEP_S if found is None else body.STEP_S + STAMP_JITTER_S):
                break
            found = step.look
        return found
