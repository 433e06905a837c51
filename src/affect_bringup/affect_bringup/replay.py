# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What of a bag to play, and under which names."""

from pathlib import Path
import re

import yaml

_WHAT_ENTERS = {
    'sensors': re.compile(r'/(hmd|ground_truth)/'),
    'embeddings': re.compile(r'/affect/[a-z_]+/(embedding|estimate|info)$'),
}
"""Topics that a replay brings in: the graph makes everything after them itself."""

CLOCK_HZ = 200
"""Timers follow /clock; at 200 Hz a tick is at most 5 ms late."""


def recorded_topics(bag: Path) -> list[str]:
    """
    Return the topics of a rosbag2 folder.

    :raises ValueError: the folder is missing or is no bag; says what to do.
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
        return [topic['topic_metadata']['name']
                for topic in information['topics_with_message_count']]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ValueError(f"'{metadata}' is damaged ({error}); restore it with 'ros2 bag reindex' "
                         'of a ROS 2 distribution') from error


def replay_command(
    bag: Path, replay_from: str, namespace: str, *, rate: float = 1.0, loop: bool = False,
) -> list[str]:
    """
    Return the command line that plays what a replay from ``replay_from`` needs.

    Topics outside this wearer's namespace are brought into it.

    :raises ValueError: no bag, or nothing in it to replay from there.
    """
    if replay_from not in _WHAT_ENTERS:
        raise ValueError(f"a bag can't be replayed with replay_from:={replay_from}; use "
                         f"{' or '.join(_WHAT_ENTERS)}")
    recorded = recorded_topics(bag)
    topics = [topic for topic in recorded if _WHAT_ENTERS[replay_from].search(topic)]
    if not topics:
        raise ValueError(
            f"'{bag}' has no topics to replay from {replay_from}: it holds {recorded}")
    command = ['ros2', 'bag', 'play', str(bag), '--clock', str(CLOCK_HZ), '--rate', str(rate)]
    if loop:
        command.append('--loop')
    command += ['--topics', *topics]
    prefix = '/' + namespace.strip('/') if namespace.strip('/') else ''
    renamed = []
    for topic in topics:
        match = re.search(r'/(hmd|ground_truth|affect)/.*', topic)
        wanted = prefix + match.group(0) if match else topic
        if wanted != topic:
            renamed.append(f'{topic}:={wanted}')
    if renamed:
        command += ['--remap', *renamed]
    return command
