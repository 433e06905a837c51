# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One stream of the Lab Streaming Layer (Kothe et al. 2025), stamped by the node's clock."""

import contextlib
from dataclasses import dataclass
import time
from typing import Any

from affect_sensors.sources.source import SourceError
import numpy as np

_OPEN_S = 5.0
_BUFFER_S = 10
_AT_ONCE = 4096
_SILENT_S = 5.0
"""A stream of regular rate that is silent for so long is looked for anew: a wrist-band whose
battery was changed comes back as another stream, while the connection of the first one stays."""
_FOREIGN_S = 60.0
"""No sample travels that long: such stamps are of another clock than LSL's."""
_DRIFT = 1e-4


@dataclass(frozen=True)
class LslChannel:
    """What a stream's description says of a channel; what it does not say is empty."""

    label: str
    kind: str = ''
    unit: str = ''
    eye: str = ''


@dataclass(frozen=True)
class LslChunk:
    """Samples float64 [N, C], when each was taken by the node's clock, int64 [N], rising."""

    stamps_ns: np.ndarray
    samples: np.ndarray


def load_lsl() -> Any:
    """Return the module ``pylsl``; raise SourceError when it or its library is not there."""
    try:
        import pylsl
    except ImportError as error:
        raise SourceError(
            "source:=lsl needs the Python package 'pylsl': pip install pylsl") from error
    except (OSError, RuntimeError) as error:
        raise SourceError(
            "source:=lsl needs the library liblsl, which the wheels of 'pylsl' bring along for "
            f'most hosts; elsewhere install it and set PYLSL_LIB to its path ({error})'
        ) from error
    return pylsl


class LslStream:
    """
    An inlet, read without waiting.

    ``lsl`` is the module pylsl, ``info`` what it resolved. Stamps are the sender's, brought to
    this host's LSL clock by LSL's own exchange of clocks, and from there to the node's clock.
    """

    def __init__(self, lsl: Any, info: Any) -> None:
        self._lsl = lsl
        self._info = info
        self._inlet: Any = None
        self.name: str = info.name()
        self.kind: str = info.type()
        self.uid: str = info.uid()
        self.rate_hz: float = info.nominal_srate()
        """Nominal; 0 for a series of events."""
        self.channels: tuple[LslChannel, ...] = ()
        self.has_foreign_clock = False
        self._foreign_offset_s: float | None = None
        self._last_stamp_ns = 0
        self._last_local_s = 0.0
        self._heard_at = 0.0

    def open(self) -> None:
        """Connect; may take seconds; raise SourceError when the stream does not answer."""
        try:
            self._inlet = self._lsl.StreamInlet(self._info, max_buflen=_BUFFER_S, recover=False)
            described = self._inlet.info(timeout=_OPEN_S)
            self.channels = _channels(described)
            self._inlet.open_stream(timeout=_OPEN_S)
            self._inlet.time_correction(timeout=_OPEN_S)
        except (RuntimeError, TimeoutError, OSError, ValueError) as error:
            self.close()
            raise SourceError(
                f"the LSL stream '{self.name}' does not answer: {error}; is a firewall between "
                'this host and its sender?') from error
        self._heard_at = time.monotonic()

    def start(self) -> None:
        """Drop what has been waiting."""
        if self._inlet is not None:
            with contextlib.suppress(RuntimeError):
                self._inlet.flush()
        self._last_stamp_ns = 0
        self._heard_at = time.monotonic()

    def read(self, now_ns: int) -> LslChunk | None:
        """Return what arrived; None when nothing did; raise SourceError when it was lost."""
        if self._inlet is None:
            return None
        here_s = self._lsl.local_clock()  # at once: it stands for ``now_ns``
        try:
            samples, sent_s = self._inlet.pull_chunk(timeout=0.0, max_samples=_AT_ONCE)
            correction_s = self._inlet.time_correction(timeout=0.5) if len(sent_s) else 0.0
        except (RuntimeError, TimeoutError, OSError) as error:
            raise SourceError(
                f"the LSL stream '{self.name}' was lost ({error}); is its sender running?"
            ) from error
        if not len(sent_s):
            if self.rate_hz and time.monotonic() - self._heard_at > _SILENT_S:
                raise SourceError(
                    f"the LSL stream '{self.name}' has been silent for {_SILENT_S:g} s; is its "
                    'device on?')
            return None
        self._heard_at = time.monotonic()
        local_s = self._to_local(np.asarray(sent_s, dtype=np.float64) + correction_s, here_s)
        values = np.asarray(samples, dtype=np.float64).reshape(len(local_s), -1)
        stamps_ns = now_ns + np.round((local_s - here_s) * 1e9).astype(np.int64)
        return self._in_order(stamps_ns, values)

    def close(self) -> None:
        """Disconnect; harmless when not connected."""
        if self._inlet is not None:
            with contextlib.suppress(RuntimeError):
                self._inlet.close_stream()
            self._inlet = None

    def _to_local(self, local_s: np.ndarray, here_s: float) -> np.ndarray:
        """Return times by this host's LSL clock, also of a sender that stamps by another."""
        finite = np.isfinite(local_s)
        late_s = here_s - local_s[finite][-1] if finite.any() else 0.0
        if self._foreign_offset_s is None and abs(late_s) < _FOREIGN_S:
            return local_s
        # The least late sample was the fastest one; drift of the clocks is let in slowly.
        self.has_foreign_clock = True
        if self._foreign_offset_s is None or abs(late_s - self._foreign_offset_s) > _FOREIGN_S:
            self._foreign_offset_s = late_s
        else:
            leak_s = _DRIFT * max(here_s - self._last_local_s, 0.0)
            self._foreign_offset_s = min(self._foreign_offset_s + leak_s, late_s)
        self._last_local_s = here_s
        return local_s + self._foreign_offset_s

    def _in_order(self, stamps_ns: np.ndarray, values: np.ndarray) -> LslChunk | None:
        """Return the samples whose stamps rise, the others having no place in time."""
        highest_ns = np.maximum.accumulate(np.append(self._last_stamp_ns, stamps_ns))
        good = stamps_ns > highest_ns[:-1]
        if not good.any():
            return None
        self._last_stamp_ns = int(highest_ns[-1])
        return LslChunk(stamps_ns[good], values[good])


def _channels(info: Any) -> tuple[LslChannel, ...]:
    """Return what the description (XDF's "channels") says of each channel."""
    found = []
    channel = info.desc().child('channels').child('channel')
    for number in range(info.channel_count()):
        if channel.empty():
            found.append(LslChannel(f'channel{number}'))
            continue
        found.append(LslChannel(
            channel.child_value('label') or f'channel{number}',
            channel.child_value('type') or '', channel.child_value('unit') or '',
            channel.child_value('eye') or ''))
        channel = channel.next_sibling('channel')
    return tuple(found)
