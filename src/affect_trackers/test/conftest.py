# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A graph of this process alone, spun until something happens."""

import os
from pathlib import Path
import sys
import time

import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
os.environ['ROS_DOMAIN_ID'] = str(os.getpid() % 90 + 1)


class Graph:
    """Makes nodes with parameters and collects what they publish."""

    def __init__(self):
        import rclpy
        from rclpy.executors import SingleThreadedExecutor
        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.nodes = []
        self.ear = rclpy.create_node('ear', context=self.context)
        self.executor.add_node(self.ear)

    def make(self, node_class, **parameters):
        """Return a node that was not configured yet."""
        arguments = ['--ros-args']
        for name, value in parameters.items():
            text = str(value).lower() if isinstance(value, bool) else value
            arguments += ['-p', f'{name}:={text}']
        node = node_class(
            context=self.context, cli_args=arguments, use_global_arguments=False)
        self.nodes.append(node)
        self.executor.add_node(node)
        return node

    def start(self, node_class, **parameters):
        """Return an active node."""
        from rclpy.lifecycle import TransitionCallbackReturn
        node = self.make(node_class, **parameters)
        assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS
        assert node.trigger_activate() == TransitionCallbackReturn.SUCCESS
        return node

    def listen(self, message_type, topic, qos):
        """Return a list that messages of a topic are appended to."""
        heard = []
        self.ear.create_subscription(message_type, topic, heard.append, qos)
        return heard

    def until(self, condition, timeout_s=20.0):
        """Spin until a condition holds; a timeout is a failure."""
        end = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < end, 'it did not happen in time'
            self.executor.spin_once(timeout_sec=0.1)

    def close(self):
        """End the graph."""
        import rclpy
        for node in [*self.nodes, self.ear]:
            self.executor.remove_node(node)
            node.destroy_node()
        self.executor.shutdown()
        rclpy.shutdown(context=self.context)


@pytest.fixture
def graph():
    """Give a graph of this process alone."""
    made = Graph()
    yield made
    made.close()
