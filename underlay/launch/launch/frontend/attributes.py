# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads attributes for the `parse` methods of actions."""

import re
import shlex

from .entity import Entity
from ..substitution import Substitution
from ..substitutions.text_substitution import TextSubstitution

# Stands for a substitution while a command line is split; no argument can contain the character.
_MARK = '\0{}\0'
_MARKS = re.compile('\0(\\d+)\0')


def parse_optional(entity, parser, kwargs, names):
    """
    Put the substitutions of the attributes that are there into `kwargs`.

    :param names: attribute to keyword
    """
    for name, keyword in names.items():
        value = entity.get_attr(name, optional=True)
        if value is not None:
            kwargs[keyword] = parser.parse_substitution(value)


def parse_pairs(entity, parser, tag, names=('name', 'value')):
    """
    Return the pairs of substitutions in the enclosed entities of a tag.

    :return: a list, None if there is no such tag
    """
    entries = entity.get_attr(tag, data_type=list[Entity], optional=True)
    if entries is None:
        return None
    pairs = []
    for entry in entries:
        pairs.append(tuple(parser.parse_substitution(entry.get_attr(name)) for name in names))
        entry.assert_entity_completely_parsed()
    return pairs


def parse_dictionary(entity, parser, tag):
    """Return :func:`parse_pairs` as a dictionary, or None."""
    pairs = parse_pairs(entity, parser, tag)
    return None if pairs is None else {tuple(name): value for name, value in pairs}


def parse_command_line(text, parser):
    """
    Return the arguments in a text, split as by a shell; what a substitution gives is not split.

    :return: a list with a list of substitutions for each argument
    :raises ValueError: if a quotation is not closed
    """
    marked = ''
    found = []
    for part in parser.parse_substitution(text):
        if isinstance(part, TextSubstitution):
            marked += part.text
        else:
            marked += _MARK.format(len(found))
            found.append(part)
    return [_unmarked(word, found) for word in shlex.split(marked)]


def _unmarked(word, substitutions) -> list[Substitution]:
    # Texts alternate with the numbers of the substitutions between them.
    pieces = _MARKS.split(word)
    result = []
    for at, piece in enumerate(pieces):
        if at % 2:
            result.append(substitutions[int(piece)])
        elif piece or len(pieces) == 1:
            result.append(TextSubstitution(text=piece))
    return result
