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

    def assert_entity_completely_parsed(self):
        """Raise ValueError if attributes or children were left unread."""
        raise NotImplementedError()

    def get_attr(self, name, *, data_type=str, optional=False, can_be_str=True):
        """Return the value of an attribute as `data_type`."""
        raise NotImplementedError()
