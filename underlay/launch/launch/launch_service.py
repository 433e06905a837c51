# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The service that runs launch descriptions."""

import asyncio
import collections.abc
import logging as std_logging
import os
import signal
import threading
import traceback

from . import logging
from .actions.execute_local import kill_running_processes
from .event_handlers import OnIncludeLaunchDescription
from .event_handlers import OnShutdown
from .events import IncludeLaunchDescription
from .events import Shutdown
from .launch_context import LaunchContext
from .launch_description_entity import LaunchDescriptionEntity
from .utilities import visit_all_entities_and_collect_futures

_thread = threading.local()


def _loop_of_this_thread():
    """Return the event loop kept for runs in this thread, making one if needed."""
    loop = getattr(_thread, 'loop', None)
    if loop is None or loop.is_closed():
        loop = asyncio.new_event_loop()
        _thread.loop = loop
    asyncio.set_event_loop(loop)
    return loop


class LaunchService:
    """
    Visits entities, processes events, and ends when nothing is left to wait for.

    SIGINT shuts the launch down. SIGTERM and SIGQUIT end it at once: the children get SIGTERM
    and, if they are still there a moment later, SIGKILL.
    """

    def __init__(self, *, argv=None, noninteractive=False, debug=False):
        """
        Create the service.

        :param argv: command line arguments, kept in the context
        :param noninteractive: True if there is no terminal whose ctrl-c reaches the children
        :param debug: log at debug level, and set asyncio's debug mode
        """
        logging.launch_config.level = std_logging.DEBUG if debug else std_logging.INFO
        self.__debug = debug
        self.__argv = [] if argv is None else argv
        self.__logger = logging.get_logger('launch')
        self.__context = LaunchContext(argv=self.__argv, noninteractive=noninteractive)
        self.__context.register_event_handler(OnIncludeLaunchDescription())
        self.__context.register_event_handler(OnShutdown(on_shutdown=self.__on_shutdown))
        self._entity_future_pairs = []
        self.__loop_lock = threading.RLock()
        self.__loop = None
        self.__task = None
        self.__thread_id = None
        self.__shutting_down = False
        self.__interrupted = False
        self.__terminated = False
        self.__return_code = 0

    @property
    def context(self):
        """The context of this service."""
        return self.__context

    @property
    def event_loop(self):
        """The event loop of the current run, None outside of one."""
        return self.__loop

    @property
    def task(self):
        """The asyncio task of the current run."""
        return self.__task

    def __is_run_thread(self):
        """Return whether this is the thread of the loop, which may be paused at the moment."""
        return threading.get_ident() == self.__thread_id

    def emit_event(self, event):
        """Queue an event, from any thread; return once it is queued."""
        with self.__loop_lock:
            loop = self.__loop
            if loop is None:
                self.__context.emit_event_sync(event)
                return
        if self.__is_run_thread():
            self.__context.emit_event_sync(event)
        else:
            asyncio.run_coroutine_threadsafe(self.__context.emit_event(event), loop).result()

    def include_launch_description(self, launch_description):
        """Have a description visited, now or when the run starts."""
        self.emit_event(IncludeLaunchDescription(launch_description))

    def run(self, *, shutdown_when_idle=True):
        """
        Run in the main thread until done; return the exit code.

        :param shutdown_when_idle: end when nothing is left to do, instead of waiting for events
        """
        loop = _loop_of_this_thread()
        task = loop.create_task(self.run_async(shutdown_when_idle=shutdown_when_idle))
        while True:
            try:
                return loop.run_until_complete(task)
            except KeyboardInterrupt:
                # Python's own SIGINT handler is only in place before and after the run.
                self.__on_sigint()

    async def run_async(self, *, shutdown_when_idle=True):
        """Do the same as :meth:`run` inside a running event loop of the main thread."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError('LaunchService can only be run in the main thread.')
        loop = asyncio.get_running_loop()
        self.__begin_run(loop)
        try:
            logging.log_launch_config(logger=self.__logger)
            await self.__process_until_idle(shutdown_when_idle)
            return self.__return_code
        finally:
            self.__end_run(loop)

    def shutdown(self, force_sync=False):
        """
        Ask a running launch to shut down, from any thread.

        :param force_sync: only from the thread of the loop: queue without awaiting
        :return: a coroutine to await when called in the thread of the loop, else None
        """
        with self.__loop_lock:
            if self.__loop is not None:
                return self._shutdown(
                    reason='LaunchService.shutdown() called', due_to_sigint=False,
                    force_sync=force_sync)
        return None

    def _shutdown(self, *, reason, due_to_sigint, force_sync=False):
        coroutine = None
        if not self.__shutting_down:
            event = Shutdown(reason=reason, due_to_sigint=due_to_sigint)
            event._reaches_group = _is_in_foreground()
            if force_sync:
                self.__context.emit_event_sync(event)
            elif self.__loop is not None and self.__is_run_thread():
                coroutine = self.__context.emit_event(event)
            else:
                self.emit_event(event)
        self.__shutting_down = True
        self.__context._set_is_shutdown(True)
        return coroutine

    def __on_shutdown(self, event, context):
        self.__shutting_down = True
        context._set_is_shutdown(True)
        return None

    def __begin_run(self, loop):
        with self.__loop_lock:
            if self.__loop is not None:
                raise RuntimeError('LaunchService cannot be run multiple times concurrently.')
            if self.__debug:
                loop.set_debug(True)
            # A queue remembers the loop it was used with, so that each run needs its own.
            queue = asyncio.Queue()
            while not self.__context._event_queue.empty():
                queue.put_nowait(self.__context._event_queue.get_nowait())
            self.__context._event_queue = queue
            self.__context._set_asyncio_loop(loop)
            self.__loop = loop
            self.__thread_id = threading.get_ident()
        self.__return_code = 0
        self.__interrupted = False
        self.__terminated = False
        self.__task = asyncio.current_task()
        self.__previous_handlers = {}
        for number, handler in (
            (signal.SIGINT, self.__on_sigint),
            (signal.SIGTERM, self.__on_sigterm),
            (signal.SIGQUIT, self.__on_sigterm),
        ):
            self.__previous_handlers[number] = signal.getsignal(number)
            loop.add_signal_handler(
                number, *((handler,) if number == signal.SIGINT else (handler, number)))
        loop.set_exception_handler(self.__on_loop_exception)

    def __end_run(self, loop):
        for number, previous in self.__previous_handlers.items():
            loop.remove_signal_handler(number)
            if previous is not None:
                signal.signal(number, previous)
        loop.set_exception_handler(None)
        with self.__loop_lock:
            self.__context._set_asyncio_loop(None)
            self.__loop = None
            self.__thread_id = None
            self.__shutting_down = False

    def __on_loop_exception(self, loop, details):
        self.__return_code = 1
        loop.default_exception_handler(details)

    def __on_sigint(self):
        message = 'user interrupted with ctrl-c (SIGINT)'
        if self.__interrupted:
            self.__logger.warning(f'{message} again, ignoring...')
            return
        self.__interrupted = True
        self.__logger.warning(message)
        self._shutdown(reason='ctrl-c (SIGINT)', due_to_sigint=True, force_sync=True)

    def __on_sigterm(self, number):
        if self.__terminated:
            return
        # Once only: a second cancellation would interrupt the killing of the children.
        self.__terminated = True
        name = signal.Signals(number).name
        self.__logger.error(f'user interrupted with ctrl-\\ ({name}), terminating...')
        self.__task.cancel()

    def __is_idle(self):
        self._entity_future_pairs = [
            pair for pair in self._entity_future_pairs if not pair[1].done()]
        self.__context._completion_futures = [
            future for future in self.__context._completion_futures if not future.done()]
        return (
            not self._entity_future_pairs
            and not self.__context._completion_futures
            and self.__context._event_queue.empty()
        )

    async def __process_until_idle(self, shutdown_when_idle):
        next_event = None
        try:
            while True:
                try:
                    if next_event is None:
                        if self.__is_idle():
                            if self.__shutting_down:
                                return
                            if shutdown_when_idle:
                                await self.__shutdown_in_loop('idle')
                        next_event = asyncio.ensure_future(self.__context._event_queue.get())
                    next_event = await self.__step(next_event)
                except asyncio.CancelledError:
                    self.__logger.error('run task was canceled')
                    self.__return_code = 1
                    # Nothing is started or respawned any more.
                    self.__context._set_is_shutdown(True)
                    await kill_running_processes(self.__context)
                    return
                except Exception as error:
                    if next_event is not None and next_event.done():
                        next_event = None
                    message = f'Caught exception in launch (see debug for traceback): {error}'
                    self.__logger.debug(traceback.format_exc())
                    self.__logger.error(message)
                    self.__return_code = 1
                    await self.__shutdown_in_loop(message)
        finally:
            if next_event is not None:
                next_event.cancel()

    async def __shutdown_in_loop(self, reason):
        coroutine = self._shutdown(reason=reason, due_to_sigint=False)
        if coroutine is not None:
            await coroutine

    async def __step(self, next_event):
        """Process one event, or note what ended; return the event that is still awaited."""
        awaited = {future for _, future in self._entity_future_pairs}
        awaited.update(self.__context._completion_futures)
        done, _ = await asyncio.wait(
            {next_event, *awaited}, return_when=asyncio.FIRST_COMPLETED)
        failures = [
            future.exception() for future in done - {next_event}
            if not future.cancelled() and future.exception() is not None
        ]
        # Also forgets the futures that are done.
        is_idle = self.__is_idle()
        for failure in failures[1:]:
            self.__logger.error(failure)
        if failures:
            raise failures[0]
        if next_event in done:
            self.__process_event(next_event.result())
            return None
        if is_idle:
            # Nothing may ever come to be awaited: let the loop above decide what to do.
            next_event.cancel()
            return None
        return next_event

    def __process_event(self, event):
        self.__logger.debug(f"processing event: '{event}'")
        for handler in tuple(self.__context._event_handlers):
            if not handler.matches(event):
                continue
            self.__logger.debug(f"processing event: '{event}' ✓ '{handler}'")
            self.__context._push_locals()
            try:
                self.__visit(handler.handle(event, self.__context))
            finally:
                self.__context._pop_locals()

    def __visit(self, entities):
        if not isinstance(entities, collections.abc.Iterable):
            entities = (entities,)
        for entity in entities:
            if entity is None:
                continue
            if not isinstance(entity, LaunchDescriptionEntity):
                raise RuntimeError(
                    f"expected a LaunchDescriptionEntity from event_handler, got '{entity}'")
            self._entity_future_pairs.extend(
                visit_all_entities_and_collect_futures(entity, self.__context))


def _is_in_foreground():
    """Return whether this process belongs to the foreground group of its terminal."""
    try:
        terminal = os.open('/dev/tty', os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
