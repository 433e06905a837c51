# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Paths."""

import os

from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions
from ._helpers import describe_all


class PathJoinSubstitution(Substitution):
    """Path components joined by the separator of the system."""

    def __init__(self, substitutions):
        """
        Create the substitution.

        :param substitutions: the components; each a string, a substitution, or an iterable of
            both that forms one component
        """
        super().__init__()
        self.__components = [
            normalize_to_list_of_substitutions(component) for component in substitutions]

    @property
    def substitutions(self):
        """The components: a substitution each, or a list of those that form one."""
        return [parts[0] if len(parts) == 1 else parts for parts in self.__components]

    def describe(self):
        """Return a description."""
        return f"PathJoin('{' + '.join(describe_all(parts) for parts in self.__components)}')"

    def perform(self, context):
        """Return the path."""
        return os.path.join(
            *(perform_substitutions(context, parts) for parts in self.__components))

    def __truediv__(self, component):
        """Return this path with one more component."""
        return PathJoinSubstitution([*self.__components, component])


class PathSubstitution(PathJoinSubstitution):
    """A path that is continued by the slash operator: ``PathSubstitution(a) / 'b'``."""

    def __init__(self, path):
        super().__init__([path])
