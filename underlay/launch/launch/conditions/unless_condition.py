# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A negated condition on an expression."""

from .if_condition import IfCondition


class UnlessCondition(IfCondition):
    """Holds if the expression says false or 0."""

    def _predicate_func(self, context):
        return not super()._predicate_func(context)
