# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What encoders of frames (clouds, pictures) and inertial samples have in common."""

from collections import deque
from collections.abc import Mapping
from collections.abc import Sequence
import math
from typing import Generic
from typing import Protocol
from typing import TypeVar

from affect_encoders.encoder import Encoder
from affect_encoders.encoder import Encoding
from affect_encoders.encoder import Estimate
from affect_encoders.feature_projection import FeatureProjection
from affect_encoders.frame_gate import FrameGate
from affect_encoders.head_rotation import HeadRotation
import numpy as np

QUEUE = 256


class Look(Protocol):
    """What is kept of a frame."""

    @property
    def stamp_s(self) -> float:
        """Return when it was seen."""


class Step(Protocol):
    """A look and what it has to do with those before."""

    @property
    def look(self) -> Look:
        """Return the look."""


StepT = TypeVar('StepT', bound=Step)


class FrameEncoder(Encoder, Generic[StepT]):
    """
    Keeps a step for each frame that differs from the one before, for as long as a window lasts.

    Subclasses append to ``_steps`` when a frame is pushed and ask for ``_window`` at a tick.
    """

    def __init__(
            self, frame: str, projection: FeatureProjection, *, least_step_s: float,
            window_s: float) -> None:
        """Make one whose frames are called ``frame`` and are used when so far apart at least."""
        self._frame = frame
        self._projection = projection
        self._window_s = window_s
        self._head = HeadRotation()
        self._gate = FrameGate(least_step_s, self._forget_frames)
        self._steps: deque[StepT] = deque(maxlen=QUEUE)
        self._newest_s = -math.inf

    def is_too_soon(self, stamp_s: float) -> bool:
        """Return whether a frame of this stamp would not be used: one was taken just before."""
        return self._gate.is_too_soon(stamp_s)

    def push_imu(self, t_s: np.ndarray, rows: np.ndarray) -> None:
        """
        Add inertial samples: stamps [N] in s, rows [N, 6] of rad/s and m/s^2 (specific force).

        :raises ValueError: the shapes do not fit
        """
        self._head.push(t_s, rows)

    def reset(self) -> None:
        self._head.clear()
        self._gate.clear()
        self._forget_frames()

    def _forget_frames(self) -> None:
        self._steps.clear()
        self._newest_s = -math.inf

    def _window(self, tick_s: float) -> list[StepT]:
        """Return the steps of the window that ends with the newest one up to a tick, if any."""
        self._head.trim(tick_s)
        steps = [s for s in self._steps if s.look.stamp_s <= tick_s]
        if not steps:
            return []
        begin_s = steps[-1].look.stamp_s - self._window_s
        steps = [s for s in steps if s.look.stamp_s > begin_s]
        while self._steps[0].look.stamp_s < steps[0].look.stamp_s:
            self._steps.popleft()
        return steps

    def _nothing(self) -> Encoding:
        """Return the encoding of a tick without a window."""
        return self.no_evidence(
            f'{self._frame}s are stamped in the future' if self._steps else f'no {self._frame}')

    def _age_reason(self, stamp_s: float) -> str:
        """Return why the newest step is old: its frames came to rest, or stopped coming."""
        if self._newest_s - stamp_s > self.info.quality_half_life_s:
            return f'the {self._frame} stands still'
        return f'{self._frame}s stopped'

    def _encoding(
            self, steps: Sequence[Step], named: Mapping[str, float], quality: float, reason: str,
            estimate: Estimate) -> Encoding:
        """Return the encoding of a window's features by name."""
        vector = np.array([named[name] for name in self._projection.names])
        return Encoding(
            embedding=self._projection.embed(vector),
            features=vector.astype(np.float32),
            quality=quality,
            reason=reason,
            window_start_s=steps[0].look.stamp_s,
            evidence_end_s=steps[-1].look.stamp_s,
            estimate=estimate)
