# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts a ROS node with a life cycle."""

import threading

from launch import logging
from launch.actions import OpaqueFunction
from launch.event_handler import EventHandler

from .node import Node
from ..events.lifecycle import ChangeState
from ..events.lifecycle import StateTransition

# How often a thread that waits for a service looks whether the launch shuts down.
_POLL_S = 1.0


class LifecycleNode(Node):
    """
    Run the executable of a ROS node with a life cycle.

    It emits StateTransition when the node changes its state, and obeys ChangeState.
    """

    def __init__(self, *, name, namespace, **kwargs):
        """
        Create the action.

        :param name: name of the node
        :param namespace: namespace of the node
        :param kwargs: see :class:`Node`
        """
        super().__init__(name=name, namespace=namespace, **kwargs)
        self.__logger = logging.get_logger(__name__)
        self.__client = None
        self.__subscription = None

    def execute(self, context):
        """Start the node, and listen to its transitions."""
        from lifecycle_msgs.msg import TransitionEvent
        from lifecycle_msgs.srv import ChangeState as ChangeStateService

        from ..ros_adapters import get_ros_node
        self._perform_substitutions(context)
        if self.UNSPECIFIED_NODE_NAME in self.node_name:
            raise RuntimeError('node_name unexpectedly incomplete for lifecycle node')
        node = get_ros_node(context)
        self.__subscription = node.create_subscription(
            TransitionEvent, f'{self.node_name}/transition_event',
            lambda message: self.__on_transition(context, message), 10)
        self.__client = node.create_client(
            ChangeStateService, f'{self.node_name}/change_state')
        context.register_event_handler(EventHandler(
            matcher=lambda event: isinstance(event, ChangeState),
            entities=[OpaqueFunction(function=self.__on_change_state)]))
        return super().execute(context)

    def __on_transition(self, context, message):
        # Called in the thread of the ROS executor.
        loop = context.asyncio_loop
        if loop is not None:
            event = StateTransition(action=self, msg=message)
            loop.call_soon_threadsafe(context.emit_event_sync, event)

    def __on_change_state(self, context):
        event = context.locals.event
        if not event.lifecycle_node_matcher(self):
            return None
        context.add_completion_future(context.asyncio_loop.run_in_executor(
            None, self.__try_change_state, event.transition_id, context))
        return None

    def __try_change_state(self, transition_id, context):
        try:
            self.__call_change_state(transition_id, context)
        except Exception:
            # The shutdown takes the ROS node away from under the call.
            if not context.is_shutdown:
                raise

    def __call_change_state(self, transition_id, context):
        from lifecycle_msgs.srv import ChangeState as ChangeStateService
        name = self.__client.srv_name
        while not self.__client.wait_for_service(timeout_sec=_POLL_S):
            if context.is_shutdown:
                self.__logger.warning(
                    f"Abandoning wait for the '{name}' service, due to shutdown.")
                return
        request = ChangeStateService.Request()
        request.transition.id = transition_id
        done = threading.Event()
        future = self.__client.call_async(request)
        future.add_done_callback(lambda _: done.set())
        while not done.wait(_POLL_S):
            if context.is_shutdown:
                self.__logger.warning(
                    f"Abandoning wait for the '{name}' service response, due to shutdown.")
                future.cancel()
                return
        if future.exception() is not None:
            raise future.exception()
        if not future.result().success:
            transition = ChangeState.valid_transitions[transition_id]
            self.__logger.error(f"Failed to make transition '{transition}' for LifecycleNode "
                                f"'{self.node_name}'")
