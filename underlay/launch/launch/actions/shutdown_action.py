# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Shuts the launch down."""

from .emit_event import EmitEvent
from .. import logging
from ..events import Shutdown as ShutdownEvent
from ..events.process import ProcessExited


class Shutdown(EmitEvent):
    """Shut the launch down, for example as `on_exit` of a process that is required."""

    def __init__(self, *, reason='reason not given', **kwargs):
        super().__init__(event=ShutdownEvent(reason=reason), **kwargs)

    def execute(self, context):
        """Emit the event; name the process whose end is the cause."""
        event = context.get_locals_as_dict().get('event')
        if isinstance(event, ProcessExited):
            logging.get_logger('launch').info(
                f'process[{event.process_name}] was required: shutting down launched system')
        super().execute(context)
