# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Why a node can't be configured."""


class SetupError(Exception):
    """A node can't be configured; the text says what is wrong, where, and what to do."""
