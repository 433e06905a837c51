# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Brings the nodes of the graph up in order, and up again after they have died."""

import time
from typing import Any

from affect_bringup.managed_node import ManagedNode
from affect_node import run
from affect_node.diagnostics import Diagnostics
from affect_node.parameters import declare
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.clock import Clock
from rclpy.clock import ClockType
from rclpy.node import Node

_POLL_S = 0.25
_REPORT_S = 1.0


class LifecycleManagerNode(Node):
    """
    Configures and activates ``node_names`` in their order, and keeps them active.

    At the first bring-up a node waits for each one before it, for at most ``patience_s`` from when
    that one could have started, and not for one that refuses. Later nobody waits for anybody.

    Whatever is not active is made active: a node that was killed and respawned, one that refused
    (after 2, 4, ... 30 s), and also one that was deactivated or cleaned up by hand, since the
    manager can't tell the hand from a fault. To keep a node off, leave it out of ``node_names``
    (launch: ``manager:=false``), or shut it down: `finalized` is for good.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('lifecycle_manager', **kwargs)
        self.diagnostics = Diagnostics(self)
        names, complaint = declare(
            self, 'node_names', [''],
            'Nodes to manage in the order of bring-up, relative to this namespace.')
        patience_s, other_complaint = declare(
            self, 'patience_s', 4.0,
            'How long one node may hold up the ones after it at bring-up, seconds.',
            low=0.0, high=60.0)
        for text in filter(None, (complaint, other_complaint)):
            self.get_logger().error(text)
            self.diagnostics.set(text, DiagnosticStatus.WARN, text)
        self.nodes = [
            ManagedNode(
                self, name, patience_s=patience_s, on_settled=self._look_after_all)
            for name in dict.fromkeys(names) if name]
        self._all_active = False
        # Steady time: bringing nodes up must not wait for a /clock that a node may have to make.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self.create_timer(_POLL_S, self._look_after_all, clock=steady)
        self._report = self.create_timer(_REPORT_S, self._diagnose, clock=steady)

    def _look_after_all(self) -> None:
        now_s = time.monotonic()
        changing = {node.name for node in self.nodes if node.is_changing}
        may_start = True
        for node in self.nodes:
            node.look_after(
                now_s, may_start=may_start, others_are_changing=bool(changing - {node.name}))
            may_start = may_start and not node.holds_up_others(now_s)
        all_active = all(node.is_active for node in self.nodes)
        if all_active and not self._all_active:
            self.get_logger().info(f'all {len(self.nodes)} managed nodes are active')
        self._all_active = all_active

    def _diagnose(self) -> None:
        down = [node.description() for node in self.nodes if not node.is_active]
        self.diagnostics.values = {node.name: node.state for node in self.nodes}
        self.diagnostics.set(
            'nodes', DiagnosticStatus.ERROR if down else DiagnosticStatus.OK, ', '.join(down))
        self.diagnostics.publish()


def main(args=None) -> int:
    """Run the node."""
    return run(LifecycleManagerNode, args)
