# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Types of parameters."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from launch.some_substitutions_type import SomeSubstitutionsType
from launch.some_substitutions_type import SomeSubstitutionsType_types_tuple
from launch.substitution import Substitution

from .parameter_descriptions import Parameter as ParameterDescription
from .parameter_descriptions import ParameterFile
from .parameter_descriptions import ParameterValue as ParameterValueDescription

SomeParameterFile = SomeSubstitutionsType | Any | ParameterFile
SomeParameterName = Sequence[Substitution | str]
SomeParameterValue = Any
SomeParameterValue_types_tuple = (
    *SomeSubstitutionsType_types_tuple, str, int, float, bool, bytes)
SomeParametersDict = Mapping[SomeParameterName, SomeParameterValue]
SomeParameters = Sequence[SomeParameterFile | ParameterDescription | SomeParametersDict]

ParameterName = Sequence[Substitution]
ParameterValue = Sequence[Any] | str | int | float | bool | bytes | ParameterValueDescription
ParametersDict = dict[ParameterName, ParameterValue]
Parameters = Sequence[ParameterFile | ParametersDict | ParameterDescription]

EvaluatedParameterValue = str | int | float | bool | bytes | Sequence[Any]
EvaluatedParameters = Sequence[Any]
