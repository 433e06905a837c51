# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Publishers and subscriptions whose QoS the user can override by parameter."""

from collections.abc import Callable
import copy
from typing import Any

from affect_node.setup_error import SetupError
from rclpy.exceptions import InvalidParameterTypeException
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.qos_overriding_options import InvalidQosOverridesError
from rclpy.qos_overriding_options import QoSOverridingOptions

_COMPLAINTS = (
    InvalidQosOverridesError, InvalidParameterTypeException, RuntimeError, TypeError, ValueError,
    AssertionError)


def create_with_overrides(
    node: Node, topic: str, qos: QoSProfile,
    create: Callable[[QoSProfile, QoSOverridingOptions], Any],
) -> Any:
    """
    Return ``create(profile, overriding_options)`` of a topic.

    :raises SetupError: an override of this topic can't be used.
    """
    # A copy: rclpy writes overrides into the profile, and profiles are shared by topics.
    try:
        return create(copy.copy(qos), QoSOverridingOptions.with_default_policies())
    except _COMPLAINTS as error:
        overrides = node.get_parameters_by_prefix(
            f'qos_overrides.{node.resolve_topic_name(topic)}')
        if not overrides:
            raise
        raise SetupError(
            f"qos_overrides of topic '{topic}' can't be used: {error}; allowed are history "
            '(keep_last, keep_all), depth (1 or more) and reliability (reliable, best_effort)'
        ) from error
