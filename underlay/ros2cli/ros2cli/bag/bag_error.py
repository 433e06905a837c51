# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The error of the `ros2 bag` verbs."""

from ros2cli.errors import CommandError


class BagError(CommandError):
    """A bag that cannot be read, written or played; printed the way ros2bag prints errors."""

    def __init__(self, message: str) -> None:
        super().__init__(f'[ERROR] [ros2bag]: {message}')
