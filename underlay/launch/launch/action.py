# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of actions."""

from .launch_description_entity import LaunchDescriptionEntity


class Action(LaunchDescriptionEntity):
    """An intention, carried out when visited if its condition holds."""

    def __init__(self, *, condition=None):
        """
        Create the action.

        :param condition: a :class:`launch.Condition`, or None for always
        """
        self.__condition = condition

    @staticmethod
    def parse(entity, parser):
        """Return (Action, keyword arguments) from a markup entity's ``if`` and ``unless``."""
        from .conditions import IfCondition
        from .conditions import UnlessCondition
        wanted = entity.get_attr('if', optional=True)
        unwanted = entity.get_attr('unless', optional=True)
        if wanted is not None and unwanted is not None:
            raise RuntimeError("if and unless conditions can't be used simultaneously")
        if wanted is not None:
            return Action, {'condition': IfCondition(parser.parse_substitution(wanted))}
        if unwanted is not None:
            return Action, {'condition': UnlessCondition(parser.parse_substitution(unwanted))}
        return Action, {}

    @property
    def condition(self):
        """The condition, or None."""
        return self.__condition

    def describe(self):
        """Return a text that describes the action."""
        return repr(self)

    def get_sub_entities(self):
        """Return the entities that executing yields, as far as known beforehand."""
        return []

    def describe_sub_entities(self):
        """Return the sub-entities that are unconditional."""
        return self.get_sub_entities() if self.__condition is None else []

    def describe_conditional_sub_entities(self):
        """Return the sub-entities that depend on this action's condition."""
        if self.__condition is None:
            return []
        return [(f'Conditionally included by {self.describe()}', self.get_sub_entities())]

    def visit(self, context):
        """Execute, if the condition holds, and announce the completion to those who listen."""
        if self.__condition is not None and not self.__condition.evaluate(context):
            return None
        try:
            return self.execute(context)
        finally:
            self.__announce_completion(context)

    def __announce_completion(self, context):
        from .events import ExecutionComplete
        completed = ExecutionComplete(action=self)
        if not context.would_handle_event(completed):
            return
        future = self.get_asyncio_future()
        if future is None:
            context.emit_event_sync(completed)
        else:
            future.add_done_callback(lambda _: context.emit_event_sync(completed))

    def execute(self, context):
        """Do what the action is for; return the entities to visit next, or None."""
        return None
