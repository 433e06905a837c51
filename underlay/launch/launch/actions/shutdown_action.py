# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Shuts the launch down."""

from .emit_event import EmitEvent
from .. import logging
from ..events import Shutdown as ShutdownEvent
from ..events.process import ProcessExited
from ..frontend.attributes import parse_optional
from ..frontend.expose import expose_action
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_action('shutdown')
class Shutdown(EmitEvent):
    """Shut the launch down, for example as `on_exit` of a process that is required."""

    def __init__(self, *, reason='reason not given', **kwargs):
        """
        Create the action.

        :param reason: why, in words, may hold substitutions
        """
        super().__init__(event=ShutdownEvent(reason=reason), **kwargs)
        self.__reason = normalize_to_list_of_substitutions(reason)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<shutdown [reason]>``."""
        _, kwargs = super().parse(entity, parser)
        parse_optional(entity, parser, kwargs, {'reason': 'reason'})
        return cls, kwargs

    def execute(self, context):
        """Emit the event; name the process whose end is the cause."""
        event = context.get_locals_as_dict().get('event')
        if isinstance(event, ProcessExited):
            logging.get_logger('launch').info(
                f'process[{event.process_name}] was required: shutting down launched system')
        reason = perform_substitutions(context, self.__reason)
        context.emit_event_sync(ShutdownEvent(reason=reason))
