# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks of arguments that several verbs share."""

from argparse import ArgumentTypeError


def positive_int(text: str) -> int:
    """Return a whole number above zero."""
    value = int(text) if text.lstrip('-').isdigit() else -1
    if value <= 0:
        raise ArgumentTypeError('value must be a positive integer')
    return value


def unsigned_int(text: str) -> int:
    """Return a whole number of at least zero."""
    value = int(text) if text.lstrip('-').isdigit() else -1
    if value < 0:
        raise ArgumentTypeError('value must be non-negative integer')
    return value


def positive_float(text: str) -> float:
    """Return a number above zero."""
    try:
        value = float(text)
    except ValueError:
        raise ArgumentTypeError('Expects a floating point number') from None
    if value <= 0:
        raise ArgumentTypeError('Value must be positive')
    return value
