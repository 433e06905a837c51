# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""An element of a YAML launch file."""

from launch import frontend
from launch.frontend.type_utils import check_is_list_entity
from launch.utilities.type_utils import is_instance_of


class Entity(frontend.Entity):
    """
    An entry of YAML: a mapping of attributes, or a list of enclosed entities.

    Values have the type that YAML gives them: it is compared with the one that is asked for. A
    mapping holds enclosed entities under ``children``.
    """

    def __init__(self, element, type_name=None, *, parent=None):
        self.__element = element
        self.__type_name = type_name
        self.__parent = parent
        self.__read_keys = set()
        self.__is_list_read = False

    @property
    def type_name(self):
        """The key of the entry."""
        return self.__type_name

    @property
    def parent(self):
        """The enclosing entity, or None."""
        return self.__parent

    @property
    def children(self):
        """
        The enclosed entities.

        :raises TypeError: if the entry is neither a mapping nor a list
        :raises ValueError: if it is a mapping without ``children``
        :raises RuntimeError: if an enclosed entity is not a mapping of one key
        """
        children = self.__element
        if isinstance(children, dict):
            self.__read_keys.add('children')
            if 'children' not in children:
                raise ValueError(
                    f'Expected entity `{self.__type_name}` to have children entities. That can '
                    'be a list of subentities or a dictionary with a `children` list element')
            children = children['children']
        self.__is_list_read = True
        if not isinstance(children, list):
            raise TypeError(f'Expected a dict or list in entity `{self.__type_name}`, got '
                            f'{type(children)}:\n---\n{children}\n---')
        entities = []
        for child in children:
            if not isinstance(child, dict) or len(child) != 1:
                raise RuntimeError('Subentities must be a dictionary with only one key, which is '
                                   f'the entity type, got {child!r} in `{self.__type_name}`')
            [(type_name, element)] = child.items()
            entities.append(type(self)(element, type_name, parent=self))
        return entities

    def get_attr(self, name, *, data_type=str, optional=False, can_be_str=True):
        """
        Return an attribute, or the entities in a list of one name; see the base class.

        :raises TypeError: if it is of another type
        """
        if not isinstance(self.__element, dict) or name not in self.__element:
            if optional:
                return None
            raise AttributeError(
                f"Can not find attribute '{name}' in Entity '{self.__type_name}'")
        self.__read_keys.add(name)
        value = self.__element[name]
        where = f"Attribute '{name}' of Entity '{self.__type_name}' expected to be"
        if check_is_list_entity(data_type):
            if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
                raise TypeError(f'{where} a list of dictionaries.')
            return [type(self)(item, name, parent=self) for item in value]
        if data_type is float and type(value) is int:
            return float(value)
        if not is_instance_of(value, data_type, can_be_str=can_be_str):
            raise TypeError(f"{where} of type '{data_type}', got '{type(value)}'")
        return value

    def assert_entity_completely_parsed(self):
        """Raise ValueError if keys or enclosed entities were left unread."""
        if isinstance(self.__element, dict):
            keys = set(self.__element) - self.__read_keys
            if keys:
                raise ValueError(f'Unexpected key(s) found in `{self.__type_name}`: {keys}')
        elif self.__element and not self.__is_list_read:
            raise ValueError(f'Unexpected nested entity(ies) found in `{self.__type_name}`: '
                             f'{self.__element}')
