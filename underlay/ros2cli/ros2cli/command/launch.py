# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""`ros2 launch`: run a launch file."""

from collections.abc import Iterator
import os
import sys

DESCRIPTION = 'Run a launch file.'


def add_arguments(parser, cli_name):
    """Add the arguments of the command."""
    parser.add_argument(
        '-n', '--noninteractive', default=not sys.stdin.isatty(), action='store_true',
        help='Run the launch system non-interactively, with no terminal associated')
    parser.add_argument(
        '-d', '--debug', default=False, action='store_true',
        help='Put the launch system in debug mode, provides more verbose output.')
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        '-p', '--print', '--print-description', default=False, action='store_true',
        help='Print the launch description to the console without launching it.')
    group.add_argument(
        '-s', '--show-args', '--show-arguments', default=False, action='store_true',
        help='Show arguments that may be given to the launch file.')
    parser.add_argument(
        '-a', '--show-all-subprocesses-output', default=False, action='store_true',
        help="Show all launched subprocesses' output by overriding their output configuration "
             'using the OVERRIDE_LAUNCH_PROCESS_OUTPUT envvar.')
    parser.add_argument(
        '--launch-prefix',
        help='Prefix command, which should go before all executables. Command must be wrapped in '
             "quotes if it contains spaces (e.g. --launch-prefix 'xterm -e gdb -ex run --args').")
    parser.add_argument(
        '--launch-prefix-filter',
        help='Regex pattern for filtering which executables the --launch-prefix is applied to by '
             'matching the executable name.')
    parser.add_argument(
        'package_name', help='Name of the ROS package which contains the launch file')
    parser.add_argument('launch_file_name', nargs='?', help='Name of the launch file')
    parser.add_argument(
        'launch_arguments', nargs='*',
        help="Arguments to the launch file; '<name>:=<value>' (for duplicates, last one wins)")


def main(*, parser, args):
    """
    Run, print or explain the launch file.

    :raises RuntimeError: if it is not found or cannot be loaded, or an argument is malformed
    """
    launch_arguments = list(args.launch_arguments)
    if os.path.isfile(args.package_name):
        path = args.package_name
        # What stands in the place of the file name is the first argument then.
        if args.launch_file_name is not None:
            launch_arguments.insert(0, args.launch_file_name)
    else:
        path = find_launch_file(args.package_name, args.launch_file_name)
    if args.launch_prefix is None and args.launch_prefix_filter is not None:
        raise RuntimeError(
            '--launch-prefix must be specified if --launch-prefix-filter is provided')
    if args.show_all_subprocesses_output:
        os.environ['OVERRIDE_LAUNCH_PROCESS_OUTPUT'] = 'both'
    if args.print:
        return print_a_launch_file(path)
    if args.show_args:
        return print_arguments_of_launch_file(path)
    if args.launch_prefix:
        launch_arguments.append(f'launch-prefix:={args.launch_prefix}')
    if args.launch_prefix_filter:
        launch_arguments.append(f'launch-prefix-filter:={args.launch_prefix_filter}')
    return launch_a_launch_file(
        path, launch_arguments, noninteractive=args.noninteractive, debug=args.debug)


def find_launch_file(package_name, file_name):
    """
    Return the path of a file anywhere in the share directory of a package.

    :raises RuntimeError: if there is no such package, or not exactly one such file in it
    """
    from ament_index_python.packages import get_package_share_directory
    from ament_index_python.packages import PackageNotFoundError
    try:
        share = get_package_share_directory(package_name)
    except (PackageNotFoundError, ValueError) as error:
        raise RuntimeError(f"Package '{package_name}' not found: {error}") from error
    found = sorted(_files_named(file_name, share))
    where = f"in the share directory of package '{package_name}'"
    if not found:
        raise RuntimeError(f"file '{file_name}' was not found {where} which is at '{share}'")
    if len(found) > 1:
        paths = ', '.join(f"'{path}'" for path in found)
        raise RuntimeError(f"file '{file_name}' was found more than once {where}: [{paths}]")
    return found[0]


def _files_named(name, directory) -> Iterator[str]:
    for root, _, files in os.walk(directory):
        if name in files:
            yield os.path.join(root, name)


def parse_launch_arguments(launch_arguments):
    """
    Return (name, value) pairs from 'name:=value'; of duplicates the last one wins.

    :raises RuntimeError: if one is malformed
    """
    parsed = {}
    for argument in launch_arguments:
        name, separator, value = argument.partition(':=')
        if not separator or not name or not value:
            raise RuntimeError(f"malformed launch argument '{argument}', expected format "
                               "'<name>:=<value>'")
        parsed[name] = value
    return parsed.items()


def _load(path):
    from launch.launch_description_sources import get_launch_description_from_any_launch_file
    return get_launch_description_from_any_launch_file(path)


def print_a_launch_file(path):
    """Print what a launch file describes."""
    from launch import LaunchIntrospector
    print(LaunchIntrospector().format_launch_description(_load(path)))
    return 0


def print_arguments_of_launch_file(path):
    """Print the arguments of a launch file."""
    arguments = _load(path).get_launch_arguments()
    print("Arguments (pass arguments as '<name>:=<value>'):")
    for argument in arguments:
        mark = '*' if argument._conditionally_included else ''
        lines = ['', f"    '{argument.name}':{mark}", f'        {argument.description}']
        if argument.default_value is not None:
            default = ' + '.join(part.describe() for part in argument.default_value)
            lines.append(f'        (default: {default})')
        print('\n'.join(lines))
    if not arguments:
        print('\n  No arguments.')
    elif any(argument._conditionally_included for argument in arguments):
        print('\n* argument(s) which are only used if specific conditions occur')
    return 0


def launch_a_launch_file(path, launch_arguments, *, noninteractive=False, debug=False):
    """Run a launch file; return its exit code."""
    from launch import LaunchDescription
    from launch import LaunchService
    from launch.actions import IncludeLaunchDescription
    from launch.launch_description_sources import AnyLaunchDescriptionSource
    pairs = parse_launch_arguments(launch_arguments)
    service = LaunchService(argv=launch_arguments, noninteractive=noninteractive, debug=debug)
    service.include_launch_description(LaunchDescription([
        IncludeLaunchDescription(AnyLaunchDescriptionSource(path), launch_arguments=pairs)]))
    return service.run()
