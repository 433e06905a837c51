# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Training of the models that run live: no ROS, the encoders' own features."""
