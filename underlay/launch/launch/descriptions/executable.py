# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The description of an executable."""

import itertools
import os
import re
import shlex

from ..substitutions import LaunchConfiguration
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions

# Numbers the processes of this Python process, so that each has a name of its own.
_process_numbers = itertools.count(1)


def _optional(value):
    return None if value is None else normalize_to_list_of_substitutions(value)


def _pairs(environment):
    if environment is None:
        return None
    return [
        (normalize_to_list_of_substitutions(name), normalize_to_list_of_substitutions(value))
        for name, value in environment.items()
    ]


class Executable:
    """A command line with its working directory and environment."""

    def __init__(self, *, cmd, prefix=None, name=None, cwd=None, env=None, additional_env=None,
                 arguments=None):
        """
        Describe an executable.

        :param cmd: the executable and its arguments
        :param prefix: goes before the command (a debugger), default is the launch configuration
            ``launch-prefix`` for the executables that ``launch-prefix-filter`` matches
        :param name: label of the process, default is the base name of the executable
        :param cwd: working directory
        :param env: the whole environment, default is that of the launch
        :param additional_env: what to add to the environment
        :param arguments: further arguments
        """
        self.__cmd = [normalize_to_list_of_substitutions(part) for part in cmd]
        self.__cmd += [normalize_to_list_of_substitutions(part) for part in arguments or ()]
        self.__prefix_filter = None
        if prefix is None:
            prefix = LaunchConfiguration('launch-prefix', default='')
            self.__prefix_filter = normalize_to_list_of_substitutions(
                LaunchConfiguration('launch-prefix-filter', default=''))
        self.__prefix = normalize_to_list_of_substitutions(prefix)
        self.__name = _optional(name)
        self.__cwd = _optional(cwd)
        self.__env = _pairs(env)
        self.__additional_env = _pairs(additional_env)
        self.__arguments = arguments
        self.__final_cmd = None
        self.__final_name = None
        self.__final_cwd = None
        self.__final_env = None

    @property
    def name(self):
        """The label, as substitutions."""
        return self.__name

    @property
    def prefix(self):
        """What goes before the command, as substitutions."""
        return self.__prefix

    @property
    def cmd(self):
        """The command, a list of lists of substitutions; it may be extended until prepared."""
        return self.__cmd

    @property
    def cwd(self):
        """The working directory, as substitutions."""
        return self.__cwd

    @property
    def env(self):
        """The whole environment, as pairs of substitutions."""
        return self.__env

    @property
    def additional_env(self):
        """What is added to the environment, as pairs of substitutions."""
        return self.__additional_env

    @property
    def arguments(self):
        """The further arguments, as given."""
        return self.__arguments

    @property
    def final_name(self):
        """The label with its number, once prepared."""
        return self.__final_name

    @property
    def final_cmd(self):
        """The command as strings, once prepared."""
        return self.__final_cmd

    @property
    def final_cwd(self):
        """The working directory, once prepared."""
        return self.__final_cwd

    @property
    def final_env(self):
        """The environment, once prepared."""
        return self.__final_env

    def prepare(self, context, action):
        """Perform all substitutions; `action` is the one that will run the executable."""
        command = [perform_substitutions(context, part) for part in self.__cmd]
        if self.__is_prefixed(context, command[0]):
            command = shlex.split(perform_substitutions(context, self.__prefix)) + command
        self.__final_cmd = command
        label = os.path.basename(command[0])
        if self.__name is not None:
            label = perform_substitutions(context, self.__name)
        self.__final_name = f'{label}-{next(_process_numbers)}'
        if self.__cwd is not None:
            self.__final_cwd = perform_substitutions(context, self.__cwd)
        environment = dict(context.environment) if self.__env is None else {}
        for name, value in (self.__env or []) + (self.__additional_env or []):
            environment[perform_substitutions(context, name)] = \
                perform_substitutions(context, value)
        self.__final_env = environment

    def __is_prefixed(self, context, executable):
        if self.__prefix_filter is None:
            return True
        pattern = perform_substitutions(context, self.__prefix_filter)
        return re.match(pattern, os.path.basename(executable)) is not None
