# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The calibration of a wearer in the live node: targets in, a file out."""

from pathlib import Path

from affect_node import AffectNode
from affect_node import stream
from affect_trackers.eye_tracker.calibration import CalibrationError
from affect_trackers.eye_tracker.calibration import GazeCalibration
from affect_trackers.eye_tracker.calibration_file import load_calibrations
from affect_trackers.eye_tracker.calibration_file import save_calibrations
from affect_trackers.eye_tracker.calibration_session import CalibrationSession
from affect_trackers.eye_tracker.one_eye import EyeFinding
from affect_trackers.eye_tracker.one_eye import OneEye
from diagnostic_msgs.msg import DiagnosticStatus
from geometry_msgs.msg import PointStamped
from std_srvs.srv import Trigger

TARGET = 'hmd/gaze/calibration_target'


class CalibrationRoutine:
    """
    Collects pupils while `hmd/gaze/calibration_target` tells where the wearer looks.

    `~/calibrate` fits and saves what was collected, `~/correct_drift` shifts the calibration so
    that the target shown last is right, `~/discard_calibration` forgets both and the file.
    """

    def __init__(
        self, node: AffectNode, eyes: dict[str, OneEye], path: str, frame_id: str,
        interpupillary_mm: float,
    ) -> None:
        self._node = node
        self._eyes = eyes
        self._path = Path(path).expanduser() if path else None
        self._frame_id = frame_id
        self.session = CalibrationSession(interpupillary_mm)
        if self._path is not None and self._path.exists():
            try:
                self._use(load_calibrations(self._path))
            except CalibrationError as error:
                node.get_logger().error(str(error))
                node.diagnostics.count('bad calibrations')
                node.diagnostics.set('calibration', DiagnosticStatus.WARN, str(error))
        self._tell()
        node.subscribe(PointStamped, TARGET, self._on_target, stream(10.0))
        node.serve(Trigger, '~/calibrate', self._on_calibrate)
        node.serve(Trigger, '~/correct_drift', self._on_correct_drift)
        node.serve(Trigger, '~/discard_calibration', self._on_discard)

    def add(self, side: str, stamp_s: float, found: EyeFinding, size: tuple[int, int]) -> None:
        """Take what an image (``size``: width, height) showed."""
        self.session.add(stamp_s, side, found.pupil.x, found.pupil.y, size)

    def _on_target(self, message: PointStamped) -> None:
        stamp_s = self._node.accept_stamp(TARGET, message.header.stamp)
        if stamp_s is None:
            return
        if message.header.frame_id != self._frame_id:
            self._node.diagnostics.reject(
                TARGET, f"frame '{message.header.frame_id}'", f"send it in '{self._frame_id}'")
            return
        point = message.point
        try:
            self.session.show(stamp_s, (point.x, point.y, point.z))
        except CalibrationError as error:
            self._node.diagnostics.reject(TARGET, 'no target', str(error))

    def _on_calibrate(self, _: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        return self._answer(response, self.session.fit, ends=True)

    def _on_correct_drift(
        self, _: Trigger.Request, response: Trigger.Response,
    ) -> Trigger.Response:
        known = {side: eye.calibration for side, eye in self._eyes.items() if eye.calibration}
        return self._answer(response, lambda: self.session.recentre(known), ends=False)

    def _on_discard(self, _: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        self.session.clear()
        for eye in self._eyes.values():
            eye.calibration = None
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        self._node.diagnostics.set('calibration', DiagnosticStatus.OK, '')
        self._tell()
        response.success, response.message = True, 'no eye is calibrated any more'
        return response

    def _answer(self, response: Trigger.Response, make, *, ends: bool) -> Trigger.Response:
        try:
            self._use(make())
        except CalibrationError as error:
            response.message = str(error)
            return response
        if ends:
            self.session.clear()
        response.success, response.message = True, self._tell()
        if self._path is not None:
            try:
                save_calibrations(self._path, {
                    side: eye.calibration for side, eye in self._eyes.items()
                    if eye.calibration})
            except OSError as error:
                response.success = False
                response.message += f"; in use, but '{self._path}' can't be written: {error}"
        self._node.diagnostics.set('calibration', DiagnosticStatus.OK, '')
        return response

    def _use(self, calibrations: dict[str, GazeCalibration]) -> None:
        for side, calibration in calibrations.items():
            if side in self._eyes:
                self._eyes[side].calibration = calibration

    def _tell(self) -> str:
        said = '; '.join(
            f'{side} eye: {c.median_deg:.2f} degrees in the median, {c.p95_deg:.2f} at the 95th '
            f'percentile, {c.unseen_deg:.2f} on unseen targets ({c.kind}, {c.targets} targets)'
            for side, c in ((side, eye.calibration) for side, eye in self._eyes.items()) if c)
        self._node.diagnostics.values['gaze calibration'] = said or 'none'
        return said
