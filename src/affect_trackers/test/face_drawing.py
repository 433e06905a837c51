# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Faces of the simulated wearer, for tests, and whether anything here can see them."""

from affect_sensors.simulation.face import FaceRenderer
from affect_sensors.simulation.face import FaceShape
from affect_trackers.face_tracker import mediapipe_bindings
import pytest


def _why_not():
    try:
        mediapipe_bindings.load()
    except mediapipe_bindings.MediaPipeError as error:
        return str(error)
    return ''


needs_mediapipe = pytest.mark.skipif(bool(_why_not()), reason=_why_not())


def draw_face(seed=1, frame=0, **shape):
    """Return uint8 [240, 320]; ``shape`` as in FaceShape."""
    return FaceRenderer(seed).draw(FaceShape(**shape), frame)
