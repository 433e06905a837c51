# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sets the log directory of nodes."""

import os

from launch.action import Action
from launch.frontend import expose_action
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions


@expose_action('set_ros_log_dir')
class SetROSLogDir(Action):
    """Set the log directory of nodes that are started later; a relative one adds to it."""

    def __init__(self, new_log_dir, **kwargs):
        super().__init__(**kwargs)
        self.__log_dir = normalize_to_list_of_substitutions(new_log_dir)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<set_ros_log_dir new_log_dir>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['new_log_dir'] = parser.parse_substitution(entity.get_attr('new_log_dir'))
        return cls, kwargs

    @property
    def log_dir(self):
        """The directory."""
        return self.__log_dir

    def execute(self, context):
        """Set it."""
        current = os.environ.get('ROS_LOG_DIR')
        if current is None:
            from rclpy.logging import get_logging_directory
            current = str(get_logging_directory())
        os.environ['ROS_LOG_DIR'] = os.path.join(
            current, perform_substitutions(context, self.log_dir))
