# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Launch configurations."""

from ._helpers import describe_all
from ._helpers import expect_arguments
from ._helpers import normalize_default
from .substitution_failure import SubstitutionFailure
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_substitution('var')
class LaunchConfiguration(Substitution):
    """The value of a launch configuration, which a launch argument of that name sets."""

    def __init__(self, variable_name, *, default=None):
        """
        Create the substitution.

        :param variable_name: name of the launch configuration
        :param default: the value where it is not set; None makes that an error
        """
        super().__init__()
        self.__variable_name = normalize_to_list_of_substitutions(variable_name)
        self.__default = normalize_default(default)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(var name [default])``."""
        expect_arguments('var', data, 1, 2)
        return cls, dict(zip(('variable_name', 'default'), data, strict=False))

    @property
    def variable_name(self):
        """The name of the launch configuration."""
        return self.__variable_name

    def describe(self):
        """Return a description."""
        return f'LaunchConfig({describe_all(self.variable_name)})'

    def perform(self, context):
        """Return the value."""
        name = perform_substitutions(context, self.variable_name)
        if name in context.launch_configurations:
            return context.launch_configurations[name]
        if self.__default is None:
            raise SubstitutionFailure(f"launch configuration '{name}' does not exist")
        return perform_substitutions(context, self.__default)
