# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated wearer sent as VRCFaceTracking sends: what arrives is what was meant."""

import math
import socket

from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_node import stream
from affect_sensors.blendshapes import NAMES
from affect_sensors.face.node import FaceNode
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.gaze.node import GazeNode
from affect_sensors.osc import send
from affect_sensors.osc.osc_gaze import osc_gaze_row
from affect_sensors.osc.osc_packet import OscReader
from affect_sensors.osc.vrcft_state import VrcftState
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.gaze_row import empty_rows
import numpy as np
import pytest

LOOK = np.array([name.startswith('eyeLook') for name in NAMES])


def heard(*updates):
    """Return the state that the datagrams of updates make, and how many they were."""
    state, count = VrcftState(lambda *what: pytest.fail(str(what))), 0
    reader, sender = OscReader(), send.VrcftSender()
    for parameters in updates:
        for datagram in sender.update(parameters):
            count += 1
            for message in reader.read(datagram):
                assert state.take(message)
    return state, count


def test_weights_come_back_as_they_were():
    random = np.random.default_rng(8)
    updates = random.uniform(0.0, 1.0, (3, 52))
    updates[2, :26] = updates[1, :26]
    state, _ = heard(*(send.face_parameters(weights) for weights in updates))
    back = SHAPE_SETS['unified_expressions'].to_arkit(state.shapes())
    np.testing.assert_allclose(back[~LOOK], updates[-1][~LOOK], atol=1e-6)
    assert state.is_simulation


def test_only_what_changes_is_sent():
    weights = SimulatedWearer(3).face_weights(5.0)
    parameters = send.face_parameters(weights)
    assert heard(parameters, parameters, parameters)[1] == heard(parameters)[1] > 0


def test_gaze_and_pupils_come_back_as_they_were():
    row = empty_rows(1)[0]
    for side, azimuth in (('left', 20.0), ('right', 15.0)):
        row[side + '_azimuth_deg'], row[side + '_elevation_deg'] = azimuth, -10.0
        row[side + '_pupil_diameter_mm'] = 3.2
    state, _ = heard(send.gaze_parameters(row))
    back = osc_gaze_row(state)
    for name in row.dtype.names:
        if name.startswith(('left', 'right')):
            assert back[name] == pytest.approx(row[name], nan_ok=True, abs=1e-4), name
    assert math.isclose(back['azimuth_deg'], 17.5, abs_tol=1e-4)


def test_nodes_say_that_it_is_a_simulation(graph):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        port = probe.getsockname()[1]
    faces = graph.hear(FaceTracking, 'hmd/face/tracking', stream(30.0))
    gazes = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(FaceNode, source='osc', osc_port=port)
    graph.add(GazeNode, source='osc', osc_port=port)
    assert send.main(['--port', str(port), '--seconds', '0.1', '--seed', '4']) == 0
    graph.until(lambda: faces and gazes)
    assert faces[-1].source == FaceTracking.SOURCE_SIMULATION
    assert gazes[-1].source == GazeSample.SOURCE_SIMULATION
    assert sum(faces[-1].observed) == 52
