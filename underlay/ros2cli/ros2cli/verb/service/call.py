# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Call a service."""

import os
import sys
import time

import rclpy
from ros2cli.arguments import positive_float
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.interface_lookup import get_interface
from ros2cli.messages import set_fields
import yaml


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument(
        'service_name', help="Name of the ROS service to call to (e.g. '/add_two_ints')")
    parser.add_argument(
        'service_type', help="Type of the ROS service (e.g. 'std_srvs/srv/Empty')")
    values_group = parser.add_mutually_exclusive_group()
    values_group.add_argument(
        'values', nargs='?', default='{}',
        help="Values to fill the service request with in YAML format (e.g. '{a: 1, b: 2}'), "
             'otherwise the service request will be published with default values')
    values_group.add_argument(
        '--stdin', action='store_true', help='Read values from standard input')
    parser.add_argument(
        '-r', '--rate', metavar='N', type=positive_float,
        help='Repeat the call at a specific rate in Hz')


def create_request(service_type: str, text: str):
    """Return the service's class and a request with the values of a YAML text."""
    try:
        service_class = get_interface(service_type, ('srv', 'action'))
    except (AttributeError, ImportError, ValueError):
        raise CommandError('The passed service type is invalid') from None
    if not hasattr(service_class, 'Request'):
        raise CommandError('The passed type is not a service')
    request = service_class.Request()
    try:
        set_fields(request, yaml.safe_load(text) or {})
    except Exception as error:
        # Which class it is depends on the field; all of them say what does not fit.
        raise CommandError(f'Failed to populate field: {error}') from None
    return service_class, request


def main(*, parser, args) -> int:
    """Call once, or at the rate until interrupted."""
    # Let generated messages refuse what does not fit; they read this when they are imported.
    os.environ.setdefault('ROS_PYTHON_CHECK_FIELDS', '1')
    service_class, request = create_request(
        args.service_type, sys.stdin.read() if args.stdin else args.values)
    args.spin_time = 0.0
    with direct_node(args) as node:
        client = node.create_client(service_class, args.service_name)
        if not client.service_is_ready():
            print('waiting for service to become available...')
            while not client.wait_for_service(timeout_sec=1.0):
                pass
        while True:
            print(f'requester: making request: {request!r}\n')
            called_s = time.monotonic()
            future = client.call_async(request)
            rclpy.spin_until_future_complete(node, future)
            print(f'response:\n{future.result()!r}\n')
            if args.rate is None:
                return 0
            time.sleep(max(0.0, called_s + 1 / args.rate - time.monotonic()))
