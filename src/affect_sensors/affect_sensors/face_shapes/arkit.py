# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""ARKit's own 52 shapes, for headsets and telephones that send just these."""

from affect_sensors.blendshapes import NAMES
from affect_sensors.face_shapes.shape_set import mean
from affect_sensors.face_shapes.shape_set import ShapeSet

ARKIT = ShapeSet('ARKit', NAMES, {name: mean(name) for name in NAMES})
