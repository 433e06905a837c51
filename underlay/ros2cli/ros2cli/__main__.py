# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""`python -m ros2cli` is `ros2`."""

import sys

from ros2cli.main import main

sys.exit(main())
