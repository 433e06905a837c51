# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the synchroniser hands over at a tick."""

from collections.abc import Mapping
from dataclasses import dataclass
import enum
from typing import Any


class StreamState(enum.Enum):
    """How a stream stands at a tick; never mixed up."""

    DEAD = 'dead'
    """It does not tick."""
    LATE = 'late'
    """It ticks, and its message for this tick was not there in time."""
    ALIVE = 'alive'
    """Its message is here and says that there is nothing to go by (quality 0)."""
    EVIDENCE = 'evidence'
    """Its message is here with evidence."""


@dataclass(frozen=True)
class TickSet:
    """
    The messages of one tick of the grid.

    ``messages`` holds those that were there in time; ``states`` has an entry per stream.
    ``complete`` says that every stream that lives is in it, so that nobody was waited for in vain.
    """

    tick_ns: int
    messages: Mapping[str, Any]
    states: Mapping[str, StreamState]
    complete: bool
