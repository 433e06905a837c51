# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which of several senders is heard."""

from dataclasses import dataclass
from enum import Enum

_FIRST_NUMBERS = 16
_PAUSE_NS = 100_000_000
_STILL_THERE = 3
_SETTLE_NS = 250_000_000


class Verdict(Enum):
    """Whether a datagram is heard."""

    HEARD = 'heard'
    BEGINS = 'begins'
    RETURNS = 'returns'
    ENDED = 'ended'
    RIVAL = 'rival'


@dataclass(slots=True)
class _Sender:
    session: int
    host: str
    heard_ns: int
    newest: int


class SenderGuard:
    """
    Hears one headset at a time: the first that is alive.

    A session is heard from its first datagram until it has been silent for ``silence_ns``.
    Another session is heard at once (BEGINS)

    - when nobody is heard, or who was heard has been silent for that long;
    - when it comes from the same host and has just begun (a low running number), or who was heard
      has paused for a tenth of a second: the app was started again.

    Anything else is a RIVAL while the first one is alive. Two apps on one host look like a restart
    at first; when the first of them goes on sending it RETURNS, and from then on others on its
    host are rivals until it pauses.
    What an ENDED session left in the network is not heard. Times are steady nanoseconds.
    """

    def __init__(self, silence_ns: int) -> None:
        self._silence_ns = silence_ns
        self._current: _Sender | None = None
        self._previous: _Sender | None = None
        self._began_ns = 0
        self._still_there = 0
        self._is_wary = False

    @property
    def host(self) -> str:
        """Who is heard."""
        return self._current.host if self._current else ''

    def judge(self, session: int, host: str, sequence: int, now_ns: int) -> Verdict:
        """Say whether a datagram is heard."""
        current = self._current
        if current is not None and (session, host) == (current.session, current.host):
            current.heard_ns, current.newest = now_ns, sequence
            return Verdict.HEARD
        previous = self._previous
        if previous is not None and (session, host) == (previous.session, previous.host):
            return self._judge_previous(previous, sequence, now_ns)
        if current is not None:
            silent_ns = now_ns - current.heard_ns
            # The one before may return; until it is gone there is no third.
            is_settled = previous is None or now_ns - previous.heard_ns >= _SETTLE_NS
            restarted = host == current.host and is_settled and (
                silent_ns >= _PAUSE_NS or (sequence < _FIRST_NUMBERS and not self._is_wary))
            if silent_ns < self._silence_ns and not restarted:
                return Verdict.RIVAL
        self._begin(_Sender(session, host, now_ns, sequence), now_ns)
        return Verdict.BEGINS

    def _judge_previous(self, previous: _Sender, sequence: int, now_ns: int) -> Verdict:
        """Tell what was still on its way when a session ended from one that has not ended."""
        current = self._current
        assert current is not None
        if now_ns - current.heard_ns >= self._silence_ns:
            self._begin(_Sender(previous.session, previous.host, now_ns, sequence), now_ns)
            return Verdict.BEGINS
        if previous.host != current.host:
            return Verdict.RIVAL
        newer = 0 < (sequence - previous.newest) % 2**32 < 2**31
        if now_ns - self._began_ns < _PAUSE_NS or not newer:
            return Verdict.ENDED
        previous.newest, previous.heard_ns = sequence, now_ns
        self._still_there += 1
        if self._still_there < _STILL_THERE:
            return Verdict.ENDED
        self._is_wary = True
        self._current, self._previous = previous, None
        return Verdict.RETURNS

    def _begin(self, sender: _Sender, now_ns: int) -> None:
        self._previous, self._current = self._current, sender
        self._began_ns, self._still_there, self._is_wary = now_ns, 0, False
