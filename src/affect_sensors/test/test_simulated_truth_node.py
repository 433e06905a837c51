# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the truth of the simulated wearer tells beyond valence and arousal."""

import math

from affect_msgs.msg import GroundTruth
from affect_msgs.msg import Purpose
from affect_msgs.msg import WearerCondition
from affect_node import LATCHED
from affect_node import STATE
from affect_sensors.simulated_wearer_truth.node import SimulatedWearerTruthNode
from affect_sensors.simulation.person import person_of
from affect_sensors.simulation.surroundings import ambient_temperature_c
import numpy as np
import pytest
from sensor_msgs.msg import Temperature

SCRIPT = (
    'duration_s: 1000\npoints:\n'
    '- {at_s: 0, valence: 0.5, arousal: -0.25, stress: 0.75, fatigue: 0.5, walking: 1.0}\n'
    'says_nothing: [scene, voice]\n')


def test_stress_and_fatigue_of_the_script_are_told(graph, tmp_path):
    path = tmp_path / 'script.yaml'
    path.write_text(SCRIPT)
    heard = graph.hear(WearerCondition, 'ground_truth/condition', STATE)
    activity = graph.hear(GroundTruth, 'ground_truth/activity', STATE)
    person = graph.hear(GroundTruth, 'ground_truth/person', LATCHED)
    graph.add(SimulatedWearerTruthNode, seed=3, script=str(path))
    graph.until(lambda: activity and person)
    assert not heard
    graph.publish('safety/purpose', Purpose(purpose=Purpose.SAFETY), LATCHED)
    graph.until(lambda: len(heard) > 2)
    condition = heard[0]
    assert condition.stress.value == pytest.approx(0.75)
    assert condition.fatigue.value == pytest.approx(0.5)
    # What the wearer has not is not zero.
    assert math.isnan(condition.attention.value)
    assert condition.attention.reason
    assert [message.label for message in activity] == ['walking']
    assert person[0].label == 'scene,voice'
    assert person[0].kind == GroundTruth.KIND_SIMULATION


def test_who_comes_late_hears_who_it_is_and_how_warm_the_room_is(graph):
    warmth = graph.hear(Temperature, 'ground_truth/ambient_temperature', STATE)
    graph.add(SimulatedWearerTruthNode, seed=6)
    graph.until(lambda: len(warmth) > 2)
    person = graph.hear(GroundTruth, 'ground_truth/person', LATCHED)
    graph.until(lambda: person)
    assert set(person[0].label.split(',')) == person_of(6).says_nothing
    stamp = warmth[0].header.stamp
    assert warmth[0].temperature == pytest.approx(float(ambient_temperature_c(
        6, np.array([stamp.sec + 1e-9 * stamp.nanosec]))[0]), abs=1e-6)
