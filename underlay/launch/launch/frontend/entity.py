# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The interface of elements of a markup launch file."""


class Entity:
    """An element: a type name, attributes, children."""

    @property
    def type_name(self):
        """The name of the tag."""
        raise NotImplementedError()

    @property
    def parent(self):
        """The enclosing entity, or None."""
        raise NotImplementedError()

    @property
    def children(self):
        """The enclosed entities."""
        raise NotImplementedError()

    def get_attr(self, name, *, data_type=str, optional=False, can_be_str=True):
        """
        Return an attribute, or the enclosed entities of one name.

        :param name: its name
        :param data_type: one of :data:`launch.utilities.type_utils.AllowedTypesTuple`; None for
            what the rules of YAML make of it; ``List[Entity]`` for the enclosed entities
        :param optional: return None where there is none
        :param can_be_str: a text is as good as the type, since it may hold substitutions
        :raises AttributeError: if there is none
        :raises TypeError, ValueError: if it is not of the type
        """
        raise NotImplementedError()

    def assert_entity_completely_parsed(self):
        """Raise ValueError if attributes or children were left unread."""
        raise NotImplementedError()
