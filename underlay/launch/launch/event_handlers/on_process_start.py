# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Handler for starts of processes."""

from .on_action_event_base import OnActionEventBase
from ..events.process import ProcessStarted


class OnProcessStart(OnActionEventBase):
    """Does something when a process has started."""

    def __init__(self, *, target_action=None, on_start, **kwargs):
        """
        Create the handler.

        :param target_action: an action, a callable that accepts actions, or None for all
        :param on_start: entities, or a callable (event, context) that returns some
        """
        from ..actions.execute_local import ExecuteLocal
        super().__init__(action_matcher=target_action, on_event=on_start,
                         target_event_cls=ProcessStarted, target_action_cls=ExecuteLocal, **kwargs)
