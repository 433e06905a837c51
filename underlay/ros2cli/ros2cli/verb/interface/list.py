# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""List all interface types available."""

from ros2cli.interface_index import interface_packages
from ros2cli.interface_index import interfaces_of

TITLES = {'msg': 'Messages', 'srv': 'Services', 'action': 'Actions'}


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    add_kind_arguments(parser)


def add_kind_arguments(parser):
    """Add the options that select messages, services or actions."""
    parser.add_argument(
        '-m', '--only-msgs', action='store_true', help='Print out only the message types')
    parser.add_argument(
        '-s', '--only-srvs', action='store_true', help='Print out only the service types')
    parser.add_argument(
        '-a', '--only-actions', action='store_true', help='Print out only the action types')


def chosen_kinds(args) -> list[str]:
    """Return the kinds that were asked for; all of them without such an option."""
    kinds = [
        kind for kind, chosen in (
            ('msg', args.only_msgs), ('srv', args.only_srvs), ('action', args.only_actions))
        if chosen]
    return kinds or list(TITLES)


def main(*, parser, args) -> int:
    """Print and return 0."""
    packages = interface_packages()
    for kind in chosen_kinds(args):
        print(f'{TITLES[kind]}:')
        for package in packages:
            for name in interfaces_of(package, [kind]):
                print(f'    {package}/{name}')
    return 0
