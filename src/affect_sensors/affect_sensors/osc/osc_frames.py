# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Frames of face or eyes out of single parameters that arrive by OSC."""

from collections.abc import Callable
import time
from typing import Any

from affect_sensors.osc.osc_listener import OscListener
from affect_sensors.osc.osc_listener import Packet
from affect_sensors.osc.osc_listener import Subscription
from affect_sensors.osc.vrcft_state import Report
from affect_sensors.osc.vrcft_state import VrcftState

_BURST_NS = 2_000_000
"""Datagrams that follow each other closer than this are of one update of the sender (10 ms)."""
_OLD_NS = 500_000_000
_FORGET_NS = 30_000_000_000
"""After a silence that long the sender may have begun anew, with another face or avatar."""


class OscFrames:
    """
    Gives ``(stamp_ns, number, row)``, a row per update of the sender, at most ``rate_hz``.

    An update is all that arrives in a burst; its stamp is the arrival of the last datagram that is
    in it. Since VRCFaceTracking sends only what changes, any of its parameters says that all the
    others hold: a face that keeps still gives frames as long as the eyes move. ``make_row`` makes
    a row of the state, or None when there is nothing to tell.
    """

    finished = False
    due_ns = None

    def __init__(
        self, address: str, port: int, *, rate_hz: float, gaze_range_deg: float, report: Report,
        make_row: Callable[[VrcftState], Any],
    ) -> None:
        self._where = address, port
        self._interval_ns = round(1e9 / rate_hz)
        self._report = report
        self._make_row = make_row
        self.state = VrcftState(report, gaze_range_deg=gaze_range_deg)
        self._subscription: Subscription | None = None
        self._number = 0
        self._updated_ns: int | None = None
        self._burst_began_ns = 0
        self._heard_ns = 0
        self._due_ns = 0

    @property
    def is_simulation(self) -> bool:
        """Whether the sender says that no person was there."""
        return self.state.is_simulation

    @property
    def why_silent(self) -> str:
        """Say what there is instead of frames, for whoever asks why there are none."""
        address, port = self._where
        foreign = ', '.join(self.state.foreign_addresses)
        only_here = (
            ', which this host alone reaches (another needs osc_address:=0.0.0.0),'
            if address.startswith('127.') or address == 'localhost' else '')
        return (
            f'UDP port {port}{only_here} gets nothing of face or eyes'
            + (f' but {foreign}' if foreign else '')
            + '; is it the "OSC port out" of VRCFaceTracking, and is "Force Relevancy" on, or '
            'VRChat running with an avatar that has such parameters?')

    def open(self) -> None:
        """Open the port, or share it; raise SourceError when that is not possible."""
        self._subscription = OscListener.subscribe(*self._where)

    def start(self, now_ns: int) -> None:
        """Take in what arrived while nobody asked; frames are only of what is new."""
        if self._subscription is not None:
            for packet in self._subscription.take():
                self._take(packet)
        if self._updated_ns is not None and time.monotonic_ns() - self._updated_ns > _OLD_NS:
            self._updated_ns = None

    def read(self, until_ns: int) -> list[tuple[int, int, Any]]:
        """Return the frames that are complete; ``until_ns`` is now."""
        if self._subscription is None:
            return []
        here_ns = time.monotonic_ns()  # at once: it stands for ``until_ns``
        frames: list[tuple[int, Any]] = []
        for packet in self._subscription.take():
            self._finish(packet.arrived_ns, frames)
            self._take(packet)
        self._finish(time.monotonic_ns(), frames)
        if self._subscription.take_dropped():
            self._report(
                'osc', 'datagrams were lost',
                'this host had no time for them; what they told is missing until it changes')
        items = []
        for arrived_ns, row in frames:
            items.append((until_ns + arrived_ns - here_ns, self._number, row))
            self._number += 1
        return items

    def close(self) -> None:
        """Leave the port."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None

    def _take(self, packet: Packet) -> None:
        if packet.error:
            self._report('osc', 'a datagram is not OSC', packet.error)
            return
        arrived_ns = packet.arrived_ns
        if self._heard_ns and arrived_ns - self._heard_ns > _FORGET_NS:
            self.state.forget()
        if sum(map(self.state.take, packet.messages)):
            if self._updated_ns is None:
                self._burst_began_ns = arrived_ns
            self._updated_ns = self._heard_ns = arrived_ns

    def _finish(self, now_ns: int, frames: list[tuple[int, Any]]) -> None:
        """Make a frame of what has been told by now, if the update is over and one is due."""
        updated_ns = self._updated_ns
        if updated_ns is None:
            return
        is_over = (
            now_ns - updated_ns >= _BURST_NS
            or now_ns - self._burst_began_ns >= self._interval_ns)
        is_due = (
            # Half a burst early: what comes with the very interval would miss every second update.
            updated_ns >= self._due_ns - _BURST_NS // 2
            # Nothing newer came in time: this is the last word.
            or now_ns >= self._due_ns + _BURST_NS)
        if is_over and is_due:
            self._updated_ns = None
            # Counted on from when it was due, or updates that do not fit the rate would raise it.
            is_much_later = updated_ns - self._due_ns > self._interval_ns
            self._due_ns = (updated_ns if is_much_later else self._due_ns) + self._interval_ns
            row = self._make_row(self.state)
            if row is not None:
                frames.append((updated_ns, row))
