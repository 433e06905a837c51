# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The description of a node that a container loads."""

from launch.action import Action
from launch.frontend import Entity
from launch.frontend.attributes import parse_optional
from launch.frontend.attributes import parse_pairs
from launch.utilities import normalize_to_list_of_substitutions

from ..utilities import normalize_parameters
from ..utilities import normalize_remap_rules


def _optional(value):
    return None if value is None else normalize_to_list_of_substitutions(value)


class ComposableNode:
    """A component: a node in a shared library, loaded into a container beside others."""

    def __init__(self, *, package, plugin, name=None, namespace=None, parameters=None,
                 remappings=None, extra_arguments=None, condition=None):
        """
        Describe a component.

        :param package: the package of the library
        :param plugin: the class of the node
        :param name, namespace, parameters, remappings: as of :class:`launch_ros.actions.Node`
        :param extra_arguments: parameters for the container, such as `use_intra_process_comms`
        :param condition: load it only if this holds
        """
        self.__package = normalize_to_list_of_substitutions(package)
        self.__node_plugin = normalize_to_list_of_substitutions(plugin)
        self.__node_name = _optional(name)
        self.__node_namespace = _optional(namespace)
        self.__parameters = None if parameters is None else normalize_parameters(parameters)
        self.__remappings = None
        if remappings:
            self.__remappings = list(normalize_remap_rules(remappings))
        self.__extra_arguments = None
        if extra_arguments:
            self.__extra_arguments = normalize_parameters(extra_arguments)
        self.__condition = condition

    @classmethod
    def parse(cls, parser, entity):
        """Return class and arguments for ``<composable_node pkg plugin name ...>``."""
        from ..actions.node import Node
        # Conditions are written as those of actions are.
        _, kwargs = Action.parse(entity, parser)
        for name, keyword in (('pkg', 'package'), ('plugin', 'plugin'), ('name', 'name')):
            kwargs[keyword] = parser.parse_substitution(entity.get_attr(name))
        parse_optional(entity, parser, kwargs, {'namespace': 'namespace'})
        parameters = entity.get_attr('param', data_type=list[Entity], optional=True)
        if parameters is not None:
            kwargs['parameters'] = Node.parse_nested_parameters(parameters, parser)
        remappings = parse_pairs(entity, parser, 'remap', ('from', 'to'))
        if remappings is not None:
            kwargs['remappings'] = remappings
        extra_arguments = parse_pairs(entity, parser, 'extra_arg')
        if extra_arguments is not None:
            kwargs['extra_arguments'] = [
                {tuple(name): value} for name, value in extra_arguments]
        entity.assert_entity_completely_parsed()
        return cls, kwargs

    @classmethod
    def from_entity(cls, parser, entity):
        """Return the description for a ``<composable_node>`` entity."""
        described, kwargs = cls.parse(parser, entity)
        return described(**kwargs)

    @property
    def package(self):
        """The package, as substitutions."""
        return self.__package

    @property
    def node_plugin(self):
        """The class of the node, as substitutions."""
        return self.__node_plugin

    @property
    def node_name(self):
        """The name, as substitutions, or None."""
        return self.__node_name

    @property
    def node_namespace(self):
        """The namespace, as substitutions, or None."""
        return self.__node_namespace

    @property
    def parameters(self):
        """The parameters, normalized, or None."""
        return self.__parameters

    @property
    def remappings(self):
        """The remappings, normalized, or None."""
        return self.__remappings

    @property
    def extra_arguments(self):
        """The parameters for the container, normalized, or None."""
        return self.__extra_arguments

    def condition(self):
        """Return the condition, or None."""
        return self.__condition
