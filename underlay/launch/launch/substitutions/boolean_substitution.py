# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Logic on boolean values."""

from ._helpers import expect_arguments
from .substitution_failure import SubstitutionFailure
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities.type_utils import perform_typed_substitution


def evaluate_boolean(context, value):
    """
    Return the boolean that normalized substitutions stand for, by the rules of YAML, 0 and 1.

    :raises SubstitutionFailure: if it is none
    """
    try:
        return perform_typed_substitution(context, value, bool)
    except (TypeError, ValueError) as error:
        raise SubstitutionFailure(error) from error


@expose_substitution('not')
class NotSubstitution(Substitution):
    """'true' if the value is false."""

    def __init__(self, value):
        super().__init__()
        self.__value = normalize_to_list_of_substitutions(value)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(not value)``."""
        expect_arguments('not', data, 1)
        return cls, {'value': data[0]}

    @property
    def value(self):
        """The value to negate."""
        return self.__value

    def describe(self):
        """Return a description."""
        return f'NotSubstitution({self.value})'

    def perform(self, context):
        """Return 'true' or 'false'."""
        return str(not evaluate_boolean(context, self.value)).lower()


class _BinarySubstitution(Substitution):

    def __init__(self, left, right):
        super().__init__()
        self.__left = normalize_to_list_of_substitutions(left)
        self.__right = normalize_to_list_of_substitutions(right)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(name left right)``."""
        expect_arguments(cls.__name__.replace('Substitution', '').lower(), data, 2)
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

    def _values(self, context):
        return [evaluate_boolean(context, side) for side in (self.__left, self.__right)]


@expose_substitution('and')
class AndSubstitution(_BinarySubstitution):
    """'true' if both values are true."""

    def perform(self, context):
        """Return 'true' or 'false'."""
        return str(all(self._values(context))).lower()


@expose_substitution('or')
class OrSubstitution(_BinarySubstitution):
    """'true' if a value is true."""

    def perform(self, context):
        """Return 'true' or 'false'."""
        return str(any(self._values(context))).lower()


class _ManySubstitution(Substitution):

    def __init__(self, *args):
        super().__init__()
        self.__args = [normalize_to_list_of_substitutions(arg) for arg in args]

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(name values...)``."""
        return cls, {'args': data}

    @property
    def args(self):
        """The values."""
        return self.__args

    def describe(self):
        """Return a description."""
        return f'{type(self).__name__}({" ".join(str(arg) for arg in self.__args)})'

    def _values(self, context):
        return [evaluate_boolean(context, arg) for arg in self.__args]


@expose_substitution('any')
class AnySubstitution(_ManySubstitution):
    """'true' if at least one value is true."""

    def perform(self, context):
        """Return 'true' or 'false'."""
        return str(any(self._values(context))).lower()


@expose_substitution('all')
class AllSubstitution(_ManySubstitution):
    """'true' if every value is true."""

    def perform(self, context):
        """Return 'true' or 'false'."""
        return str(all(self._values(context))).lower()
