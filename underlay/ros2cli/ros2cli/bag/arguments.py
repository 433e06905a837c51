# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Arguments that several `ros2 bag` verbs share, and their checks."""

import argparse
import os


def existing_path(value: str) -> str:
    """Return a path that exists."""
    if not os.path.exists(value):
        raise argparse.ArgumentTypeError(f"Bag path '{value}' does not exist!")
    return value


def positive_float(value: str) -> float:
    """Return a number above zero."""
    number = not_negative_float(value)
    if number == 0:
        raise argparse.ArgumentTypeError(f'{value} is not in the valid range (> 0.0)')
    return number


def not_negative_float(value: str) -> float:
    """Return a finite number of at least zero."""
    try:
        number = float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f'{value} is not the valid type (float)') from None
    if not 0 <= number < float('inf'):
        raise argparse.ArgumentTypeError(f'{value} is not in the valid range (>= 0.0)')
    return number


def not_negative_int(value: str) -> int:
    """Return a whole number of at least zero."""
    try:
        number = int(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f'{value} is not the valid type (int)') from None
    if number < 0:
        raise argparse.ArgumentTypeError(f'Value {value} is less than zero.')
    return number


def add_standard_reader_args(parser: argparse.ArgumentParser) -> None:
    """Add the bag and its storage."""
    parser.add_argument('bag_path', type=existing_path, help='Bag to open')
    parser.add_argument(
        '-s', '--storage', default='', choices=['mcap', 'sqlite3'],
        help='Storage implementation of bag. '
             'By default attempts to detect automatically - use this argument to override.')


def add_log_level(parser: argparse.ArgumentParser) -> None:
    """Add the level of the node's own log."""
    parser.add_argument(
        '--log-level', type=str, default='info',
        choices=['debug', 'info', 'warn', 'error', 'fatal'], help='Logging level.')
