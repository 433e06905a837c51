# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A headset's fit has no device of its own on this computer."""

from affect_sensors.headset_status.node import HeadsetStatusNode
from rclpy.lifecycle import TransitionCallbackReturn


def test_a_device_is_refused_with_the_way_that_there_is(graph):
    node = graph.add(HeadsetStatusNode, activate=False, source='device')
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'headset_receiver' in node.diagnostics.status().message
