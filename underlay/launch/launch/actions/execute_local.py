# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a process on this machine."""

import asyncio
import os
import signal
import traceback

from ._process import OutputLines
from ._process import RunningProcess
from .opaque_function import OpaqueFunction
from .. import logging
from ..action import Action
from ..conditions import evaluate_condition_expression
from ..event_handler import EventHandler
from ..event_handlers.on_process_exit import OnProcessExit
from ..event_handlers.on_process_io import OnProcessIO
from ..event_handlers.on_process_start import OnProcessStart
from ..event_handlers.on_shutdown import OnShutdown
from ..events import matches_action
from ..events.process import ProcessExited
from ..events.process import ProcessStarted
from ..events.process import ProcessStderr
from ..events.process import ProcessStdout
from ..events.process import ShutdownProcess
from ..events.process import SignalProcess
from ..substitutions import LaunchConfiguration
from ..utilities import is_a_subclass
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions
from ..utilities.type_utils import is_normalized_substitution
from ..utilities.type_utils import is_substitution
from ..utilities.type_utils import normalize_typed_substitution
from ..utilities.type_utils import perform_typed_substitution

_DEFAULT_SIGTERM_TIMEOUT = LaunchConfiguration('sigterm_timeout', default=5)
_DEFAULT_SIGKILL_TIMEOUT = LaunchConfiguration('sigkill_timeout', default=5)

# How long the children of a launch that was told to terminate have before they are killed.
_TERMINATION_TIME_S = 2.0


def _typed(value):
    return normalize_to_list_of_substitutions(value) if is_substitution(value) else value


def _evaluated(context, value, data_type):
    if is_normalized_substitution(value):
        return perform_typed_substitution(context, value, data_type)
    return value


