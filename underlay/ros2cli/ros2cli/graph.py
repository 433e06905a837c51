# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Names and types in the graph, the way the verbs need them."""

from collections import Counter
import time

from rclpy.expand_topic_name import expand_topic_name
from rclpy.node import HIDDEN_NODE_PREFIX
from rclpy.node import Node
from rclpy.topic_or_service_is_hidden import topic_or_service_is_hidden
from rclpy.validate_full_topic_name import validate_full_topic_name
from ros2cli.direct_node import appears
from ros2cli.errors import CommandError
from ros2cli.interface_lookup import get_interface


def topics_and_types(node: Node, *, include_hidden: bool) -> list[tuple[str, list[str]]]:
    """Return topics with their types, sorted by name."""
    return [
        (name, types) for name, types in node.get_topic_names_and_types()
        if include_hidden or not topic_or_service_is_hidden(name)]


def services_and_types(node: Node, *, include_hidden: bool) -> list[tuple[str, list[str]]]:
    """Return services with their types, sorted by name."""
    return [
        (name, types) for name, types in node.get_service_names_and_types()
        if include_hidden or not topic_or_service_is_hidden(name)]


def full_node_names(node: Node, *, include_hidden: bool) -> list[str]:
    """Return the full names of all nodes; a name appears as often as there are nodes."""
    return sorted(
        f"{namespace.rstrip('/')}/{name}"
        for name, namespace in node.get_node_names_and_namespaces()
        if include_hidden or (name and not name.startswith(HIDDEN_NODE_PREFIX)))


def absolute_node_name(name: str) -> str:
    """Return the name with its leading slash."""
    return name if name.startswith('/') else f'/{name}'


def split_node_name(full_name: str) -> tuple[str, str]:
    """Return name and namespace."""
    namespace, _, name = absolute_node_name(full_name).rpartition('/')
    return name, namespace or '/'


def duplicates(names: list[str]) -> list[str]:
    """Return the names that occur more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def expand_topic(node: Node, topic: str) -> str:
    """Return the full name of a topic; CommandError for an invalid one."""
    try:
        full_name = expand_topic_name(topic, node.get_name(), node.get_namespace())
        validate_full_topic_name(full_name)
    except Exception as error:
        # rclpy raises several unrelated classes here, all of which say what is wrong.
        raise CommandError(str(error)) from None
    return full_name


def find_message_class(node: Node, topic: str, *, blocking: bool = True):
    """
    Return the message class of a topic.

    Warns when the topic is not there (yet), and waits for it; returns None when not `blocking`.

    Raises:
        CommandError: the topic has several types, or its type is not installed.

    """
    full_name = expand_topic(node, topic)

    def types() -> list[str]:
        return dict(node.get_topic_names_and_types()).get(full_name, [])

    if not appears(node, lambda: bool(types())):
        print(f'WARNING: topic [{topic}] does not appear to be published yet')
        while blocking and not types():
            time.sleep(0.1)
    found = types()
    if not found:
        return None
    if len(found) > 1:
        raise CommandError(
            f"Cannot echo topic '{topic}', as it contains more than one type: "
            f"[{', '.join(found)}]")
    try:
        return get_interface(found[0])
    except (AttributeError, ImportError, ValueError):
        raise CommandError(f"The message type '{found[0]}' is invalid") from None
