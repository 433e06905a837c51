# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which quality of service to record with, to store, and to offer again."""

from collections.abc import Callable
from collections.abc import Sequence
from typing import TextIO

from rclpy.duration import Duration
from rclpy.qos import InvalidQoSProfileException
from rclpy.qos import QoSDurabilityPolicy
from rclpy.qos import QoSHistoryPolicy
from rclpy.qos import QoSLivelinessPolicy
from rclpy.qos import QoSProfile
from rclpy.qos import QoSReliabilityPolicy
from rclpy.topic_endpoint_info import TopicEndpointInfo
from ros2cli.bag.bag_error import BagError
import yaml

# Depth of rosbag2's own default profile.
DEPTH = 10
INFINITE_NS = 2**63 - 1
# Middlewares once stored "infinite" as their own largest duration; all of those exceed 68 years.
INFINITE_FROM_S = 2**31 - 1

POLICIES = {
    'history': QoSHistoryPolicy,
    'reliability': QoSReliabilityPolicy,
    'durability': QoSDurabilityPolicy,
    'liveliness': QoSLivelinessPolicy,
}
DURATIONS = ('deadline', 'lifespan', 'liveliness_lease_duration')
COMPATIBILITY = (
    'reliability', 'durability', 'deadline', 'liveliness', 'liveliness_lease_duration')


def default_profile() -> QoSProfile:
    """Return rosbag2's default: reliable, volatile, the last ten."""
    return QoSProfile(depth=DEPTH)


def duration_to_dict(duration: Duration) -> dict:
    """Return a duration as seconds and nanoseconds."""
    seconds, nanoseconds = divmod(duration.nanoseconds, 10**9)
    return {'sec': seconds, 'nsec': nanoseconds}


def profile_to_dict(profile: QoSProfile) -> dict:
    """Return a profile in the form of metadata version 9."""
    return {
        'history': profile.history.name.lower(),
        'depth': profile.depth,
        'reliability': profile.reliability.name.lower(),
        'durability': profile.durability.name.lower(),
        'deadline': duration_to_dict(profile.deadline),
        'lifespan': duration_to_dict(profile.lifespan),
        'liveliness': profile.liveliness.name.lower(),
        'liveliness_lease_duration': duration_to_dict(profile.liveliness_lease_duration),
        'avoid_ros_namespace_conventions': profile.avoid_ros_namespace_conventions,
    }


def _known_policy(policy: type, value: str | int):
    """Return the policy's member by name or number; None where it says nothing usable."""
    try:
        member = policy(value) if isinstance(value, int) else policy[str(value).upper()]
    except (KeyError, ValueError):
        return None
    return None if member.name == 'UNKNOWN' else member


def _recorded_duration(value: dict) -> Duration:
    if value['sec'] >= INFINITE_FROM_S:
        return Duration(nanoseconds=INFINITE_NS)
    return Duration(seconds=value['sec'], nanoseconds=value['nsec'])


def offer_like_recorded(
    topic: str, recorded: Sequence[dict], warn: Callable[[str], None],
) -> QoSProfile:
    """
    Return the profile to publish with, after those of the publishers that were recorded.

    History depth is not recorded (DDS discovery does not carry it), so it is rosbag2's ten.
    Where the recorded publishers differed, the default is offered, with a warning.
    """
    if not recorded:
        return default_profile()
    first = recorded[0]
    if any(other.get(key) != first.get(key) for other in recorded[1:] for key in COMPATIBILITY):
        warn(
            f'Not all original publishers on topic {topic} offered the same QoS profiles. '
            'Rosbag2 cannot yet choose an adapted profile to offer for this mixed case. '
            'Falling back to the rosbag2_storage default publisher offer.')
        return default_profile()
    profile = default_profile()
    for key in ('reliability', 'durability', 'liveliness'):
        member = _known_policy(POLICIES[key], first.get(key, 'unknown'))
        if member is not None:
            setattr(profile, key, member)
    for key in DURATIONS:
        if key in first:
            setattr(profile, key, _recorded_duration(first[key]))
    return profile


def request_to_match(
    topic: str, endpoints: Sequence[TopicEndpointInfo], warn: Callable[[str], None], depth: int,
) -> QoSProfile:
    """
    Return a profile that connects to every publisher, and gets the most from them.

    Reliable only if all are reliable, transient local only if all are transient local. Deadline,
    lifespan and liveliness do not hinder delivery, so they stay unspecified.
    """
    profile = QoSProfile(depth=depth)
    if not endpoints:
        return profile
    reliable = [e.qos_profile.reliability == QoSReliabilityPolicy.RELIABLE for e in endpoints]
    latched = [
        e.qos_profile.durability == QoSDurabilityPolicy.TRANSIENT_LOCAL for e in endpoints]
    if not all(reliable):
        profile.reliability = QoSReliabilityPolicy.BEST_EFFORT
        if any(reliable):
            warn(
                f'Some, but not all, publishers on topic "{topic}" are offering '
                'RMW_QOS_POLICY_RELIABILITY_RELIABLE. Falling back to '
                'RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT as it will connect to all publishers. '
                'Some messages from Reliable publishers could be dropped.')
    if all(latched):
        profile.durability = QoSDurabilityPolicy.TRANSIENT_LOCAL
    elif any(latched):
        warn(
            f'Some, but not all, publishers on topic "{topic}" are offering '
            'RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL. Falling back to '
            'RMW_QOS_POLICY_DURABILITY_VOLATILE as it will connect to all publishers. '
            'Previously-published latched messages will not be retrieved.')
    return profile


def _override_duration(value: dict) -> Duration:
    try:
        duration = Duration(seconds=value['sec'], nanoseconds=value['nsec'])
    except (KeyError, TypeError):
        raise ValueError(
            'Time overrides must include both seconds (sec) and nanoseconds (nsec).') from None
    if duration.nanoseconds < 0:
        raise ValueError('Time duration may not be a negative value.')
    return duration


def _override_profile(entries: dict) -> QoSProfile:
    arguments = {}
    for key, value in entries.items():
        if key in DURATIONS:
            arguments[key] = _override_duration(value)
        elif key in POLICIES:
            arguments[key] = POLICIES[key].get_from_short_key(value)
        elif key in ('depth', 'avoid_ros_namespace_conventions'):
            if value < 0:
                raise ValueError(f'`{key}` may not be a negative value.')
            arguments[key] = value
        else:
            raise ValueError(f'Unexpected key `{key}` for QoS profile.')
    return QoSProfile(**arguments)


def read_overrides(file: TextIO | None) -> dict[str, QoSProfile]:
    """
    Read a file of QoS profiles by topic, as --qos-profile-overrides-path takes it, and close it.

    Raises:
        BagError: not readable, not YAML, or a profile that QoSProfile refuses.

    """
    if file is None:
        return {}
    try:
        with file:
            content = yaml.safe_load(file)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = ' '.join(str(error).split())
        raise BagError(f"Could not read the QoS overrides '{file.name}': {reason}") from None
    try:
        return {topic: _override_profile(entries) for topic, entries in (content or {}).items()}
    except (AttributeError, TypeError, KeyError, ValueError, InvalidQoSProfileException) as error:
        raise BagError(f"{error} (in the QoS overrides '{file.name}')") from None
