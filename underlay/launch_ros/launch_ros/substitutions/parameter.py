# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Parameters set in the launch."""

from launch.frontend import expose_substitution
from launch.substitution import Substitution
from launch.substitutions import SubstitutionFailure
from launch.substitutions._helpers import normalize_default
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions


@expose_substitution('param')
class Parameter(Substitution):
    """The value of a parameter that SetParameter has set in this scope."""

    def __init__(self, name, *, default=None):
        """
        Create the substitution.

        :param name: name of the parameter
        :param default: the value where it is not set; None makes that an error
        """
        super().__init__()
        self.__name = normalize_to_list_of_substitutions(name)
        self.__default = normalize_default(default)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(param name [default])``."""
        if len(data) not in (1, 2):
            raise TypeError('param substitution expects 1 or 2 arguments')
        return cls, dict(zip(('name', 'default'), data, strict=False))

    @property
    def name(self):
        """The name of the parameter."""
        return self.__name

    def describe(self):
        """Return a description."""
        name = ' + '.join(part.describe() for part in self.name)
        return f'{type(self).__name__}(name={name})'

    def perform(self, context):
        """Return the value as text."""
        name = perform_substitutions(context, self.name)
        for entry in context.launch_configurations.get('global_params') or ():
            if isinstance(entry, tuple) and entry[0] == name:
                return str(entry[1])
        if self.__default is None:
            raise SubstitutionFailure(f"parameter '{name}' not found")
        return perform_substitutions(context, self.__default)
