# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Names, patterns and rules that `ros2 bag` takes on its command line."""

from collections.abc import Sequence
import re

from ros2cli.bag.bag_error import BagError
from ros2cli.bag.bag_info import SERVICE_EVENT_SUFFIX


def absolute_names(names: Sequence[str] | None) -> list[str]:
    """Return names with the leading slash that a recording has."""
    return [name if name.startswith('/') else f'/{name}' for name in names or ()]


def service_event_topics(services: Sequence[str] | None) -> list[str]:
    """Return the topics on which services tell what they do."""
    return [name + SERVICE_EVENT_SUFFIX for name in absolute_names(services)]


def check_regex(pattern: str) -> str:
    """Return a valid regular expression; BagError for another."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise BagError(f"'{pattern}' is not a regular expression: {error}") from None
    return pattern


def check_remaps(rules: Sequence[str]) -> None:
    """Raise BagError for a rule that is not `old:=new`."""
    for rule in rules:
        old, separator, new = rule.partition(':=')
        if not (old and separator and new):
            raise BagError(f"'{rule}' is not a remapping; write it as old_topic:=new_topic")
