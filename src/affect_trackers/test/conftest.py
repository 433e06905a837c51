# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A graph of this process alone, spun until something happens."""

from pathlib import Path
import sys

from affect_node.testing import Bench
import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def graph():
    """Give a graph of this process alone."""
    with Bench() as bench:
        yield bench
