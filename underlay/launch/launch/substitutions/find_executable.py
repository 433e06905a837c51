# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Executables on the search path."""

import shutil

from ._helpers import describe_all
from ._helpers import expect_arguments
from .substitution_failure import SubstitutionFailure
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_substitution('find-exec')
class FindExecutable(Substitution):
    """The path of an executable that is on the PATH."""

    def __init__(self, *, name):
        super().__init__()
        self.__name = normalize_to_list_of_substitutions(name)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(find-exec name)``."""
        expect_arguments('find-exec', data, 1)
        return cls, {'name': data[0]}

    @property
    def name(self):
        """The name of the executable."""
        return self.__name

    def describe(self):
        """Return a description."""
        return f'FindExec({describe_all(self.name)})'

    def perform(self, context):
        """Return the path."""
        name = perform_substitutions(context, self.name)
        path = shutil.which(name)
        if path is None:
            raise SubstitutionFailure(f"executable '{name}' not found on the PATH")
        return path
