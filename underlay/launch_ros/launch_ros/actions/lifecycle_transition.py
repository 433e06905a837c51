# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Takes lifecycle nodes through transitions."""

from typing import ClassVar

from launch import logging
from launch.action import Action
from launch.actions import EmitEvent
from launch.actions import OpaqueFunction
from launch.actions import RegisterEventHandler
from launch.event_handler import EventHandler
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions

from ..events.lifecycle import ChangeState
from ..events.lifecycle import StateTransition
from ..events.matchers import matches_node_name

# Transition ids of lifecycle_msgs/msg/Transition: the states (from, to) that show its success.
_STATES = {
    1: ('configuring', 'inactive'),
    2: ('cleaningup', 'unconfigured'),
    3: ('activating', 'active'),
    4: ('deactivating', 'inactive'),
    5: ('shuttingdown', 'finalized'),
    6: ('shuttingdown', 'finalized'),
    7: ('shuttingdown', 'finalized'),
}


class LifecycleTransition(Action):
    """Request transitions of lifecycle nodes one after the other, each when the last is done."""

    transition_targets: ClassVar[dict] = {
        number: {'start_state': start, 'goal_state': goal}
        for number, (start, goal) in _STATES.items()
    }

    def __init__(self, *, lifecycle_node_names, transition_ids, **kwargs):
        """
        Create the action.

        :param lifecycle_node_names: full names of the nodes
        :param transition_ids: numbers from lifecycle_msgs/msg/Transition, or substitutions
        :raises ValueError: if one of the lists is empty
        """
        super().__init__(**kwargs)
        if len(transition_ids) == 0:
            raise ValueError('No transition_ids provided.')
        if len(lifecycle_node_names) == 0:
            raise ValueError('No lifecycle_node_names provided.')
        self.__names = [normalize_to_list_of_substitutions(name) for name in lifecycle_node_names]
        self.__ids = [
            normalize_to_list_of_substitutions(str(number) if isinstance(number, int) else number)
            for number in transition_ids]
        self.__logger = logging.get_logger(__name__)

    def execute(self, context):
        """Request the first transition of each node."""
        numbers = []
        for substitutions in self.__ids:
            text = perform_substitutions(context, substitutions)
            try:
                numbers.append(int(text))
            except ValueError:
                raise ValueError(
                    f'expected integer for lifecycle transition, got {text}') from None
        pairs = [self.__begin(perform_substitutions(context, name), numbers)
                 for name in self.__names]
        return [registration for registration, _ in pairs] + [request for _, request in pairs]

    def __begin(self, name, numbers):
        """Return what registers the handler for a node, and what requests its first transition."""
        is_target = matches_node_name(name)
        remaining = list(numbers)

        def request():
            return EmitEvent(event=ChangeState(
                lifecycle_node_matcher=is_target, transition_id=remaining[0]))

        def on_transition(context):
            event = context.locals.event
            if event.goal_state == 'errorprocessing':
                self.__logger.info(f"Stopping transitions for {name} because 'error occured "
                                   "during transitions'")
                context.unregister_event_handler(handler)
            elif (event.start_state, event.goal_state) == _STATES[remaining[0]]:
                remaining.pop(0)
                if remaining:
                    return [request()]
                context.unregister_event_handler(handler)
            return None

        handler = EventHandler(
            matcher=lambda event: isinstance(event, StateTransition) and is_target(event.action),
            entities=[OpaqueFunction(function=on_transition)])
        return RegisterEventHandler(handler), request()
