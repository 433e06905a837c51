# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Reads text with embedded substitutions, as in ``$(find-pkg-share demo)/map_$(var map).yaml``.

An argument ends at a space; quoted by ' or " it may hold spaces and substitutions. A backslash
takes the meaning off the next character.
"""

import string

from .expose import instantiate_substitution
from ..substitutions.text_substitution import TextSubstitution

_NAME_CHARACTERS = frozenset(string.ascii_letters + string.digits + '_-')


class _Reader:

    def __init__(self, text):
        self.text = text
        self.at = 0
        # The quote that the reader is inside of; other quotes are plain characters there.
        self.quote = None

    def starts(self, token):
        return self.text.startswith(token, self.at)

    def fail(self, expected):
        shown = self.text if len(self.text) < 80 else self.text[:77] + '...'
        raise ValueError(
            f"Invalid substitution text '{shown}': expected {expected} at character {self.at}")

    def template(self, end):
        """Read text and substitutions up to the character `end`, None for the whole text."""
        return self.pieces(lambda: end is not None and self.starts(end), end)

    def pieces(self, is_end, end_name):
        found = []
        text = ''
        while not is_end():
            if self.at >= len(self.text):
                if end_name is None:
                    break
                self.fail(f'a closing {end_name}')
            if self.starts('$('):
                if text:
                    found.append(TextSubstitution(text=text))
                    text = ''
                found.append(self.substitution())
                continue
            if self.text[self.at] == '\\' and self.at + 1 < len(self.text):
                self.at += 1
            text += self.text[self.at]
            self.at += 1
        if text:
            found.append(TextSubstitution(text=text))
        return found

    def substitution(self):
        self.at += 2
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in _NAME_CHARACTERS:
            self.at += 1
        name = self.text[start:self.at]
        if not name or not name[0].isalpha():
            self.fail('the name of a substitution')
        arguments = []
        while self.starts(' '):
            self.at += 1
            arguments.append(self.argument())
        if not self.starts(')'):
            self.fail("a closing ')'")
        self.at += 1
        return instantiate_substitution(name, arguments)

    def argument(self):
        for quote in '\'"':
            if self.quote is None and self.starts(quote):
                self.at += 1
                self.quote = quote
                found = self.template(quote)
                self.quote = None
                self.at += 1
                return found or [TextSubstitution(text='')]
        found = self.pieces(lambda: self.starts(' ') or self.starts(')'), "')'")
        if not found:
            self.fail('an argument')
        return found


def parse_substitution(string_value):
    """
    Return the list of substitutions that a text stands for.

    :raises ValueError: if ``$(...)`` is malformed
    :raises RuntimeError: if no substitution has that name
    """
    return _Reader(string_value).template(None) or [TextSubstitution(text=string_value)]


def parse_if_substitutions(value):
    """
    Return `value`, a scalar or a list, with the strings that hold substitutions parsed.

    :raises ValueError: if what remains are scalars of more than one type
    """
    types = set()

    def parse(item):
        if isinstance(item, str):
            parts = parse_substitution(item)
            if len(parts) > 1 or not isinstance(parts[0], TextSubstitution):
                return parts
            item = parts[0].text
        types.add(type(item))
        return item

    result = [parse(item) for item in value] if isinstance(value, list) else parse(value)
    if len(types) > 1:
        raise ValueError('The result is a non-uniform list')
    return result
