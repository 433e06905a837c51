# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A child process in an asyncio loop."""

import asyncio
import codecs
import contextlib
import ctypes
import os
import signal

# How long to read on after the end of a process whose children hold its pipes open.
_DRAIN_TIME_S = 0.2

_PR_SET_PDEATHSIG = 1
_prctl = getattr(ctypes.CDLL(None), 'prctl', None)


def _die_with(parent):
    """Have this process, a child before its exec, terminated when the launch dies."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


class OutputLines:
    """Splits a stream of bytes into lines."""

    def __init__(self, write, *, keep=False):
        """
        Create it.

        :param write: takes each line, without its end
        :param keep: keep everything in `text`
        """
        self.__write = write
        self.__keep = keep
        self.__decoder = codecs.getincrementaldecoder('utf-8')(errors='replace')
        self.__rest = ''
        self.text = ''

    def feed(self, data):
        """Take some bytes; lines may end anywhere in them."""
        self.__take(self.__decoder.decode(data))

    def flush(self):
        """Write a last line that has no end."""
        self.__take(self.__decoder.decode(b'', final=True))
        self.__decoder.reset()
        if self.__rest:
            self.__write(self.__rest)
            self.__rest = ''

    def __take(self, text):
        if self.__keep:
            self.text += text
        *lines, self.__rest = (self.__rest + text).split('\n')
        for line in lines:
            self.__write(line.rstrip('\r'))


class _PipeReader(asyncio.Protocol):

    def __init__(self, on_data):
        self.data_received = on_data
        self.closed = asyncio.get_running_loop().create_future()

    def connection_lost(self, exc):
        if not self.closed.done():
            self.closed.set_result(None)


class RunningProcess(asyncio.SubprocessProtocol):
    """A child process: started once, waited for, signalled."""

    def __init__(self, *, on_start, on_data):
        """
        Create it.

        :param on_start: called with the process id, before any output
        :param on_data: called with 'stdout' or 'stderr' and bytes
        """
        self.__on_start = on_start
        self.__on_data = on_data
        self.__transport = None
        self.__readers = []
        # Output from a terminal that was read before the process id was known.
        self.__early = []
        loop = asyncio.get_running_loop()
        self.__exited = loop.create_future()
        self.__closed = loop.create_future()
        self.pid = None

    @property
    def returncode(self):
        """The exit code, minus the number of a signal that ended it, None while it runs."""
        return None if self.__transport is None else self.__transport.get_returncode()

    async def start(self, cmd, *, cwd, env, shell, emulate_tty):
        """
        Start the command.

        :raises OSError: if that is impossible
        """
        loop = asyncio.get_running_loop()
        parent = os.getpid()
        kwargs = {'cwd': cwd, 'env': env, 'preexec_fn': lambda: _die_with(parent)}
        slaves = []
        try:
            if emulate_tty:
                for stream in ('stdout', 'stderr'):
                    master, slave = os.openpty()
                    slaves.append(slave)
                    kwargs[stream] = slave
                    _, reader = await loop.connect_read_pipe(
                        self.__reader_of(stream), os.fdopen(master, 'rb', 0))
                    self.__readers.append(reader)
            if shell:
                await loop.subprocess_shell(lambda: self, ' '.join(cmd), **kwargs)
            else:
                await loop.subprocess_exec(lambda: self, *cmd, **kwargs)
        finally:
            for slave in slaves:
                os.close(slave)

    def __reader_of(self, stream):
        return lambda: _PipeReader(lambda data: self.__on_terminal_data(stream, data))

    def __on_terminal_data(self, stream, data):
        if self.pid is None:
            self.__early.append((stream, data))
        else:
            self.__on_data(stream, data)

    def connection_made(self, transport):
        """Note the process id."""
        self.__transport = transport
        self.pid = transport.get_pid()
        self.__on_start(self.pid)
        for stream, data in self.__early:
            self.__on_data(stream, data)
        self.__early.clear()

    def pipe_data_received(self, fd, data):
        """Pass output on."""
        self.__on_data('stdout' if fd == 1 else 'stderr', data)

    def process_exited(self):
        """Note the end."""
        if not self.__exited.done():
            self.__exited.set_result(None)

    def connection_lost(self, exc):
        """Note that all output was read."""
        if not self.__closed.done():
            self.__closed.set_result(None)

    async def wait(self):
        """Return the exit code after the end, when the output has been read."""
        await asyncio.wait([self.__exited])
        awaited = [self.__closed, *(reader.closed for reader in self.__readers)]
        await asyncio.wait(awaited, timeout=_DRAIN_TIME_S)
        self.__transport.close()
        return self.returncode

    def write(self, data):
        """Write to stdin."""
        stdin = self.__transport.get_pipe_transport(0)
        if stdin is not None:
            stdin.write(data)

    def send_signal(self, number):
        """Send a signal, unless the process has ended."""
        # If it has ended just now, process_exited() is about to be called.
        with contextlib.suppress(ProcessLookupError):
            self.__transport.send_signal(number)
