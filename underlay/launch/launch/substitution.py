# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of values that are only known while launching."""


class Substitution:
    """A value that is computed from the launch context when it is needed."""

    def describe(self):
        """Return a one-line description; it appears in `ros2 launch --show-args`."""
        return repr(self)

    def perform(self, context):
        """
        Return the value as a string.

        :raises NotImplementedError: unless a subclass overrides it.
        """
        raise NotImplementedError(f'{type(self).__name__} does not implement perform()')
