# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Resets launch configurations."""

from ..action import Action
from ..frontend.attributes import parse_dictionary
from ..frontend.expose import expose_action
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_action('reset')
class ResetLaunchConfigurations(Action):
    """Drop all launch configurations but those given, whose values are performed before."""

    def __init__(self, launch_configurations=None, **kwargs):
        """
        Create the action.

        :param launch_configurations: name to value of what is set afterwards
        """
        super().__init__(**kwargs)
        self.__launch_configurations = launch_configurations or {}

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<reset> [<keep name value>]``."""
        _, kwargs = super().parse(entity, parser)
        kept = parse_dictionary(entity, parser, 'keep')
        if kept is not None:
            kwargs['launch_configurations'] = kept
        return cls, kwargs

    def execute(self, context):
        """Reset them."""

        def perform(value):
            return perform_substitutions(context, normalize_to_list_of_substitutions(value))

        kept = {perform(name): perform(value)
                for name, value in self.__launch_configurations.items()}
        context.launch_configurations.clear()
        context.launch_configurations.update(kept)
