# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks names of nodes by rclpy's rules."""


def validate_node_name(name):
    """Raise rclpy.exceptions.InvalidNodeNameException if a node cannot have this name."""
    # Imported here: without names to check, no ROS installation is needed.
    from rclpy.validate_node_name import validate_node_name as validate
    validate(name)


def validate_namespace(namespace):
    """Raise rclpy.exceptions.InvalidNamespaceException if a node cannot have this namespace."""
    from rclpy.validate_namespace import validate_namespace as validate
    validate(namespace)
