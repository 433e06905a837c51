# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Descriptions of parameters."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from launch.frontend import parse_substitution
from launch.some_substitutions_type import SomeSubstitutionsType_types_tuple
from launch.substitutions import SubstitutionFailure
from launch.utilities import ensure_argument_type
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions
from launch.utilities.type_utils import normalize_typed_substitution
from launch.utilities.type_utils import perform_typed_substitution
import yaml


class ParameterValue:
    """A value with its type, so that '1' from a launch argument can stay a string."""

    def __init__(self, value, *, value_type=None):
        """
        Describe a value.

        :param value: scalar, list of scalars, or substitutions that give one
        :param value_type: int, float, bool, str, or a ``List`` of them; None takes the type that
            YAML sees
        :raises TypeError: if `value` can never have that type
        """
        self.__value = normalize_typed_substitution(value, value_type)
        self.__value_type = value_type
        self.__evaluated = None

    @property
    def value(self):
        """The value, as given until it is evaluated."""
        return self.__value if self.__evaluated is None else self.__evaluated

    @property
    def value_type(self):
        """The type, or None."""
        return self.__value_type

    def __str__(self):
        return (f'launch_ros.description.ParameterValue(value={self.value}, '
                f'value_type={self.value_type})')

    def evaluate(self, context):
        """Return the value."""
        self.__evaluated = perform_typed_substitution(context, self.__value, self.__value_type)
        return self.__evaluated


class Parameter:
    """A name with a value."""

    def __init__(self, name, value, *, value_type=None):
        """
        Describe a parameter.

        :param name: its name
        :param value, value_type: see :class:`ParameterValue`
        """
        ensure_argument_type(name, SomeSubstitutionsType_types_tuple, 'name')
        self.__name = normalize_to_list_of_substitutions(name)
        self.__value = ParameterValue(value, value_type=value_type)
        self.__evaluated = None

    @property
    def name(self):
        """The name, as given until it is evaluated."""
        return self.__name if self.__evaluated is None else self.__evaluated[0]

    @property
    def value(self):
        """The value, as given until it is evaluated."""
        return self.__value.value

    @property
    def value_type(self):
        """The type, or None."""
        return self.__value.value_type

    def __str__(self):
        return (f'launch_ros.description.Parameter(name={self.name}, value={self.value}, '
                f'value_type={self.value_type})')

    def evaluate(self, context):
        """Return (name, value)."""
        if self.__evaluated is None:
            self.__evaluated = (
                perform_substitutions(context, self.__name), self.__value.evaluate(context))
        return self.__evaluated


class ParameterFile:
    """A YAML file with parameters."""

    def __init__(self, param_file, *, allow_substs=False):
        """
        Describe a parameter file.

        :param param_file: its path
        :param allow_substs: perform substitutions such as ``$(var name)`` in its text
        """
        self.__evaluated = None
        self.__temporary = False
        self.__evaluated_allow_substs = None
        ensure_argument_type(
            param_file, (*SomeSubstitutionsType_types_tuple, os.PathLike, bytes), 'param_file',
            'ParameterFile()')
        self.__param_file = param_file
        # bytes are iterable, but no substitutions.
        if not isinstance(param_file, (os.PathLike, bytes)):
            self.__param_file = normalize_to_list_of_substitutions(param_file)
        self.__allow_substs = normalize_typed_substitution(allow_substs, bool)

    @property
    def param_file(self):
        """The path, as given until it is evaluated."""
        return self.__param_file if self.__evaluated is None else self.__evaluated

    @property
    def allow_substs(self):
        """Whether substitutions are performed in the text."""
        if self.__evaluated_allow_substs is not None:
            return self.__evaluated_allow_substs
        return self.__allow_substs

    def __str__(self):
        return (f'launch_ros.description.ParameterFile(param_file={self.param_file}, '
                f'allow_substs={self.allow_substs})')

    def evaluate(self, context):
        """
        Return the path of the file, or of a temporary one with the substitutions performed.

        :raises SubstitutionFailure: if these do not leave YAML
        """
        if self.__evaluated is not None:
            return self.__evaluated
        path = self.__param_file
        if isinstance(path, list):
            path = perform_substitutions(context, path)
        path = Path(os.fsdecode(path))
        self.__evaluated_allow_substs = perform_typed_substitution(
            context, self.__allow_substs, bool)
        if self.__evaluated_allow_substs:
            path = self.__substitute(context, path)
        self.__evaluated = path
        return path

    def __substitute(self, context, path):
        text = perform_substitutions(context, parse_substitution(path.read_text()))
        try:
            yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise SubstitutionFailure(
                f"The substituted parameter file is not a valid yaml file: '{path}'\n{error}"
            ) from error
        with NamedTemporaryFile(mode='w', prefix='launch_params_', delete=False) as file:
            file.write(text)
        self.__temporary = True
        return Path(file.name)

    def cleanup(self):
        """Remove the temporary file, if there is one."""
        if self.__temporary and self.__evaluated is not None:
            self.__evaluated.unlink(missing_ok=True)
            self.__evaluated = None

    def __del__(self):
        self.cleanup()
