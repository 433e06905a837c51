# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye tracker: images of the eye cameras to GazeSample on hmd/gaze/sample."""

from functools import partial
import math
from typing import Any

from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_node import AffectNode
from affect_node import LATCHED
from affect_node import run
from affect_node import SetupError
from affect_node import stamp_ns
from affect_node import stream
from affect_node import VIDEO
from affect_trackers.eye_tracker.calibration_routine import CalibrationRoutine
from affect_trackers.eye_tracker.eye_image import ImageError
from affect_trackers.eye_tracker.eye_image import to_grey
from affect_trackers.eye_tracker.eye_pair import EyePair
from affect_trackers.eye_tracker.eyeball import EYE_RADIUS_MM
from affect_trackers.eye_tracker.eyeball import vergence_distance_m
from affect_trackers.eye_tracker.gaze_message import gaze_sample
from affect_trackers.eye_tracker.one_eye import EyeFinding
from affect_trackers.eye_tracker.one_eye import OneEye
from affect_trackers.eye_tracker.one_eye import UNSEEN
from affect_trackers.eye_tracker.pupil_net import shared_pupil_net
from affect_trackers.image_watch import ImageWatch
from affect_trackers.image_watch import NOT_LATER
from affect_trackers.image_watch import WATCH_S
import cv2
from sensor_msgs.msg import Image

_SIDES = {'both': ('left', 'right'), 'left': ('left',), 'right': ('right',)}
_APART_MM = (45.0, 80.0)


