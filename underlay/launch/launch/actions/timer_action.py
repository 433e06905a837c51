# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Defers actions."""

import asyncio
import collections.abc
import warnings

from .opaque_function import OpaqueFunction
from .. import logging
from ..action import Action
from ..event_handler import EventHandler
from ..event_handlers.on_shutdown import OnShutdown
from ..events import TimerEvent
from ..frontend.expose import expose_action
from ..some_substitutions_type import SomeSubstitutionsType_types_tuple
from ..utilities import ensure_argument_type
from ..utilities import is_a_subclass
from ..utilities.type_utils import normalize_typed_substitution
from ..utilities.type_utils import perform_typed_substitution


@expose_action('timer')
class TimerAction(Action):
    """Visit actions once, after a time, unless cancelled before."""

    def __init__(self, *, period, actions, cancel_on_shutdown=True, **kwargs):
        """
        Create the action.

        :param period: seconds, a float or a substitution
        :param actions: what to visit then
        :param cancel_on_shutdown: drop the actions when the launch shuts down
        """
        super().__init__(**kwargs)
        ensure_argument_type(
            period, [*SomeSubstitutionsType_types_tuple, float], 'period', 'TimerAction')
        ensure_argument_type(actions, collections.abc.Iterable, 'actions', 'TimerAction')
        if isinstance(period, str):
            warnings.warn("The parameter 'period' must be a float or substitution, passing a "
                          'string literal was deprecated', stacklevel=2)
            period = float(period)
        self.__period = normalize_typed_substitution(period, float)
        self.__actions = actions
        self.__cancel_on_shutdown = normalize_typed_substitution(cancel_on_shutdown, bool)
        self.__locals = {}
        self.__canceled = False
        self._canceled_future = None
        self._completed_future = None
        self.__logger = logging.get_logger(__name__)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<timer period [cancel_on_shutdown]> ...``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['period'] = parser.parse_if_substitutions(
            entity.get_attr('period', data_type=float))
        cancel_on_shutdown = entity.get_attr('cancel_on_shutdown', data_type=bool, optional=True)
        if cancel_on_shutdown is not None:
            kwargs['cancel_on_shutdown'] = parser.parse_if_substitutions(cancel_on_shutdown)
        kwargs['actions'] = [parser.parse_action(child) for child in entity.children]
        return cls, kwargs

    @property
    def period(self):
        """The time in seconds."""
        return self.__period

    @property
    def actions(self):
        """What is visited then."""
        return self.__actions

    def describe(self):
        """Return a description."""
        return f'{type(self).__name__}(period={self.__period}, actions=<actions>)'

    def describe_conditional_sub_entities(self):
        """Return what is visited then."""
        return [(f'{self.__period} seconds pass without being canceled', self.__actions)]

    def cancel(self):
        """Drop the actions; without effect when the time has passed."""
        self.__canceled = True
        if self._canceled_future is not None and not self._canceled_future.done():
            self._canceled_future.set_result(True)

    def handle(self, context):
        """Return the actions, to be visited with the locals of when the timer was started."""
        context.extend_locals(self.__locals)
        return self.__actions

    def execute(self, context):
        """Start the timer."""
        self._completed_future = context.asyncio_loop.create_future()
        self._canceled_future = context.asyncio_loop.create_future()
        if self.__canceled:
            self.__logger.debug(
                f'timer {self} not waiting because it was canceled before being executed')
            self._completed_future.set_result(None)
            return None
        if not getattr(context, '_handles_timers', False):
            # One handler serves all timers of a context.
            context._handles_timers = True
            context.register_event_handler(EventHandler(
                matcher=lambda event: is_a_subclass(event, TimerEvent),
                entities=OpaqueFunction(
                    function=lambda context: context.locals.event.timer_action.handle(context))))
        self.__locals = dict(context.get_locals_as_dict())
        context.asyncio_loop.create_task(self.__complete(context))
        if perform_typed_substitution(context, self.__cancel_on_shutdown, bool):
            context.register_event_handler(
                OnShutdown(on_shutdown=lambda event, context: self.cancel()))
        return None

    async def __complete(self, context):
        try:
            await self._wait(context)
        except Exception as error:
            # Else the launch would wait for this timer for ever.
            self._completed_future.set_exception(error)
        else:
            self._completed_future.set_result(None)

    async def _wait(self, context):
        period = perform_typed_substitution(context, self.__period, float)
        await asyncio.wait([self._canceled_future], timeout=period)
        if not self._canceled_future.done():
            await context.emit_event(TimerEvent(timer_action=self))

    def get_asyncio_future(self):
        """Return the future that is done when the timer is."""
        return self._completed_future
