# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Turns what users write into substitutions."""

from pathlib import Path

from ..substitution import Substitution


def normalize_to_list_of_substitutions(subs):
    """
    Return a list of substitutions from a string, a path, a substitution, or an iterable of such.

    :raises TypeError: for anything else in the iterable
    """
    from ..substitutions.text_substitution import TextSubstitution

    def normalize(item):
        if isinstance(item, Substitution):
            return item
        if isinstance(item, (str, Path)):
            return TextSubstitution(text=str(item))
        raise TypeError(
            f"Failed to normalize given item of type '{type(item)}', when only 'str' or "
            "'launch.Substitution' were expected.")

    if isinstance(subs, (str, Path, Substitution)):
        return [normalize(subs)]
    return [normalize(item) for item in subs]
