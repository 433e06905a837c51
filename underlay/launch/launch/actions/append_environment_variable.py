# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Extends an environment variable."""

import os

from ..action import Action
from ..frontend.attributes import parse_optional
from ..frontend.expose import expose_action
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions
from ..utilities.type_utils import normalize_typed_substitution
from ..utilities.type_utils import perform_typed_substitution


@expose_action('append_env')
class AppendEnvironmentVariable(Action):
    """Append a value to an environment variable, or set it if there is none."""

    def __init__(self, name, value, prepend=False, separator=os.pathsep, **kwargs):
        """
        Create the action.

        :param name: name of the variable
        :param value: what to add
        :param prepend: whether to add it in front
        :param separator: what to put between
        """
        super().__init__(**kwargs)
        self.__name = normalize_to_list_of_substitutions(name)
        self.__value = normalize_to_list_of_substitutions(value)
        self.__prepend = normalize_typed_substitution(prepend, bool)
        self.__separator = normalize_to_list_of_substitutions(separator)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<append_env name value [prepend separator]>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['name'] = parser.parse_substitution(entity.get_attr('name'))
        kwargs['value'] = parser.parse_substitution(entity.get_attr('value'))
        prepend = entity.get_attr('prepend', data_type=bool, optional=True)
        if prepend is not None:
            kwargs['prepend'] = parser.parse_if_substitutions(prepend)
        parse_optional(entity, parser, kwargs, {'separator': 'separator'})
        return cls, kwargs

    @property
    def name(self):
        """The name of the variable."""
        return self.__name

    @property
    def value(self):
        """What is added."""
        return self.__value

    @property
    def prepend(self):
        """Whether it is added in front."""
        return self.__prepend

    @property
    def separator(self):
        """What is put between."""
        return self.__separator

    def execute(self, context):
        """Extend the variable."""
        name = perform_substitutions(context, self.name)
        parts = [perform_substitutions(context, self.value)]
        if name in context.environment:
            in_front = perform_typed_substitution(context, self.prepend, bool)
            parts.insert(1 if in_front else 0, context.environment[name])
        separator = perform_substitutions(context, self.separator)
        context.environment[name] = separator.join(parts)
        return None
