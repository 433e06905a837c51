# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One encoder per modality: a folder each with features (numpy), model (torch) and a thin node."""
