# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts a container of components."""

from launch.frontend import Entity
from launch.frontend import expose_action

from .load_composable_nodes import LoadComposableNodes
from .node import Node
from ..descriptions import ComposableNode


@expose_action('node_container')
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
        self.__composable_node_descriptions = composable_node_descriptions or []

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<node_container ...> [<composable_node>]``."""
        _, kwargs = super().parse(entity, parser)
        nodes = entity.get_attr('composable_node', data_type=list[Entity], optional=True)
        if nodes is not None:
            kwargs['composable_node_descriptions'] = [
                ComposableNode.from_entity(parser, node) for node in nodes]
        return cls, kwargs

    def execute(self, context):
        """Start the container; return the action that loads the components."""
        wanted = [
            description for description in self.__composable_node_descriptions
            if description.condition() is None or description.condition().evaluate(context)
        ]
        entities = super().execute(context)
        if not wanted:
            return entities
        load = LoadComposableNodes(
            composable_node_descriptions=wanted, target_container=self)
        return [*(entities or []), load]
