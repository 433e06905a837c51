# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The error of a condition that is neither true nor false."""


class InvalidConditionExpressionError(ValueError):
    """Tells what came out of which substitutions."""

    def __init__(self, expression, unexpanded_expression, valid_expressions):
        valid = ', '.join(valid_expressions)
        source = ' + '.join(str(part) for part in unexpanded_expression)
        super().__init__(f'invalid condition expression, expected one of [{valid}] but got '
                         f"'{expression}', expanded from '{source}'")
