# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The launch file."""

from ._helpers import expect_arguments
from .substitution_failure import SubstitutionFailure
from ..frontend.expose import expose_substitution
from ..substitution import Substitution


@expose_substitution('filename')
class ThisLaunchFile(Substitution):
    """The path of the launch file that holds it."""

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(filename)``."""
        expect_arguments('filename', data, 0)
        return cls, {}

    def describe(self):
        """Return a description."""
        return 'ThisLaunchFile()'

    def perform(self, context):
        """Return the path."""
        values = context.get_locals_as_dict()
        if 'current_launch_file_path' not in values:
            raise SubstitutionFailure(
                'ThisLaunchFile used outside of a launch file (in a script)')
        return values['current_launch_file_path']
