# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye tracker: images of the eye cameras to GazeSample on hmd/gaze/sample."""

from dataclasses import dataclass
from functools import partial
import math
from typing import Any

from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_node import AffectNode
from affect_node import run
from affect_node import stamp_ns
from affect_node import stream
from affect_node import to_stamp
from affect_node import VIDEO
from affect_trackers.eye_tracker.eye_image import ImageError
from affect_trackers.eye_tracker.eye_image import to_grey
from affect_trackers.eye_tracker.eye_pair import EyePair
from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import find_pupil
from affect_trackers.eye_tracker.pupil import Pupil
from affect_trackers.eye_tracker.usual_opening import UsualOpening
import cv2
from sensor_msgs.msg import Image

_STATES = {
    EyeOpening.UNKNOWN: EyeState.STATE_UNKNOWN,
    EyeOpening.OPEN: EyeState.STATE_OPEN,
    EyeOpening.CLOSED: EyeState.STATE_CLOSED,
}
_SIDES = {'both': ('left', 'right'), 'left': ('left',), 'right': ('right',)}


@dataclass(frozen=True)
class Finding:
    """A pupil and how far the lids are open."""

    pupil: Pupil
    openness: float


class EyeTrackerNode(AffectNode):
    """
    Publishes pupil centres, lids and confidence; directions and millimetres stay NaN.

    They need a calibration of the wearer, which images alone do not give.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('eye_tracker', **kwargs)
        cv2.setNumThreads(1)
        self._eyes = self.declare(
            'eyes', 'both', 'Eye cameras to use.', choices=tuple(_SIDES))
        self._tolerance_s = self.declare(
            'pair_tolerance_s', 0.006, 'Left and right images this close are one sample.',
            low=0.0, high=0.1)
        self._frame_id = self.declare('frame_id', 'hmd_link', 'Frame of the sample.')
        self._pair: EyePair[Finding] = EyePair(
            round(self._tolerance_s * 1e9), alone=self._eyes != 'both')
        self._usual = {side: UsualOpening() for side in ('left', 'right')}
        self._sequence = 0

    def setup(self) -> None:
        """Subscribe to the eye cameras."""
        self._publisher = self.advertise(GazeSample, 'hmd/gaze/sample', stream(120.0))
        for side in _SIDES[self._eyes]:
            topic = f'hmd/{side}_eye_camera/image'
            self.subscribe(Image, topic, partial(self._on_image, side, topic), VIDEO)
        self.clock_jumped()

    def clock_jumped(self) -> None:
        """Forget the eye that waits and the usual opening."""
        self._pair.clear()
        for usual in self._usual.values():
            usual.forget()

    def _on_image(self, side: str, topic: str, message: Image) -> None:
        stamp_s = self.accept_stamp(topic, message.header.stamp)
        if stamp_s is None:
            return
        try:
            grey = to_grey(
                message.height, message.width, message.encoding, message.step, message.data)
        except ImageError as error:
            self.diagnostics.reject(topic, *error.args)
            return
        pupil = find_pupil(grey)
        openness = 0.0
        if pupil.opening is not EyeOpening.CLOSED:
            openness = self._usual[side].openness(stamp_s, pupil.aperture)
        found = Finding(pupil, openness)
        for pair in self._pair.add(side, stamp_ns(message.header.stamp), found):
            self._publish(*pair)

    def _publish(self, at_ns: int, left: Finding | None, right: Finding | None) -> None:
        message = GazeSample(
            sequence=self._sequence, source=GazeSample.SOURCE_CAMERA, device_delay_s=math.nan,
            left=_eye_state(left), right=_eye_state(right), azimuth_deg=math.nan,
            elevation_deg=math.nan, vergence_distance_m=math.nan,
            # There is no combined direction to be confident of.
            confidence=0.0)
        message.header.stamp = to_stamp(ns=at_ns)
        message.header.frame_id = self.frame(self._frame_id)
        self._sequence = (self._sequence + 1) % 2**32
        self._publisher.publish(message)


def _eye_state(found: Finding | None) -> EyeState:
    eye = EyeState(
        azimuth_deg=math.nan, elevation_deg=math.nan, pupil_diameter_mm=math.nan,
        pupil_x=math.nan, pupil_y=math.nan, openness=math.nan, squint=math.nan,
        widening=math.nan, confidence=math.nan)
    eye.origin.x = eye.origin.y = eye.origin.z = math.nan
    if found is not None:
        eye.state = _STATES[found.pupil.opening]
        eye.pupil_x, eye.pupil_y = found.pupil.x, found.pupil.y
        eye.openness = found.openness
        eye.confidence = found.pupil.confidence
    return eye


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(EyeTrackerNode, args)


if __name__ == '__main__':
    main()
