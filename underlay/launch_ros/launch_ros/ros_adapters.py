# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A ROS node within a launch, for actions that talk to nodes."""

import atexit
import os
import threading

from launch.event_handlers import OnShutdown
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.executors import SingleThreadedExecutor


class ROSAdapter:
    """A node of its own context, spun by a thread."""

    def __init__(self, *, argv=None, autostart=True):
        """
        Create the adapter.

        :param argv: ROS arguments
        :param autostart: start it now
        """
        self.__argv = [] if argv is None else argv
        self.__context = None
        self.__node = None
        self.__executor = None
        self.__thread = None
        self.__is_running = False
        if autostart:
            self.start()

    @property
    def argv(self):
        """The ROS arguments."""
        return self.__argv

    @property
    def ros_context(self):
        """The context."""
        return self.__context

    @property
    def ros_node(self):
        """The node."""
        return self.__node

    @property
    def ros_executor(self):
        """The executor."""
        return self.__executor

    def start(self):
        """
        Make the node and spin it.

        :raises RuntimeError: if it is running
        """
        if self.__is_running:
            raise RuntimeError('Cannot start a ROS adapter that is already running')
        self.__context = rclpy.Context()
        rclpy.init(args=self.__argv, context=self.__context)
        self.__node = rclpy.create_node(f'launch_ros_{os.getpid()}', context=self.__context)
        self.__executor = SingleThreadedExecutor(context=self.__context)
        self.__executor.add_node(self.__node)
        self.__is_running = True
        # A thread of rclpy that outlives the interpreter aborts the process.
        atexit.register(self.shutdown)
        self.__thread = threading.Thread(target=self.__spin, daemon=True)
        self.__thread.start()

    def __spin(self):
        # What is created later only wakes the executor up at its next round.
        while self.__is_running:
            try:
                self.__executor.spin_once(timeout_sec=0.5)
            except ExternalShutdownException:
                return

    def shutdown(self):
        """
        Stop spinning and destroy the node.

        :raises RuntimeError: if it is not running
        """
        if not self.__is_running:
            raise RuntimeError('Cannot shutdown a ROS adapter that is not running')
        self.__is_running = False
        atexit.unregister(self.shutdown)
        self.__executor.wake()
        self.__thread.join()
        self.__executor.remove_node(self.__node)
        self.__node.destroy_node()
        rclpy.shutdown(context=self.__context)


def get_ros_adapter(context):
    """Return the adapter of a launch context, making it if needed."""
    adapter = context.get_locals_as_dict().get('ros_adapter')
    if adapter is None:
        adapter = ROSAdapter()
        context.extend_globals({'ros_adapter': adapter})
        context.register_event_handler(OnShutdown(
            on_shutdown=lambda event, context: adapter.shutdown(), handle_once=True))
    return adapter


def get_ros_node(context):
    """Return the node of a launch context, making it if needed."""
    return get_ros_adapter(context).ros_node
