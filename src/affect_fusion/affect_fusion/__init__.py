# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From the modalities to the state of the wearer, tick by tick."""
