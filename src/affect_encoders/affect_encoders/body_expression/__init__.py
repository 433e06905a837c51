# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from affect_encoders.body_expression.encoder import BodyExpressionEncoder

__all__ = ['BodyExpressionEncoder']
