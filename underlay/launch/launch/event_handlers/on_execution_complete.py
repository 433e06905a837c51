# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Handler for the completion of actions."""

from .on_action_event_base import OnActionEventBase
from ..events import ExecutionComplete


class OnExecutionComplete(OnActionEventBase):
    """Does something when an action is complete."""

    def __init__(self, *, target_action=None, on_completion, **kwargs):
        """
        Create the handler.

        :param target_action: an action, a callable that accepts actions, or None for all
        :param on_completion: entities, or a callable (event, context) that returns some
        """
        from ..action import Action
        super().__init__(action_matcher=target_action, on_event=on_completion,
                         target_event_cls=ExecutionComplete, target_action_cls=Action, **kwargs)
