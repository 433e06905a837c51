# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Registers an event handler."""

from ..action import Action
from ..utilities import normalize_to_list_of_entities


class RegisterEventHandler(Action):
    """Register an event handler; an event that is being handled does not reach it any more."""

    def __init__(self, event_handler, **kwargs):
        super().__init__(**kwargs)
        self.__event_handler = event_handler

    @property
    def event_handler(self):
        """The handler."""
        return self.__event_handler

    def execute(self, context):
        """Register it."""
        context.register_event_handler(self.__event_handler)

    def describe_conditional_sub_entities(self):
        """Return what the handler would have visited."""
        text, entities = self.__event_handler.describe()
        return [(text, normalize_to_list_of_entities(entities))] if entities else []
