# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What stands behind a sensor node."""

from typing import Protocol
from typing import TypeVar

Item = TypeVar('Item')


class SourceError(Exception):
    """A source can't be opened or was lost; the text names the parameter and the remedy."""


class DamagedItemError(SourceError):
    """One item of a source can't be used; the source itself goes on with the next one."""


class Source(Protocol[Item]):
    """
    Gives what was sensed, each item with the time at which the world did it.

    Times are integer nanoseconds of the node's clock. A recording is played from where it stands
    when ``start`` is called, at its own pace; the simulated wearer lives by the clock itself.

    A source may have three more attributes. ``comes_and_goes`` True (a device, a network stream):
    it may be absent now and there later, and opening it may take long. The node then opens it on
    a thread and goes on trying; any other source that does not open refuses the set-up.
    ``promised_hz``: samples a second that it should give, when it is open; None: nobody knows.
    ``why_silent``: what to say when nothing comes, if it knows better than the node.
    """

    @property
    def finished(self) -> bool:
        """Whether nothing more will come: a recording has ended."""

    @property
    def due_ns(self) -> int | None:
        """When the next item will be there; None when nobody can say (a device)."""

    def open(self) -> None:
        """Acquire the device or file; raise SourceError when that is not possible."""

    def start(self, now_ns: int) -> None:
        """Begin, or go on after a pause or a jump of the clock, at ``now_ns``."""

    def read(self, until_ns: int) -> list[Item]:
        """Return what was complete by ``until_ns``, oldest first; raise SourceError when lost."""

    def close(self) -> None:
        """Release everything; harmless when not open."""
