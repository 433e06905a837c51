# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A replay enters at any stage; what it says again is what was said."""

from dataclasses import asdict
import json

from affect_bringup.compare_runs import read_run
from affect_bringup.run_comparison import compare
from affect_msgs.msg import EmotionState
from affect_node import STATE
import pytest


@pytest.fixture(scope='module')
def runs(launch, tmp_path_factory):
    """
    Replay the committed bag from its sensors, twice, and the first run from its embeddings.

    Returns {name: Run}, each recorded by the profile 'embeddings' beside the graph.
    """
    folder = tmp_path_factory.mktemp('runs')

    def replay(name, rate, *arguments, **source):
        # From the sensors slower than life: a busy machine must not be late for every tick.
        observer = launch(
            'purpose:=research', f'rate:={rate}', *arguments, loop=False, **source)
        states = observer.collect(EmotionState, 'affect/emotion_state', STATE)
        bag = folder / name
        with observer.recording('embeddings', bag):
            observer.wait_end(150.0)
        assert states, observer.graph.log_path.read_text()[-4000:]
        return bag

    bags = {name: replay(name, 0.5) for name in ('first', 'second')}
    bags['embeddings'] = replay('embeddings', 1.0, 'replay_from:=embeddings', bag=bags['first'])
    return {name: read_run(bag) for name, bag in bags.items()}


def test_replayed_embeddings_give_the_same_states(runs):
    comparison = compare(runs['first'], runs['embeddings'])
    print(json.dumps(asdict(comparison)))
    assert comparison.common_ticks >= 60
    # A recorder that finds a stream late makes ticks unequal that were not.
    assert comparison.equal_input_ticks >= 10
    assert comparison.largest_difference <= 1e-4


def test_equal_inputs_from_raw_sensors_give_equal_states(runs):
    """Which samples are in time for a tick is for the machine to say; what follows is not."""
    comparison = compare(runs['first'], runs['second'])
    print(json.dumps(asdict(comparison)))
    assert comparison.common_ticks >= 60
    assert not comparison.equal_input_ticks or comparison.largest_difference <= 1e-4
