# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Processes: a signal ends them in order, at any moment."""

import os
from pathlib import Path
import signal
import subprocess
import sys

import affect_node
import pytest

NODE = """
import sys

from affect_node import AffectNode
from affect_node import run
from affect_node import STATE
from std_msgs.msg import String


class BusyNode(AffectNode):
    AUTOSTART = True

    def __init__(self, **kwargs):
        super().__init__('busy', **kwargs)
        print('made', flush=True)

    def setup(self):
        self.said = self.advertise(String, 'said', STATE)
        self.tick_steadily(0.001, self.on_tick)
        self.tick_on_grid(0.02, 0.0, lambda _: self.on_tick())

    def on_tick(self):
        self.said.publish(String(data='x' * 10000))

    def start(self):
        print('active', flush=True)

    def teardown(self):
        print('torn down', flush=True)


sys.exit(run(BusyNode))
"""


@pytest.fixture
def process():
    # The package as imported here also where it is not installed.
    folder = str(Path(affect_node.__file__).parent.parent)
    path = os.pathsep.join([folder, *filter(None, [os.environ.get('PYTHONPATH')])])
    process = subprocess.Popen(
        [sys.executable, '-c', NODE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, 'PYTHONPATH': path, 'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST',
             'ROS_DOMAIN_ID': str(os.getpid() % 90 + 1)})
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def read_until(process, word):
    lines = []
    while not lines or word not in lines[-1]:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        lines.append(line)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize('moment', ['made', 'active'])
def test_a_signal_ends_the_process_in_order(process, number, moment):
    read_until(process, moment)
    process.send_signal(number)
    said, complained = process.communicate(timeout=20.0)
    assert process.returncode == 0, complained
    assert 'Traceback' not in complained and 'Error' not in complained, complained
    assert 'defect' not in complained, complained
    assert moment == 'made' or 'torn down' in said
