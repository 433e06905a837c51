# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Finds the parser of a markup launch file, and what its elements stand for."""

from importlib import metadata as importlib_metadata
import os
import re
import traceback
import warnings

from .expose import instantiate_action
from .parse_substitution import parse_if_substitutions
from .parse_substitution import parse_substitution
from ..invalid_launch_file_error import InvalidLaunchFileError

# Packages that read the usual markup, for those who lack them.
MARKUP_PACKAGES = {'xml': 'launch_xml', 'yaml': 'launch_yaml', 'yml': 'launch_yaml'}

_PARSERS = 'launch.frontend.parser'
_EXTENSIONS = 'launch.frontend.launch_extension'


def _load_entry_points(group, what):
    """Yield (name, object) of the entry points; one that fails must not spoil the others."""
    found = importlib_metadata.entry_points()
    # Before Python 3.12 backports may have put their plain dictionary in its place.
    found = found.select(group=group) if hasattr(found, 'select') else found.get(group, ())
    for entry_point in found:
        try:
            yield entry_point.name, entry_point.load()
        except Exception:
            warnings.warn(
                f'Failed to load the {what} extension: {entry_point.name}\n'
                f'{traceback.format_exc()}', stacklevel=2)


class InvalidFrontendLaunchFileError(InvalidLaunchFileError):
    """A markup launch file cannot be read."""


class Parser:
    """
    Turns the elements of a markup file into actions.

    Subclasses read one language: they override :meth:`load` and :meth:`get_file_extensions`, and
    are found by the entry points ``launch.frontend.parser`` of installed packages. Actions and
    substitutions of other packages are found by the entry points
    ``launch.frontend.launch_extension``, whose import exposes them.
    """

    extensions_loaded = False
    frontend_parsers = None

    @classmethod
    def load_launch_extensions(cls):
        """Import the packages that expose actions and substitutions, once."""
        # On this class, whatever subclass asks.
        if not Parser.extensions_loaded:
            for _ in _load_entry_points(_EXTENSIONS, 'launch'):
                pass
            Parser.extensions_loaded = True

    @classmethod
    def load_parser_implementations(cls):
        """Find the parsers, once."""
        if Parser.frontend_parsers is None:
            Parser.frontend_parsers = dict(sorted(_load_entry_points(_PARSERS, 'parser')))

    @classmethod
    def _parsers(cls):
        cls.load_parser_implementations()
        return Parser.frontend_parsers

    @classmethod
    def load(cls, file):
        """
        Return the root entity of a markup file, and its parser.

        The parsers that the file's name suggests are tried first, then the others.

        :param file: a path, or a text file that is open
        :raises InvalidFrontendLaunchFileError: if no parser can read it; it says why
        """
        if isinstance(file, (str, bytes, os.PathLike)):
            with open(file) as opened:
                return cls.load(opened)
        name = getattr(file, 'name', '')
        name = os.fsdecode(name) if isinstance(name, (str, bytes)) else ''
        suggested = cls.get_parsers_from_filename(name)
        others = [parser for parser in cls._parsers().values() if parser not in suggested]
        errors = []
        for parser in suggested + others:
            try:
                return parser.load(file)
            except Exception as error:
                errors.append(error)
                file.seek(0)
        extension = os.path.splitext(name)[1][1:]
        if suggested:
            # That a file named .xml is no YAML either would only hide what is wrong with it.
            raise InvalidFrontendLaunchFileError(
                extension, likely_errors=errors[:len(suggested)])
        if extension in MARKUP_PACKAGES:
            raise InvalidFrontendLaunchFileError(extension, likely_errors=[NotImplementedError(
                f"'{name}' is a launch file in markup, which takes the package "
                f'`{MARKUP_PACKAGES[extension]}`')])
        raise InvalidFrontendLaunchFileError('', likely_errors=errors)

    @classmethod
    def get_file_extensions(cls):
        """Return the endings, without the dot, of the files that this parser reads."""
        return set()

    @classmethod
    def may_parse(cls, filename):
        """Return whether the name is one of a file that this parser reads."""
        return any(filename.endswith('.' + ending) for ending in cls.get_file_extensions())

    @classmethod
    def get_available_extensions(cls):
        """Return the names of the parsers, such as 'xml'."""
        return cls._parsers().keys()

    @classmethod
    def get_file_extensions_from_parsers(cls):
        """Return the endings of files that any parser reads."""
        return {ending for parser in cls._parsers().values()
                for ending in parser.get_file_extensions()}

    @classmethod
    def get_parsers_from_filename(cls, filename):
        """Return the parsers that a file's name suggests."""
        return [parser for parser in cls._parsers().values() if parser.may_parse(filename)]

    @classmethod
    def is_filename_valid(cls, filename):
        """Return whether any parser reads files of this name."""
        return bool(cls.get_parsers_from_filename(filename))

    @classmethod
    def is_extension_valid(cls, extension):
        """Return whether there is a parser of this name; :meth:`is_filename_valid` says more."""
        warnings.warn(
            'Parser.is_extension_valid is deprecated, use Parser.is_filename_valid instead',
            stacklevel=2)
        return extension in cls._parsers()

    @classmethod
    def get_parser_from_extension(cls, extension):
        """
        Return the parser of this name; prefer :meth:`get_parsers_from_filename`.

        :raises RuntimeError: if there is none
        """
        warnings.warn(
            'Parser.get_parser_from_extension is deprecated, use '
            'Parser.get_parsers_from_filename instead', stacklevel=2)
        if extension not in cls._parsers():
            raise RuntimeError('Not recognized frontend implementation')
        return cls._parsers()[extension]

    def parse_action(self, entity):
        """Return the action that an entity stands for."""
        self.load_launch_extensions()
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
        """
        Return the launch description of a file's root entity.

        :raises RuntimeError: if that is no ``launch``
        """
        from ..launch_description import LaunchDescription
        if entity.type_name != 'launch':
            raise RuntimeError(
                f"Expected 'launch' as root tag, but got '{entity.type_name}'")
        deprecated = entity.get_attr('deprecated', optional=True)
        actions = [self.parse_action(child) for child in entity.children]
        return LaunchDescription(actions, deprecated_reason=deprecated)
