# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Comparison of values, negated."""

from .equals_substitution import EqualsSubstitution
from ..frontend.expose import expose_substitution


@expose_substitution('not-equals')
class NotEqualsSubstitution(EqualsSubstitution):
    """'true' where :class:`EqualsSubstitution` is 'false'."""

    def perform(self, context):
        """Return 'true' or 'false'."""
        return str(not self._are_equal(context)).lower()
