# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of conditions on actions."""


class Condition:
    """A predicate over the launch context; without a predicate it is False."""

    def __init__(self, *, predicate=None):
        self._predicate = predicate

    def describe(self):
        """Return a text that describes the condition."""
        return repr(self)

    def evaluate(self, context):
        """Return whether the condition holds in this context."""
        return False if self._predicate is None else self._predicate(context)
