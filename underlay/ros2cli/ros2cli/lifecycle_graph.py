# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the lifecycle verbs ask of managed nodes."""

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from lifecycle_msgs.srv import GetAvailableTransitions
from lifecycle_msgs.srv import GetState
from rclpy.node import Node
from ros2cli.direct_node import appears
from ros2cli.errors import CommandError
from ros2cli.graph import absolute_node_name
from ros2cli.graph import full_node_names
from ros2cli.service_calls import call_service

GET_STATE_TYPE = 'lifecycle_msgs/srv/GetState'


def lifecycle_nodes(node: Node, *, include_hidden: bool) -> list[str]:
    """Return the full names of the nodes that have a life cycle, sorted."""
    services = {
        name for name, types in node.get_service_names_and_types() if GET_STATE_TYPE in types}
    return [
        name for name in full_node_names(node, include_hidden=include_hidden)
        if f'{name}/get_state' in services]


def find_lifecycle_node(node: Node, name: str, *, include_hidden: bool) -> str:
    """Return the full name of a node with a life cycle; CommandError when there is none."""
    full_name = absolute_node_name(name)
    if not appears(
        node, lambda: full_name in lifecycle_nodes(node, include_hidden=include_hidden),
    ):
        raise CommandError('Node not found')
    return full_name


def state_of(node: Node, target: str) -> str:
    """Return label and number of a node's state, such as `inactive [2]`."""
    state = call_service(node, GetState, f'{target}/get_state', GetState.Request()).current_state
    return f'{state.label} [{state.id}]'


def transitions_of(node: Node, target: str, *, every: bool = False) -> list:
    """Return the transitions that are possible now or, with `every`, all of the machine's."""
    service = 'get_transition_graph' if every else 'get_available_transitions'
    return call_service(
        node, GetAvailableTransitions, f'{target}/{service}',
        GetAvailableTransitions.Request()).available_transitions


def change_state(node: Node, target: str, transition: Transition) -> bool:
    """Return whether the node made the transition."""
    return call_service(
        node, ChangeState, f'{target}/change_state',
        ChangeState.Request(transition=transition)).success
