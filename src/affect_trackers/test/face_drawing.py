# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Faces of the simulated wearer, for tests."""

from affect_sensors.simulation.face import FaceRenderer
from affect_sensors.simulation.face import FaceShape


def draw_face(seed=1, frame=0, **shape):
    """Return uint8 [240, 320]; ``shape`` as in FaceShape."""
    return FaceRenderer(seed).draw(FaceShape(**shape), frame)
