# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The text of `ros2 bag info`."""

from collections.abc import Mapping
from datetime import datetime

from ros2cli.bag.bag_metadata import BagMetadata
from ros2cli.bag.bag_metadata import TopicInformation
from ros2cli.bag.service_events import ServiceCounts

INDENT = ' ' * 19
SERVICE_EVENT_SUFFIX = '/_service_event'


def is_service_event(topic: TopicInformation) -> bool:
    """Return whether the topic holds the introspection events of a service."""
    return (
        '/srv/' in topic.type and topic.type.endswith('_Event')
        and topic.name.endswith(SERVICE_EVENT_SUFFIX))


def format_duration(duration_ns: int) -> str:
    """Return seconds with nine decimals."""
    seconds, nanoseconds = divmod(duration_ns, 10**9)
    return f'{seconds}.{nanoseconds:09d}'


def format_time_point(stamp_ns: int) -> str:
    """Return local date and time, and in brackets seconds since 1970."""
    seconds, nanoseconds = divmod(stamp_ns, 10**9)
    try:
        local = datetime.fromtimestamp(seconds)
    except (OverflowError, ValueError, OSError):
        return f'({format_duration(stamp_ns)})'
    return (
        f'{local:%b} {local.day:2d} {local.year} {local:%H:%M:%S}.{nanoseconds:09d} '
        f'({format_duration(stamp_ns)})')


def format_file_size(size: int) -> str:
    """Return bytes in the largest unit below 1024 of the next."""
    value = float(size)
    for unit in ('B', 'KiB', 'MiB', 'GiB', 'TiB'):
        if value < 1024 or unit == 'TiB':
            break
        value /= 1024
    return f'{value:.0f} {unit}' if unit == 'B' else f'{value:.1f} {unit}'


def format_bag_info(
    metadata: BagMetadata, calls: Mapping[str, ServiceCounts] | None = None,
) -> str:
    """
    Return what `ros2 bag info` prints, in upstream's layout.

    Args:
        metadata: of the bag.
        calls: by the topic of its events, what to say of a service in place of its events.

    """
    def service_count(service: TopicInformation) -> str:
        if calls is None:
            return f'Event Count: {service.message_count}'
        requests, responses = calls.get(service.name, (0, 0))
        return f'Request Count: {requests} | Response Count: {responses}'

    topics = [topic for topic in metadata.topics if not is_service_event(topic)]
    services = [topic for topic in metadata.topics if is_service_event(topic)]
    events = sum(service.message_count for service in services)
    topic_lines = [
        f'Topic: {topic.name} | Type: {topic.type} | Count: {topic.message_count} | '
        f'Serialization Format: {topic.serialization_format}'
        for topic in topics
    ]
    service_lines = [
        f'Service: {service.name.removesuffix(SERVICE_EVENT_SUFFIX)} | '
        f"Type: {service.type.removesuffix('_Event')} | {service_count(service)} | "
        f'Serialization Format: {service.serialization_format}'
        for service in services
    ]
    start_ns = metadata.starting_time_ns
    lines = [
        '',
        'Files:             ' + f'\n{INDENT}'.join(file.path for file in metadata.files),
        f'Bag size:          {format_file_size(metadata.bag_size)}',
        f'Storage id:        {metadata.storage_identifier}',
        f"ROS Distro:        {metadata.ros_distro or 'unknown'}",
        f'Duration:          {format_duration(metadata.duration_ns)}s',
        f'Start:             {format_time_point(start_ns)}',
        f'End:               {format_time_point(start_ns + metadata.duration_ns)}',
        f'Messages:          {metadata.message_count - events}',
        'Topic information: ' + f'\n{INDENT}'.join(topic_lines),
        f'Service:           {len(services)}',
        'Service information: ' + f'\n{INDENT}  '.join(service_lines),
    ]
    return '\n'.join(lines) + '\n'
