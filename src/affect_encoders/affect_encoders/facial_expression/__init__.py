# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Facial expression: pictures of the wearer's face, or the weights a headset gives."""

from affect_encoders.facial_expression.encoder import FacialExpressionEncoder

__all__ = ['FacialExpressionEncoder']
