# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Includes a launch description."""

import os

from .set_launch_configuration import SetLaunchConfiguration
from .. import logging
from ..action import Action
from ..frontend.attributes import parse_pairs
from ..frontend.expose import expose_action
from ..launch_context import LaunchContext
from ..launch_description_source import LaunchDescriptionSource
from ..launch_description_sources import AnyLaunchDescriptionSource
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_action('include')
class IncludeLaunchDescription(Action):
    """Visit a launch description from elsewhere, with arguments."""

    def __init__(self, launch_description_source, *, launch_arguments=None, **kwargs):
        """
        Create the action.

        :param launch_description_source: a source, or the path of a launch file
        :param launch_arguments: (name, value) pairs; they are set even if not declared there
        """
        super().__init__(**kwargs)
        if not isinstance(launch_description_source, LaunchDescriptionSource):
            launch_description_source = AnyLaunchDescriptionSource(launch_description_source)
        self.__source = launch_description_source
        self.__launch_arguments = () if launch_arguments is None else tuple(launch_arguments)
        self.__logger = logging.get_logger(__name__)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<include file> [<let name value>]``, or arg for let."""
        _, kwargs = super().parse(entity, parser)
        kwargs['launch_description_source'] = parser.parse_substitution(entity.get_attr('file'))
        # Both say the same; `let` shows that nothing is declared.
        arguments = [*(parse_pairs(entity, parser, 'arg') or ()),
                     *(parse_pairs(entity, parser, 'let') or ())]
        if arguments:
            kwargs['launch_arguments'] = arguments
        return cls, kwargs

    @property
    def launch_description_source(self):
        """The source."""
        return self.__source

    @property
    def launch_arguments(self):
        """The (name, value) pairs."""
        return self.__launch_arguments

    def get_sub_entities(self):
        """Return the description, if it can be loaded now."""
        description = self.__source.try_get_launch_description_without_context()
        return [] if description is None else [description]

    def __argument_names(self, context):
        return [perform_substitutions(context, normalize_to_list_of_substitutions(name))
                for name, _ in self.launch_arguments]

    def _try_get_arguments_names_without_context(self):
        try:
            return self.__argument_names(LaunchContext())
        except Exception as error:
            self.__logger.debug('Failed to get launch arguments names for launch description '
                                f"'{self.__source.location}', with exception: {error}")
            return None

    def execute(self, context):
        """
        Return the description, after the arguments are set.

        :raises RuntimeError: if it is sure that a required argument is missing
        """
        description = self.__source.get_launch_description(context)
        path = os.path.abspath(self.__source.location)
        context.extend_locals({
            'current_launch_file_path': path,
            'current_launch_file_directory':
                os.path.dirname(path) if os.path.exists(path) else self.__source.location,
        })
        self.__check_arguments(description, self.__argument_names(context))
        settings = [SetLaunchConfiguration(*pair) for pair in self.launch_arguments]
        return [*settings, description]

    @staticmethod
    def __check_arguments(description, given):
        found = description.get_launch_arguments_with_include_launch_description_actions()
        for argument, includes in found:
            if argument._conditionally_included or argument.default_value is not None:
                continue
            names = list(given)
            for include in includes or ():
                names += include._try_get_arguments_names_without_context() or []
            if argument.name not in names:
                raise RuntimeError(
                    'Included launch description missing required argument '
                    f"'{argument.name}' (description: '{argument.description}'), "
                    f"given: [{', '.join(names)}]")
