# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Waiting that signals and keys interrupt at once."""

import os
import select
import signal
import socket
import sys


class InterruptibleWait:
    """
    Sleep until a deadline, SIGINT, SIGTERM or a key.

    `time.sleep` would either sleep on through a signal or need a handler that raises, in the
    middle of anything. A handler that sets a flag, with the wake-up descriptor in the `select`
    that waits, ends at once and at a known place. As a context manager it installs the handlers.
    """

    def __init__(self, *, read_keys: bool) -> None:
        self.stopped = False
        self._read_keys = read_keys
        self._terminal_settings = None
        self._descriptors: list[int] = []

    def __enter__(self) -> 'InterruptibleWait':
        """Install the signal handlers, and take single keys from the terminal."""
        self._awake, self._waker = socket.socketpair()
        self._awake.setblocking(False)
        self._waker.setblocking(False)
        self._old_wakeup = signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGINT, signal.SIGTERM)}
        self._descriptors = [self._awake.fileno()]
        if self._read_keys and self._owns_terminal():
            import termios
            import tty
            self._terminal_settings = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin.fileno())
            self._descriptors.append(sys.stdin.fileno())
        return self

    def __exit__(self, *_) -> None:
        """Put back what was there."""
        if self._terminal_settings is not None:
            import termios
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._terminal_settings)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_wakeup)
        self._awake.close()
        self._waker.close()

    @property
    def has_keys(self) -> bool:
        """Whether keys of a terminal are read."""
        return self._terminal_settings is not None

    @staticmethod
    def _owns_terminal() -> bool:
        # A background process that touches the terminal is stopped by the kernel.
        try:
            return (
                os.isatty(sys.stdin.fileno())
                and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp())
        except (OSError, ValueError, AttributeError):
            return False

    def _on_signal(self, number: int, frame) -> None:
        self.stopped = True

    def wait(self, timeout_s: float | None) -> bytes:
        """Return the keys that ended the wait; empty after the timeout or a signal."""
        ready, _, _ = select.select(self._descriptors, (), (), timeout_s)
        if not ready:
            return b''
        if self._awake.fileno() in ready:
            try:
                self._awake.recv(64)
            except BlockingIOError:
                return b''
        if self.has_keys and sys.stdin.fileno() in ready:
            return os.read(sys.stdin.fileno(), 64)
        return b''
