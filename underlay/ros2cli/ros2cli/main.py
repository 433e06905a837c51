# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Entry point of the `ros2` command."""

import argparse
from collections.abc import Sequence
from contextlib import suppress
import os
import signal
import sys
import threading
import time

from ros2cli import __version__
from ros2cli.errors import CommandError
from ros2cli.verbs import add_table
from ros2cli.verbs import run_chosen

COMMANDS = {
    'action': 'Various action related sub-commands',
    'bag': 'Various rosbag related sub-commands',
    'daemon': 'Various daemon related sub-commands',
    'interface': 'Show information about ROS interfaces',
    'launch': 'Run a launch file',
    'lifecycle': 'Various lifecycle related sub-commands',
    'node': 'Various node related sub-commands',
    'param': 'Various param related sub-commands',
    'pkg': 'Various package related sub-commands',
    'run': 'Run a package specific executable',
    'service': 'Various service related sub-commands',
    'topic': 'Various topic related sub-commands',
}

FOREIGN_COMMANDS = {
    'component': 'ros2component',
    'control': 'ros2controlcli',
    'doctor': 'ros2doctor',
    'extension_points': 'ros2cli',
    'extensions': 'ros2cli',
    'multicast': 'ros2multicast',
    'security': 'sros2',
    'test': 'ros2test',
    'trace': 'ros2trace',
    'wtf': 'ros2doctor',
}

# What set-up brings; without it a traceback would hide the remedy.
NEEDED_MODULES = ('ament_index_python', 'numpy', 'rclpy', 'rosbags', 'yaml')


def version_text() -> str:
    """Say that this is the stand-in, and for which distribution it works."""
    distribution = os.environ.get('ROS_DISTRO', 'unknown')
    return f'ros2 (affect underlay {__version__}, ROS distro {distribution}; not ros2cli)'


def create_parser() -> argparse.ArgumentParser:
    """Create the parser of the whole command; a command's own arguments come when chosen."""
    parser = argparse.ArgumentParser(
        prog='ros2',
        description='ros2 is an extensible command-line tool for ROS 2.',
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        '--use-python-default-buffering', action='store_true',
        help='Do not force line buffering in stdout and instead use the python default buffering, '
             'which might be affected by PYTHONUNBUFFERED/-u and depends on whatever stdout is '
             'interactive or not')
    parser.add_argument('--version', action='version', version=version_text())
    add_table(parser, 'ros2', 'ros2cli.command', COMMANDS, FOREIGN_COMMANDS, 'command_module')
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run one command and return its exit code.

    Codes are upstream's: 0, 1 for an error that was explained on stderr, 2 for wrong arguments
    or an interrupt (SIGINT's number), 15 for SIGTERM.
    """
    witness = InterruptWitness()
    parser = create_parser()
    try:
        args = parser.parse_args(argv)
        if not args.use_python_default_buffering:
            sys.stdout.reconfigure(line_buffering=True)
        return run_chosen(parser, args, 'command_module')
    except KeyboardInterrupt:
        return int(signal.SIGINT)
    except CommandError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output (head, grep -m1) has gone: not an error of ours. Point stdout
        # elsewhere, or the interpreter complains when it flushes on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ModuleNotFoundError as error:
        if error.name not in NEEDED_MODULES:
            raise
        print(
            f"ros2 needs the Python package '{error.name}', which this interpreter "
            f'({sys.executable}) does not have; source activate.bash first', file=sys.stderr)
        return 1
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:
        # ExternalShutdownException by name: importing rclpy here would slow every command down.
        if type(error).__name__ == 'ExternalShutdownException':
            return int(signal.SIGINT if witness.has_seen() else signal.SIGTERM)
        raise


class InterruptWitness:
    """
    Remembers an interrupt, whatever becomes of its KeyboardInterrupt.

    rclpy ends its waits at any signal, at times before Python has raised, or where what is raised
    is lost; the exit code must tell SIGINT from SIGTERM all the same.
    """

    def __init__(self) -> None:
        self._seen = False
        # Ignored: a shell started us in the background. rclpy heeds the signal all the same.
        ours = (signal.default_int_handler, signal.SIG_IGN)
        if threading.current_thread() is threading.main_thread() and (
                signal.getsignal(signal.SIGINT) in ours):
            signal.signal(signal.SIGINT, self._note)

    def has_seen(self, wait_s: float = 0.05) -> bool:
        """Return whether there was an interrupt; Python may need a moment to deliver it."""
        with suppress(KeyboardInterrupt):
            time.sleep(wait_s)
        return self._seen

    def _note(self, number: int, frame: object) -> None:
        self._seen = True
        raise KeyboardInterrupt
