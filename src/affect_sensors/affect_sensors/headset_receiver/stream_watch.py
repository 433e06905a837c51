# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which kinds of records have stopped while others still come."""


class StreamWatch:
    """Remembers when each stream was heard last; what never came is not missed."""

    def __init__(self, silence_s: float) -> None:
        self._silence_s = silence_s
        self._heard_s: dict[str, float] = {}

    def heard(self, stream: str, now_s: float) -> None:
        """Tell that a record has come."""
        self._heard_s[stream] = now_s

    def silent_s(self, stream: str, now_s: float) -> float | None:
        """Return for how long a stream has been missing; None when it is not."""
        passed_s = now_s - self._heard_s.get(stream, now_s)
        return passed_s if passed_s > self._silence_s else None

    def forget(self) -> None:
        """Expect nothing: another headset, or the same one begins again."""
        self._heard_s.clear()
