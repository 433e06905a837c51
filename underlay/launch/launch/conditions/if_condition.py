# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A condition on an expression."""

from .evaluate_condition_expression_impl import evaluate_condition_expression
from ..condition import Condition
from ..utilities import normalize_to_list_of_substitutions


class IfCondition(Condition):
    """Holds if the expression says true or 1."""

    def __init__(self, predicate_expression):
        self.__predicate_expression = normalize_to_list_of_substitutions(predicate_expression)
        super().__init__(predicate=self._predicate_func)

    def _predicate_func(self, context):
        return evaluate_condition_expression(context, self.__predicate_expression)
