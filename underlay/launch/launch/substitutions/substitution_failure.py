# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The error of a substitution that cannot be performed."""


class SubstitutionFailure(RuntimeError):
    """A substitution has no value in this context."""

    def __init__(self, msg):
        super().__init__(msg)
