# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the cameras of the headset see of the simulated wearer."""

from collections.abc import Callable

from affect_sensors.simulation.geometry import eye_mm_per_px
from affect_sensors.simulation.geometry import WORLD_CENTRE_PX
from affect_sensors.simulation.geometry import WORLD_FOCAL_PX
from affect_sensors.simulation.geometry import WORLD_SIZE
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.calibration import Calibration
from affect_sensors.sources.frame import Frame
from affect_sensors.sources.pacing import Pacing
from affect_sensors.sources.source import SourceError
import numpy as np

VIEWS: dict[str, Callable[[SimulatedWearer, float, int], np.ndarray]] = {
    'face': lambda wearer, t_s, number: wearer.face_image(t_s, number),
    'left_eye': lambda wearer, t_s, number: wearer.eye_image('left', t_s, number),
    'right_eye': lambda wearer, t_s, number: wearer.eye_image('right', t_s, number),
    'world': lambda wearer, t_s, number: wearer.world_image(t_s, number),
}

WORLD_CALIBRATION = Calibration.pinhole(*WORLD_SIZE, WORLD_FOCAL_PX, *WORLD_CENTRE_PX)
"""The only camera of the simulation that is a pinhole."""


def _sized(
    camera: str, size: tuple[int, int],
) -> Callable[[SimulatedWearer, float, int], np.ndarray]:
    """Return what an eye camera of a size sees."""
    side = camera.removesuffix('_eye')
    if side == camera:
        raise SourceError(
            f"the simulated {camera} camera has one size; leave 'width' and 'height' at 0")
    try:
        eye_mm_per_px(size)
    except ValueError as error:
        raise SourceError(f"parameters 'width' and 'height': {error}") from error
    return lambda wearer, t_s, number: wearer.eye_image(side, t_s, number, size=size)


class SimulatedCamera:
    """
    Images of one camera (a key of VIEWS) by the wearer's clock.

    ``size`` (width, height) asks an eye camera for other than 192 x 144 pixels.

    :raises SourceError: the camera has no such size.
    """

    finished = False

    def __init__(
        self, camera: str, wearer: SimulatedWearer, *, t0_ns: int, rate_hz: float,
        size: tuple[int, int] | None = None,
    ) -> None:
        self._view = VIEWS[camera] if size is None else _sized(camera, size)
        self._wearer = wearer
        self._rate_hz = rate_hz
        self._pacing = Pacing(rate_hz, 1, origin_ns=t0_ns)
        self.dropped = 0
        self.promised_hz = rate_hz

    @property
    def due_ns(self) -> int:
        """When the next frame is exposed."""
        return self._pacing.stamp_ns(self._pacing.position)

    def open(self) -> None:
        """Look once: what is painted only once is painted before the first frame is due."""
        self._view(self._wearer, 0.0, 0)

    def start(self, now_ns: int) -> None:
        """Look from ``now_ns`` on."""
        self._pacing.start(now_ns)

    def read(self, until_ns: int) -> list[Frame]:
        """Return the newest frame taken by ``until_ns``; older ones are nobody's use."""
        number: int | None = None
        while self.due_ns <= until_ns:
            self.dropped += number is not None
            number = self._pacing.position
            self._pacing.advance()
        if number is None:
            return []
        image = self._view(self._wearer, number / self._rate_hz, number)
        return [Frame(self._pacing.stamp_ns(number), image)]

    def close(self) -> None:
        """Nothing to release."""
