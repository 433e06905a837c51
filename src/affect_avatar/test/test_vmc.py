# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a VMC receiver gets, decoded by python-osc."""

import math
import socket

from affect_avatar.avatar.avatar_state import Eye
from affect_avatar.avatar.avatar_state import FaceSource
from affect_avatar.avatar.avatar_state import Shown
from affect_avatar.avatar.blendshapes import NAMES
from affect_avatar.avatar.vmc import gaze_rotation
from affect_avatar.avatar.vmc import make_bundle
from affect_avatar.avatar.vmc import to_unity
from affect_avatar.avatar.vmc import VmcSender
import numpy as np
import pytest
from pythonosc.osc_bundle import OscBundle


def shown(**fields):
    return Shown(weights=np.linspace(0, 1, 52), face_source=FaceSource.TRACKED, **fields)


def decode(datagram):
    return [(m.address, m.params) for m in OscBundle(datagram)]


def test_a_frame_carries_all_shapes_between_time_and_apply():
    messages = decode(make_bundle(shown(), 12.5).dgram)
    assert messages[0] == ('/VMC/Ext/OK', [1])
    assert messages[1] == ('/VMC/Ext/T', [12.5])
    values = dict(params for address, params in messages if address == '/VMC/Ext/Blend/Val')
    assert list(values) == list(NAMES)
    np.testing.assert_allclose(list(values.values()), np.linspace(0, 1, 52), atol=1e-6)
    assert messages[54] == ('/VMC/Ext/Blend/Apply', [])
    assert len(messages) == 55


def test_what_is_unknown_is_left_out():
    weights = np.full(52, np.nan)
    weights[3] = 0.25
    messages = decode(make_bundle(Shown(weights=weights), 0.0).dgram)
    assert [p for a, p in messages if a == '/VMC/Ext/Blend/Val'] == [[NAMES[3], 0.25]]
    assert not [a for a, _ in messages if a == '/VMC/Ext/Bone/Pos']


def turn(quaternion, vector):
    """Rotate a vector; the formula holds in left- and right-handed axes alike."""
    x, y, z, w = quaternion
    axis, vector = np.array([x, y, z]), np.array(vector)
    return vector + 2 * np.cross(axis, np.cross(axis, vector) + w * vector)


def bones(state):
    return {
        p[0]: p[4:] for a, p in decode(make_bundle(state, 0.0).dgram) if a == '/VMC/Ext/Bone/Pos'}


def test_a_head_turned_left_looks_left_in_unity():
    quarter = math.radians(90) / 2
    head = bones(shown(head=(0.0, 0.0, math.sin(quarter), math.cos(quarter))))['Head']
    # Unity: forward is +z, left is -x.
    np.testing.assert_allclose(turn(head, [0, 0, 1]), [-1, 0, 0], atol=1e-6)


@pytest.mark.parametrize(('axis', 'ros_from', 'ros_to'), [
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)), ((0, 1, 0), (0, 0, 1), (1, 0, 0)),
    ((0, 0, 1), (1, 0, 0), (0, 1, 0))])
def test_the_change_of_axes_is_the_same_for_rotations_and_vectors(axis, ros_from, ros_to):
    def vector_to_unity(v):
        return np.array([-v[1], v[2], v[0]], float)

    half = math.radians(90) / 2
    q = (*(math.sin(half) * a for a in axis), math.cos(half))
    np.testing.assert_allclose(turn(q, ros_from), ros_to, atol=1e-9)
    np.testing.assert_allclose(
        turn(to_unity(*q), vector_to_unity(ros_from)), vector_to_unity(ros_to), atol=1e-9)


def test_eyes_that_look_left_and_up_do_so_in_unity():
    eye = Eye(azimuth_deg=30.0, elevation_deg=20.0)
    rotations = bones(shown(left=eye, right=eye))
    for bone in ('LeftEye', 'RightEye'):
        x, y, z = turn(rotations[bone], [0, 0, 1])
        assert x < -0.4 and y > 0.3 and z > 0.7


def test_fick_angles_give_the_direction_of_their_definition():
    azimuth, elevation = math.radians(25), math.radians(-10)
    expected = [math.cos(elevation) * math.cos(azimuth), math.cos(elevation) * math.sin(azimuth),
                math.sin(elevation)]
    np.testing.assert_allclose(turn(gaze_rotation(25, -10), [1, 0, 0]), expected, atol=1e-9)


def test_a_receiver_gets_the_bundle():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(('127.0.0.1', 0))
        receiver.settimeout(5.0)
        sender = VmcSender('127.0.0.1', receiver.getsockname()[1])
        try:
            sender.send(shown(), 1.0)
            datagram = receiver.recv(65536)
        finally:
            sender.close()
    assert OscBundle.dgram_is_bundle(datagram)
    assert len(decode(datagram)) == 55


def test_a_shape_that_is_known_no_more_goes_back_to_rest():
    """Else a receiver shows an emotion for ever after the purpose has forbidden it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(('127.0.0.1', 0))
        receiver.settimeout(5.0)
        sender = VmcSender('127.0.0.1', receiver.getsockname()[1])
        try:
            known, nothing = np.full(52, np.nan), np.full(52, np.nan)
            known[3] = 0.25
            received = []
            for weights in (nothing, known, nothing, nothing):
                sender.send(Shown(weights=weights), 0.0)
                received.append([
                    p for a, p in decode(receiver.recv(65536)) if a == '/VMC/Ext/Blend/Val'])
        finally:
            sender.close()
    rest = [[NAMES[3], 0.0]]
    assert received == [[], [[NAMES[3], 0.25]], rest, rest]


def test_a_host_that_does_not_exist_is_refused():
    with pytest.raises(OSError):
        VmcSender('no such host.invalid', 39539)
