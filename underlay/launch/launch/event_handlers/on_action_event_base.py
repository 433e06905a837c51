# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of handlers for what actions cause."""

import collections.abc

from ..event import Event
from ..event_handler import BaseEventHandler
from ..launch_description_entity import LaunchDescriptionEntity


class OnActionEventBase(BaseEventHandler):
    """Handles events of one class, from one action, from those a callable accepts, or from all."""

    def __init__(self, *, action_matcher, on_event, target_event_cls, target_action_cls, **kwargs):
        """
        Create the handler.

        :param action_matcher: an action, a callable that takes one, or None for all
        :param on_event: entities, or a callable (event, context) that returns entities or None
        :param target_event_cls: class of the events
        :param target_action_cls: class of the actions that cause them
        :raises TypeError: if an argument is of another type
        """
        if not issubclass(target_event_cls, Event):
            raise TypeError("'target_event_cls' must be a subclass of 'Event'")
        if (
            action_matcher is not None
            and not isinstance(action_matcher, target_action_cls)
            and not callable(action_matcher)
        ):
            raise TypeError(f"action_matcher must be an '{target_action_cls.__name__}' instance "
                            'or a callable')
        self.__action_matcher = action_matcher
        self.__event_class = target_event_cls
        self.__action_class = target_action_cls
        self.__callback = None
        self.__entities = []
        super().__init__(matcher=self.__is_wanted, **kwargs)
        if callable(on_event):
            self.__callback = on_event
        elif isinstance(on_event, collections.abc.Iterable):
            self.__entities = list(on_event)
            for entity in self.__entities:
                if not isinstance(entity, LaunchDescriptionEntity):
                    raise TypeError("expected all items in 'on_event' iterable to be of type "
                                    f"'LaunchDescriptionEntity' but got '{type(entity)}'")
        elif on_event is not None:
            self.__entities = [on_event]

    def __is_wanted(self, event):
        if not isinstance(event, self.__event_class):
            return False
        if self.__action_matcher is None:
            return True
        if callable(self.__action_matcher):
            return self.__action_matcher(event.action)
        return event.action is self.__action_matcher

    def handle(self, event, context):
        """Return the entities to visit."""
        super().handle(event, context)
        if self.__callback is not None:
            return self.__callback(event, context)
        return self.__entities

    def describe(self):
        """Return (text, entities) for introspection."""
        text, entities = super().describe()
        return text, entities + self.__entities

    @property
    def handler_description(self):
        """What is done, in words."""
        return '<actions>' if self.__entities else str(self.__callback)

    @property
    def matcher_description(self):
        """Which events match, in words."""
        text = f'event == {self.__event_class.__name__}'
        if self.__action_matcher is not None:
            text += f' and {self.__action_class.__name__}(event.action)'
        return text
