# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output the XML of the package manifest or a specific tag."""

from xml.etree import ElementTree

from ros2cli.errors import CommandError
from ros2cli.packages import package_share


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument('package_name', help='The package name')
    parser.add_argument(
        '-t', '--tag', help='The XML tag to output, e.g. version')


def main(*, parser, args) -> int:
    """Print and return 0."""
    path = package_share(args.package_name) / 'package.xml'
    if not path.is_file():
        raise CommandError('Package XML manifest not found')
    try:
        tree = ElementTree.parse(path)
    except (OSError, ElementTree.ParseError) as error:
        raise CommandError(f"Could not read '{path}': {error}") from None
    if args.tag is None:
        ElementTree.dump(tree)
        return 0
    found = tree.getroot().findall(args.tag)
    if not found:
        raise CommandError('XML tag not found')
    for element in found:
        print(element.text)
    return 0
