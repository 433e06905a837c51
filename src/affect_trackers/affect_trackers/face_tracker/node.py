# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face tracker: images of the face camera to FaceTracking on hmd/face/tracking."""

from array import array
import math
from typing import Any

from affect_msgs.msg import FaceTracking
from affect_msgs.msg import HeadsetStatus
from affect_node import AffectNode
from affect_node import LATCHED
from affect_node import run
from affect_node import SetupError
from affect_node import stamp_ns
from affect_node import stream
from affect_node import VIDEO
from affect_trackers.face_tracker.face_image import ImageError
from affect_trackers.face_tracker.face_image import to_picture
from affect_trackers.face_tracker.face_image import turned
from affect_trackers.face_tracker.face_mesh import FaceMesh
from affect_trackers.face_tracker.mediapipe_bindings import MediaPipeError
from affect_trackers.face_tracker.tracker import FaceTracker
from affect_trackers.face_tracker.tracker import TrackedFace
from affect_trackers.face_tracker.tracker import UPPER_FACE
from affect_trackers.image_watch import ImageWatch
from affect_trackers.image_watch import NOT_LATER
from affect_trackers.image_watch import WATCH_S
import cv2
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
from sensor_msgs.msg import Image

_TOPIC = 'hmd/face_camera/image'
_ANOTHER_WEARER_MM = 2.0


class FaceTrackerNode(AffectNode):
    """
    Publishes one FaceTracking per image, with the image's stamp.

    An image is dropped, and counted, when it is older than ``max_delay_s`` by the time its turn
    comes or sooner after the one before than ``max_rate_hz`` allows: late weights are worth less
    than the next ones.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('face_tracker', **kwargs)
        cv2.setNumThreads(1)
        max_rate_hz = self.declare(
            'max_rate_hz', 30.0, 'Images a second to look at; others are dropped.',
            low=1.0, high=240.0)
        self._max_delay_s = self.declare(
            'max_delay_s', 0.25, 'Images older than this are dropped.', low=0.01, high=10.0)
        self._upper_face = self.declare(
            'upper_face', 'auto',
            "Whether the camera sees brows and eyes; 'hidden' below a headset that covers them.",
            choices=UPPER_FACE)
        self._learn_neutral = self.declare(
            'learn_neutral', True,
            "Learn the wearer's resting face slowly; else that of people at large is used.")
        self._rotation_deg = self.declare(
            'rotation_deg', 0,
            'Images are turned clockwise by 0, 90, 180 or 270: a camera that lies on its side.',
            low=0, high=270)
        stale_after_s = self.declare(
            'stale_after_s', 0.5, 'Silence of the camera after which the state is STALE.',
            low=0.1, high=60.0)
        # Cameras jitter: three quarters of a period still count as one.
        self._least_gap_ns = round(0.75e9 / max_rate_hz)
        self._mesh: FaceMesh | None = None
        self._tracker: FaceTracker | None = None
        self._last_ns = 0
        self._image_watch = ImageWatch(self.diagnostics, _TOPIC, stale_after_s)

    def setup(self) -> None:
        """Load the networks and subscribe to the camera."""
        if self._rotation_deg % 90:
            raise SetupError(
                f"parameter 'rotation_deg': {self._rotation_deg} is none of 0, 90, 180, 270")
        try:
            self._mesh = FaceMesh()
        except MediaPipeError as error:
            raise SetupError(str(error)) from error
        self._tracker = FaceTracker(
            self._mesh, upper_face=self._upper_face, learn_neutral=self._learn_neutral)
        self._publisher = self.advertise(FaceTracking, 'hmd/face/tracking', stream(60.0))
        self.subscribe(Image, _TOPIC, self._on_image, VIDEO)
        self.subscribe(
            HeadsetStatus, 'hmd/headset/status', self._on_status, LATCHED, while_inactive=True)
        self.tick_steadily(WATCH_S, self._image_watch.look)
        self._fit = HeadsetStatus.FIT_UNKNOWN
        self._interpupillary_mm = math.nan
        self._last_ns = 0

    def start(self) -> None:
        """Listen from now on."""
        self._image_watch.heard()

    def clock_jumped(self) -> None:
        """Forget the face: it is another time, and maybe another wearer."""
        self._last_ns = 0
        if self._tracker is not None:
            self._tracker.forget()

    def teardown(self) -> None:
        """End the networks' threads."""
        self._tracker = None
        if self._mesh is not None:
            self._mesh.close()
            self._mesh = None

    def _on_status(self, message: HeadsetStatus) -> None:
        """Forget the resting face of whoever takes the headset off, or hands it on."""
        taken_off = self._fit != message.fit == HeadsetStatus.FIT_NOT_WORN
        # That does not change by itself, and is measured to about half a millimetre.
        handed_on = abs(
            message.interpupillary_distance_mm - self._interpupillary_mm) > _ANOTHER_WEARER_MM
        self._fit = message.fit
        if math.isfinite(message.interpupillary_distance_mm):
            self._interpupillary_mm = message.interpupillary_distance_mm
        if (taken_off or handed_on) and self._tracker is not None:
            self._tracker.forget()
            self.diagnostics.count('resting face forgotten')

    def _on_image(self, message: Image) -> None:
        self._image_watch.heard()
        stamp_s = self.accept_stamp(_TOPIC, message.header.stamp)
        if stamp_s is None:
            return
        at_ns = stamp_ns(message.header.stamp)
        if at_ns <= self._last_ns:
            self.diagnostics.reject(_TOPIC, *NOT_LATER)
            return
        if at_ns - self._last_ns < self._least_gap_ns:
            self.diagnostics.count('dropped: above max_rate_hz')
            return
        delay_s = (self.get_clock().now().nanoseconds - at_ns) * 1e-9
        if delay_s > self._max_delay_s:
            self.diagnostics.count('dropped: later than max_delay_s')
            return
        try:
            image = to_picture(
                message.height, message.width, message.encoding, message.step, message.data,
                is_bigendian=bool(message.is_bigendian))
        except ImageError as error:
            self.diagnostics.reject(_TOPIC, *error.args)
            return
        self._last_ns = at_ns
        face = TrackedFace(reason='headset not worn')
        if self._fit != HeadsetStatus.FIT_NOT_WORN:
            face = self._tracker.track(turned(image, self._rotation_deg), stamp_s)
        self._publisher.publish(_message(face, message.header))
        self._tell(face)

    def _tell(self, face: TrackedFace) -> None:
        self.diagnostics.set(
            'faces', DiagnosticStatus.WARN if face.faces > 1 else DiagnosticStatus.OK,
            f'{face.faces} faces in sight: the largest is followed')
        self.diagnostics.values['faces'] = str(face.faces)
        self.diagnostics.values['reason'] = face.reason
        self.diagnostics.values['upper confidence'] = f'{face.upper_confidence:.2f}'
        self.diagnostics.values['lower confidence'] = f'{face.lower_confidence:.2f}'


def _message(face: TrackedFace, header: Any) -> FaceTracking:
    return FaceTracking(
        header=header,
        weights=np.asarray(face.weights, dtype=np.float32),
        # Not as an array: numpy's True is not Python's, and the message would carry False.
        observed=face.observed.tolist(),
        upper_confidence=face.upper_confidence,
        lower_confidence=face.lower_confidence,
        source=FaceTracking.SOURCE_CAMERA,
        eye_look_from_gaze=False,
        native_schema='',
        native_weights=array('f'))


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(FaceTrackerNode, args)


if __name__ == '__main__':
    main()
