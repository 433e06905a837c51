# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye tracker: images of the eye cameras to GazeSample on hmd/gaze/sample."""

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
from affect_trackers.eye_tracker.eyeball import EYE_RADIUS_MM
from affect_trackers.eye_tracker.eyeball import vergence_distance_m
from affect_trackers.eye_tracker.one_eye import EyeFinding
from affect_trackers.eye_tracker.one_eye import OneEye
from affect_trackers.eye_tracker.pupil import EyeOpening
import cv2
from sensor_msgs.msg import Image

_STATES = {
    EyeOpening.UNKNOWN: EyeState.STATE_UNKNOWN,
    EyeOpening.OPEN: EyeState.STATE_OPEN,
    EyeOpening.CLOSED: EyeState.STATE_CLOSED,
}
_SIDES = {'both': ('left', 'right'), 'left': ('left',), 'right': ('right',)}


class EyeTrackerNode(AffectNode):
    """
    Publishes pupils, lids and, as far as the camera's scale is known, directions.

    Millimetres and degrees need `mm_per_px`. Where an eye looks straight ahead is a parameter or,
    without, the running median of the pupil's place, good to some degrees; vergence is known only
    with the parameter.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('eye_tracker', **kwargs)
        cv2.setNumThreads(1)
        self._sides = _SIDES[self.declare(
            'eyes', 'both', 'Eye cameras to use.', choices=tuple(_SIDES))]
        tolerance_s = self.declare(
            'pair_tolerance_s', 0.006, 'Left and right images this close are one sample.',
            low=0.0, high=0.1)
        self._frame_id = self.declare('frame_id', 'hmd_link', 'Frame of the sample.')
        mm_per_px = self.declare(
            'mm_per_px', 0.0,
            'Millimetres at the pupil for a pixel of an eye image; 0: unknown, no mm or degrees.',
            low=0.0, high=1.0)
        width_px = self.declare(
            'image_width_px', 0, 'Width of the images that mm_per_px is for; 0: the first one.',
            low=0, high=4096)
        radius_mm = self.declare(
            'eye_radius_mm', EYE_RADIUS_MM, "From the eye's centre of rotation to its pupil.",
            low=8.0, high=14.0)
        self._interpupillary_mm = self.declare(
            'interpupillary_mm', 63.0, 'Distance of the eyes (Dodgson 2004: 63 is the mean).',
            low=45.0, high=80.0)
        self._eyes = {}
        for side in self._sides:
            straight_ahead = [
                self.declare(
                    f'{side}_straight_ahead_{axis}_px', -1.0,
                    f"The pupil's {axis} in the {side} image when the eye looks straight ahead; "
                    '-1: learned as the running median of five minutes.', low=-1.0, high=4096.0)
                for axis in 'xy']
            x, y = (value if value >= 0.0 else math.nan for value in straight_ahead)
            self._eyes[side] = OneEye(
                mm_per_px=mm_per_px or math.nan, width_px=width_px, radius_mm=radius_mm,
                straight_ahead_px=(x, y))
        self._pair: EyePair[EyeFinding] = EyePair(
            round(tolerance_s * 1e9), alone=len(self._sides) == 1)
        self._sequence = 0

    def setup(self) -> None:
        """Subscribe to the eye cameras."""
        self._publisher = self.advertise(GazeSample, 'hmd/gaze/sample', stream(120.0))
        for side in self._sides:
            topic = f'hmd/{side}_eye_camera/image'
            self.subscribe(Image, topic, partial(self._on_image, side, topic), VIDEO)
        self.clock_jumped()

    def clock_jumped(self) -> None:
        """Forget the eye that waits and what was usual."""
        self._pair.clear()
        for eye in self._eyes.values():
            eye.forget()

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
        eye = self._eyes[side]
        if eye.changes_size(grey):
            self.diagnostics.reject(
                topic, 'image changed its size',
                f'now {message.width} x {message.height}; the eye is learned anew, and '
                'millimetres and degrees are unknown unless image_width_px is this wide')
        found = eye.find(stamp_s, grey)
        for pair in self._pair.add(side, stamp_ns(message.header.stamp), found):
            self._publish(*pair)

    def _publish(
        self, at_ns: int, left: EyeFinding | None, right: EyeFinding | None,
    ) -> None:
        seen = [found for found in (left, right) if found and math.isfinite(found.azimuth_deg)]
        message = GazeSample(
            sequence=self._sequence, source=GazeSample.SOURCE_CAMERA, device_delay_s=math.nan,
            left=_eye_state(left), right=_eye_state(right),
            azimuth_deg=_mean([found.azimuth_deg for found in seen]),
            elevation_deg=_mean([found.elevation_deg for found in seen]),
            vergence_distance_m=self._vergence_m(left, right),
            confidence=_mean([found.pupil.confidence for found in seen], 0.0))
        message.header.stamp = to_stamp(ns=at_ns)
        message.header.frame_id = self.frame(self._frame_id)
        self._sequence = (self._sequence + 1) % 2**32
        self._publisher.publish(message)

    def _vergence_m(self, left: EyeFinding | None, right: EyeFinding | None) -> float:
        if left is None or right is None or not all(
                eye.is_calibrated for eye in self._eyes.values()):
            return math.nan
        return vergence_distance_m(
            left.azimuth_deg, right.azimuth_deg, self._interpupillary_mm)


def _mean(values: list[float], without: float = math.nan) -> float:
    return sum(values) / len(values) if values else without


def _eye_state(found: EyeFinding | None) -> EyeState:
    nan = math.nan
    eye = EyeState(
        azimuth_deg=nan, elevation_deg=nan, pupil_diameter_mm=nan, pupil_x=nan, pupil_y=nan,
        openness=nan, squint=nan, widening=nan, confidence=nan)
    eye.origin.x = eye.origin.y = eye.origin.z = nan
    if found is not None:
        eye.state = _STATES[found.pupil.opening]
        eye.azimuth_deg, eye.elevation_deg = found.azimuth_deg, found.elevation_deg
        eye.pupil_x, eye.pupil_y = found.pupil.x, found.pupil.y
        eye.pupil_diameter_mm = found.diameter_mm
        eye.openness, eye.squint = found.lids.openness, found.lids.squint
        eye.widening, eye.confidence = found.lids.widening, found.pupil.confidence
    return eye


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(EyeTrackerNode, args)


if __name__ == '__main__':
    main()
