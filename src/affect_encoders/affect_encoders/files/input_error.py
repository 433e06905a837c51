# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an input."""


class InputError(ValueError):
    """An input that can't be used; the text says what is wrong, where, and what to do."""
