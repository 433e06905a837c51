# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a command."""

from .execute_local import ExecuteLocal
from ..descriptions import Executable


class ExecuteProcess(ExecuteLocal):
    """Run a command as a process; see :class:`ExecuteLocal` for the further arguments."""

    def __init__(self, *, cmd, prefix=None, name=None, cwd=None, env=None, additional_env=None,
                 **kwargs):
        """
        Create the action.

        :param cmd: the executable and its arguments, each of strings and substitutions
        :param prefix: goes before the command
        :param name: label of the process
        :param cwd: working directory
        :param env: the whole environment
        :param additional_env: what to add to the environment
        """
        super().__init__(
            process_description=Executable(
                cmd=cmd, prefix=prefix, name=name, cwd=cwd, env=env,
                additional_env=additional_env),
            **kwargs)

    @property
    def name(self):
        """The label: of the running process once started, before that as substitutions."""
        description = self.process_description
        return description.name if description.final_name is None else description.final_name

    @property
    def cmd(self):
        """The command, as strings once started."""
        description = self.process_description
        return description.cmd if description.final_cmd is None else description.final_cmd

    @property
    def cwd(self):
        """The working directory, as a string once started."""
        description = self.process_description
        return description.cwd if description.final_cwd is None else description.final_cwd

    @property
    def env(self):
        """The environment, as strings once started."""
        description = self.process_description
        return description.env if description.final_env is None else description.final_env

    @property
    def additional_env(self):
        """What is added to the environment."""
        return self.process_description.additional_env
