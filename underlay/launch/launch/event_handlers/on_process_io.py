# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Handler for output of processes."""

from .on_action_event_base import OnActionEventBase
from ..events.process import ProcessIO


class OnProcessIO(OnActionEventBase):
    """Does something with what a process writes."""

    def __init__(self, *, target_action=None, on_stdin=None, on_stdout=None, on_stderr=None,
                 **kwargs):
        """
        Create the handler.

        :param target_action: an action, a callable that accepts actions, or None for all
        :param on_stdin, on_stdout, on_stderr: callables that take the event and return entities
            or None
        """
        from ..actions.execute_local import ExecuteLocal

        def handle(event, context):
            for concerns, callback in (
                (event.from_stdout, on_stdout),
                (event.from_stderr, on_stderr),
                (event.from_stdin, on_stdin),
            ):
                if concerns and callback is not None:
                    return callback(event)
            return None

        super().__init__(action_matcher=target_action, on_event=handle,
                         target_event_cls=ProcessIO, target_action_cls=ExecuteLocal, **kwargs)
