# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Defers actions by ROS time."""

import asyncio

from launch.actions import TimerAction
from launch.events import TimerEvent
from launch.utilities.type_utils import perform_typed_substitution


class ROSTimer(TimerAction):
    """Visit actions once, after a time on the ROS clock, unless cancelled before."""

    async def _wait_to_fire_event(self, context):
        from ..ros_adapters import get_ros_node
        loop = context.asyncio_loop
        fired = loop.create_future()

        def fire():
            if not fired.done():
                fired.set_result(True)

        node = get_ros_node(context)
        timer = node.create_timer(
            perform_typed_substitution(context, self.period, float),
            lambda: loop.call_soon_threadsafe(fire))
        await asyncio.wait([self._canceled_future, fired], return_when=asyncio.FIRST_COMPLETED)
        timer.cancel()
        if not self._canceled_future.done():
            await context.emit_event(TimerEvent(timer_action=self))
        self._completed_future.set_result(None)
