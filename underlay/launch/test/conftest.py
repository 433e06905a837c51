# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Keeps log files of launches out of the home directory."""

import launch
import pytest


@pytest.fixture(autouse=True)
def log_directory(tmp_path, monkeypatch):
    """Log below the test's own directory."""
    directory = tmp_path / 'log'
    directory.mkdir()
    monkeypatch.setenv('ROS_LOG_DIR', str(directory))
    launch.logging.reset()
    yield directory
    launch.logging.reset()
