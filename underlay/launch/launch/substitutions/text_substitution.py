# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Literal text."""

from ..substitution import Substitution


class TextSubstitution(Substitution):
    """A text that is its own value."""

    def __init__(self, *, text):
        super().__init__()
        if not isinstance(text, str):
            raise TypeError(f"TextSubstitution expected Text object got '{type(text)}' instead.")
        self.__text = text

    @property
    def text(self):
        """The text."""
        return self.__text

    def describe(self):
        """Return the text in quotes."""
        return f"'{self.__text}'"

    def perform(self, context):
        """Return the text."""
        return self.__text
