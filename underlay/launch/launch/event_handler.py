# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Event handlers: what to visit when an event happens."""


class BaseEventHandler:
    """
    Decides by a matcher whether an event concerns it.

    While the entities it returns are visited, ``context.locals.event`` is the event.
    """

    def __init__(self, *, matcher, handle_once=False):
        """
        Create the handler.

        :param matcher: callable, takes the event, returns whether to handle it
        :param handle_once: unregister after the first event that was handled
        """
        self.__matcher = matcher
        self.__handle_once = handle_once

    @property
    def handle_once(self):
        """Whether the handler leaves after its first event."""
        return self.__handle_once

    @property
    def handler_description(self):
        """What is done, in words; subclasses may know."""
        return None

    @property
    def matcher_description(self):
        """Which events match, in words; subclasses may know."""
        return None

    def matches(self, event):
        """Return whether this handler wants the event."""
        return self.__matcher(event)

    def describe(self):
        """Return (text, entities) for introspection."""
        text = (
            f"{type(self).__name__}(matcher='{self.matcher_description}', "
            f"handler='{self.handler_description}', handle_once={self.handle_once})"
        )
        return text, []

    def handle(self, event, context):
        """Publish the event in the locals; subclasses call this, then return their entities."""
        context.extend_locals({'event': event})
        if self.__handle_once:
            context.unregister_event_handler(self)
        return None


class EventHandler(BaseEventHandler):
    """Returns fixed entities for every event that matches."""

    def __init__(self, *, matcher, entities=None, handle_once=False):
        super().__init__(matcher=matcher, handle_once=handle_once)
        self.__entities = entities

    @property
    def entities(self):
        """What is visited when an event matches."""
        return self.__entities

    def describe(self):
        """Return (text, entities) for introspection."""
        text, entities = super().describe()
        if self.__entities:
            entities.extend(self.__entities)
        return text, entities

    def handle(self, event, context):
        """Return the entities to visit."""
        super().handle(event, context)
        return self.__entities
