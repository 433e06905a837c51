# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Sending an avatar by the Virtual Motion Capture protocol (https://protocol.vmc.info), OSC over UDP.

Each frame is one bundle: time, 52 blendshapes under Apple's names (what "perfect sync" avatars
read), and the bones of head and eyes as local rotations. Axes are Unity's: x right, y up, z
forward, left-handed.
"""

from dataclasses import replace
import math
import socket

from affect_avatar.avatar.avatar_state import Eye
from affect_avatar.avatar.avatar_state import Shown
from affect_avatar.avatar.blendshapes import NAMES
import numpy as np
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder


def to_unity(x: float, y: float, z: float, w: float) -> tuple[float, float, float, float]:
    """
    Return a rotation given in ROS axes (x forward, y left, z up) in Unity's.

    The axis of rotation is mapped as (x, y, z) -> (-y, z, x) and, since Unity is left-handed, its
    sense is reversed.
    """
    return y, -z, -x, w


def gaze_rotation(azimuth_deg: float, elevation_deg: float) -> tuple[float, float, float, float]:
    """
    Return Fick angles as a quaternion x, y, z, w in ROS axes: about z first, then elevation up.

    Elevation is positive up, which is a negative turn about y (left).
    """
    half_azimuth = math.radians(azimuth_deg) / 2.0
    half_elevation = -math.radians(elevation_deg) / 2.0
    ca, sa = math.cos(half_azimuth), math.sin(half_azimuth)
    ce, se = math.cos(half_elevation), math.sin(half_elevation)
    return -sa * se, ca * se, sa * ce, ca * ce


def make_bundle(shown: Shown, time_s: float) -> OscBundle:
    """Return a frame as OSC bundle; what is unknown is left out and so keeps its last value."""
    builder = OscBundleBuilder(IMMEDIATELY)

    def add(address: str, *values: str | int | float) -> None:
        message = OscMessageBuilder(address)
        for value in values:
            message.add_arg(value)
        # The library's annotation names bundles only; its documentation and code take both.
        builder.add_content(message.build())  # type: ignore[arg-type]

    add('/VMC/Ext/OK', 1)
    add('/VMC/Ext/T', float(time_s))
    for name, weight in zip(NAMES, shown.weights, strict=True):
        if math.isfinite(weight):
            add('/VMC/Ext/Blend/Val', name, float(weight))
    add('/VMC/Ext/Blend/Apply')
    if shown.head is not None:
        add('/VMC/Ext/Bone/Pos', 'Head', 0.0, 0.0, 0.0, *to_unity(*shown.head))
    for bone, eye in (('LeftEye', shown.left), ('RightEye', shown.right)):
        rotation = _eye_rotation(eye)
        if rotation is not None:
            add('/VMC/Ext/Bone/Pos', bone, 0.0, 0.0, 0.0, *rotation)
    return builder.build()


def _eye_rotation(eye: Eye) -> tuple[float, float, float, float] | None:
    if not (math.isfinite(eye.azimuth_deg) and math.isfinite(eye.elevation_deg)):
        return None
    return to_unity(*gaze_rotation(eye.azimuth_deg, eye.elevation_deg))


class VmcSender:
    """Sends frames to one receiver; never blocks."""

    def __init__(self, host: str, port: int) -> None:
        """
        Resolve the receiver once.

        :raises OSError: the host is unknown, or there is no socket to be had.
        """
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_DGRAM)[0]
        self._address: tuple = address
        self._was_sent = np.zeros(len(NAMES), bool)
        self._socket = socket.socket(family, kind, protocol)
        self._socket.setblocking(False)

    def send(self, shown: Shown, time_s: float) -> None:
        """
        Send one frame; a shape that is known no more goes back to rest.

        A receiver keeps what it is not told: else it would show an emotion for ever after the
        purpose forbade it.

        :raises OSError: it could not be sent, e.g. nobody listens on this host, or no network.
        """
        known = np.isfinite(shown.weights)
        self._was_sent |= known
        weights = np.where(~known & self._was_sent, 0.0, shown.weights)
        frame = make_bundle(replace(shown, weights=weights), time_s)
        self._socket.sendto(frame.dgram, self._address)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
