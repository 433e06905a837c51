# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What of a bag to play, and under which names."""

from collections.abc import Set
import math
from pathlib import Path
import re

import yaml

_WHAT_ENTERS = {
    'sensors': re.compile(r'/(hmd|ground_truth)/'),
    'trackers': re.compile(r'/(hmd(?!/(left|right)_eye_camera/)|ground_truth)/'),
    'embeddings': re.compile(r'/affect/[a-z_]+/(embedding|estimate|info)$'),
}
"""Topics that a replay brings in: the graph makes everything after them itself."""

CLOCK_HZ = 200
"""Timers follow /clock; at 200 Hz a tick is at most 5 ms late."""

MATCHING_S = 0.6
"""Time for publishers and subscriptions to find each other before the first message; below the
second after which a clock that stands still is a fault."""

_TYPES = {
    'hmd/face_camera/image': 'sensor_msgs/msg/Image',
    'hmd/left_eye_camera/image': 'sensor_msgs/msg/Image',
    'hmd/right_eye_camera/image': 'sensor_msgs/msg/Image',
    'hmd/world_camera/image': 'sensor_msgs/msg/Image',
    'hmd/depth_camera/points': 'sensor_msgs/msg/PointCloud2',
    'hmd/gaze/sample': 'affect_msgs/msg/GazeSample',
    'hmd/face/tracking': 'affect_msgs/msg/FaceTracking',
    'hmd/headset/status': 'affect_msgs/msg/HeadsetStatus',
    'hmd/imu/data': 'sensor_msgs/msg/Imu',
    'hmd/microphone/audio': 'affect_msgs/msg/AudioChunk',
    'hmd/physiology/chunk': 'affect_msgs/msg/PhysioChunk',
    'hmd/speech/transcript': 'affect_msgs/msg/Transcript',
}
"""A publisher of another type is never heard and nobody is told: DDS does not even match them."""

_END_OF_MCAP = b'\x89MCAP0\r\n'


def recorded_topics(bag: Path) -> dict[str, str]:
    """
    Return the topics of a rosbag2 folder with their types.

    :raises ValueError: the folder is missing, is no bag or is cut off; says what to do.
    """
    metadata = bag / 'metadata.yaml'
    if not bag.exists():
        raise ValueError(f"there is no bag '{bag}'; make one with 'affect-session build' or "
                         "'ros2 bag record'")
    if not metadata.is_file():
        raise ValueError(f"'{bag}' has no metadata.yaml: name the bag's folder, or restore it "
                         "with 'ros2 bag reindex' of a ROS 2 distribution")
    try:
        information = yaml.safe_load(metadata.read_text())['rosbag2_bagfile_information']
        topics = [topic['topic_metadata'] for topic in information['topics_with_message_count']]
        files = [bag / name for name in information.get('relative_file_paths', ())]
        recorded = {topic['name']: topic.get('type', '') for topic in topics}
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"'{metadata}' is damaged ({error}); restore it with 'ros2 bag reindex' "
                         'of a ROS 2 distribution') from error
    for file in files:
        _check_whole(file)
    return recorded


def _check_whole(file: Path) -> None:
    """Complain of a bag file that is missing or was cut off, before anything is started."""
    if not file.is_file():
        raise ValueError(f"'{file}' is missing, which metadata.yaml names; restore the file, or "
                         "rebuild the metadata with 'ros2 bag reindex'")
    if file.suffix == '.mcap' and _tail(file, len(_END_OF_MCAP)) != _END_OF_MCAP:
        raise ValueError(f"'{file}' is cut off; 'ros2 bag reindex {file.parent}' may save what "
                         'is left of it')


def _tail(file: Path, size: int) -> bytes:
    with file.open('rb') as opened:
        opened.seek(max(0, file.stat().st_size - size))
        return opened.read()


def _check_types(bag: Path, topics: dict[str, str]) -> None:
    for topic, its_type in topics.items():
        wanted = next((t for name, t in _TYPES.items() if topic.endswith('/' + name)), its_type)
        if its_type not in ('', wanted):
            raise ValueError(f"'{bag}' has '{topic}' of type {its_type}, this graph wants "
                             f'{wanted}: was it recorded by something else under that name?')


def start_ns(bag: Path) -> int:
    """
    Return when a bag begins, nanoseconds.

    :raises ValueError: its metadata do not say.
    """
    try:
        information = yaml.safe_load((bag / 'metadata.yaml').read_text())
        return int(information['rosbag2_bagfile_information']['starting_time'][
            'nanoseconds_since_epoch'])
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"'{bag / 'metadata.yaml'}' does not say when the bag begins ({error}); restore it "
            "with 'ros2 bag reindex'") from error


def relative(topic: str) -> str:
    """Return a topic as the wearer's nodes name it, or an empty string for one of no wearer."""
    match = re.search(r'(?<=/)(hmd|ground_truth|affect)/.*', topic)
    return match.group(0) if match else ''


def replay_command(
    bag: Path, replay_from: str, namespace: str, *, rate: float = 1.0, loop: bool = False,
    live: Set[str] = frozenset(),
) -> list[str]:
    """
    Return the command line that plays what a replay from ``replay_from`` needs.

    Topics outside this wearer's namespace are brought into it; ``live`` ones, which a node of
    the graph publishes anew, are left out.

    :raises ValueError: no bag, nothing in it to replay from there, another type under one of our
        names, or a rate that is not above 0.
    """
    if not (rate > 0.0 and math.isfinite(rate)):
        raise ValueError(f'rate is {rate:g}; it must be a number above 0, 1.0 is as recorded')
    if replay_from not in _WHAT_ENTERS:
        raise ValueError(f"a bag can't be replayed with replay_from:={replay_from}; use "
                         f"{' or '.join(_WHAT_ENTERS)}")
    recorded = recorded_topics(bag)
    topics = [
        topic for topic in recorded
        if _WHAT_ENTERS[replay_from].search(topic) and relative(topic) not in live]
    if not topics:
        raise ValueError(
            f"'{bag}' has no topics to replay from {replay_from}: it holds {list(recorded)}; "
            'give another bag, or another replay_from')
    _check_types(bag, {topic: recorded[topic] for topic in topics})
    command = [
        'ros2', 'bag', 'play', str(bag), '--clock', str(CLOCK_HZ), '--rate', str(rate),
        '--delay', str(MATCHING_S)]
    if loop:
        command.append('--loop')
    command += ['--topics', *topics]
    prefix = '/' + namespace.strip('/') if namespace.strip('/') else ''
    renamed = []
    for topic in topics:
        wanted = f'{prefix}/{relative(topic)}'
        if wanted != topic:
            renamed.append(f'{topic}:={wanted}')
    if renamed:
        command += ['--remap', *renamed]
    return command
