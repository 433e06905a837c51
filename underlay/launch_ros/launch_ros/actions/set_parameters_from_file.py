# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sets parameters of nodes from a file."""

from launch.action import Action
from launch.frontend import expose_action
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions


@expose_action('set_parameters_from_file')
class SetParametersFromFile(Action):
    """Pass a parameter file to all nodes of this scope that come later."""

    def __init__(self, filename, **kwargs):
        super().__init__(**kwargs)
        self._input_file = normalize_to_list_of_substitutions(filename)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<set_parameters_from_file filename>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['filename'] = parser.parse_substitution(entity.get_attr('filename'))
        return cls, kwargs

    def execute(self, context):
        """Remember the file."""
        path = perform_substitutions(context, self._input_file)
        context.launch_configurations.setdefault('global_params', []).append(path)
