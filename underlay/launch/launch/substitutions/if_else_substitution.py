# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A choice between two values."""

from ._helpers import expect_arguments
from .boolean_substitution import evaluate_boolean
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_substitution('if')
class IfElseSubstitution(Substitution):
    """One value if a condition is true, another one if not."""

    def __init__(self, condition, if_value='', else_value=''):
        super().__init__()
        if if_value == else_value == '':
            raise RuntimeError('One of if_value and else_value must be specified')
        self._condition = normalize_to_list_of_substitutions(condition)
        self._if_value = normalize_to_list_of_substitutions(if_value)
        self._else_value = normalize_to_list_of_substitutions(else_value)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(if condition if_value [else_value])``."""
        expect_arguments('if', data, 2, 3)
        return cls, dict(zip(('condition', 'if_value', 'else_value'), data, strict=False))

    @property
    def condition(self):
        """The condition."""
        return self._condition

    @property
    def if_value(self):
        """The value where the condition is true."""
        return self._if_value

    @property
    def else_value(self):
        """The value where it is false."""
        return self._else_value

    def describe(self):
        """Return a description."""
        return f'IfElseSubstitution({self.condition}, {self.if_value}, {self.else_value})'

    def perform(self, context):
        """Return the chosen value."""
        holds = evaluate_boolean(context, self.condition)
        return perform_substitutions(context, self.if_value if holds else self.else_value)
