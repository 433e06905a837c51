# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The request to change the state of lifecycle nodes."""

from typing import ClassVar

from launch.event import Event

# Numbers of lifecycle_msgs/msg/Transition and lifecycle_msgs/msg/State.
_TRANSITIONS = (
    'CREATE', 'CONFIGURE', 'CLEANUP', 'ACTIVATE', 'DEACTIVATE', 'UNCONFIGURED_SHUTDOWN',
    'INACTIVE_SHUTDOWN', 'ACTIVE_SHUTDOWN', 'DESTROY')
_PRIMARY_STATES = ('UNKNOWN', 'UNCONFIGURED', 'INACTIVE', 'ACTIVE', 'FINALIZED')
_TRANSITION_STATES = (
    'CONFIGURING', 'CLEANINGUP', 'SHUTTINGDOWN', 'ACTIVATING', 'DEACTIVATING', 'ERRORPROCESSING')


class ChangeState(Event):
    """Lifecycle nodes are to make a transition."""

    name = 'launch_ros.events.lifecycle.ChangeState'

    valid_transitions: ClassVar[dict] = {
        number: f'TRANSITION_{name}' for number, name in enumerate(_TRANSITIONS)}
    valid_states: ClassVar[dict] = {
        **{number: f'PRIMARY_STATE_{name}' for number, name in enumerate(_PRIMARY_STATES)},
        **{number: f'TRANSITION_STATE_{name}'
           for number, name in enumerate(_TRANSITION_STATES, start=10)},
    }

    def __init__(self, *, lifecycle_node_matcher, transition_id):
        """
        Create the event.

        :param lifecycle_node_matcher: callable, takes a LifecycleNode action, returns whether it
            is meant
        :param transition_id: number from lifecycle_msgs/msg/Transition
        :raises ValueError: if there is no such transition
        """
        super().__init__()
        if transition_id not in self.valid_transitions:
            known = ', '.join(f'{name}: {number}'
                              for number, name in self.valid_transitions.items())
            raise ValueError(f"given transition_id of '{transition_id}', expected one of "
                             f'{{{known}}}')
        self.__lifecycle_node_matcher = lifecycle_node_matcher
        self.__transition_id = transition_id

    @property
    def lifecycle_node_matcher(self):
        """The matcher."""
        return self.__lifecycle_node_matcher

    @property
    def transition_id(self):
        """The transition."""
        return self.__transition_id
