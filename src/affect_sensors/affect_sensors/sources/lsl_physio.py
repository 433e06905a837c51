# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Physiology from the Lab Streaming Layer."""

from collections.abc import Mapping
import re
from typing import Any
from typing import ClassVar

from affect_sensors.sources.lsl_source import LslSource
from affect_sensors.sources.lsl_stream import LslStream
from affect_sensors.sources.physio_piece import PhysioPiece
from affect_sensors.sources.sample_clock import SampleClock
import numpy as np

_WORDS = {
    'bvp': 'bvp', 'ppg': 'bvp', 'pleth': 'bvp', 'plethysmogram': 'bvp',
    'eda': 'eda', 'gsr': 'eda', 'scl': 'eda', 'skinconductance': 'eda',
    'galvanicskinresponse': 'eda', 'electrodermalactivity': 'eda',
    'temp': 'skin_temperature', 'temperature': 'skin_temperature', 'skt': 'skin_temperature',
    'skintemperature': 'skin_temperature', 'tmp': 'skin_temperature',
    'resp': 'respiration', 'rsp': 'respiration', 'respiration': 'respiration',
    'breathing': 'respiration', 'ecg': 'ecg', 'ekg': 'ecg', 'hr': 'heart_rate',
    'heartrate': 'heart_rate', 'bpm': 'heart_rate', 'ibi': 'interbeat_interval',
    'rr': 'interbeat_interval', 'rri': 'interbeat_interval',
    'rrinterval': 'interbeat_interval', 'spo2': 'spo2'}
_EVENTS = ('interbeat_interval',)
_GAP_S = 0.5
"""A stream that is that far from its count of samples has lost some."""


class LslPhysio(LslSource):
    """
    Gives PhysioPiece of every channel that a wrist-band or amplifier sends.

    Samples of a regular stream are stamped by their count, which follows the stamps slowly: the
    time of a single sample jitters as the radio does. Lost samples are left out of the count, so
    that ``first_sample`` jumps. Non-finite samples stay as NaN.
    """

    KINDS = tuple(dict.fromkeys((*_WORDS, 'physio', 'physiology', 'biosignals', 'wristband')))
    WHAT = 'physiology'
    FIELDS: ClassVar[Mapping[str, str]] = {
        'bvp': '', 'eda': 'us', 'skin_temperature': 'celsius', 'respiration': '', 'ecg': 'mv',
        'heart_rate': 'bpm', 'interbeat_interval': 's', 'spo2': 'fraction'}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._owners: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._clocks: dict[str, SampleClock] = {}
        self._owners = {}

    def guess(self, stream: LslStream, position: int) -> str:
        """Return which field a channel is: by its label, its type, or as the only one there is."""
        channel = stream.channels[position]
        if channel.label == 'PPG1' and stream.name.startswith('Muse'):
            return ''  # its light is off: ambient; PPG2 is infrared (muse-lsl)
        if found := _field(channel.label) or _field(channel.kind):
            return found
        if position > 0:
            return ''  # of several lights, say, one is enough; 'lsl_channels' takes another
        named = _field(stream.kind)
        if not named:
            for word in re.split(r'[^a-z0-9]+', stream.name.casefold()):
                named = named or _field(word)
        return named

    def take(
        self, stream: LslStream, stamps_ns: np.ndarray, fields: dict[str, np.ndarray],
    ) -> list[PhysioPiece]:
        """Return a piece of each channel."""
        pieces = []
        for field, samples in fields.items():
            owner = self._owners.setdefault(field, stream.uid)
            if owner != stream.uid:
                if any(other.uid == owner for other in self._streams.streams):
                    self._report(
                        'lsl', f"'{stream.name}' is a second stream of {field}",
                        "it is not used; name the device to use in 'lsl_name'")
                    continue
                self._owners[field] = stream.uid
                self._clocks.pop(field, None)
            samples = np.where(np.isfinite(samples), samples, np.nan)
            if field in _EVENTS or not stream.rate_hz:
                pieces += self._events(field, stamps_ns, samples)
            else:
                pieces.append(self._run(field, stream.rate_hz, stamps_ns, samples))
        return pieces

    def _run(
        self, field: str, rate_hz: float, stamps_ns: np.ndarray, samples: np.ndarray,
    ) -> PhysioPiece:
        """Return a piece of a regular stream."""
        first = self._counts.get(field, 0)
        clock = self._clocks.get(field)
        last_ns = int(stamps_ns[-1])
        if clock is None:
            # Bluetooth brings a second at once: only a longer gap is one.
            clock = self._clocks[field] = SampleClock(rate_hz, jump_s=2.0 * _GAP_S)
        else:
            late = (last_ns - clock.stamp_ns(first + len(samples) - 1)) * 1e-9
            if late > _GAP_S:
                first += round(late * rate_hz)
        clock.observe(first + len(samples) - 1, last_ns)
        self._counts[field] = first + len(samples)
        return PhysioPiece(clock.stamp_ns(first), field, rate_hz, first, samples)

    def _events(
        self, field: str, stamps_ns: np.ndarray, samples: np.ndarray,
    ) -> list[PhysioPiece]:
        """Return a piece per event: each has a time of its own."""
        first = self._counts.get(field, 0)
        self._counts[field] = first + len(samples)
        return [
            PhysioPiece(int(stamp), field, float('nan'), first + i, samples[i:i + 1])
            for i, stamp in enumerate(stamps_ns)]


def _field(text: str) -> str:
    """Return the field that a label or type names; numbers behind it do not matter."""
    word = re.sub(r'[^a-z0-9]', '', text.casefold())
    return _WORDS.get(word, '') or _WORDS.get(word.rstrip('0123456789'), '')
