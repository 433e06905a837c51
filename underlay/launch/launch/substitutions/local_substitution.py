# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Locals of the context."""

from ..substitution import Substitution
from ..utilities import ensure_argument_type


class LocalSubstitution(Substitution):
    """An expression on the locals of the context, for example ``event.pid``."""

    def __init__(self, expression, description=None):
        super().__init__()
        ensure_argument_type(expression, str, 'expression', 'LocalSubstitution')
        self.__expression = expression
        self.__description = description

    @property
    def expression(self):
        """The expression."""
        return self.__expression

    @property
    def description(self):
        """What it means, in words, or None."""
        return self.__description

    def describe(self):
        """Return a description."""
        return f"LocalVar('{self.description or self.expression}')"

    def perform(self, context):
        """Return the value."""
        return eval('context.locals.' + self.expression, {}, {'context': context})
