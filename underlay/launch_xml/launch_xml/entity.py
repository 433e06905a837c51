# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""An element of an XML launch file."""

from launch import frontend
from launch.frontend.type_utils import check_is_list_entity
from launch.utilities.type_utils import get_typed_value


class Entity(frontend.Entity):
    """
    An element of XML.

    All values are texts, which are turned into the type that is asked for. Lists are texts too,
    divided by what the attribute ``<name>-sep`` says.
    """

    def __init__(self, xml_element=None, *, parent=None):
        self.__element = xml_element
        self.__parent = parent
        self.__read_attributes = set()
        self.__read_tags = set()

    @property
    def type_name(self):
        """The tag."""
        return self.__element.tag

    @property
    def parent(self):
        """The enclosing entity, or None."""
        return self.__parent

    @property
    def children(self):
        """The enclosed entities."""
        self.__read_tags.update(element.tag for element in self.__element)
        return [type(self)(element, parent=self) for element in self.__element]

    def get_attr(self, name, *, data_type=str, optional=False, can_be_str=True):
        """Return an attribute, or the enclosed entities of one tag; see the base class."""
        if check_is_list_entity(data_type):
            value = self.__enclosed(name)
        else:
            value = self.__attribute(name)
        if value is None:
            if optional:
                return None
            raise AttributeError(f"Attribute '{name}' of type '{data_type}' not found in Entity "
                                 f"'{self.type_name}'")
        if check_is_list_entity(data_type):
            return value
        try:
            return get_typed_value(value, data_type, can_be_str=can_be_str)
        except ValueError as error:
            raise TypeError(
                f"Attribute '{name}' of Entity '{self.type_name}' expected to be of type "
                f"'{data_type}'. '{value}' can not be converted to one of those types") from error

    def __enclosed(self, tag):
        found = [type(self)(element, parent=self) for element in self.__element.findall(tag)]
        self.__read_tags.add(tag)
        return found or None

    def __attribute(self, name):
        value = self.__element.get(name)
        separator = self.__element.get(f'{name}-sep')
        self.__read_attributes.add(name)
        if value is None or separator is None:
            return value
        self.__read_attributes.add(f'{name}-sep')
        return value.split(separator)

    def assert_entity_completely_parsed(self):
        """Raise ValueError if attributes or enclosed tags were left unread."""
        tags = {element.tag for element in self.__element} - self.__read_tags
        if tags:
            raise ValueError(f'Unexpected nested tag(s) found in `{self.type_name}`: {tags}')
        attributes = set(self.__element.keys()) - self.__read_attributes
        if attributes:
            raise ValueError(
                f'Unexpected attribute(s) found in `{self.type_name}`: {attributes}')
