# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Lets the tests of this folder share their helpers."""

from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).parent))
