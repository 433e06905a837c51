# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Loggers of a launch: to the screen and to files in a directory of their own.

The files lie below ``$ROS_LOG_DIR``, else ``$ROS_HOME/log``, else ``~/.ros/log``.
"""

import datetime
import logging
import os
import socket
import sys
import warnings

from . import handlers

__all__ = [
    'get_logger',
    'get_output_loggers',
    'handlers',
    'launch_config',
    'log_launch_config',
    'reset',
]

_SCREEN_FORMATS = {
    'default': '[{levelname}] [{name}]: {msg}',
    'default_with_timestamp': '{created:.7f} [{levelname}] [{name}]: {msg}',
}
_FILE_FORMATS = {'default': '{created:.7f} [{levelname}] [{name}]: {msg}'}

# Where the output of a process goes, by its two streams together and one by one.
_OUTPUT_ALIASES = {
    'screen': {'both': {'screen'}},
    'log': {'both': {'log'}, 'stderr': {'screen'}},
    'both': {'both': {'log', 'screen'}},
    'own_log': {'both': {'own_log'}, 'stdout': {'own_log'}, 'stderr': {'own_log'}},
    'full': {
        'both': {'screen', 'log', 'own_log'}, 'stdout': {'own_log'}, 'stderr': {'own_log'}},
}

# Loggers that were given handlers here, for reset().
_configured_loggers = set()


def _base_directory():
    directory = os.environ.get('ROS_LOG_DIR')
    if not directory:
        home = os.environ.get('ROS_HOME') or os.path.join('~', '.ros')
        directory = os.path.join(home, 'log')
    return os.path.normpath(os.path.expanduser(directory))


# Upstream's tests put fakes in the places of these two.
def _make_unique_log_dir(*, base_path):
    while True:
        stamp = datetime.datetime.now().strftime('%Y-%m-%d-%H-%M-%S-%f')
        path = os.path.join(base_path, f'{stamp}-{socket.gethostname()}-{os.getpid()}')
        try:
            os.makedirs(path)
            return path
        except FileExistsError:
            continue


def _renew_latest_log_dir(*, log_dir):
    link = os.path.join(os.path.dirname(log_dir), 'latest')
    try:
        if os.path.lexists(link):
            if not os.path.islink(link):
                raise OSError(f"'{link}' exists and is not a link")
            os.unlink(link)
        os.symlink(log_dir, link, target_is_directory=True)
    except FileExistsError:
        # Another launch that started at the same moment was faster: its link is as good.
        pass
    except OSError as error:
        warnings.warn(f'Cannot create a symlink to latest log directory: {error}')


def _formatter(chosen, style, aliases, variable):
    """Return the formatter for a format or its alias; the environment variable overrides it."""
    override = os.environ.get(variable)
    if override:
        chosen = override.encode('latin1').decode('unicode_escape')
        style = '{'
    if chosen is None:
        return None
    if chosen in aliases:
        if style is not None and not override:
            raise ValueError(f'Cannot set a custom format style for the "{chosen}" format.')
        chosen = aliases[chosen]
    return logging.Formatter(chosen, style='{' if style is None else style)


class LaunchConfig:
    """Log directory, formats, level and handlers of this process's launches."""

    def __init__(self):
        self.reset()

    def reset(self):
        """Forget directory and handlers; go back to the default formats and level."""
        self._log_dir = None
        self.file_handlers = {}
        self.screen_handler = None
        self.screen_formatter = None
        self.file_formatter = None
        self._log_handler_factory = None
        logging.root.setLevel(logging.INFO)
        self.set_screen_format('default')
        self.set_log_format('default')

    @property
    def level(self):
        """The verbosity."""
        return logging.root.getEffectiveLevel()

    @level.setter
    def level(self, new_level):
        logging.root.setLevel(new_level)

    @property
    def log_dir(self):
        """The directory of this launch's files, made when first asked for."""
        if self._log_dir is None:
            self._log_dir = _make_unique_log_dir(base_path=_base_directory())
            _renew_latest_log_dir(log_dir=self._log_dir)
        return self._log_dir

    @log_dir.setter
    def log_dir(self, new_log_dir):
        if new_log_dir is not None:
            if self.file_handlers:
                warnings.warn(
                    'Loggers have been already configured to output to log files below '
                    f'{self._log_dir}. Proceed at your own risk.')
            if not os.path.isdir(new_log_dir):
                raise ValueError(f'{new_log_dir} is not a directory')
        self._log_dir = new_log_dir

    @property
    def log_handler_factory(self):
        """Callable that makes the handler for a path (and an `encoding`)."""
        if self._log_handler_factory is None:
            self._log_handler_factory = handlers.WatchedFileHandler
        return self._log_handler_factory

    @log_handler_factory.setter
    def log_handler_factory(self, new_log_handler_factory):
        self._log_handler_factory = new_log_handler_factory

    def set_screen_format(self, screen_format, *, screen_style=None):
        """
        Set the format on the screen.

        :param screen_format: 'default', 'default_with_timestamp', or as for logging.Formatter;
            the variable ``OVERRIDE_LAUNCH_SCREEN_FORMAT`` overrides it
        :param screen_style: as for logging.Formatter, '{' unless given
        """
        self.screen_formatter = _formatter(
            screen_format, screen_style, _SCREEN_FORMATS, 'OVERRIDE_LAUNCH_SCREEN_FORMAT')
        if self.screen_handler is not None and self.screen_formatter is not None:
            self.screen_handler.setFormatter(self.screen_formatter)

    def get_screen_handler(self):
        """Return the handler of the screen, always the same one."""
        if self.screen_handler is None:
            if hasattr(sys.stdout, 'reconfigure'):
                # A node may print what the terminal's encoding cannot show.
                sys.stdout.reconfigure(errors='replace')
            self.screen_handler = handlers.StreamHandler(sys.stdout)
            self.screen_handler.setFormatter(self.screen_formatter)
        return self.screen_handler

    def set_log_format(self, log_format, *, log_style=None):
        """
        Set the format of the main log file.

        :param log_format: 'default', or as for logging.Formatter; the variable
            ``OVERRIDE_LAUNCH_LOG_FORMAT`` overrides it
        :param log_style: as for logging.Formatter, '{' unless given
        """
        self.file_formatter = _formatter(
            log_format, log_style, _FILE_FORMATS, 'OVERRIDE_LAUNCH_LOG_FORMAT')
        if self.file_formatter is not None:
            for handler in self.file_handlers.values():
                handler.setFormatter(self.file_formatter)

    def get_log_file_path(self, file_name='launch.log'):
        """Return the path of a file in the log directory."""
        return os.path.join(self.log_dir, file_name)

    def get_log_file_handler(self, file_name='launch.log'):
        """Return the handler of a file in the log directory, always the same one."""
        if file_name not in self.file_handlers:
            handler = self.log_handler_factory(
                self.get_log_file_path(file_name), encoding='utf-8')
            handler.setFormatter(self.file_formatter)
            self.file_handlers[file_name] = handler
        return self.file_handlers[file_name]


