# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Handlers of events of ROS nodes."""

from .on_state_transition import OnStateTransition

__all__ = ['OnStateTransition']
