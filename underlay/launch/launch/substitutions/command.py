# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output of a command."""

import shlex
import subprocess

from ._helpers import describe_all
from .substitution_failure import SubstitutionFailure
from .. import logging
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_substitution('command')
class Command(Substitution):
    """What a command prints."""

    def __init__(self, command, *, on_stderr='fail'):
        """
        Create the substitution.

        :param command: the command line, split as by a shell, but run without one
        :param on_stderr: if the command writes to stderr, 'fail', 'ignore', 'warn', or 'capture'
            that output too
        """
        super().__init__()
        self.__command = normalize_to_list_of_substitutions(command)
        self.__on_stderr = normalize_to_list_of_substitutions(on_stderr)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(command line [on_stderr])``."""
        if len(data) not in (1, 2):
            raise ValueError('command substitution expects 1 or 2 arguments')
        return cls, dict(zip(('command', 'on_stderr'), data, strict=False))

    @property
    def command(self):
        """The command line."""
        return self.__command

    @property
    def on_stderr(self):
        """What to do about output on stderr."""
        return self.__on_stderr

    def describe(self):
        """Return a description."""
        return f'Command({describe_all(self.command)})'

    def perform(self, context):
        """
        Run the command; return its output.

        :raises SubstitutionFailure: if it is not found, fails, or writes to stderr
        """
        command = perform_substitutions(context, self.command)
        on_stderr = perform_substitutions(context, self.on_stderr)
        if on_stderr not in ('fail', 'ignore', 'warn', 'capture'):
            raise SubstitutionFailure(
                "expected 'on_stderr' to be one of: 'fail', 'ignore', 'warn' or 'capture'")
        try:
            result = subprocess.run(
                shlex.split(command), stdout=subprocess.PIPE, text=True,
                stderr=subprocess.STDOUT if on_stderr == 'capture' else subprocess.PIPE)
        except FileNotFoundError as error:
            raise SubstitutionFailure(f'file not found: {error}') from error
        if result.returncode != 0:
            message = f'executed command failed. Command: {command}'
            if result.stderr:
                message += f'\nCaptured stderr output: {result.stderr}'
            raise SubstitutionFailure(message)
        if result.stderr and on_stderr in ('fail', 'warn'):
            message = (f'executed command showed stderr output. Command: {command}\n'
                       f'Captured stderr output:\n{result.stderr}')
            if on_stderr == 'fail':
                raise SubstitutionFailure(message)
            logging.get_logger().warning(message)
        return result.stdout
