# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Measurements against the budgets of the design; tests don't time, these do."""
