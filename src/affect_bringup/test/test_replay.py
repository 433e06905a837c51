# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What of a bag is played, and under which names."""

from affect_bringup.replay import replay_command
import pytest
import yaml


@pytest.fixture
def bag(tmp_path):
    topics = ['/hmd/imu/data', '/ground_truth/voice', '/affect/voice/embedding',
              '/affect/voice/info', '/affect/emotion_state', '/w1/hmd/gaze/sample']
    (tmp_path / 'metadata.yaml').write_text(yaml.safe_dump({
        'rosbag2_bagfile_information': {'topics_with_message_count': [
            {'topic_metadata': {'name': topic}, 'message_count': 1} for topic in topics]}}))
    return tmp_path


def option(command, name):
    rest = command[command.index(name) + 1:]
    stop = next((i for i, word in enumerate(rest) if word.startswith('--')), len(rest))
    return rest[:stop]


def test_replaying_sensors_leaves_out_what_the_graph_makes_itself(bag):
    topics = option(replay_command(bag, 'sensors', ''), '--topics')
    assert topics == ['/hmd/imu/data', '/ground_truth/voice', '/w1/hmd/gaze/sample']


def test_replaying_embeddings_leaves_out_states_and_sensors(bag):
    topics = option(replay_command(bag, 'embeddings', ''), '--topics')
    assert topics == ['/affect/voice/embedding', '/affect/voice/info']


def test_topics_are_brought_into_the_wearers_namespace(bag):
    renamed = option(replay_command(bag, 'sensors', '/w2/'), '--remap')
    assert '/hmd/imu/data:=/w2/hmd/imu/data' in renamed
    assert '/w1/hmd/gaze/sample:=/w2/hmd/gaze/sample' in renamed


def test_the_clock_is_fine_enough_for_the_grid(bag):
    assert float(option(replay_command(bag, 'sensors', ''), '--clock')[0]) >= 200.0


def test_loop_and_rate_are_passed_on(bag):
    command = replay_command(bag, 'sensors', '', rate=2.0, loop=True)
    assert '--loop' in command
    assert option(command, '--rate') == ['2.0']


def test_a_missing_bag_says_how_to_make_one(tmp_path):
    with pytest.raises(ValueError, match='affect-session build'):
        replay_command(tmp_path / 'nothing', 'sensors', '')


@pytest.mark.parametrize('content', ['', '{', 'rosbag2_bagfile_information: 3'])
def test_a_damaged_bag_says_how_to_restore_it(tmp_path, content):
    (tmp_path / 'metadata.yaml').write_text(content)
    with pytest.raises(ValueError, match='reindex'):
        replay_command(tmp_path, 'sensors', '')


def test_a_foreign_bag_says_what_it_holds(tmp_path):
    (tmp_path / 'metadata.yaml').write_text(
        'rosbag2_bagfile_information: {topics_with_message_count: '
        '[{topic_metadata: {name: /chatter}}]}')
    with pytest.raises(ValueError, match='/chatter'):
        replay_command(tmp_path, 'sensors', '')