class ExecuteLocal(Action):
    """
    Run a process, log its output, restart it if wanted, and end it when the launch ends.

    It emits ProcessStarted, ProcessStdout, ProcessStderr and ProcessExited, and obeys
    ShutdownProcess, SignalProcess and the Shutdown of the launch: SIGINT, after the first timeout
    SIGTERM, after the second SIGKILL.
    """

    def __init__(
        self,
        *,
        process_description,
        shell=False,
        sigterm_timeout=_DEFAULT_SIGTERM_TIMEOUT,
        sigkill_timeout=_DEFAULT_SIGKILL_TIMEOUT,
        emulate_tty=False,
        output='log',
        output_format='[{this.process_description.final_name}] {line}',
        cached_output=False,
        log_cmd=False,
        on_exit=None,
        respawn=False,
        respawn_delay=None,
        respawn_max_retries=-1,
        **kwargs
    ):
        """
        Create the action.

        :param process_description: a :class:`launch.descriptions.Executable`
        :param shell: run the command by a shell
        :param sigterm_timeout: seconds from SIGINT to SIGTERM
        :param sigkill_timeout: seconds from SIGTERM to SIGKILL
        :param emulate_tty: let the process believe that it writes to a terminal; the launch
            configuration of that name overrides it
        :param output: see :func:`launch.logging.get_output_loggers`; the environment variable
            ``OVERRIDE_LAUNCH_PROCESS_OUTPUT`` overrides it
        :param output_format: of a line of output, with ``{line}`` and ``{this}``, the action
        :param cached_output: keep the output for :meth:`get_stdout` and :meth:`get_stderr`
        :param log_cmd: log the command
        :param on_exit: entities, or a callable (event, context), for the end of the process
        :param respawn: start the process again when it has ended by itself
        :param respawn_delay: seconds before that
        :param respawn_max_retries: how often, a negative number for ever
        """
        super().__init__(**kwargs)
        self.__process_description = process_description
        self.__shell = _typed(shell)
        self.__sigterm_timeout = normalize_to_list_of_substitutions(sigterm_timeout)
        self.__sigkill_timeout = normalize_to_list_of_substitutions(sigkill_timeout)
        self.__emulate_tty = _typed(emulate_tty)
        output = os.environ.get('OVERRIDE_LAUNCH_PROCESS_OUTPUT', output)
        self.__output = output if isinstance(output, dict) else \
            normalize_to_list_of_substitutions(output)
        self.__output_format = output_format
        self.__cached_output = cached_output
        self.__log_cmd = log_cmd
        self.__on_exit = on_exit
        self.__respawn = normalize_typed_substitution(respawn, bool)
        self.__respawn_delay = _typed(respawn_delay)
        self.__respawn_max_retries = _typed(respawn_max_retries)
        self.__respawn_retries = 0

        self.__executed = False
        self.__process_event_args = None
        self.__process = None
        self.__outputs = {}
        self.__logger = None
        self.__completed_future = None
        self.__shutdown_future = None
        self.__escalation = None

    @property
    def process_description(self):
        """The executable."""
        return self.__process_description

    @property
    def shell(self):
        """Whether a shell runs the command."""
        return self.__shell

    @property
    def emulate_tty(self):
        """Whether the process is to see a terminal."""
        return self.__emulate_tty

    @property
    def sigterm_timeout(self):
        """Seconds from SIGINT to SIGTERM, as substitutions."""
        return self.__sigterm_timeout

    @property
    def sigkill_timeout(self):
        """Seconds from SIGTERM to SIGKILL, as substitutions."""
        return self.__sigkill_timeout

    @property
    def output(self):
        """Where the output goes."""
        return self.__output

    @property
    def process_details(self):
        """Action, name, cmd, cwd, env and, once started, pid of the process; None before."""
        return self.__process_event_args

    @property
    def return_code(self):
        """The exit code of the process, None while there is none."""
        return None if self.__process is None else self.__process.returncode

    def get_stdout(self):
        """
        Return all that was written to stdout.

        :raises RuntimeError: unless `cached_output` was given
        """
        return self.__cached('stdout')

    def get_stderr(self):
        """
        Return all that was written to stderr.

        :raises RuntimeError: unless `cached_output` was given
        """
        return self.__cached('stderr')

    def __cached(self, stream):
        if not self.__cached_output:
            raise RuntimeError(f'cached output must be true to be able to get {stream}, '
                               f"proc '{self.__process_description.name}'")
        lines = self.__outputs.get(stream)
        return '' if lines is None else lines.text

    def get_sub_entities(self):
        """Return the entities for the end of the process, if they are given as a list."""
        return self.__on_exit if isinstance(self.__on_exit, list) else []

    def get_asyncio_future(self):
        """Return the future that is done when the process has ended for good."""
        return self.__completed_future

    def prepare(self, context):
        """Perform the substitutions."""
        description = self.__process_description
        description.prepare(context, self)
        self.__process_event_args = {
            'action': self,
            'name': description.final_name,
            'cmd': description.final_cmd,
            'cwd': description.final_cwd,
            'env': description.final_env,
        }
        self.__respawn = perform_typed_substitution(context, self.__respawn, bool)
        self.__shell = _evaluated(context, self.__shell, bool)
        self.__emulate_tty = _evaluated(context, self.__emulate_tty, bool)
        self.__respawn_delay = _evaluated(context, self.__respawn_delay, float)
        self.__respawn_max_retries = _evaluated(context, self.__respawn_max_retries, int)

    def execute(self, context):
        """Start the process."""
        self.prepare(context)
        name = self.__process_description.final_name
        if self.__executed:
            raise RuntimeError(
                f"ExecuteLocal action '{name}': executed more than once: {self.describe()}")
        self.__executed = True
        if context.is_shutdown:
            return None

        output = self.__output
        if not isinstance(output, dict):
            output = perform_substitutions(context, output)
        loggers = logging.get_output_loggers(name, output)
        for stream, logger in zip(('stdout', 'stderr'), loggers, strict=False):
            self.__outputs[stream] = OutputLines(
                self.__line_writer(logger), keep=self.__cached_output)
        self.__logger = logging.get_logger(name)
        self.__completed_future = context.asyncio_loop.create_future()
        self.__shutdown_future = context.asyncio_loop.create_future()
        for handler in (
            EventHandler(
                matcher=lambda event: is_a_subclass(event, ShutdownProcess),
                entities=OpaqueFunction(function=self.__on_shutdown_process)),
            EventHandler(
                matcher=lambda event: is_a_subclass(event, SignalProcess),
                entities=OpaqueFunction(function=self.__on_signal_process)),
            OnProcessIO(target_action=self, on_stdin=self.__on_stdin),
            OnShutdown(on_shutdown=self.__on_shutdown),
            OnProcessExit(target_action=self, on_exit=self.__on_exit),
        ):
            context.register_event_handler(handler)
        context.asyncio_loop.create_task(self.__run(context))
        return None

    def __line_writer(self, logger):
        return lambda line: logger.info(self.__output_format.format(line=line, this=self))

    async def __run(self, context):
        """Start the process, wait for its end, and start it again if wanted."""
        try:
            while True:
                if not await self.__run_once(context):
                    return
                if not self.__may_respawn(context):
                    return
                self.__respawn_retries += 1
                if self.__respawn_delay is not None and self.__respawn_delay > 0.0:
                    await asyncio.wait([self.__shutdown_future], timeout=self.__respawn_delay)
                if self.__shutdown_future.done() or context.is_shutdown:
                    return
        except Exception as error:
            self.__completed_future.set_exception(error)
        finally:
            if self.__escalation is not None:
                self.__escalation.cancel()
            if not self.__completed_future.done():
                self.__completed_future.set_result(None)

    def __may_respawn(self, context):
        return (
            self.__respawn
            and not context.is_shutdown
            and not self.__shutdown_future.done()
            and (self.__respawn_max_retries < 0
                 or self.__respawn_retries < self.__respawn_max_retries)
        )

    async def __run_once(self, context):
        """Return whether the process could be started."""
        details = self.__process_event_args
        shown_command = ' '.join(part for part in details['cmd'] if part.strip())
        if self.__log_cmd:
            self.__logger.info(f"process details: cmd='{shown_command}', cwd='{details['cwd']}', "
                               f"custom_env?={details['env'] is not None}")
        emulate_tty = self.__emulate_tty
        if 'emulate_tty' in context.launch_configurations:
            emulate_tty = evaluate_condition_expression(
                context, normalize_to_list_of_substitutions(
                    context.launch_configurations['emulate_tty']))
        process = RunningProcess(
            on_start=self.__on_start,
            on_data=lambda stream, data: self.__on_data(context, stream, data))
        try:
            await process.start(
                details['cmd'], cwd=details['cwd'], env=details['env'], shell=self.__shell,
                emulate_tty=emulate_tty)
        except Exception:
            self.__logger.error(
                f'exception occurred while executing process:\n{traceback.format_exc()}')
            return False
        self.__process = process
        details = self.__process_event_args
        processes = _running_processes(context)
        processes.add(process)
        await context.emit_event(ProcessStarted(**details))
        returncode = await process.wait()
        processes.discard(process)
        for lines in self.__outputs.values():
            lines.flush()
        if returncode == 0:
            self.__logger.info(f'process has finished cleanly [pid {process.pid}]')
        else:
            self.__logger.error(f'process has died [pid {process.pid}, exit code {returncode}, '
                                f"cmd '{shown_command}'].")
        await context.emit_event(ProcessExited(returncode=returncode, **details))
        return True

    def __on_start(self, pid):
        # A copy: the events of an earlier run keep the process id of theirs.
        self.__process_event_args = {**self.__process_event_args, 'pid': pid}
        self.__logger.info(f'process started with pid [{pid}]')

    def __on_data(self, context, stream, data):
        self.__outputs[stream].feed(data)
        event_class = ProcessStdout if stream == 'stdout' else ProcessStderr
        context.emit_event_sync(event_class(text=data, **self.__process_event_args))

    def __on_stdin(self, event):
        if self.__process is not None:
            self.__process.write(event.text)
        return None

    def __on_shutdown(self, event, context):
        # A ctrl-c in a terminal goes to its whole foreground group, so to the children as well:
        # a second SIGINT would disturb them while they clean up.
        reached = event.due_to_sigint and event._reaches_group and not context.noninteractive
        return self._shutdown_process(context, send_sigint=not reached)

    def __on_shutdown_process(self, context):
        if context.locals.event.process_matcher(self):
            self._shutdown_process(context, send_sigint=True)
        return None

    def _shutdown_process(self, context, *, send_sigint):
        if self.__shutdown_future is None or self.__shutdown_future.done():
            return None
        if self.__completed_future.done():
            self.__shutdown_future.set_result(None)
            return None
        if self.__process is None:
            # It is being started at this moment: come back when it is.
            context.register_event_handler(OnProcessStart(
                target_action=self, handle_once=True,
                on_start=lambda event, context: self._shutdown_process(
                    context, send_sigint=send_sigint)))
            return None
        self.__shutdown_future.set_result(None)
        self.__escalation = context.asyncio_loop.create_task(self.__escalate(context))
        if send_sigint:
            self.__emit_signal(context, signal.SIGINT)
        return None

    def __emit_signal(self, context, number):
        context.emit_event_sync(
            SignalProcess(signal_number=number, process_matcher=matches_action(self)))

    async def __escalate(self, context):
        sigterm_text = perform_substitutions(context, self.__sigterm_timeout)
        sigterm_s = float(sigterm_text)
        sigkill_s = float(perform_substitutions(context, self.__sigkill_timeout))
        steps = (
            (sigterm_s, sigterm_text, signal.SIGINT, signal.SIGTERM),
            (sigkill_s, str(sigterm_s + sigkill_s), signal.SIGTERM, signal.SIGKILL),
        )
        for seconds, shown, sent, next_signal in steps:
            await asyncio.sleep(seconds)
            name = self.__process_description.final_name
            self.__logger.error(f"process[{name}] failed to terminate '{shown}' seconds after "
                                f"receiving '{sent.name}', escalating to '{next_signal.name}'")
            self.__emit_signal(context, next_signal)

    def __on_signal_process(self, context):
        event = context.locals.event
        if not event.process_matcher(self):
            return None
        if self.__process is None:
            raise RuntimeError('Signal event received before execution.')
        name = self.__process_description.final_name
        if self.__process.returncode is not None:
            self.__logger.debug(
                f"signal '{event.signal_name}' not sent to '{name}' because it has closed already")
            return None
        self.__logger.info(f"sending signal '{event.signal_name}' to process[{name}]")
        self.__process.send_signal(signal.Signals[event.signal_name])
        return None


def _running_processes(context):
    try:
        return context.locals.running_processes
    except AttributeError:
        context.extend_globals({'running_processes': set()})
        return context.locals.running_processes


async def kill_running_processes(context):
    """End every process of this launch without further ado: SIGTERM, then SIGKILL."""
    processes = [entry for entry in _running_processes(context) if entry.returncode is None]
    for process in processes:
        process.send_signal(signal.SIGTERM)
    if processes:
        waits = [asyncio.ensure_future(process.wait()) for process in processes]
        _, pending = await asyncio.wait(waits, timeout=_TERMINATION_TIME_S)
        for process in processes:
            process.send_signal(signal.SIGKILL)
        if pending:
            await asyncio.wait(pending)
