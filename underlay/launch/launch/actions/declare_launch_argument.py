# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Declares a launch argument."""

from .. import logging
from ..action import Action
from ..frontend.attributes import parse_optional
from ..frontend.entity import Entity
from ..frontend.expose import expose_action
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_action('arg')
class DeclareLaunchArgument(Action):
    """
    Declare an argument of a launch file.

    After the visit a launch configuration of that name is set: to the value given from outside,
    else to the default.
    """

    def __init__(self, name, *, default_value=None, description=None, choices=None, **kwargs):
        """
        Create the action.

        :param name: name of the argument
        :param default_value: None makes the argument required
        :param description: for those who start the file
        :param choices: the allowed values, None for any
        :raises RuntimeError: if `choices` is empty or lacks the default
        """
        super().__init__(**kwargs)
        self.__name = name
        self.__logger = logging.get_logger(__name__)
        self.__default_value = None
        if default_value is not None:
            self.__default_value = normalize_to_list_of_substitutions(default_value)
        if choices is not None:
            if not choices:
                self.__fail('Provided choices arg is empty. Use None to ignore the choice list.')
            is_text = not isinstance(default_value, (Substitution, list, type(None)))
            if is_text and default_value not in choices:
                self.__fail(f'Provided default_value "{default_value}" is not in provided '
                            f'choices "{choices}".')
        self.__choices = choices
        if choices is None:
            self.__description = 'no description given' if description is None else description
        elif description is None:
            self.__description = f'One of: {choices}'
        else:
            stop = '' if description.endswith('.') else '.'
            self.__description = f'{description}{stop} Valid choices are: {choices}'
        # Set when arguments are listed: whether it depends on a condition that it is used.
        self._conditionally_included = False

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<arg name [default description]> [<choice value>]``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['name'] = parser.escape_characters(entity.get_attr('name'))
        parse_optional(entity, parser, kwargs, {'default': 'default_value'})
        description = entity.get_attr('description', optional=True)
        if description is not None:
            kwargs['description'] = parser.escape_characters(description)
        choices = entity.get_attr('choice', data_type=list[Entity], optional=True)
        if choices is not None:
            kwargs['choices'] = [
                parser.escape_characters(choice.get_attr('value')) for choice in choices]
            for choice in choices:
                choice.assert_entity_completely_parsed()
        return cls, kwargs

    def __fail(self, message):
        self.__logger.error(message)
        raise RuntimeError(message)

    @property
    def name(self):
        """The name of the argument."""
        return self.__name

    @property
    def default_value(self):
        """The default, as substitutions, or None."""
        return self.__default_value

    @property
    def description(self):
        """The description, with the choices."""
        return self.__description

    @property
    def choices(self):
        """The allowed values, or None."""
        return self.__choices

    def execute(self, context):
        """
        Set the launch configuration, if it is not set yet.

        :raises RuntimeError: if a value is missing, or is none of the choices
        """
        if self.name not in context.launch_configurations:
            if self.default_value is None:
                self.__logger.error(f'Required launch argument "{self.name}" (description: '
                                    f'"{self.description}") was not provided')
                raise RuntimeError(f'Required launch argument "{self.name}" was not provided.')
            context.launch_configurations[self.name] = \
                perform_substitutions(context, self.default_value)
        value = context.launch_configurations[self.name]
        if self.choices is not None and value not in self.choices:
            self.__fail(f'Argument "{self.name}" provided value "{value}" is not valid. Valid '
                        f'options are: {self.choices}')
