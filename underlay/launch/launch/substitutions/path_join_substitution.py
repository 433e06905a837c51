# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Paths."""

import os

from ._helpers import describe_all
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions


class PathJoinSubstitution(Substitution):
    """Path components, joined by the system's separator; the operator / appends one more."""

    def __init__(self, substitutions):
        """
        Create the substitution.

        :param substitutions: the components: texts, substitutions, or iterables of them, whose
            values are put together to one component
        """
        super().__init__()
        self.__substitutions = [normalize_to_list_of_substitutions(part) for part in substitutions]

    @property
    def substitutions(self):
        """The components, each as a list of substitutions."""
        return self.__substitutions

    def __truediv__(self, additional_path):
        """Return the path with one more component."""
        return PathJoinSubstitution([*self.substitutions, additional_path])

    def describe(self):
        """Return a description."""
        parts = ' + '.join(
            describe_all(part) if len(part) == 1 else f'[{describe_all(part)}]'
            for part in self.substitutions)
        return f"PathJoin('{parts}')"

    def perform(self, context):
        """Return the path."""
        return os.path.join(*(
            ''.join(sub.perform(context) for sub in part) for part in self.substitutions))


class PathSubstitution(PathJoinSubstitution):
    """A path of one component, to append others to by the operator /."""

    def __init__(self, path):
        super().__init__([path])
