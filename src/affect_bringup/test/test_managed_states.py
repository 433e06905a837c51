# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""When a graph counts as up."""

from affect_bringup.managed_states import ManagedStates


def test_a_graph_is_up_when_its_manager_says_that_nobody_is_on_the_way():
    states = ManagedStates('/w1/lifecycle_manager')
    assert not states.are_settled
    assert 'not heard' in states.describe()
    states.take('/w1/lifecycle_manager: health', {'fusion': 'active', 'avatar': 'configuring'})
    assert not states.are_settled
    assert states.describe() == 'avatar is configuring'
    states.take('/w1/lifecycle_manager: health', {'fusion': 'active', 'avatar': 'refused'})
    assert states.are_settled


def test_what_other_managers_and_nodes_say_is_no_matter():
    states = ManagedStates('/w1/lifecycle_manager')
    states.take('/w2/lifecycle_manager: health', {'fusion': 'active'})
    states.take('/w1/fusion: health', {'quality': 'active'})
    assert not states.are_settled
