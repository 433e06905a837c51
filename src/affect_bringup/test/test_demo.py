# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the demo says of its source is so."""

from affect_bringup.demo import find_data
from affect_bringup.demo import source_of
import pytest
import yaml


def bag_with(folder, *topics):
    (folder / 'metadata.yaml').write_text(yaml.safe_dump({'rosbag2_bagfile_information': {
        'relative_file_paths': [], 'topics_with_message_count': [
            {'topic_metadata': {'name': topic, 'type': ''}} for topic in topics]}}))
    return folder


@pytest.mark.parametrize(('topics', 'source'), [
    (['/hmd/imu/data', '/ground_truth/voice'], 'real'),
    (['/hmd/imu/data', '/ground_truth/wearer'], 'simulation'),
    (['/w1/hmd/imu/data', '/w1/ground_truth/wearer'], 'simulation'),
])
def test_a_bag_of_the_simulated_wearer_is_not_called_real(tmp_path, topics, source):
    assert source_of(bag_with(tmp_path, *topics)) == source


def test_recordings_are_those_that_were_named_or_none(tmp_path, monkeypatch, capsys):
    (tmp_path / 'elsewhere' / 'ravdess').mkdir(parents=True)
    (tmp_path / 'shared' / 'data' / 'ravdess').mkdir(parents=True)
    (tmp_path / 'project').mkdir()
    monkeypatch.chdir(tmp_path / 'project')
    monkeypatch.delenv('AFFECT_DATA', raising=False)
    assert find_data(None) == tmp_path / 'shared' / 'data'
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path / 'elsewhere'))
    assert find_data(None) == tmp_path / 'elsewhere'
    assert find_data(tmp_path / 'shared' / 'data') == tmp_path / 'shared' / 'data'
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path / 'nowhere'))
    assert find_data(None) is None
    assert 'nowhere' in capsys.readouterr().err