def log_launch_config(*, logger=logging.root):
    """Tell where the log files are and how verbose they are."""
    if launch_config.file_handlers:
        logger.info(f'All log files can be found below {launch_config.log_dir}')
    level = logging.getLevelName(logging.root.getEffectiveLevel())
    logger.info(f'Default logging verbosity is set to {level}')


def _own_logger(name):
    logger = logging.getLogger(name)
    if logger is not logging.root:
        # Else a parent's handlers would print each line a second time.
        logger.propagate = False
    _configured_loggers.add(logger)
    return logger


def _add_once(logger, handler):
    if handler not in logger.handlers:
        logger.addHandler(handler)
        return True
    return False


def get_logger(name=None):
    """Return a logger that writes to the screen and to the main log file."""
    logger = _own_logger(name)
    _add_once(logger, launch_config.get_screen_handler())
    _add_once(logger, launch_config.get_log_file_handler())
    return logger


def _normalize_output_configuration(config):
    destinations = {'both': set(), 'stdout': set(), 'stderr': set()}
    if isinstance(config, str):
        if config not in _OUTPUT_ALIASES:
            raise ValueError(f'{config} is not a valid standard output config '
                             'i.e. "screen", "log" or "both"')
        destinations.update(_OUTPUT_ALIASES[config])
        return destinations
    if not isinstance(config, dict):
        raise ValueError(f'{config} is not a valid output configuration')
    for source, names in config.items():
        if source not in destinations:
            raise ValueError(
                f'{source} is not a valid output source i.e. "stdout", "stderr" or "both"')
        names = {names} if isinstance(names, str) else set(names)
        for name in names - {'screen', 'log', 'own_log'}:
            raise ValueError(
                f'{name} is not a valid output destination i.e. "screen", "log" or "own_log"')
        destinations[source] = names
    return destinations


def get_output_loggers(process_name, output_config):
    """
    Return the loggers for stdout and stderr of a process.

    :param process_name: label of the process
    :param output_config: 'screen'; 'log' (to the main log, stderr to the screen as well);
        'both'; 'own_log' (files named after the process); 'full' (all of them); or a dictionary
        from 'stdout', 'stderr', 'both' to 'screen', 'log', 'own_log' or sets of these
    :raises ValueError: if it is none of these
    """
    destinations = _normalize_output_configuration(output_config)
    result = []
    for source in ('stdout', 'stderr'):
        logger = _own_logger(f'{process_name}-{source}')
        result.append(logger)
        wanted = destinations['both'] | destinations[source]
        if 'screen' in wanted:
            handler = launch_config.get_screen_handler()
            if _add_once(logger, handler):
                handler.setFormatterFor(logger, logging.Formatter('{msg}', style='{'))
        if 'log' in wanted:
            handler = launch_config.get_log_file_handler()
            if _add_once(logger, handler):
                handler.setFormatterFor(
                    logger, logging.Formatter('{created:.7f} {msg}', style='{'))
        own_files = []
        if 'own_log' in destinations[source]:
            own_files.append(f'{process_name}-{source}.log')
        if 'own_log' in destinations['both']:
            own_files.append(f'{process_name}.log')
        for file_name in own_files:
            handler = launch_config.get_log_file_handler(file_name)
            handler.setFormatter(logging.Formatter('{msg}', style='{'))
            _add_once(logger, handler)
    return tuple(result)


def reset():
    """Take all handlers off the loggers given out so far, and reset the configuration."""
    for logger in _configured_loggers:
        logger.setLevel(logging.NOTSET)
        del logger.handlers[:]
    _configured_loggers.clear()
    launch_config.reset()


launch_config = LaunchConfig()
