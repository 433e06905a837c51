# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from affect_encoders.eye_movement.encoder import EyeMovementEncoder

__all__ = ['EyeMovementEncoder']
