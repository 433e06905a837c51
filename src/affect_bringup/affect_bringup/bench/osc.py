# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What it costs to hear VRCFaceTracking, beside python-osc."""

from collections.abc import Callable
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_sensors.osc.osc_packet import OscReader
from affect_sensors.osc.vrcft_parameters import PARAMETERS
from affect_sensors.osc.vrcft_state import VrcftState
from pythonosc.osc_bundle_builder import IMMEDIATELY
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

_PARAMETERS = 100
_UPDATE_HZ = 100.0
"""VRCFaceTracking looks at its trackers every 10 ms."""


def osc_rows(*, rounds: int = 20, repeats: int = 50) -> list[BenchRow]:
    """Measure the best of ``rounds`` times ``repeats`` updates of a hundred parameters."""
    datagram = make_update()
    reader, state = OscReader(), VrcftState(lambda *_: None)
    messages = reader.read(datagram)

    def take() -> None:
        for message in messages:
            state.take(message)

    read_us, peer_us, take_us = (
        _best_us(action, rounds, repeats) for action in (
            lambda: reader.read(datagram), lambda: OscPacket(datagram), take))
    how = f'a bundle of {_PARAMETERS} floats, CPU time, best of {rounds}'
    return [
        BenchRow('OSC: reading an update', read_us, 'us', how),
        BenchRow('OSC: reading an update, python-osc', peer_us, 'us', how),
        BenchRow(
            'OSC: face and gaze, share of a core',
            1e-4 * _UPDATE_HZ * (read_us + 2.0 * take_us), '%',
            f'{how}; read once and taken in twice, {_UPDATE_HZ:g} updates a second, without '
            'publishing'),
    ]


def make_update() -> bytes:
    """Return an update of the first hundred parameters."""
    builder = OscBundleBuilder(IMMEDIATELY)
    for name in list(PARAMETERS)[:_PARAMETERS]:
        message = OscMessageBuilder(f'/avatar/parameters/FT/v2/{name}')
        message.add_arg(0.25)
        # The library's annotation names bundles only; its documentation and code take both.
        builder.add_content(message.build())  # type: ignore[arg-type]
    return builder.build().dgram


def _best_us(action: Callable[[], object], rounds: int, repeats: int) -> float:
    best_s = float('inf')
    for _ in range(rounds):
        began_s = time.process_time()
        for _ in range(repeats):
            action()
        best_s = min(best_s, (time.process_time() - began_s) / repeats)
    return 1e6 * best_s
