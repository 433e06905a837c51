# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Calling a service of another node and waiting for its answer."""

import rclpy
from rclpy.node import Node
from ros2cli.direct_node import wait_for
from ros2cli.errors import CommandError
from ros2cli.graph import absolute_node_name
from ros2cli.graph import full_node_names

SERVICE_TIMEOUT_S = 5.0
# A node that is busy for longer is as good as dead to a person at a terminal.
RESPONSE_TIMEOUT_S = 10.0


def find_node(
    node: Node, name: str, *, include_hidden: bool = False, timeout_s: float = 3.0,
) -> str:
    """Return the full name of a node of the graph; CommandError when it does not appear."""
    full_name = absolute_node_name(name)
    if not wait_for(
        lambda: full_name in full_node_names(node, include_hidden=include_hidden), timeout_s,
    ):
        raise CommandError('Node not found')
    return full_name


def call_service(node: Node, service_class: type, service: str, request):
    """
    Return the response of a service.

    Raises:
        CommandError: it is not there within 5 s, or does not answer within 10 s.

    """
    client = node.create_client(service_class, service)
    try:
        if not client.wait_for_service(timeout_sec=SERVICE_TIMEOUT_S):
            raise CommandError(f"Wait for service timed out waiting for '{service}'")
        future = client.call_async(request)
        rclpy.spin_until_future_complete(node, future, timeout_sec=RESPONSE_TIMEOUT_S)
        if not future.done():
            raise CommandError(
                f"'{service}' is there but did not answer within {RESPONSE_TIMEOUT_S:.0f} s; its "
                'node is busy or its executor has stopped')
        return future.result()
    finally:
        node.destroy_client(client)
