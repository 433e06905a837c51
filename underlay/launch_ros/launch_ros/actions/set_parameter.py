# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sets a parameter of nodes."""

from launch.action import Action
from launch.frontend import expose_action
from launch.utilities import normalize_to_list_of_substitutions

from ..utilities.evaluate_parameters import evaluate_parameter_dict
from ..utilities.normalize_parameters import normalize_parameter_dict


@expose_action('set_parameter')
class SetParameter(Action):
    """Set a parameter of all nodes of this scope that come later; their own parameters win."""

    def __init__(self, name, value, **kwargs):
        super().__init__(**kwargs)
        key = tuple(normalize_to_list_of_substitutions(name))
        self.__parameters = normalize_parameter_dict({key: value})

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<set_parameter name value>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['name'] = parser.parse_substitution(entity.get_attr('name'))
        kwargs['value'] = parser.parse_substitution(entity.get_attr('value'))
        return cls, kwargs

    @property
    def name(self):
        """The name."""
        return next(iter(self.__parameters))

    @property
    def value(self):
        """The value."""
        return next(iter(self.__parameters.values()))

    def execute(self, context):
        """Set it."""
        evaluated = evaluate_parameter_dict(context, self.__parameters)
        context.launch_configurations.setdefault('global_params', []).extend(evaluated.items())
