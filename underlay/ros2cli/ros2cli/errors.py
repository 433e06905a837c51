# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Errors that end a command with one line instead of a traceback."""


class CommandError(RuntimeError):
    """What went wrong and what to do about it, for the person at the terminal."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
