# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The verbs of `ros2 interface`."""

from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

VERBS = {
    'list': 'List all interface types available.',
    'package': 'Output a list of available interface types within one package.',
    'packages': 'Output a list of packages that provide interfaces.',
    'proto': 'Output an interface prototype.',
    'show': 'Output the interface definition.',
}


def add_arguments(parser, cli_name):
    """Add the verbs."""
    add_table(parser, cli_name, 'ros2cli.verb.interface', VERBS, {}, 'verb_module')


def main(*, parser, args) -> int:
    """Run the chosen verb."""
    return run_chosen(parser, args, 'verb_module')
