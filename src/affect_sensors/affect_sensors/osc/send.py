# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Send the simulated wearer's face and eyes as VRCFaceTracking would send a person's.

    python -m affect_sensors.osc.send --port 9000

To try nodes without a headset. Every bundle says by the address /affect/simulation that no person
was there, which the nodes pass on.
"""

import argparse
import contextlib
import math
import socket
import sys
import time

from affect_sensors.blendshapes import INDEX
from affect_sensors.blendshapes import NAMES
from affect_sensors.osc.vrcft_state import SIMULATION
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.simulated_gaze import simulated_gaze
import numpy as np
from pythonosc.osc_bundle_builder import IMMEDIATELY
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

_RATE_HZ = 50.0
_EACH = 50
"""Parameters in a datagram; VRCFaceTracking's are of 4096 bytes at most."""
_RENAMED = {
    'mouthClose': ('MouthClosed',), 'mouthFunnel': ('LipFunnel',), 'mouthPucker': ('LipPucker',),
    'mouthRollLower': ('LipSuckLower',), 'mouthRollUpper': ('LipSuckUpper',),
    'mouthShrugLower': ('MouthRaiserLower',), 'mouthShrugUpper': ('MouthRaiserUpper',),
    'mouthLeft': ('MouthUpperLeft', 'MouthLowerLeft'),
    'mouthRight': ('MouthUpperRight', 'MouthLowerRight'),
    'browInnerUp': ('BrowInnerUp',), 'cheekPuff': ('CheekPuffLeft', 'CheekPuffRight'),
    'eyeBlinkLeft': ('EyeClosedLeft',), 'eyeBlinkRight': ('EyeClosedRight',)}


def face_parameters(weights: np.ndarray) -> dict[str, float]:
    """Return the parameters of ARKit's weights [52] that are known, but for the gaze's."""
    found = {}
    for name in NAMES:
        if not name.startswith('eyeLook') and math.isfinite(weights[INDEX[name]]):
            for parameter in _RENAMED.get(name, (name[0].upper() + name[1:],)):
                found[parameter] = float(weights[INDEX[name]])
    return found


def gaze_parameters(row: np.void | np.ndarray) -> dict[str, float]:
    """Return the parameters of a row of type GAZE_ROW that are known."""
    found = {}
    for side in ('left', 'right'):
        name = side.capitalize()
        azimuth, elevation = (
            math.radians(row[f'{side}_{angle}_deg']) for angle in ('azimuth', 'elevation'))
        if math.isfinite(azimuth + elevation):
            found[f'Eye{name}X'] = -math.tan(azimuth)
            found[f'Eye{name}Y'] = math.tan(elevation) / math.cos(azimuth)
        if math.isfinite(row[side + '_pupil_diameter_mm']):
            found['PupilDiameter' + name] = 0.1 * float(row[side + '_pupil_diameter_mm'])
    return {name: min(max(value, -1.0), 1.0) for name, value in found.items()}


class VrcftSender:
    """Makes datagrams of what has changed since the last update."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def update(self, parameters: dict[str, float]) -> list[bytes]:
        """Return the datagrams of an update; none when nothing has changed."""
        changed = {
            name: value for name, value in parameters.items() if self._told.get(name) != value}
        self._told |= changed
        names = sorted(changed)
        return [
            _bundle({name: changed[name] for name in names[i:i + _EACH]})
            for i in range(0, len(names), _EACH)]


def _bundle(values: dict[str, float]) -> bytes:
    builder = OscBundleBuilder(IMMEDIATELY)
    told: dict[str, bool | float] = {SIMULATION: True}
    told |= {f'/avatar/parameters/v2/{name}': value for name, value in values.items()}
    for address, value in told.items():
        message = OscMessageBuilder(address)
        message.add_arg(value)
        # The library's annotation names bundles only; its documentation and code take both.
        builder.add_content(message.build())  # type: ignore[arg-type]
    return builder.build().dgram


def main(arguments: list[str] | None = None) -> int:
    """Send until it is interrupted, or for as long as asked."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0].strip())
    parser.add_argument('--host', default='127.0.0.1', help='whom to send to')
    parser.add_argument('--port', type=int, default=9000, help='UDP port')
    parser.add_argument('--seed', type=int, default=1, help='which simulated wearer')
    parser.add_argument('--seconds', type=float, default=math.inf, help='how long')
    asked = parser.parse_args(arguments)
    wearer, sender = SimulatedWearer(asked.seed), VrcftSender()
    gaze = simulated_gaze(wearer, t0_ns=0)
    gaze.start(0)
    began_s, number = time.monotonic(), 0
    with (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out,
          contextlib.suppress(KeyboardInterrupt)):
        while (passed_s := number / _RATE_HZ) < asked.seconds:
            parameters = face_parameters(wearer.face_weights(passed_s, number))
            rows = gaze.read(round(passed_s * 1e9))
            if rows:
                parameters |= gaze_parameters(rows[-1][2])
            for datagram in sender.update(parameters):
                # Refused: nobody listens yet, as the host says of an earlier one.
                with contextlib.suppress(ConnectionRefusedError):
                    out.sendto(datagram, (asked.host, asked.port))
            number += 1
            time.sleep(max(began_s + number / _RATE_HZ - time.monotonic(), 0.0))
    return 0


if __name__ == '__main__':
    sys.exit(main())
