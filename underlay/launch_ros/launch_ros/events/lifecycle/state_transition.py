# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A change of the state of a lifecycle node."""

from launch.event import Event


class StateTransition(Event):
    """A lifecycle node has changed its state."""

    name = 'launch_ros.events.lifecycle.StateTransition'

    def __init__(self, *, action, msg):
        """
        Create the event.

        :param action: the LifecycleNode
        :param msg: the lifecycle_msgs/msg/TransitionEvent
        """
        super().__init__()
        self.__action = action
        self.__msg = msg

    @property
    def action(self):
        """The action."""
        return self.__action

    @property
    def msg(self):
        """The message."""
        return self.__msg

    @property
    def timestamp(self):
        """When it happened, in nanoseconds."""
        return self.__msg.timestamp

    @property
    def transition(self):
        """The label of the transition."""
        return self.__msg.transition.label

    @property
    def start_state(self):
        """The label of the state before."""
        return self.__msg.start_state.label

    @property
    def goal_state(self):
        """The label of the state after."""
        return self.__msg.goal_state.label
