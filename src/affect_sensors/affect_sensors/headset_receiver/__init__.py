# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The receiver of headsets that speak the wire format of doc/headset_wire_format.md."""
