# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Environment variables."""

from ._helpers import describe_all
from ._helpers import expect_arguments
from .substitution_failure import SubstitutionFailure
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_substitution('env')
class EnvironmentVariable(Substitution):
    """The value of an environment variable."""

    def __init__(self, name, *, default_value=None):
        """
        Create the substitution.

        :param name: name of the variable
        :param default_value: the value where the variable is not set; None makes that an error
        """
        super().__init__()
        self.__name = normalize_to_list_of_substitutions(name)
        self.__default_value = None
        if default_value is not None:
            self.__default_value = normalize_to_list_of_substitutions(default_value)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(env name [default])``."""
        expect_arguments('env', data, 1, 2)
        return cls, dict(zip(('name', 'default_value'), data, strict=False))

    @property
    def name(self):
        """The name of the variable."""
        return self.__name

    @property
    def default_value(self):
        """The default, or None."""
        return self.__default_value

    def describe(self):
        """Return a description."""
        return f'EnvVar({describe_all(self.name)})'

    def perform(self, context):
        """Return the value."""
        name = perform_substitutions(context, self.name)
        if name in context.environment:
            return context.environment[name]
        if self.default_value is None:
            raise SubstitutionFailure(f"environment variable '{name}' does not exist")
        return perform_substitutions(context, self.default_value)
