# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Events of lifecycle nodes."""

from .change_state import ChangeState
from .state_transition import StateTransition
from ..matchers import matches_node_name

__all__ = ['ChangeState', 'StateTransition', 'matches_node_name']
