# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The verbs of `ros2 service`."""

from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

VERBS = {
    'call': 'Call a service.',
    'echo': 'Echo a service.',
    'find': 'Output a list of available services of a given type.',
    'info': 'Print information about a service.',
    'list': 'Output a list of available services.',
    'type': "Output a service's type.",
}


def add_arguments(parser, cli_name):
    """Add the verbs, and the option for those that have none of the name themselves."""
    parser.add_argument(
        '--include-hidden-services', action='store_true', help='Consider hidden services as well')
    add_table(parser, cli_name, 'ros2cli.verb.service', VERBS, {}, 'verb_module')


def main(*, parser, args) -> int:
    """Run the chosen verb."""
    return run_chosen(parser, args, 'verb_module')
