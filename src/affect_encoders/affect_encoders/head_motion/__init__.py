# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from affect_encoders.head_motion.encoder import HeadMotionEncoder

__all__ = ['HeadMotionEncoder']
