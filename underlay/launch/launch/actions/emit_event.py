# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Emits an event."""

from ..action import Action
from ..event import Event
from ..utilities import is_a_subclass


class EmitEvent(Action):
    """Emit an event."""

    def __init__(self, *, event, **kwargs):
        super().__init__(**kwargs)
        if not is_a_subclass(event, Event):
            raise RuntimeError(f"EmitEvent() expected an event instance, got '{event}'.")
        self.__event = event

    @property
    def event(self):
        """The event."""
        return self.__event

    def execute(self, context):
        """Queue the event."""
        context.emit_event_sync(self.__event)
