# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Matchers of nodes."""

from .matches_node_name import matches_node_name

__all__ = ['matches_node_name']
