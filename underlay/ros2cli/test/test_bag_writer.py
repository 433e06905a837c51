# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Bags that are written here and read by rosbags."""

import random
import sqlite3

import pytest
from ros2cli.bag.bag_error import BagError
from ros2cli.bag.bag_metadata import read_metadata
from ros2cli.bag.bag_metadata import TopicInformation
from ros2cli.bag.bag_reader import BagReader
from ros2cli.bag.bag_writer import BagWriter
from ros2cli.bag.reindexer import reindex
from rosbags.rosbag2 import Reader

QOS = {
    'history': 'unknown', 'depth': 0, 'reliability': 'reliable', 'durability': 'transient_local',
    'deadline': {'sec': 9223372036, 'nsec': 854775807},
    'lifespan': {'sec': 9223372036, 'nsec': 854775807}, 'liveliness': 'automatic',
    'liveliness_lease_duration': {'sec': 9223372036, 'nsec': 854775807},
    'avoid_ros_namespace_conventions': False}
DEFINITION = 'string data\n'
STORAGES = ('sqlite3', 'mcap')
START_NS = 1_700_000_000_000_000_000


def topic(name):
    return TopicInformation(name, 'std_msgs/msg/String', offered_qos_profiles=[QOS])


def messages(count, name='/a', step_ns=1_000_000, seed=0):
    generator = random.Random(seed)
    return [
        (name, START_NS + number * step_ns, generator.randbytes(generator.randrange(1, 200)))
        for number in range(count)]


def read(path):
    with Reader(path) as reader:
        return [(c.topic, stamp, bytes(data)) for c, stamp, data in reader.messages()]


@pytest.mark.parametrize('storage', STORAGES)
def test_what_is_written_is_read_back_byte_for_byte(tmp_path, storage):
    writer = BagWriter(tmp_path / 'bag', storage, custom_data={'purpose': 'research'})
    writer.create_topic(topic('/a'), DEFINITION)
    writer.create_topic(topic('/b'), DEFINITION)
    expected = sorted(
        messages(500) + messages(300, '/b', 1_700_000, seed=1), key=lambda item: item[1])
    writer.write(expected)
    writer.close()

    found = read(tmp_path / 'bag')
    assert sorted(found) == sorted(expected)
    assert [stamp for _, stamp, _ in found] == [stamp for _, stamp, _ in expected]
    metadata = read_metadata(tmp_path / 'bag')
    assert metadata.message_count == 800
    assert metadata.starting_time_ns == START_NS
    assert metadata.duration_ns == expected[-1][1] - START_NS
    assert metadata.custom_data == {'purpose': 'research'}
    assert {t.name: t.message_count for t in metadata.topics} == {'/a': 500, '/b': 300}
    assert metadata.topics[0].offered_qos_profiles == [QOS]
    with Reader(tmp_path / 'bag') as reader:
        assert {c.msgdef.data for c in reader.connections} == {DEFINITION}
        assert reader.connections[0].ext.offered_qos_profiles[0].durability.name == (
            'TRANSIENT_LOCAL')


@pytest.mark.parametrize('storage', STORAGES)
def test_a_bag_splits_by_duration_and_reads_as_one(tmp_path, storage):
    writer = BagWriter(tmp_path / 'bag', storage, max_duration_ns=100_000_000)
    writer.create_topic(topic('/a'), DEFINITION)
    expected = messages(350)
    writer.write(expected)
    writer.close()

    metadata = read_metadata(tmp_path / 'bag')
    assert [file.message_count for file in metadata.files] == [101, 101, 101, 47]
    assert metadata.files[1].path.startswith('bag_1.')
    assert metadata.message_count == 350
    assert read(tmp_path / 'bag') == expected


def test_a_bag_splits_by_size(tmp_path):
    writer = BagWriter(tmp_path / 'bag', 'sqlite3', max_size=100_000)
    writer.create_topic(topic('/a'), DEFINITION)
    expected = messages(4000)
    writer.write(expected)
    writer.close()
    assert len(read_metadata(tmp_path / 'bag').files) > 2
    assert read(tmp_path / 'bag') == expected


def test_a_size_too_small_to_split_by_is_refused(tmp_path):
    with pytest.raises(BagError, match='86016'):
        BagWriter(tmp_path / 'bag', 'sqlite3', max_size=1000)


def test_an_existing_folder_is_not_written_into(tmp_path):
    with pytest.raises(BagError, match='already exists'):
        BagWriter(tmp_path, 'mcap')


