# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A list of entities to launch."""

from . import logging
from .launch_description_entity import LaunchDescriptionEntity


class LaunchDescription(LaunchDescriptionEntity):
    """What ``generate_launch_description()`` returns."""

    def __init__(self, initial_entities=None, *, deprecated_reason=None):
        self.__entities = [] if initial_entities is None else list(initial_entities)
        self.__deprecated_reason = deprecated_reason

    @property
    def entities(self):
        """The entities, in order."""
        return self.__entities

    @property
    def deprecated(self):
        """Whether the description is deprecated."""
        return self.__deprecated_reason is not None

    @property
    def deprecated_reason(self):
        """Why it is deprecated, or None."""
        return self.__deprecated_reason

    def add_entity(self, entity):
        """Append an entity."""
        self.__entities.append(entity)

    def add_action(self, action):
        """Append an action."""
        self.add_entity(action)

    def visit(self, context):
        """Return the entities; warn if the description is deprecated."""
        if self.deprecated:
            path = context.get_locals_as_dict().get('current_launch_file_path')
            what = ('deprecated launch description' if path is None
                    else f'launch file [{path}] is deprecated')
            logging.get_logger().warning(f'{what}: {self.__deprecated_reason}')
        return self.__entities

    def describe_sub_entities(self):
        """Return the entities."""
        return self.__entities

    def get_launch_arguments(self, conditional_inclusion=False):
        """Return the declared launch arguments, also those of included descriptions."""
        found = self.get_launch_arguments_with_include_launch_description_actions(
            conditional_inclusion)
        return [argument for argument, _ in found]

    def get_launch_arguments_with_include_launch_description_actions(
        self, conditional_inclusion=False
    ):
        """
        Return each declared argument with the include actions on the way to it.

        The first declaration of a name wins. Nothing after a reset of the launch configurations
        is listed, since no value from outside gets past it.
        """
        from .actions import DeclareLaunchArgument
        from .actions import IncludeLaunchDescription
        from .actions import ResetLaunchConfigurations
        found = {}

        def search(entities, conditional, includes):
            for entity in entities:
                if isinstance(entity, DeclareLaunchArgument):
                    if entity.name in found:
                        continue
                    entity._conditionally_included = conditional or entity.condition is not None
                    found[entity.name] = (entity, includes)
                if isinstance(entity, ResetLaunchConfigurations):
                    return
                if isinstance(entity, IncludeLaunchDescription):
                    includes = [*(includes or []), entity]
                search(entity.describe_sub_entities(), False, includes)
                for _, sub_entities in entity.describe_conditional_sub_entities():
                    search(sub_entities, True, includes)

        search(self.__entities, conditional_inclusion, None)
        return list(found.values())
