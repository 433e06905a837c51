# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Every table of ARKit's shapes is in the order of FaceTracking.msg.

Packages whose pure parts import neither ROS nor each other have a table each; here they meet.
"""

from affect_avatar.avatar import blendshapes as of_the_avatar
from affect_msgs.msg import FaceTracking
from affect_sensors import blendshapes as of_the_sensors
import pytest


@pytest.mark.parametrize('table', [of_the_avatar, of_the_sensors], ids=lambda m: m.__name__)
def test_names_are_in_the_order_of_the_message(table):
    assert len(table.NAMES) == len(FaceTracking().weights) == 52
    for index, name in enumerate(table.NAMES):
        constant = ''.join('_' + c if c.isupper() else c.upper() for c in name)
        assert getattr(FaceTracking, constant) == index == table.INDEX[name]
