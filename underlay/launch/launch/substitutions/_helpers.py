# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What several substitutions need."""

import collections.abc

from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions


def describe_all(substitutions, separator=' + '):
    """Return the descriptions, joined."""
    return separator.join(sub.describe() for sub in substitutions)


def expect_arguments(name, data, least, most=None):
    """
    Check the number of arguments of ``$(name ...)`` in a text.

    :raises TypeError: if there are fewer than `least` or more than `most` (default: `least`)
    """
    most = least if most is None else most
    if not least <= len(data) <= most:
        wanted = str(least) if least == most else f'{least} or {most}'
        plural = '' if most == 1 else 's'
        raise TypeError(f'{name} substitution expects {wanted} argument{plural}')


def normalize_default(default):
    """Return a default of any type, or an iterable of such, as substitutions; None stays None."""
    if default is None:
        return None
    if isinstance(default, (str, Substitution)):
        return normalize_to_list_of_substitutions(default)
    if not isinstance(default, collections.abc.Iterable):
        default = (default,)
    return normalize_to_list_of_substitutions(
        [item if isinstance(item, (str, Substitution)) else str(item) for item in default])
