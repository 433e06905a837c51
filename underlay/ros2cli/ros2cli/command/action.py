# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The verbs of `ros2 action`."""

from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

VERBS = {
    'info': 'Print information about an action.',
    'list': 'Output a list of action names.',
    'send_goal': 'Send an action goal.',
    'type': "Print a action's type.",
}


def add_arguments(parser, cli_name):
    """Add the verbs."""
    add_table(parser, cli_name, 'ros2cli.verb.action', VERBS, {}, 'verb_module')


def main(*, parser, args) -> int:
    """Run the chosen verb."""
    return run_chosen(parser, args, 'verb_module')
