# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The directory of log files."""

from ._helpers import expect_arguments
from .path_join_substitution import PathSubstitution
from .. import logging
from ..frontend.expose import expose_substitution


@expose_substitution('launch_log_dir')
@expose_substitution('log_dir')
class LaunchLogDir(PathSubstitution):
    """The directory that holds the log files of this launch."""

    def __init__(self):
        super().__init__(self)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(log_dir)``."""
        expect_arguments('log_dir', data, 0)
        return cls, {}

    def describe(self):
        """Return a description."""
        return 'LaunchLogDir()'

    def perform(self, context):
        """Return the path."""
        return logging.launch_config.log_dir
