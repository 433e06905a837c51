# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where a launch description comes from."""

import traceback

from . import logging
from .launch_context import LaunchContext
from .utilities import normalize_to_list_of_substitutions
from .utilities import perform_substitutions


class LaunchDescriptionSource:
    """A launch description, or a location from which a subclass loads one on demand."""

    def __init__(self, launch_description=None, location='', method='unspecified mechanism from '
                 'a script'):
        """
        Create the source.

        :param launch_description: the description, None if it is to be loaded from `location`
        :param location: path, may hold substitutions
        :param method: how it is made, in words
        """
        self.__launch_description = launch_description
        self.__location = normalize_to_list_of_substitutions(location)
        self.__expanded_location = None
        self.__method = method
        self.__logger = logging.get_logger(__name__)

    @property
    def location(self):
        """The path, or the description of its substitutions as long as they are open."""
        if self.__expanded_location is not None:
            return self.__expanded_location
        return ' + '.join(str(part) for part in self.__location)

    @property
    def method(self):
        """How the description is made, in words."""
        return self.__method

    def try_get_launch_description_without_context(self):
        """Return the description if an empty context suffices to load it, else None."""
        if self.__launch_description is not None:
            return self.__launch_description
        try:
            return self._get_launch_description(
                perform_substitutions(LaunchContext(), self.__location))
        except Exception as error:
            self.__logger.debug(traceback.format_exc())
            self.__logger.debug(f'Failed to load the launch file without a context: {error}')
        return None

    def get_launch_description(self, context):
        """Return the description, loaded once."""
        if self.__expanded_location is None:
            self.__expanded_location = perform_substitutions(context, self.__location)
        if self.__launch_description is None:
            self.__launch_description = self._get_launch_description(self.__expanded_location)
        return self.__launch_description

    def _get_launch_description(self, location):
        raise RuntimeError(
            f"{type(self).__name__} has no launch description and cannot load '{location}'")
