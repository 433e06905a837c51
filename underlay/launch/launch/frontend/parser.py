# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads markup launch files: here, says which package does."""

import os
import re

from .expose import instantiate_action
from .parse_substitution import parse_if_substitutions
from .parse_substitution import parse_substitution
from ..invalid_launch_file_error import InvalidLaunchFileError

_PACKAGES = {
    '.xml': 'ros-jazzy-launch-xml',
    '.yaml': 'ros-jazzy-launch-yaml',
    '.yml': 'ros-jazzy-launch-yaml',
}


class InvalidFrontendLaunchFileError(InvalidLaunchFileError):
    """A markup launch file cannot be read."""


class Parser:
    """The interface between entities of a markup file and the actions they stand for."""

    @classmethod
    def load(cls, file):
        """
        Refuse the file, naming the package that reads it.

        :raises InvalidFrontendLaunchFileError: always
        """
        path = getattr(file, 'name', file)
        package = _PACKAGES.get(os.path.splitext(str(path))[1])
        if package is None:
            raise InvalidFrontendLaunchFileError()
        raise InvalidFrontendLaunchFileError('markup', likely_errors=[NotImplementedError(
            f"'{path}' is a launch file in markup, which takes the package `{package}` of a ROS "
            'distribution; without one, write it in Python (.launch.py)')])

    @classmethod
    def get_file_extensions_from_parsers(cls):
        """Return the extensions of markup files that can be read."""
        return set()

    @classmethod
    def is_extension_valid(cls, extension):
        """Return whether files of this extension can be read."""
        return extension in cls.get_file_extensions_from_parsers()

    @classmethod
    def is_filename_valid(cls, filename):
        """Return whether a file of this name can be read."""
        return any(filename.endswith(e) for e in cls.get_file_extensions_from_parsers())

    def parse_action(self, entity):
        """Return the action an entity stands for."""
        return instantiate_action(entity, self)

    def parse_substitution(self, value):
        """Return the substitutions in a text."""
        return parse_substitution(value)

    def parse_if_substitutions(self, value):
        """Return a value with the strings that hold substitutions parsed."""
        return parse_if_substitutions(value)

    def escape_characters(self, value):
        """Return a text with backslash escapes removed."""
        return re.sub(r'\\(.)', r'\1', value)

    def parse_description(self, entity):
        """Return the launch description of a file's root entity."""
        from ..launch_description import LaunchDescription
        return LaunchDescription([self.parse_action(child) for child in entity.children])
