# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Handler for ends of processes."""

from .on_action_event_base import OnActionEventBase
from ..events.process import ProcessExited


class OnProcessExit(OnActionEventBase):
    """Does something when a process has ended."""

    def __init__(self, *, target_action=None, on_exit, **kwargs):
        """
        Create the handler.

        :param target_action: an action, a callable that accepts actions, or None for all
        :param on_exit: entities, or a callable (event, context) that returns some
        """
        from ..actions.execute_local import ExecuteLocal
        super().__init__(action_matcher=target_action, on_event=on_exit,
                         target_event_cls=ProcessExited, target_action_cls=ExecuteLocal, **kwargs)
