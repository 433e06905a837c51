# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Descriptions of things that actions run."""

from .executable import Executable

__all__ = ['Executable']
