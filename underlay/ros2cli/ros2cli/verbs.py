# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sub-commands by table: names and one-line descriptions here, modules imported when chosen."""

import argparse
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from importlib import import_module
import os

from ros2cli.lazy_parser import LazyParser


def refuse(parser: argparse.ArgumentParser, what: str, package: str) -> None:
    """Say which package of a distribution has what was asked for, and end with 1."""
    distribution = os.environ.get('ROS_DISTRO', 'jazzy')
    debian_name = package.replace('_', '-')
    parser.exit(
        1,
        f"'{what}' is not part of the underlay; it comes with the package "
        f'ros-{distribution}-{debian_name} of a ROS 2 distribution\n')


def foreign(cli_name: str, package: str) -> Callable[[argparse.ArgumentParser], None]:
    """Return a populate function that says where the real command lives."""
    def populate(parser: argparse.ArgumentParser) -> None:
        refuse(parser, cli_name, package)
    return populate


def add_foreign_options(
    parser: argparse.ArgumentParser, cli_name: str, package: str, options: Sequence[str],
) -> None:
    """Accept options that only the real verb has, to say so; they stay out of the help."""
    class Refuse(argparse.Action):

        def __call__(self, parser, namespace, values, option_string=None):
            refuse(parser, f'{cli_name} {option_string}', package)

    for option in options:
        parser.add_argument(option, action=Refuse, nargs='*', help=argparse.SUPPRESS)


def add_table(
    parser: argparse.ArgumentParser,
    cli_name: str,
    package: str,
    table: Mapping[str, str],
    foreign_table: Mapping[str, str],
    dest: str,
) -> None:
    """
    Add one lazily populated sub-parser per entry.

    Args:
        parser: the parser to add to.
        cli_name: what has been typed so far, such as `ros2 topic`.
        package: Python package that holds one module per entry of `table`.
        table: name to one-line description.
        foreign_table: name to the ROS package that has it, for what the underlay leaves out.
        dest: attribute of the parsed arguments that receives the chosen module.

    """
    width = max(len(name) for name in table)
    listing = ''.join(
        f"{name.ljust(width)}  {table[name].rstrip('.')}\n" for name in sorted(table))
    subparsers = parser.add_subparsers(
        title='Commands', description=listing, parser_class=LazyParser,
        metavar=f'Call `{cli_name} <command> -h` for more detailed usage.')

    def populate_from(module_name: str, name: str) -> Callable[[argparse.ArgumentParser], None]:
        def populate(subparser: argparse.ArgumentParser) -> None:
            module = import_module(module_name)
            module.add_arguments(subparser, f'{cli_name} {name}')
            subparser.set_defaults(**{dest: module, f'{dest}_parser': subparser})
        return populate

    for name, description in sorted(table.items()):
        subparsers.add_parser(
            name, description=description, formatter_class=argparse.RawDescriptionHelpFormatter,
            populate=populate_from(f'{package}.{name}', name))
    for name, ros_package in sorted(foreign_table.items()):
        subparsers.add_parser(
            name, add_help=False, populate=foreign(f'{cli_name} {name}', ros_package))


def run_chosen(parser: argparse.ArgumentParser, args: argparse.Namespace, dest: str) -> int:
    """Run the module that the command line chose; without one, print the help and return 0."""
    module = getattr(args, dest, None)
    if module is None:
        parser.print_help()
        return 0
    return module.main(parser=getattr(args, f'{dest}_parser'), args=args) or 0
