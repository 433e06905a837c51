# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face shapes of headsets and what they are in ARKit's 52. No ROS here."""

from affect_sensors.face_shapes.arkit import ARKIT
from affect_sensors.face_shapes.magic_leap import MAGIC_LEAP
from affect_sensors.face_shapes.meta import META
from affect_sensors.face_shapes.shape_set import ShapeSet
from affect_sensors.face_shapes.unified_expressions import UNIFIED_EXPRESSIONS

SHAPE_SETS: dict[str, ShapeSet] = {
    shape_set.name: shape_set
    for shape_set in (ARKIT, MAGIC_LEAP, META, UNIFIED_EXPRESSIONS)}
"""By name, which is what ``native_schema`` of affect_msgs/FaceTracking says."""

__all__ = ['SHAPE_SETS', 'ShapeSet']
