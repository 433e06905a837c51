# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Comparison of values."""

import math

from ._helpers import expect_arguments
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions
from ..utilities.type_utils import is_substitution


def _normalize(value):
    if is_substitution(value):
        return normalize_to_list_of_substitutions(value)
    if value is None:
        value = ''
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return normalize_to_list_of_substitutions(text)


def _as_bool(text):
    return {'true': True, '1': True, 'false': False, '0': False}.get(text.lower())


def _as_float(text):
    try:
        return float(text)
    except ValueError:
        return None


@expose_substitution('equals')
class EqualsSubstitution(Substitution):
    """'true' if two values are the same boolean, nearly the same number, or the same text."""

    def __init__(self, left, right):
        super().__init__()
        self.__left = _normalize(left)
        self.__right = _normalize(right)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(equals left right)``."""
        expect_arguments('equals', data, 2)
        return cls, {'left': data[0], 'right': data[1]}

    @property
    def left(self):
        """The first value."""
        return self.__left

    @property
    def right(self):
        """The second value."""
        return self.__right

    def describe(self):
        """Return a description."""
        return f'{type(self).__name__}({self.left} {self.right})'

    def _are_equal(self, context):
        left = perform_substitutions(context, self.left)
        right = perform_substitutions(context, self.right)
        if _as_bool(left) is not None and _as_bool(right) is not None:
            return _as_bool(left) == _as_bool(right)
        if _as_float(left) is not None and _as_float(right) is not None:
            return math.isclose(_as_float(left), _as_float(right))
        return left == right

    def perform(self, context):
        """Return 'true' or 'false'."""
        return str(self._are_equal(context)).lower()
