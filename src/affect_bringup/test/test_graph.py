# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The node list: what is started for which switches."""

from affect_bringup.container import load
from affect_bringup.graph import MODALITIES
from affect_bringup.graph import NODES
from affect_bringup.graph import select
from affect_bringup.graph import STAGES
import pytest


def names(*args, **kwargs):
    return {spec.name for spec in select(*args, **kwargs)}


def test_everything_is_started_by_default():
    assert names(STAGES, set(MODALITIES)) == {spec.name for spec in NODES}


@pytest.mark.parametrize('modality, sensor', [
    ('voice', 'microphone'), ('facial_expression', 'face_camera'), ('eye_movement', 'gaze'),
    ('head_motion', 'imu'), ('physiology', 'physiology')])
def test_a_modality_switched_off_takes_its_encoder_and_sensor_with_it(modality, sensor):
    gone = {spec.name for spec in NODES} - names(STAGES, set(MODALITIES) - {modality})
    assert gone == {f'{modality}_encoder', sensor}


def test_asking_for_devices_starts_no_sensor_that_could_only_simulate():
    started = names(['sensors'], set(MODALITIES), source='device')
    assert started == {'microphone', 'face_camera'}


def test_a_replay_of_sensors_starts_no_sensor():
    started = select(STAGES, set(MODALITIES), 'sensors')
    assert {spec.stage for spec in started} == {'encoders', 'fusion', 'outputs'}


def test_a_replay_of_embeddings_starts_no_encoder():
    started = select(STAGES, set(MODALITIES), 'embeddings')
    assert {spec.stage for spec in started} == {'fusion', 'outputs'}


def test_the_safety_monitor_is_alone_and_depends_on_no_manager():
    monitor = next(spec for spec in NODES if spec.name == 'safety_monitor')
    assert monitor.container is None
    assert not monitor.is_managed


def test_node_names_are_unique():
    assert len({spec.name for spec in NODES}) == len(NODES)


@pytest.mark.parametrize('arguments', [
    (['nowhere'], set(MODALITIES), 'none'), (STAGES, {'telepathy'}, 'none'),
    (STAGES, set(MODALITIES), 'yesterday')])
def test_unknown_words_are_refused_with_the_known_ones(arguments):
    with pytest.raises(ValueError, match=r'there are|can be'):
        select(*arguments)


@pytest.mark.parametrize('spec', NODES, ids=lambda spec: spec.name)
def test_every_component_of_the_list_exists(spec):
    assert load(spec.component).__name__ == spec.component.split(':')[1]
