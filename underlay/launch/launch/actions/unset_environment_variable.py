# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Unsets an environment variable."""

from ..action import Action
from ..frontend.expose import expose_action
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_action('unset_env')
class UnsetEnvironmentVariable(Action):
    """Remove an environment variable, if it is there."""

    def __init__(self, name, **kwargs):
        super().__init__(**kwargs)
        self.__name = normalize_to_list_of_substitutions(name)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<unset_env name>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['name'] = parser.parse_substitution(entity.get_attr('name'))
        return cls, kwargs

    @property
    def name(self):
        """The name of the variable."""
        return self.__name

    def execute(self, context):
        """Unset it."""
        context.environment.pop(perform_substitutions(context, self.name), None)
        return None
