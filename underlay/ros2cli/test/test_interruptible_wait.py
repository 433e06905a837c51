# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Waiting that ends at a signal or a key."""

import os
import pty
import signal
import subprocess
import sys
import threading
import time

import pytest
from ros2cli.bag.interruptible_wait import InterruptibleWait

# A wait that nothing ends outlasts the run of the tests.
FOR_EVER_S = 3600.0
KEY_PROBE = """
from ros2cli.bag.interruptible_wait import InterruptibleWait
with InterruptibleWait(read_keys=True) as wait:
    print('ready' if wait.has_keys else 'no terminal', flush=True)
    print(wait.wait(3600), flush=True)
"""


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_at_once(number):
    with InterruptibleWait(read_keys=False) as wait:
        timer = threading.Timer(0.1, os.kill, (os.getpid(), number))
        timer.start()
        assert wait.wait(FOR_EVER_S) == b''
        assert wait.stopped
        timer.join()


def test_a_signal_before_the_wait_ends_it_too():
    with InterruptibleWait(read_keys=False) as wait:
        os.kill(os.getpid(), signal.SIGINT)
        wait.wait(FOR_EVER_S)
        assert wait.stopped


def test_the_handlers_that_were_there_come_back():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with InterruptibleWait(read_keys=False):
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_without_a_signal_it_waits_the_time():
    with InterruptibleWait(read_keys=False) as wait:
        start_s = time.monotonic()
        assert wait.wait(0.05) == b''
        assert time.monotonic() - start_s >= 0.05
        assert not wait.stopped


def test_keys_of_a_terminal_are_read_singly():
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, '-c',
         'import fcntl, os, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n'
         + KEY_PROBE],
        stdin=secondary, stdout=subprocess.PIPE, text=True)
    os.close(secondary)
    try:
        assert process.stdout.readline() == 'ready\n'
        os.write(primary, b' ')
        assert process.stdout.readline() == "b' '\n"
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        os.close(primary)
