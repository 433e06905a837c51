# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a command."""

from .execute_local import ExecuteLocal
from .shutdown_action import Shutdown
from ..descriptions import Executable
from ..frontend.attributes import parse_command_line
from ..frontend.attributes import parse_dictionary
from ..frontend.attributes import parse_optional
from ..frontend.expose import expose_action

# Attributes that are text, and the arguments they become.
_TEXTS = {
    'cwd': 'cwd',
    'name': 'name',
    'launch-prefix': 'prefix',
    'output': 'output',
    'respawn': 'respawn',
}
# Attributes that have a type, and whether their values can't be negative.
_TYPED = {
    'respawn_max_retries': (int, False),
    'respawn_delay': (float, True),
    'sigkill_timeout': (float, True),
    'sigterm_timeout': (float, True),
    'shell': (bool, False),
    'emulate_tty': (bool, False),
}


@expose_action('executable')
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

    @classmethod
    def _parse_cmdline(cls, cmd, parser):
        """Return the arguments in a text, each as a list of substitutions."""
        return parse_command_line(cmd, parser)

    @classmethod
    def parse(cls, entity, parser, ignore=None):
        """
        Return class and arguments for ``<executable cmd ...> [<env name value>]``.

        :param ignore: arguments of the constructor that a subclass reads itself
        :raises ValueError: for a command that is empty, or a value that makes no sense
        """
        _, kwargs = super().parse(entity, parser)
        ignored = ignore or []
        if 'cmd' not in ignored:
            kwargs['cmd'] = cls._parse_cmdline(entity.get_attr('cmd'), parser)
            if not kwargs['cmd']:
                raise ValueError(f"Attribute 'cmd' of Entity '{entity.type_name}' is empty")
        parse_optional(entity, parser, kwargs, {
            name: keyword for name, keyword in _TEXTS.items() if keyword not in ignored})
        for name in _TYPED:
            if name not in ignored:
                cls.__parse_typed(entity, parser, name, kwargs)
        if 'on_exit' not in ignored:
            on_exit = entity.get_attr('on_exit', optional=True)
            if on_exit is not None:
                kwargs['on_exit'] = [cls.__action_on_exit(on_exit)]
        if 'additional_env' not in ignored:
            environment = parse_dictionary(entity, parser, 'env')
            if environment is not None:
                kwargs['additional_env'] = environment
        return cls, kwargs

    @staticmethod
    def __parse_typed(entity, parser, name, kwargs):
        data_type, is_not_negative = _TYPED[name]
        value = entity.get_attr(name, data_type=data_type, optional=True)
        if value is None:
            return
        value = parser.parse_if_substitutions(value)
        if isinstance(value, str):
            raise TypeError(f"Attribute '{name}' of Entity '{entity.type_name}' expected to be "
                            f"of type '{data_type}', got '{value}'")
        if is_not_negative and isinstance(value, data_type) and value < 0:
            raise ValueError(f'Attribute {name} of Entity {entity.type_name} expected to be a '
                             f'non-negative value but got `{value}`')
        if name in ('sigkill_timeout', 'sigterm_timeout') and isinstance(value, data_type):
            value = str(value)
        kwargs[name] = value

    @staticmethod
    def __action_on_exit(on_exit):
        if on_exit == 'shutdown':
            return Shutdown()
        raise ValueError('Attribute on_exit of Entity node expected to be shutdown but got '
                         f'`{on_exit}`. Other on_exit actions not yet supported')

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
