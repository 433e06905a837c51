# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""`ros2 run` passes on the signals that only it gets; upstream's keeps or dies of them."""

import signal
import subprocess
import sys

import pytest

CHILD = """#!{python}
import signal, sys
# Blocked: a handler that runs just before `pause` would be waited for in vain.
numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
print('ready', flush=True)
for number in (signal.sigwait(numbers), *signal.sigpending()):
    print('got', signal.Signals(number).name, flush=True)
sys.exit(7)
"""


@pytest.fixture
def running(tmp_path, monkeypatch):
    """Run an executable in a session of its own, where no terminal sends anything."""
    index = tmp_path / 'share' / 'ament_index' / 'resource_index' / 'packages'
    libexec = tmp_path / 'lib' / 'affect_demo'
    index.mkdir(parents=True)
    libexec.mkdir(parents=True)
    (index / 'affect_demo').touch()
    executable = libexec / 'wait'
    executable.write_text(CHILD.format(python=sys.executable))
    executable.chmod(0o755)
    monkeypatch.setenv('AMENT_PREFIX_PATH', str(tmp_path))
    process = subprocess.Popen(
        [sys.executable, '-m', 'ros2cli', 'run', 'affect_demo', 'wait'], text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout.readline() == 'ready\n'
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_reaches_the_executable_once(running, number):
    running.send_signal(number)
    assert running.stdout.read() == (
        f'got {number.name}\n[ros2run]: Process exited with failure 7\n')
    assert running.wait() == 7
