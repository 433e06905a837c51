# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The description of a node that a container loads."""

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
        self.__plugin = normalize_to_list_of_substitutions(plugin)
        self.__name = _optional(name)
        self.__namespace = _optional(namespace)
        self.__parameters = None if parameters is None else normalize_parameters(parameters)
        self.__remappings = None
        if remappings:
            self.__remappings = list(normalize_remap_rules(remappings))
        self.__extra_arguments = None
        if extra_arguments:
            self.__extra_arguments = normalize_parameters(extra_arguments)
        self.__condition = condition

    @property
    def package(self):
        """The package, as substitutions."""
        return self.__package

    @property
    def node_plugin(self):
        """The class of the node, as substitutions."""
        return self.__plugin

    @property
    def node_name(self):
        """The name, as substitutions, or None."""
        return self.__name

    @property
    def node_namespace(self):
        """The namespace, as substitutions, or None."""
        return self.__namespace

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
