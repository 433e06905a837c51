# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The type of paths."""

import os
from typing import TypeVar

FilePath = TypeVar('FilePath', str, bytes, os.PathLike)
