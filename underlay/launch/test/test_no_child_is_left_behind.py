# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""However a launch ends, its children end with it; upstream leaves them behind on SIGTERM."""

import os
import select
import signal
import subprocess
import sys

import pytest

# Generous: on a loaded machine an interpreter may take seconds to start or to end.
TIMEOUT_MS = 30_000

CHILD = """
import os, signal
# Of the kernel: Python's own handler is not heeded when it runs just before `pause`.
signal.signal(signal.SIGINT, signal.SIG_DFL)
for name in {ignored!r}:
    signal.signal(getattr(signal, name), signal.SIG_IGN)
print('ready', os.getpid(), flush=True)
while True:
    signal.pause()
"""

PROGRAM = """
import sys
from launch import LaunchDescription, LaunchService
from launch.actions import ExecuteProcess
service = LaunchService(noninteractive={noninteractive})
service.include_launch_description(LaunchDescription([ExecuteProcess(
    cmd=[sys.executable, {child!r}], name='child', output='screen', respawn=True)]))
sys.exit(service.run())
"""


@pytest.fixture
def launched(tmp_path):
    """Return a function that starts a launch; it gives the launch and a pidfd of its child."""
    processes = []
    descriptors = []

    def start(*, ignored=(), noninteractive=True):
        child = tmp_path / 'child.py'
        child.write_text(CHILD.format(ignored=ignored))
        program = tmp_path / 'program.py'
        program.write_text(PROGRAM.format(noninteractive=noninteractive, child=str(child)))
        process = subprocess.Popen(
            [sys.executable, '-u', str(program)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True, start_new_session=True)
        processes.append(process)
        line = next(line for line in process.stdout if 'ready' in line)
        descriptors.append(os.pidfd_open(int(line.split()[-1])))
        return process, descriptors[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()
    for descriptor in descriptors:
        if not has_ended(descriptor, 0):
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        os.close(descriptor)


def has_ended(descriptor, timeout_ms=TIMEOUT_MS):
    """Return whether the process behind a pidfd ends within the time."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(timeout_ms))


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGQUIT])
@pytest.mark.parametrize('ignored', [(), ('SIGTERM',)])
def test_terminated_launch_ends_its_children_even_stubborn_ones(launched, number, ignored):
    process, child = launched(ignored=ignored)
    process.send_signal(number)
    rest, _ = process.communicate()
    assert f'user interrupted with ctrl-\\ ({number.name}), terminating...' in rest
    assert rest.count('process started') == 0
    assert process.returncode == 1
    assert has_ended(child, 0)


def test_child_of_a_killed_launch_is_terminated(launched):
    process, child = launched()
    process.kill()
    assert has_ended(child)


def test_interrupt_of_a_launch_without_terminal_is_passed_on(launched):
    # Interactive by its arguments, yet in a session that no ctrl-c can come from.
    process, child = launched(noninteractive=False)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate()
    assert "sending signal 'SIGINT' to process[child-1]" in rest
    assert 'escalating' not in rest
    assert process.returncode == 0
    assert has_ended(child, 0)
