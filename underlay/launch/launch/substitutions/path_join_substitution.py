# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Paths."""

import os

from ._helpers import describe_all
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions


class PathJoinSubstitution(Substitution):
    """Path components, a string or a substitution each, joined by the system's separator."""

    def __init__(self, substitutions):
        super().__init__()
        self.__substitutions = normalize_to_list_of_substitutions(substitutions)

    @property
    def substitutions(self):
        """The components."""
        return self.__substitutions

    def describe(self):
        """Return a description."""
        return f"PathJoin('{describe_all(self.substitutions)}')"

    def perform(self, context):
        """Return the path."""
        return os.path.join(*(part.perform(context) for part in self.substitutions))
