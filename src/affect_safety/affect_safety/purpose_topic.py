# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The topic `safety/purpose`, on which the monitor has the last word."""

from collections import deque

from affect_msgs.msg import Purpose
from affect_node import AffectNode
from affect_node import LATCHED
from affect_safety.messages import purpose_message
from affect_safety.purpose_gate import PurposeSetting

_TOPIC = 'safety/purpose'


class PurposeTopic:
    """
    Publishes the purpose, and publishes it again when somebody else has said another.

    Every node follows that topic, and DDS without security lets anybody publish on it: a stray
    publisher could open what an operator has closed, and nobody would know.

    :param node: the monitor's node, while it is being set up.
    """

    def __init__(self, node: AffectNode) -> None:
        self._node = node
        # Not heard yet; several, since the next one may be published before that.
        self._own: deque[Purpose] = deque(maxlen=8)
        self._is_contradicted = False
        self._publisher = node.advertise(Purpose, _TOPIC, LATCHED)
        node.subscribe(Purpose, _TOPIC, self._hear, LATCHED)

    def publish(self, setting: PurposeSetting) -> None:
        """Say what holds."""
        self._own.append(purpose_message(setting))
        self._is_contradicted = False
        self._publisher.publish(self._own[-1])

    def insist(self, setting: PurposeSetting) -> None:
        """Say what holds if a stranger has had the last word; call it periodically."""
        if self._is_contradicted:
            self.publish(setting)

    def _hear(self, message: Purpose) -> None:
        if message in self._own:
            # Once: who says it again later is somebody else, and may open what was closed since.
            while self._own.popleft() != message:
                pass
        else:
            self._is_contradicted = True
            self._node.diagnostics.reject(
                _TOPIC, f'somebody else has published purpose {message.purpose}',
                'stop that publisher; purposes are set by calling safety/set_purpose')
