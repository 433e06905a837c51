# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Groups actions."""

from .pop_environment import PopEnvironment
from .pop_launch_configurations import PopLaunchConfigurations
from .push_environment import PushEnvironment
from .push_launch_configurations import PushLaunchConfigurations
from .reset_environment import ResetEnvironment
from .reset_launch_configurations import ResetLaunchConfigurations
from .set_launch_configuration import SetLaunchConfiguration
from ..action import Action
from ..frontend.attributes import parse_dictionary
from ..frontend.expose import expose_action


@expose_action('group')
class GroupAction(Action):
    """Visit actions, by default in a scope of their own."""

    def __init__(self, actions, *, scoped=True, forwarding=True, launch_configurations=None,
                 **left_over_kwargs):
        """
        Create the action.

        :param actions: what to visit
        :param scoped: undo changes of launch configurations and environment at the end
        :param forwarding: keep, inside, what was set outside; else start from nothing
        :param launch_configurations: what to set inside
        """
        super().__init__(**left_over_kwargs)
        self.__actions = actions
        self.__scoped = scoped
        self.__forwarding = forwarding
        self.__launch_configurations = launch_configurations or {}
        self.__entities = None

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<group [scoped forwarding]> [<keep>] ...``."""
        _, kwargs = super().parse(entity, parser)
        for name in ('scoped', 'forwarding'):
            value = entity.get_attr(name, data_type=bool, optional=True, can_be_str=False)
            if value is not None:
                kwargs[name] = value
        kept = parse_dictionary(entity, parser, 'keep')
        if kept is not None:
            kwargs['launch_configurations'] = kept
        kwargs['actions'] = [
            parser.parse_action(child) for child in entity.children if child.type_name != 'keep']
        return cls, kwargs

    def get_sub_entities(self):
        """Return the actions, with those that make the scope around them."""
        if self.__entities is None:
            self.__entities = [*self.__begin(), *self.__actions, *self.__end()]
        return self.__entities

    def __begin(self):
        settings = [
            SetLaunchConfiguration(name, value)
            for name, value in self.__launch_configurations.items()
        ]
        if not self.__scoped:
            return settings
        scope = [PushLaunchConfigurations(), PushEnvironment()]
        if self.__forwarding:
            return scope + settings
        reset = ResetLaunchConfigurations(self.__launch_configurations)
        return [*scope, ResetEnvironment(), reset]

    def __end(self):
        return [PopEnvironment(), PopLaunchConfigurations()] if self.__scoped else []

    def execute(self, context):
        """Return the entities to visit."""
        return self.get_sub_entities()
