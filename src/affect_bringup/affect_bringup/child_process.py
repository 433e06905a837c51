# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A child process that ends with its parent, however that ends."""

from collections.abc import Sequence
import ctypes
import signal
import subprocess

_PR_SET_PDEATHSIG = 1
_END_WITHIN_S = 20.0


def start_child(command: Sequence[str]) -> subprocess.Popen:
    """Start a program that nobody but this process interrupts, and that does not outlive it."""
    return subprocess.Popen(
        list(command), stdin=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=_end_with_parent)


def end_child(process: subprocess.Popen) -> int:
    """Interrupt a program, so that it ends in order, and return its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def _end_with_parent() -> None:
    """Have the kernel interrupt the child when the parent is killed: nobody else would."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
