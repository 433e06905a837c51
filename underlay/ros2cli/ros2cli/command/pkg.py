# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The verbs of `ros2 pkg`."""

from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

VERBS = {
    'executables': 'Output a list of package specific executables.',
    'list': 'Output a list of available packages.',
    'prefix': 'Output the prefix path of a package.',
    'xml': 'Output the XML of the package manifest or a specific tag.',
}
FOREIGN_VERBS = {
    'create': 'ros2pkg',
}


def add_arguments(parser, cli_name):
    """Add the verbs."""
    add_table(parser, cli_name, 'ros2cli.verb.pkg', VERBS, FOREIGN_VERBS, 'verb_module')


def main(*, parser, args) -> int:
    """Run the chosen verb."""
    return run_chosen(parser, args, 'verb_module')
