# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that can be normalized to a list of substitutions."""

import collections.abc
from collections.abc import Iterable
from typing import Union

from .substitution import Substitution

SomeSubstitutionsType = Union[str, Substitution, Iterable[str | Substitution]]
SomeSubstitutionsType_types_tuple = (str, Substitution, collections.abc.Iterable)
