# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Remap rules."""

from launch.utilities import ensure_argument_type
from launch.utilities import normalize_to_list_of_substitutions


def normalize_remap_rule(remap_rule):
    """
    Return a (from, to) pair as a pair of tuples of substitutions.

    :raises TypeError: if it is no tuple of two
    """
    ensure_argument_type(remap_rule, tuple, 'remap_rule')
    if len(remap_rule) != 2:
        raise TypeError(
            f'remap_rule must be a tuple of length 2, got length {len(remap_rule)}')
    source, target = remap_rule
    return (tuple(normalize_to_list_of_substitutions(source)),
            tuple(normalize_to_list_of_substitutions(target)))


def normalize_remap_rules(remap_rules):
    """Yield the rules, normalized."""
    for rule in remap_rules:
        yield normalize_remap_rule(rule)
