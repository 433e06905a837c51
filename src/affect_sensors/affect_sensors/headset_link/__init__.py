# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The wire format of headsets: from datagrams to what was sensed when. No ROS here."""
