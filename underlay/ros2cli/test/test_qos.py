# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Quality of service that is stored, offered again and requested."""

import pytest
from rclpy.qos import QoSDurabilityPolicy
from rclpy.qos import QoSProfile
from rclpy.qos import QoSReliabilityPolicy
from ros2cli.bag.bag_error import BagError
from ros2cli.bag.qos import offer_like_recorded
from ros2cli.bag.qos import profile_to_dict
from ros2cli.bag.qos import read_overrides
from ros2cli.bag.qos import request_to_match

RELIABLE = QoSReliabilityPolicy.RELIABLE
BEST_EFFORT = QoSReliabilityPolicy.BEST_EFFORT
LATCHED = QoSDurabilityPolicy.TRANSIENT_LOCAL
VOLATILE = QoSDurabilityPolicy.VOLATILE


class Endpoint:
    """What the graph says of a publisher."""

    def __init__(self, reliability, durability):
        self.qos_profile = QoSProfile(depth=1, reliability=reliability, durability=durability)


def request(*endpoints):
    warnings = []
    profile = request_to_match('/a', endpoints, warnings.append, 100)
    return profile.reliability, profile.durability, len(warnings)


def test_a_recorder_asks_for_what_all_publishers_offer():
    assert request(Endpoint(RELIABLE, LATCHED)) == (RELIABLE, LATCHED, 0)
    assert request(Endpoint(BEST_EFFORT, VOLATILE)) == (BEST_EFFORT, VOLATILE, 0)
    assert request() == (RELIABLE, VOLATILE, 0)


def test_a_recorder_falls_back_and_says_so_where_publishers_differ():
    assert request(Endpoint(RELIABLE, LATCHED), Endpoint(BEST_EFFORT, VOLATILE)) == (
        BEST_EFFORT, VOLATILE, 2)


@pytest.mark.parametrize('reliability', [RELIABLE, BEST_EFFORT])
@pytest.mark.parametrize('durability', [LATCHED, VOLATILE])
def test_a_player_offers_what_was_recorded(reliability, durability):
    recorded = profile_to_dict(Endpoint(reliability, durability).qos_profile)
    warnings = []
    profile = offer_like_recorded('/a', [recorded, recorded], warnings.append)
    assert (profile.reliability, profile.durability) == (reliability, durability)
    assert profile.depth == 10
    assert not warnings


def test_numbers_of_older_bags_are_understood():
    old = {
        'history': 3, 'depth': 0, 'reliability': 2, 'durability': 1,
        'deadline': {'sec': 2147483647, 'nsec': 4294967295},
        'lifespan': {'sec': 0, 'nsec': 0}, 'liveliness': 1,
        'liveliness_lease_duration': {'sec': 2147483647, 'nsec': 4294967295},
        'avoid_ros_namespace_conventions': False}
    profile = offer_like_recorded('/a', [old], pytest.fail)
    assert (profile.reliability, profile.durability) == (BEST_EFFORT, LATCHED)
    assert profile.deadline.nanoseconds == 2**63 - 1


def test_a_player_offers_the_default_where_recorded_publishers_differed():
    recorded = [
        profile_to_dict(Endpoint(RELIABLE, LATCHED).qos_profile),
        profile_to_dict(Endpoint(BEST_EFFORT, VOLATILE).qos_profile)]
    warnings = []
    profile = offer_like_recorded('/a', recorded, warnings.append)
    assert (profile.reliability, profile.durability) == (RELIABLE, VOLATILE)
    assert len(warnings) == 1


def test_overrides_are_read_by_topic(tmp_path):
    path = tmp_path / 'qos.yaml'
    path.write_text(
        '/a:\n  reliability: best_effort\n  history: keep_last\n  depth: 3\n'
        '  deadline: {sec: 1, nsec: 500}\n')
    profile = read_overrides(path.open())['/a']
    assert profile.reliability == BEST_EFFORT
    assert profile.depth == 3
    assert profile.deadline.nanoseconds == 1_000_000_500


@pytest.mark.parametrize('text', [
    '/a: {reliability: perhaps}', '/a: {colour: red}', '/a: {depth: -1}', '/a: 3', '[',
    '/a: {history: keep_last}', '/a: {history: keep_all, deadline: {sec: 1}}'])
def test_bad_overrides_are_said(tmp_path, text):
    path = tmp_path / 'qos.yaml'
    path.write_text(text)
    with pytest.raises(BagError, match=r'qos\.yaml'):
        read_overrides(path.open())