class EyeTrackerNode(AffectNode):
    """
    Publishes pupils, lids and directions.

    Directions come from a calibration of the wearer (`calibration_path`, `~/calibrate`); without
    one from the camera's scale: where an eye looks straight ahead is a parameter then or the
    running median of the pupil's place, good to some degrees. Millimetres need `mm_per_px`.
    Nothing is inferred from the eyes of a headset that is not worn, and what was usual for its
    wearer is forgotten.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('eye_tracker', **kwargs)
        cv2.setNumThreads(1)
        self._sides = _SIDES[self.declare(
            'eyes', 'both', 'Eye cameras to use.', choices=tuple(_SIDES))]
        self._tolerance_s = self.declare(
            'pair_tolerance_s', 0.006, 'Left and right images this close are one sample.',
            low=0.0, high=0.1)
        self._frame_id = self.declare('frame_id', 'hmd_link', 'Frame of the sample.')
        self._mm_per_px = self.declare(
            'mm_per_px', 0.0,
            'Millimetres at the pupil for a pixel of an eye image; 0: unknown, no mm.',
            low=0.0, high=1.0)
        self._width_px = self.declare(
            'image_width_px', 0, 'Width of the images that mm_per_px is for; 0: the first one.',
            low=0, high=4096)
        self._radius_mm = self.declare(
            'eye_radius_mm', EYE_RADIUS_MM, "From the eye's centre of rotation to its pupil.",
            low=8.0, high=14.0)
        self._apart_mm = self.declare(
            'interpupillary_mm', 63.0,
            'Distance of the eyes (Dodgson 2004: 63 is the mean), if the headset does not tell.',
            low=_APART_MM[0], high=_APART_MM[1])
        self._calibration_path = self.declare(
            'calibration_path', '',
            "The wearer's calibration, a YAML file that `~/calibrate` writes; empty: not kept.")
        self._straight_ahead = {side: tuple(
            self.declare(
                f'{side}_straight_ahead_{axis}_px', -1.0,
                f"The pupil's {axis} in the {side} image when the eye looks straight ahead; "
                '-1: learned as the running median of five minutes.', low=-1.0, high=4096.0)
            for axis in 'xy') for side in self._sides}
        stale_after_s = self.declare(
            'stale_after_s', 0.5, 'Silence of an eye camera after which the state is STALE.',
            low=0.1, high=60.0)
        self._image_watches = {side: ImageWatch(
            self.diagnostics, f'hmd/{side}_eye_camera/image', stale_after_s)
            for side in self._sides}
        self._sequence = 0

    def setup(self) -> None:
        """Subscribe to the eye cameras; what an earlier life learned is gone."""
        try:
            shared_pupil_net()
        except (OSError, ValueError, KeyError) as error:
            raise SetupError(
                f"the pupil network's weights can't be read ({error}): build affect_trackers "
                'again') from error
        self._eyes = {}
        for side, place in self._straight_ahead.items():
            x, y = (value if value >= 0.0 else math.nan for value in place)
            self._eyes[side] = OneEye(
                mm_per_px=self._mm_per_px or math.nan, width_px=self._width_px,
                radius_mm=self._radius_mm, straight_ahead_px=(x, y))
        self._pair: EyePair[EyeFinding] = EyePair(
            round(self._tolerance_s * 1e9), alone=len(self._sides) == 1)
        self._status = HeadsetStatus()
        self._publisher = self.advertise(GazeSample, 'hmd/gaze/sample', stream(120.0))
        self._calibration = CalibrationRoutine(
            self, self._eyes, self._calibration_path, self.frame(self._frame_id), self._apart_mm)
        self.subscribe(
            HeadsetStatus, 'hmd/headset/status', self._on_status, LATCHED, while_inactive=True)
        for side in self._sides:
            topic = f'hmd/{side}_eye_camera/image'
            self.subscribe(Image, topic, partial(self._on_image, side, topic), VIDEO)
            self.tick_steadily(WATCH_S, self._image_watches[side].look)

    def start(self) -> None:
        """Listen from now on."""
        for watch in self._image_watches.values():
            watch.heard()

    def clock_jumped(self) -> None:
        """Forget the eye that waits, what was usual, and the targets that were shown."""
        self._pair.clear()
        self._forget()
        self._calibration.session.clear()

    def _forget(self) -> None:
        for eye in self._eyes.values():
            eye.forget()

    def _on_status(self, message: HeadsetStatus) -> None:
        before, self._status = self._status, message
        # Taken off, or off and on again while nobody told: it may be on somebody else.
        if message.fit == HeadsetStatus.FIT_NOT_WORN or (
                message.fit == before.fit and message.fit_changed != before.fit_changed):
            self._forget()
        told_mm = message.interpupillary_distance_mm
        if _APART_MM[0] <= told_mm <= _APART_MM[1]:
            self._apart_mm = self._calibration.session.interpupillary_mm = told_mm

    def _on_image(self, side: str, topic: str, message: Image) -> None:
        self._image_watches[side].heard()
        stamp_s = self.accept_stamp(topic, message.header.stamp)
        if stamp_s is None:
            return
        camera_ns = stamp_ns(message.header.stamp)
        if not self._pair.rises(side, camera_ns):
            self.diagnostics.reject(topic, *NOT_LATER)
            return
        found = self._find(side, topic, stamp_s, message)
        if found is None:
            return
        late = self._pair.late
        for at_ns, left, right in self._pair.add(side, camera_ns, found):
            self._publisher.publish(gaze_sample(
                at_ns, left, right, sequence=self._sequence,
                frame_id=self.frame(self._frame_id),
                vergence_distance_m=self._vergence_m(left, right)))
            self._sequence = (self._sequence + 1) % 2**32
        self.diagnostics.count(f'{topic}: came after a later one', self._pair.late - late)

    def _find(
        self, side: str, topic: str, stamp_s: float, message: Image,
    ) -> EyeFinding | None:
        try:
            grey = to_grey(
                message.height, message.width, message.encoding, message.step, message.data,
                is_bigendian=bool(message.is_bigendian))
        except ImageError as error:
            self.diagnostics.reject(topic, *error.args)
            return None
        if self._status.fit == HeadsetStatus.FIT_NOT_WORN:
            return UNSEEN
        eye = self._eyes[side]
        if eye.changes_size(grey):
            self.diagnostics.reject(
                topic, 'image changed its size',
                f'now {message.width} x {message.height}; the eye is learned anew, and '
                'millimetres and degrees are unknown unless image_width_px or the calibration '
                'is for this size')
        found = eye.find(stamp_s, grey)
        self._calibration.add(side, stamp_s, found, (message.width, message.height))
        return found

    def _vergence_m(self, left: EyeFinding | None, right: EyeFinding | None) -> float:
        if left is None or right is None or not all(
                eye.is_calibrated for eye in self._eyes.values()):
            return math.nan
        return vergence_distance_m(left.azimuth_deg, right.azimuth_deg, self._apart_mm)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(EyeTrackerNode, args)


if __name__ == '__main__':
    main()
