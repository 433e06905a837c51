# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What of a bag is played, and under which names."""

from pathlib import Path

from affect_bringup.replay import recorded_topics
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


def test_what_a_node_makes_anew_is_not_played(bag):
    topics = option(
        replay_command(bag, 'sensors', '', live={'hmd/gaze/sample'}), '--topics')
    assert topics == ['/hmd/imu/data', '/ground_truth/voice']


def test_replaying_trackers_leaves_out_images_that_no_encoder_reads(tmp_path):
    topics = ['/hmd/left_eye_camera/image', '/hmd/face_camera/image', '/hmd/gaze/sample',
              '/affect/voice/embedding']
    (tmp_path / 'metadata.yaml').write_text(yaml.safe_dump({
        'rosbag2_bagfile_information': {'topics_with_message_count': [
            {'topic_metadata': {'name': topic}, 'message_count': 1} for topic in topics]}}))
    played = option(replay_command(tmp_path, 'trackers', ''), '--topics')
    assert played == ['/hmd/face_camera/image', '/hmd/gaze/sample']


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


@pytest.mark.parametrize('rate', [0.0, -1.0, float('nan'), float('inf')])
def test_a_rate_that_is_none_is_refused(bag, rate):
    with pytest.raises(ValueError, match=r'rate is .* above 0'):
        replay_command(bag, 'sensors', '', rate=rate)


def write_bag(folder, type_name='sensor_msgs/msg/Imu'):
    (folder / 'metadata.yaml').write_text(yaml.safe_dump({'rosbag2_bagfile_information': {
        'relative_file_paths': ['walk_0.mcap'],
        'topics_with_message_count': [
            {'topic_metadata': {'name': '/hmd/imu/data', 'type': type_name}}]}}))


def test_a_file_that_is_missing_or_cut_off_is_named_before_anything_starts(tmp_path):
    write_bag(tmp_path)
    with pytest.raises(ValueError, match=r'walk_0\.mcap.* is missing'):
        replay_command(tmp_path, 'sensors', '')
    file = tmp_path / 'walk_0.mcap'
    for content in (b'', b'\x89MCAP0\r\n and half a record'):
        file.write_bytes(content)
        with pytest.raises(ValueError, match=r'cut off.*reindex'):
            replay_command(tmp_path, 'sensors', '')
    file.write_bytes(b'\x89MCAP0\r\n' * 2)
    assert replay_command(tmp_path, 'sensors', '')


def test_a_topic_of_another_type_under_our_name_is_refused(tmp_path):
    write_bag(tmp_path, 'std_msgs/msg/String')
    (tmp_path / 'walk_0.mcap').write_bytes(b'\x89MCAP0\r\n' * 2)
    with pytest.raises(ValueError, match='std_msgs/msg/String, this graph wants'):
        replay_command(tmp_path, 'sensors', '')


def test_the_types_that_are_wanted_are_those_of_the_committed_bag():
    """The shipped bag was recorded from this graph: what it holds must be accepted."""
    shipped = Path(__file__).resolve().parents[3] / 'bags' / 'simulated_wearer'
    if not shipped.is_dir():
        pytest.skip('installed without the bag')
    recorded = recorded_topics(shipped)
    assert '/hmd/imu/data' in recorded
    assert replay_command(shipped, 'sensors', '')
