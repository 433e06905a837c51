# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The verbs of `ros2 daemon`, for scripts that restart it: here every command looks itself."""

from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

VERBS = {
    'start': "Start the daemon if it isn't running.",
    'status': 'Output the status of the daemon.',
    'stop': 'Stop the daemon if it is running.',
}


def add_arguments(parser, cli_name):
    """Add the verbs."""
    add_table(parser, cli_name, 'ros2cli.verb.daemon', VERBS, {}, 'verb_module')


def main(*, parser, args) -> int:
    """Run the chosen verb."""
    return run_chosen(parser, args, 'verb_module')
