# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Encoders on files and arrays: readers by kind of input, and what is made of a recording."""
