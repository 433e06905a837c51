# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Flattens entities."""

from ..launch_description_entity import LaunchDescriptionEntity


def normalize_to_list_of_entities(entities):
    """Return a flat list from an iterable of entities and iterables of entities."""
    flat = []
    for entry in entities:
        if isinstance(entry, LaunchDescriptionEntity):
            flat.append(entry)
        else:
            flat.extend(entry)
    return flat
