# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The recording profiles keep to the topics that exist and to the purposes that allow them."""

from pathlib import Path

from affect_learning.session.compose import TOPICS
import pytest
import yaml

PROFILES = next(
    (place / 'bags' / 'profiles' for place in Path(__file__).resolve().parents
     if (place / 'bags' / 'profiles').is_dir()), None)
pytestmark = pytest.mark.skipif(
    PROFILES is None, reason='bags/profiles is not beside this package (installed alone)')


def read_profiles():
    return {path.stem: yaml.safe_load(path.read_text()) for path in PROFILES.glob('*.yaml')}


def test_profiles_are_complete():
    profiles = read_profiles()
    assert {'sensors', 'trackers', 'embeddings', 'everything_but_images'} <= set(profiles)
    for profile in profiles.values():
        assert set(profile) == {'description', 'contains', 'not_under_purpose', 'topics'}
        assert set(profile['not_under_purpose']) <= {'none', 'research', 'medical', 'safety'}
        assert len(profile['topics']) == len(set(profile['topics'])) > 0
        assert all(topic.startswith('/') for topic in profile['topics'])


def test_what_is_about_emotion_is_not_recorded_under_safety():
    for name, profile in read_profiles().items():
        about_emotion = [
            topic for topic in profile['topics']
            if topic.endswith(('/embedding', '/estimate', '/emotion_state', '/avatar/state'))]
        assert bool(about_emotion) == ('safety' in profile['not_under_purpose']), name


def test_only_the_sensor_profile_has_images():
    for name, profile in read_profiles().items():
        pictures = [topic for topic in profile['topics'] if topic.endswith(('/image', '/points'))]
        assert bool(pictures) == (name == 'sensors')


def test_a_composed_session_is_recordable_by_the_sensor_profile():
    assert {f'/{topic}' for topic in TOPICS} <= set(read_profiles()['sensors']['topics'])


def test_the_simulated_wearer_is_recordable_by_the_sensor_profile():
    metadata = yaml.safe_load((PROFILES.parent / 'simulated_wearer/metadata.yaml').read_text())
    topics = {
        topic['topic_metadata']['name']
        for topic in metadata['rosbag2_bagfile_information']['topics_with_message_count']}
    assert '/ground_truth/wearer' in topics
    assert topics <= set(read_profiles()['sensors']['topics'])


def test_what_is_recorded_of_gaze_is_said():
    for name, profile in read_profiles().items():
        assert ('/hmd/gaze/sample' in profile['topics']) == ('gaze' in profile['contains']), name


def test_the_truth_of_people_and_of_the_simulation_go_together():
    for name, profile in read_profiles().items():
        topics = set(profile['topics'])
        assert ('/ground_truth/wearer' in topics) == ('/ground_truth/voice' in topics), name
