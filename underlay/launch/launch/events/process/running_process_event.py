# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The base class of what a process does."""

from ...event import Event


class RunningProcessEvent(Event):
    """Something about a process that was started."""

    name = 'launch.events.process.RunningProcessEvent'

    def __init__(self, *, action, name, cmd, cwd, env, pid):
        """
        Create the event.

        :param action: the action that started the process
        :param name: label of the process
        :param cmd: the command, a list of strings
        :param cwd: the working directory, or None
        :param env: the environment, or None
        :param pid: the process id
        """
        super().__init__()
        self.__action = action
        self.__name = name
        self.__cmd = cmd
        self.__cwd = cwd
        self.__env = env
        self.__pid = pid

    @property
    def action(self):
        """The action that started the process."""
        return self.__action

    @property
    def execute_process_action(self):
        """The same as `action`, by its old name."""
        return self.__action

    @property
    def process_name(self):
        """The label of the process."""
        return self.__name

    @property
    def cmd(self):
        """The command."""
        return self.__cmd

    @property
    def cwd(self):
        """The working directory, or None."""
        return self.__cwd

    @property
    def env(self):
        """The environment, or None."""
        return self.__env

    @property
    def pid(self):
        """The process id."""
        return self.__pid
