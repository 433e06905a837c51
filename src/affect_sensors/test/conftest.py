# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A graph of this process alone, spun until something happens."""

from affect_node.testing import Bench
import pytest


@pytest.fixture
def graph():
    """Give a graph of this process alone."""
    with Bench() as bench:
        yield bench
