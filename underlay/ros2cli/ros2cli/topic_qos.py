# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Quality of service on the command line of `ros2 topic`."""

import argparse
from copy import copy

from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.qos import QoSDurabilityPolicy
from rclpy.qos import QoSHistoryPolicy
from rclpy.qos import QoSLivelinessPolicy
from rclpy.qos import QoSPresetProfiles
from rclpy.qos import QoSProfile
from rclpy.qos import QoSReliabilityPolicy

POLICIES = {
    'history': QoSHistoryPolicy,
    'reliability': QoSReliabilityPolicy,
    'durability': QoSDurabilityPolicy,
    'liveliness': QoSLivelinessPolicy,
}


def add_qos_arguments(parser: argparse.ArgumentParser, verb: str, default_profile: str) -> None:
    """Add a preset profile and an option per policy."""
    parser.add_argument(
        '--qos-profile', choices=QoSPresetProfiles.short_keys(), default=default_profile,
        help=f'Quality of service preset profile to {verb} with (default: {default_profile})')
    parser.add_argument(
        '--qos-depth', metavar='N', type=int,
        help=f'Queue size setting to {verb} with '
             '(overrides depth value of --qos-profile option)')
    for name, policy in POLICIES.items():
        parser.add_argument(
            f'--qos-{name}', choices=policy.short_keys(),
            help=f'Quality of service {name} setting to {verb} with '
                 f'(overrides {name} value of --qos-profile option)')
    parser.add_argument(
        '--qos-liveliness-lease-duration-seconds', type=float,
        help=f'Quality of service liveliness lease duration setting to {verb} with '
             '(overrides liveliness lease duration value of --qos-profile option')


def has_explicit_qos(args: argparse.Namespace) -> bool:
    """Return whether any policy was given by its own option."""
    return any(
        value is not None for value in (
            args.qos_reliability, args.qos_durability, args.qos_depth, args.qos_history,
            args.qos_liveliness, args.qos_liveliness_lease_duration_seconds))


def requested_profile(args: argparse.Namespace) -> QoSProfile:
    """Return the preset with the policies that were given."""
    profile = copy(QoSPresetProfiles.get_from_short_key(args.qos_profile))
    for name, policy in POLICIES.items():
        value = getattr(args, f'qos_{name}')
        if value:
            setattr(profile, name, policy.get_from_short_key(value))
    lease_s = args.qos_liveliness_lease_duration_seconds
    if lease_s and lease_s >= 0:
        profile.liveliness_lease_duration = Duration(seconds=lease_s)
    if args.qos_depth and args.qos_depth >= 0:
        profile.depth = args.qos_depth
    elif profile.durability == QoSDurabilityPolicy.TRANSIENT_LOCAL and profile.depth == 0:
        profile.depth = 1
    return profile


def profile_for_publishers(node: Node, topic: str, args: argparse.Namespace) -> QoSProfile:
    """Return what was asked for or, without such options, what connects to all publishers."""
    profile = requested_profile(args)
    endpoints = node.get_publishers_info_by_topic(topic)
    if has_explicit_qos(args) or not endpoints:
        return profile
    for attribute, strong, weak in (
        ('reliability', QoSReliabilityPolicy.RELIABLE, QoSReliabilityPolicy.BEST_EFFORT),
        ('durability', QoSDurabilityPolicy.TRANSIENT_LOCAL, QoSDurabilityPolicy.VOLATILE),
    ):
        offers = [getattr(endpoint.qos_profile, attribute) == strong for endpoint in endpoints]
        if not all(offers) and any(offers):
            policy = type(strong).__name__
            policy = {'ReliabilityPolicy': 'QoSReliabilityPolicy',
                      'DurabilityPolicy': 'QoSDurabilityPolicy'}.get(policy, policy)
            print(
                f'Some, but not all, publishers are offering {policy}.{strong.name}. '
                f'Falling back to {policy}.{weak.name} as it will connect to all publishers')
        setattr(profile, attribute, strong if all(offers) else weak)
    return profile
