# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The directory of the launch file."""

from ._helpers import expect_arguments
from .path_join_substitution import PathSubstitution
from .substitution_failure import SubstitutionFailure
from ..frontend.expose import expose_substitution


@expose_substitution('dirname')
class ThisLaunchFileDir(PathSubstitution):
    """The directory of the launch file that holds it."""

    def __init__(self):
        super().__init__(self)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(dirname)``."""
        expect_arguments('dirname', data, 0)
        return cls, {}

    def describe(self):
        """Return a description."""
        return 'ThisLaunchFileDir()'

    def perform(self, context):
        """Return the path."""
        values = context.get_locals_as_dict()
        if 'current_launch_file_directory' not in values:
            raise SubstitutionFailure(
                'ThisLaunchFileDir used outside of a launch file (in a script)')
        return values['current_launch_file_directory']
