# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output an interface prototype."""

from ros2cli.errors import CommandError
from ros2cli.interface_lookup import get_interface
from ros2cli.messages import message_to_yaml


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument(
        'type', help="Show an interface definition (e.g. 'example_interfaces/msg/String')")
    parser.add_argument(
        '--no-quotes', action='store_true', help='if true output has no outer quotes.')


def main(*, parser, args) -> int:
    """Print what a message, a request or a goal is filled with by default, and return 0."""
    try:
        interface = get_interface(args.type)
    except (AttributeError, ImportError, ValueError):
        raise CommandError(f"Could not import the interface '{args.type}'") from None
    part = getattr(interface, 'Goal', None) or getattr(interface, 'Request', None) or interface
    text = message_to_yaml(part())
    print(text if args.no_quotes else f'"{text}"')
    return 0
