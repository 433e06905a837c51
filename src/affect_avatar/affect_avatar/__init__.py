# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What is shown of the wearer: the avatar, and a line of status."""
