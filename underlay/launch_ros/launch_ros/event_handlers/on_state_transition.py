# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Handler for state changes of lifecycle nodes."""

from launch.event_handler import EventHandler

from ..actions.lifecycle_node import LifecycleNode
from ..events.lifecycle import StateTransition


class OnStateTransition(EventHandler):
    """Does something when a lifecycle node has changed its state."""

    def __init__(self, *, entities, target_lifecycle_node=None, transition=None,
                 start_state=None, goal_state=None, matcher=None, **kwargs):
        """
        Create the handler; what is None is not compared.

        :param entities: what to visit
        :param target_lifecycle_node: the LifecycleNode
        :param transition, start_state, goal_state: labels
        :param matcher: replaces all of these
        """
        if not isinstance(target_lifecycle_node, (LifecycleNode, type(None))):
            raise RuntimeError(
                "OnStateTransition requires a 'LifecycleNode' action as the target")
        self.__target = target_lifecycle_node
        wanted = {
            'action': target_lifecycle_node,
            'transition': transition,
            'start_state': start_state,
            'goal_state': goal_state,
        }

        def matches(event):
            return isinstance(event, StateTransition) and all(
                value is None or getattr(event, name) == value for name, value in wanted.items())

        super().__init__(
            matcher=matches if matcher is None else matcher, entities=entities, **kwargs)

    @property
    def handler_description(self):
        """What is done, in words."""
        return '<actions>'

    @property
    def matcher_description(self):
        """Which events match, in words."""
        if self.__target is None:
            return 'event == StateTransition'
        return ('event == StateTransition and event.action == '
                f'LifecycleNode({hex(id(self.__target))})')
