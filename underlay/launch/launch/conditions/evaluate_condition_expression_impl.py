# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Truth of text."""

from .invalid_condition_expression_error import InvalidConditionExpressionError
from ..utilities import perform_substitutions

VALID_TRUE_EXPRESSIONS = ['true', '1']
VALID_FALSE_EXPRESSIONS = ['false', '0']


def evaluate_condition_expression(context, expression):
    """
    Return whether substitutions say true or 1, in any case of letters.

    :raises InvalidConditionExpressionError: if they say neither that nor false or 0
    """
    text = perform_substitutions(context, expression).strip().lower()
    if text in VALID_TRUE_EXPRESSIONS:
        return True
    if text in VALID_FALSE_EXPRESSIONS:
        return False
    raise InvalidConditionExpressionError(
        text, expression, VALID_TRUE_EXPRESSIONS + VALID_FALSE_EXPRESSIONS)
