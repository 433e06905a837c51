# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the demo says of its source is so."""

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
