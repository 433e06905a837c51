# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Keeps what a callback raises from taking its node down."""

from collections.abc import Callable
import traceback
from typing import Any

from affect_node.diagnostics import Diagnostics
from rclpy.node import Node

_REMEDY = 'this is a defect of the node, please report it'


class Guard:
    """
    Wraps callbacks: they run while the node is active, and what they raise is reported.

    A callback belongs to the configuration that it was wrapped in, until ``expire``: an executor
    may still deliver to an entity that clean-up has destroyed.
    """

    def __init__(self, node: Node, diagnostics: Diagnostics) -> None:
        self.is_active = False
        self._node = node
        self._diagnostics = diagnostics
        self._configuration = 0

    def expire(self) -> None:
        """End all callbacks that were wrapped until now."""
        self._configuration += 1

    def callback(
        self, callback: Callable[..., None], *, while_inactive: bool = False,
    ) -> Callable[..., None]:
        """Return a callback, guarded; one ``while_inactive`` runs whenever it is configured."""
        configuration = self._configuration

        def guarded(*arguments: Any) -> None:
            if configuration == self._configuration and (self.is_active or while_inactive):
                self.call(callback, *arguments)
        return guarded

    def handler(
        self, service_type: type, name: str, handler: Callable[[Any, Any], Any],
    ) -> Callable[[Any, Any], Any]:
        """
        Return the handler of a service, guarded: it always answers.

        While the node is inactive, and when the handler raises, the answer is as constructed,
        with the reason in its ``message`` if it has one.
        """
        def guarded(request: Any, response: Any) -> Any:
            reason = 'the node is not active; activate it first'
            if self.is_active:
                try:
                    return handler(request, response)
                except Exception as error:
                    reason = self._report(name, error)
                    response = service_type.Response()
            if hasattr(response, 'message'):
                response.message = reason
            return response
        return guarded

    def call(self, step: Callable[..., None], *arguments: Any) -> None:
        """Call a step now, active or not."""
        try:
            step(*arguments)
        except Exception as error:
            if not self._node.context.ok():
                return  # ROS was shut down in the middle of the step.
            named = getattr(step, 'func', step)
            self._report(getattr(named, '__qualname__', str(named)), error)

    def _report(self, source: str, error: Exception) -> str:
        reason = f'{type(error).__name__}: {error}'
        self._diagnostics.reject(source, reason, _REMEDY)
        self._node.get_logger().debug(traceback.format_exc())
        return reason
