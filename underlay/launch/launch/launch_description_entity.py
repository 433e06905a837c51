# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of everything a launch description can hold."""


class LaunchDescriptionEntity:
    """Something that the launch service visits."""

    def describe(self):
        """Return a text that describes the entity; subclasses implement it."""
        raise NotImplementedError(f'{type(self).__name__} does not implement describe()')

    def describe_sub_entities(self):
        """Return the entities that are visited whenever this one is."""
        return []

    def describe_conditional_sub_entities(self):
        """Return (condition as text, entities) pairs of what may be visited later."""
        return []

    def visit(self, context):
        """Do the work of the entity; return the entities to visit next, or None."""
        return None

    def get_asyncio_future(self):
        """Return the future that is done when the entity is, or None when it already is."""
        return None
