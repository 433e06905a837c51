# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Performs several substitutions."""


def perform_substitutions(context, subs):
    """Return the concatenated values of the substitutions."""
    return ''.join(context.perform_substitution(sub) for sub in subs)
