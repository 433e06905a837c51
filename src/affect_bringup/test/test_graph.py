# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The node list: what is started for which switches."""

from affect_bringup.container import load
from affect_bringup.graph import MODALITIES
from affect_bringup.graph import NODES
from affect_bringup.graph import parse_sources
from affect_bringup.graph import select
from affect_bringup.graph import STAGES
from affect_bringup.graph import written_by
import pytest


def names(*args, **kwargs):
    return {spec.name for spec in select(*args, **kwargs)}


def test_everything_but_what_the_headset_would_track_itself_is_started_by_default():
    assert {spec.name for spec in NODES} - names(STAGES, set(MODALITIES)) == {
        'gaze', 'face', 'headset_receiver'}


def test_without_trackers_the_headset_gives_gaze_and_face():
    gone = names(STAGES, set(MODALITIES)) - names(STAGES, set(MODALITIES), trackers=False)
    new = names(STAGES, set(MODALITIES), trackers=False) - names(STAGES, set(MODALITIES))
    assert new == {'gaze', 'face'}
    assert gone == {
        'left_eye_camera', 'right_eye_camera', 'face_tracker', 'eye_tracker',
        'speech_recognizer'}


@pytest.mark.parametrize('trackers', [True, False])
@pytest.mark.parametrize('replay_from', ['none', 'sensors', 'trackers', 'embeddings'])
def test_no_topic_is_written_by_two_nodes(trackers, replay_from):
    started = select(STAGES, set(MODALITIES), replay_from, trackers=trackers)
    written = [topic for spec in started for topic in spec.writes]
    assert len(written) == len(set(written))


@pytest.mark.parametrize('modality, also_gone', [
    ('facial_expression', {'face_camera', 'face_tracker'}), ('eye_movement', set()),
    ('eye_expression', set()), ('voice', set()), ('speech', {'speech_recognizer'}),
    ('head_motion', set()), ('body_expression', {'depth_camera'}),
    ('physiology', {'physiology'}), ('scene', set())])
def test_a_modality_switched_off_takes_with_it_what_only_it_needs(modality, also_gone):
    started = names(STAGES, set(MODALITIES))
    gone = started - names(STAGES, set(MODALITIES) - {modality})
    assert gone == {f'{modality}_encoder'} | also_gone


def test_without_modalities_of_the_eyes_nothing_looks_at_them():
    started = names(STAGES, set(MODALITIES) - {'eye_movement', 'eye_expression'})
    assert not {'left_eye_camera', 'right_eye_camera', 'eye_tracker'} & started


def test_asking_for_devices_starts_no_sensor_that_could_only_simulate():
    started = names(['sensors'], set(MODALITIES), source='device')
    assert started == {'microphone', 'face_camera'}


@pytest.mark.parametrize('text, new, gone', [
    ('headset_receiver=udp', {'headset_receiver'},
     {'headset_status', 'imu', 'left_eye_camera', 'right_eye_camera', 'eye_tracker',
      'face_camera', 'face_tracker'}),
    ('face=osc, gaze=osc', {'face', 'gaze'},
     {'left_eye_camera', 'right_eye_camera', 'eye_tracker', 'face_camera', 'face_tracker'}),
    ('gaze=lsl', {'gaze'}, {'left_eye_camera', 'right_eye_camera', 'eye_tracker'}),
    ('left_eye_camera=device', set(), set()),
    ('imu=device headset_receiver=udp', {'headset_receiver'},
     {'headset_status', 'left_eye_camera', 'right_eye_camera', 'eye_tracker', 'face_camera',
      'face_tracker'}),
    ('face=osc face_camera=device', {'face'}, {'face_tracker'}),
    ('world_camera=none', set(), {'world_camera'})])
def test_a_sensor_asked_for_by_name_replaces_who_would_publish_the_same(text, new, gone):
    usual = names(STAGES, set(MODALITIES))
    started = names(STAGES, set(MODALITIES), sources=parse_sources(text))
    assert (started - usual, usual - started) == (new, gone)


def test_sensors_asked_for_by_name_join_those_of_the_device():
    started = names(
        ['sensors'], set(MODALITIES), source='device',
        sources=parse_sources('headset_receiver=udp physiology=lsl'))
    assert started == {'microphone', 'headset_receiver', 'physiology'}


@pytest.mark.parametrize('text, complaint', [
    ('face', "give words like 'face=osc'"), ('fase=osc', "sources names 'fase'; the sensors are"),
    ('physiology=osc', 'physiology can be file, simulation, lsl, none')])
def test_sources_that_cannot_be_are_refused(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_sources(text)


def test_a_replay_of_sensors_starts_no_sensor():
    started = select(STAGES, set(MODALITIES), 'sensors')
    assert {spec.stage for spec in started} == {'trackers', 'encoders', 'fusion', 'outputs'}


def test_a_replay_of_sensors_starts_the_trackers_that_the_bag_has_input_for():
    recorded = {'hmd/right_eye_camera/image', 'hmd/gaze/sample', 'hmd/face/tracking'}
    started = select(STAGES, set(MODALITIES), 'sensors', recorded=recorded)
    assert [spec.name for spec in started if spec.stage == 'trackers'] == ['eye_tracker']
    assert written_by(started) == {'hmd/gaze/sample'}


def test_a_replay_of_trackers_starts_none():
    started = select(STAGES, set(MODALITIES), 'trackers')
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
