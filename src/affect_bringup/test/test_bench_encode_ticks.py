# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the encoders are given when their ticks are measured."""

from affect_bringup.bench import encode_ticks
from affect_sensors.simulation.wearer import SimulatedWearer
import numpy as np
import pytest

RATES_HZ = {
    'facial_expression_weights': 30, 'facial_expression_pictures': 30, 'eye_movement': 120,
    'eye_expression': 120, 'voice': 50, 'head_motion': 200, 'body_expression': 10, 'scene': 10}


@pytest.mark.parametrize(
    'load', [kind() for kind in encode_ticks.LOADS if kind.name in RATES_HZ],
    ids=lambda load: load.name)
def test_ticks_get_each_sample_of_the_reference_load_once(load):
    wearer, stamps = SimulatedWearer(1), []
    for tick in range(1, 21):
        for method, *arguments in load.inputs(wearer, 0.1 * (tick - 1), 0.1 * tick):
            if method == 'push' and load.name != 'voice':
                stamps += list(arguments[0])
            elif method in ('push', 'push_weights', 'push_image', 'push_cloud'):
                stamps.append(arguments[-1])
    assert len(stamps) == 2 * RATES_HZ[load.name]
    np.testing.assert_allclose(np.diff(stamps), 1.0 / RATES_HZ[load.name])


def test_an_encoder_that_is_measured_has_evidence(monkeypatch):
    monkeypatch.setattr(encode_ticks.Head, 'warm_up_s', 3.0)
    times_ms, quality = encode_ticks.tick_times_ms(encode_ticks.Head(), 1.0)
    assert times_ms.size == 10 and quality > 0.9
