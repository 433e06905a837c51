# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""`ros2 run`: run an executable of a package."""

import argparse
import os
import shlex
import signal
import subprocess

DESCRIPTION = 'Run a package specific executable.'

MESSAGE_PREFIX = '[ros2run]:'


def add_arguments(parser, cli_name):
    """Add the arguments of the command."""
    parser.add_argument(
        '--prefix',
        help='Prefix command, which should go before the executable. Command must be wrapped in '
             "quotes if it contains spaces (e.g. --prefix 'gdb -ex run --args').")
    parser.add_argument('package_name', help='Name of the ROS package')
    parser.add_argument('executable_name', help='Name of the executable')
    parser.add_argument(
        'argv', nargs=argparse.REMAINDER, help='Pass arbitrary arguments to the executable')


def main(*, parser, args):
    """
    Run the executable; return its exit code.

    :raises RuntimeError: if there is not exactly one such executable
    """
    path = find_executable(args.package_name, args.executable_name)
    prefix = [] if args.prefix is None else shlex.split(args.prefix)
    return run_executable([*prefix, path, *args.argv])


def find_executable(package_name, executable_name):
    """
    Return the path of an executable in lib/<package> of the package's prefix.

    :raises RuntimeError: if there is no such package, or not exactly one such executable
    """
    from ament_index_python.packages import get_package_prefix
    from ament_index_python.packages import PackageNotFoundError
    try:
        prefix = get_package_prefix(package_name)
    except (PackageNotFoundError, ValueError) as error:
        raise RuntimeError(f"Package '{package_name}' not found") from error
    found = []
    for root, directories, files in os.walk(os.path.join(prefix, 'lib', package_name)):
        directories[:] = sorted(name for name in directories if not name.startswith('.'))
        path = os.path.join(root, executable_name)
        if executable_name in files and os.access(path, os.X_OK):
            found.append(path)
    if not found:
        raise RuntimeError('No executable found')
    if len(found) > 1:
        raise RuntimeError('\n- '.join(['Multiple executables found:', *found]))
    return found[0]


def run_executable(command):
    """
    Run a command; return its exit code, minus the number of the signal that ended it.

    A ctrl-c reaches the process by itself, since it shares the terminal; signals that only this
    process gets are passed on.
    """
    process = None
    early = []

    def pass_on(number, frame):
        if number == signal.SIGINT and _is_in_foreground():
            return
        if process is None:
            early.append(number)
        else:
            process.send_signal(number)

    # Before the process starts, or a signal at that moment would end only this one.
    previous = {number: signal.signal(number, pass_on)
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        process = subprocess.Popen(command)
        for number in early:
            process.send_signal(number)
        process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    if process.returncode < 0:
        print(MESSAGE_PREFIX, signal.strsignal(-process.returncode))
    elif process.returncode > 0:
        print(MESSAGE_PREFIX, f'Process exited with failure {process.returncode}')
    return process.returncode


def _is_in_foreground():
    """Return whether this process belongs to the foreground group of its terminal."""
    try:
        terminal = os.open('/dev/tty', os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
