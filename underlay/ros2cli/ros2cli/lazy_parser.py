# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""An argument parser that gets its arguments only when its command was chosen."""

import argparse
from collections.abc import Callable


class LazyParser(argparse.ArgumentParser):
    """
    Call `populate(parser)` before the first parse.

    `ros2` has dozens of verbs, and most of them import rclpy. Argparse hands the rest of the
    command line to the parser of the chosen sub-command only, so that is the moment to import it.
    """

    def __init__(
        self, *args, populate: Callable[[argparse.ArgumentParser], None] | None = None, **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._populate = populate

    def parse_known_args(self, args=None, namespace=None):
        """Populate, then parse."""
        if self._populate is not None:
            populate, self._populate = self._populate, None
            populate(self)
        return super().parse_known_args(args, namespace)
