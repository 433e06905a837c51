# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Defers actions by ROS time."""

import asyncio

from launch.actions import TimerAction
from launch.events import TimerEvent
from launch.frontend import expose_action
from launch.utilities.type_utils import perform_typed_substitution


@expose_action('ros_timer')
class ROSTimer(TimerAction):
    """Visit actions once, after a time on the ROS clock, unless cancelled before."""

    async def _wait(self, context):
        from ..ros_adapters import get_ros_node
        loop = context.asyncio_loop
        fired = loop.create_future()

        def fire():
            if not fired.done():
                fired.set_result(True)

        def on_timer():
            # In the thread of the ROS executor. A cancelled ROSTimer leaves it to this call, since
            # the shutdown that cancelled it may have destroyed the ROS timer.
            timer.cancel()
            loop.call_soon_threadsafe(fire)

        timer = get_ros_node(context).create_timer(
            perform_typed_substitution(context, self.period, float), on_timer)
        await asyncio.wait([self._canceled_future, fired], return_when=asyncio.FIRST_COMPLETED)
        if not self._canceled_future.done():
            await context.emit_event(TimerEvent(timer_action=self))
