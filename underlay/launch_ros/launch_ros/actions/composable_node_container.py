# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts a container of components."""

from .load_composable_nodes import LoadComposableNodes
from .node import Node


class ComposableNodeContainer(Node):
    """Run a container, and load components into it."""

    def __init__(self, *, name, namespace, composable_node_descriptions=None, **kwargs):
        """
        Create the action.

        :param name, namespace: of the container; loading needs its full name
        :param composable_node_descriptions: list of :class:`ComposableNode`
        :param kwargs: see :class:`Node`
        """
        super().__init__(name=name, namespace=namespace, **kwargs)
        self.__descriptions = composable_node_descriptions or []

    def execute(self, context):
        """Start the container; return the action that loads the components."""
        wanted = [
            description for description in self.__descriptions
            if description.condition() is None or description.condition().evaluate(context)
        ]
        entities = super().execute(context)
        if not wanted:
            return entities
        load = LoadComposableNodes(
            composable_node_descriptions=wanted, target_container=self)
        return [*(entities or []), load]
