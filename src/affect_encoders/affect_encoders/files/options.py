# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a file does not say of itself."""

from dataclasses import dataclass

GAZE_UNITS = ('auto', 'deg', 'image', 'px')
AXES = ('optical', 'link')


@dataclass(frozen=True)
class Options:
    """
    What a user may say about inputs, with the defaults of the command.

    ``rate_hz``: samples, pictures or clouds a second where there are no times (None: unknown).
    ``is_sequence``: a folder of pictures or clouds is one recording, in the order of its names.
    ``units`` of gaze without a unit in its name; ``px_per_deg`` for pixels. ``axes`` of points
    (REP-103: optical x right, y down, z forward; link x forward, y left, z up).
    ``pitch_down_deg`` and ``fov_deg`` of the camera. ``imu``: a file with the head's inertial
    samples of the same time. ``column`` of a table that holds text, by name or number from 1.
    ``language`` of text (IETF BCP 47; empty: not said). ``voice``: a file with the sound of
    what was said, in whose time the utterances are. ``from_camera``: face weights are those of
    our own face tracker (None: as the file says).
    """

    rate_hz: float | None = None
    is_sequence: bool = False
    units: str = 'auto'
    px_per_deg: float | None = None
    axes: str = 'optical'
    pitch_down_deg: float | None = None
    fov_deg: float | None = None
    imu: str = ''
    column: str = ''
    language: str = ''
    voice: str = ''
    from_camera: bool | None = None
