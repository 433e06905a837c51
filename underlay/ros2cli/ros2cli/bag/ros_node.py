# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A node for the `ros2 bag` verbs."""

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager

import rclpy
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.signals import SignalHandlerOptions


@contextmanager
def bag_node(
    name: str, *, log_level: str, remaps: Sequence[str] = (), use_sim_time: bool = False,
) -> Iterator[Node]:
    """
    Yield a node without services of its own, since nobody would answer them in time.

    Signals are left to the caller: rclpy's own handlers would shut the context down while there
    is still something to write or to publish.
    """
    rclpy.init(
        args=['--ros-args', '--log-level', log_level],
        signal_handler_options=SignalHandlerOptions.NO)
    try:
        remap_arguments = [word for rule in remaps for word in ('--remap', rule)]
        node = rclpy.create_node(
            name,
            cli_args=['--ros-args', *remap_arguments] if remaps else None,
            start_parameter_services=False,
            parameter_overrides=[
                Parameter('use_sim_time', value=use_sim_time),
                Parameter('start_type_description_service', value=False)])
        try:
            yield node
        finally:
            node.destroy_node()
    finally:
        rclpy.try_shutdown()
