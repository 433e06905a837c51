# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that can be normalized to a list of substitutions."""

import collections.abc
from collections.abc import Iterable
from pathlib import Path

from .substitution import Substitution

SomeSubstitutionsType = str | Path | Substitution | Iterable[str | Path | Substitution]
SomeSubstitutionsType_types_tuple = (str, Path, Substitution, collections.abc.Iterable)
