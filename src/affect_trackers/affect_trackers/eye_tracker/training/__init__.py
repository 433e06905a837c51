# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How the pupil network's weights came about: drawn eyes, and the training on them."""