@pytest.mark.parametrize('profile', ['zstd_fast', 'zstd_small'])
def test_compressed_mcap_is_smaller_and_the_same(tmp_path, profile):
    expected = [('/a', START_NS + i, b'affect' * 100) for i in range(1000)]
    sizes = {}
    for name in ('none', profile):
        writer = BagWriter(tmp_path / name, 'mcap', profile=name)
        writer.create_topic(topic('/a'), DEFINITION)
        writer.write(expected)
        writer.close()
        assert read(tmp_path / name) == expected
        sizes[name] = read_metadata(tmp_path / name).bag_size
    assert sizes[profile] < sizes['none'] / 5


@pytest.mark.parametrize('storage', STORAGES)
def test_a_bag_without_messages_is_valid(tmp_path, storage):
    writer = BagWriter(tmp_path / 'bag', storage)
    writer.create_topic(topic('/a'), DEFINITION)
    writer.close()
    assert read_metadata(tmp_path / 'bag').duration_ns == 0
    assert read(tmp_path / 'bag') == []


@pytest.mark.parametrize('storage', STORAGES)
def test_a_recording_that_was_cut_off_is_recovered_up_to_the_last_flush(tmp_path, storage):
    writer = BagWriter(tmp_path / 'bag', storage)
    writer.create_topic(topic('/a'), DEFINITION)
    expected = messages(200)
    writer.write(expected)
    writer.flush()
    with pytest.raises(BagError, match='ros2 bag reindex'):
        BagReader(tmp_path / 'bag')

    metadata = reindex(tmp_path / 'bag')
    assert metadata.message_count == 200
    assert read_metadata(tmp_path / 'bag').topics[0].offered_qos_profiles == [QOS]
    assert read(tmp_path / 'bag') == expected


def test_an_mcap_file_cut_in_the_middle_of_a_record_keeps_what_came_before(tmp_path):
    writer = BagWriter(tmp_path / 'bag', 'mcap')
    writer.create_topic(topic('/a'), DEFINITION)
    first, second = messages(100), messages(200)[100:]
    writer.write(first)
    writer.flush()
    kept_size = (tmp_path / 'bag' / 'bag_0.mcap').stat().st_size
    writer.write(second)
    writer.close()
    (tmp_path / 'bag' / 'metadata.yaml').unlink()
    with open(tmp_path / 'bag' / 'bag_0.mcap', 'r+b') as file:
        file.truncate(kept_size + 500)
    assert reindex(tmp_path / 'bag').message_count == 100
    assert read(tmp_path / 'bag') == first


def test_a_complete_mcap_file_is_left_as_it_is(tmp_path):
    writer = BagWriter(tmp_path / 'bag', 'mcap')
    writer.create_topic(topic('/a'), DEFINITION)
    writer.write(messages(50))
    writer.close()
    before = (tmp_path / 'bag' / 'bag_0.mcap').read_bytes()
    reindex(tmp_path / 'bag')
    assert (tmp_path / 'bag' / 'bag_0.mcap').read_bytes() == before


@pytest.mark.parametrize(('name', 'content'), [
    ('foreign.mcap', b'this is no bag'), ('foreign.db3', b'this is no bag'), ('empty.mcap', b''),
    ('empty.db3', b''), ('foreign.txt', b'')])
def test_a_foreign_file_is_refused_in_one_line(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BagError) as caught:
        BagReader(tmp_path / name)
    assert '\n' not in str(caught.value)
    assert name in str(caught.value)


def test_another_database_is_no_bag(tmp_path):
    connection = sqlite3.connect(tmp_path / 'other.db3')
    connection.execute('CREATE TABLE people(name TEXT)')
    connection.close()
    with pytest.raises(BagError, match=r'other\.db3'):
        BagReader(tmp_path / 'other.db3')


@pytest.mark.parametrize('text', [
    '', 'a: [', '- 1\n', 'rosbag2_bagfile_information: 3\n',
    'rosbag2_bagfile_information:\n  version: 9\n'])
def test_damaged_metadata_is_refused_in_one_line(tmp_path, text):
    (tmp_path / 'metadata.yaml').write_text(text)
    with pytest.raises(BagError) as caught:
        read_metadata(tmp_path)
    assert '\n' not in str(caught.value)
    assert 'metadata.yaml' in str(caught.value)


def test_reindexing_a_folder_without_bags_says_so(tmp_path):
    with pytest.raises(BagError, match=r'no \.mcap or \.db3'):
        reindex(tmp_path)
