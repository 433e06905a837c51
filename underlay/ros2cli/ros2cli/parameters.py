# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the param verbs ask of other nodes."""

import argparse

from rcl_interfaces.msg import Parameter
from rcl_interfaces.msg import ParameterType
from rcl_interfaces.msg import SetParametersResult
from rcl_interfaces.srv import DescribeParameters
from rcl_interfaces.srv import GetParameters
from rcl_interfaces.srv import ListParameters
from rcl_interfaces.srv import SetParameters
from rclpy.node import Node
from rclpy.parameter import parameter_value_to_python
from ros2cli.direct_node import add_strategy_arguments
from ros2cli.service_calls import call_service

TYPE_NAMES = {
    ParameterType.PARAMETER_NOT_SET: 'not set',
    ParameterType.PARAMETER_BOOL: 'boolean',
    ParameterType.PARAMETER_INTEGER: 'integer',
    ParameterType.PARAMETER_DOUBLE: 'double',
    ParameterType.PARAMETER_STRING: 'string',
    ParameterType.PARAMETER_BYTE_ARRAY: 'byte array',
    ParameterType.PARAMETER_BOOL_ARRAY: 'boolean array',
    ParameterType.PARAMETER_INTEGER_ARRAY: 'integer array',
    ParameterType.PARAMETER_DOUBLE_ARRAY: 'double array',
    ParameterType.PARAMETER_STRING_ARRAY: 'string array',
}


def add_node_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the node, and how long to wait for it."""
    add_strategy_arguments(parser)
    parser.add_argument('node_name', help='Name of the ROS node')
    parser.add_argument(
        '--include-hidden-nodes', action='store_true', help='Consider hidden nodes as well')
    parser.add_argument(
        '--timeout', metavar='N', type=int, default=1,
        help='Wait for N seconds until node becomes available (default %(default)s sec)')


def plain_value(value):
    """Return a ParameterValue as a Python value; None when it is not set."""
    plain = parameter_value_to_python(value)
    return plain.tolist() if hasattr(plain, 'tolist') else plain


def list_parameters(node: Node, target: str, prefixes: list[str] | None = None) -> list[str]:
    """Return the names of a node's parameters, sorted."""
    request = ListParameters.Request(prefixes=prefixes or [])
    return sorted(
        call_service(node, ListParameters, f'{target}/list_parameters', request).result.names)


def get_parameters(node: Node, target: str, names: list[str]) -> list:
    """Return ParameterValues; fewer than names when one is not declared."""
    request = GetParameters.Request(names=names)
    return list(call_service(node, GetParameters, f'{target}/get_parameters', request).values)


def describe_parameters(node: Node, target: str, names: list[str]) -> list:
    """Return ParameterDescriptors."""
    request = DescribeParameters.Request(names=names)
    return list(call_service(
        node, DescribeParameters, f'{target}/describe_parameters', request).descriptors)


def set_parameters(
    node: Node, target: str, parameters: list[Parameter],
) -> list[SetParametersResult]:
    """Return a result per parameter."""
    request = SetParameters.Request(parameters=parameters)
    return list(call_service(node, SetParameters, f'{target}/set_parameters', request).results)


def with_reason(text: str, result: SetParametersResult) -> str:
    """Return the text with the node's reason, when it gave one."""
    return f'{text}: {result.reason}' if result.reason else text
