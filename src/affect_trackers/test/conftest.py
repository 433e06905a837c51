# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Lets tests import the helpers beside them, and keeps their ROS graph to themselves."""

import os
from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).parent))
os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
os.environ['ROS_DOMAIN_ID'] = str(os.getpid() % 90 + 1)
