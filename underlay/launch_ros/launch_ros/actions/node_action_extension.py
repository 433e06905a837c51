# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What other packages do to every node before it is started."""

import functools
from importlib import metadata

from launch import logging

_GROUP = 'launch_ros.node_action'


class NodeActionExtension:
    """
    The base class of extensions of the action that starts a node.

    Packages name theirs by an entry point ``launch_ros.node_action``.
    """

    NAME = None
    EXTENSION_POINT_VERSION = '0.1'

    def prepare_for_execute(self, context, ros_specific_arguments, node_action):
        """
        Do something before a node is started; by default, nothing.

        :param context: the launch context
        :param ros_specific_arguments: name to argument, which ``context.locals`` will hold
        :param node_action: the :class:`launch_ros.actions.Node`
        :return: a list of arguments to add to the command line, as strings or substitutions, and
            the ROS specific arguments
        """
        return [], ros_specific_arguments


@functools.cache
def load_node_action_extensions():
    """Return the extensions that are installed; one that fails is named and left out."""
    extensions = {}
    for entry_point in sorted(metadata.entry_points(group=_GROUP)):
        try:
            extension = entry_point.load()()
        except Exception as error:
            logging.get_logger(__name__).error(
                f"Failed to load the extension '{entry_point.name}' of node actions: {error}")
            continue
        extension.NAME = entry_point.name
        extensions[entry_point.name] = extension
    return extensions
