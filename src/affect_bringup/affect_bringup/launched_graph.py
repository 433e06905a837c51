# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The graph as a child process: started, measured, and ended without a trace."""

from collections.abc import Sequence
import os
from pathlib import Path
import signal
import statistics
import subprocess
import tempfile
import time

import psutil

_END_WITHIN_S = 15.0


class LaunchedGraph:
    """
    Runs ``ros2 launch affect_bringup affect.launch.py`` until ``stop`` is called.

    What it prints goes to ``log_path``. ``started_s`` is on the monotonic clock.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        handle, name = tempfile.mkstemp(prefix='affect_launch_', suffix='.log')
        self.log_path = Path(name)
        self.started_s = time.monotonic()
        with os.fdopen(handle, 'w') as log:
            self._process = subprocess.Popen(
                ['ros2', 'launch', 'affect_bringup', 'affect.launch.py', *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True)
        self._times: dict[int, float] = {}
        self._loads: list[tuple[float, float]] = []
        self._last_sample_s: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether the launch process lives."""
        return self._process.poll() is None

    def processes(self) -> list[psutil.Process]:
        """Return the launch process and all it has started."""
        try:
            root = psutil.Process(self._process.pid)
            return [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def sample_load(self) -> None:
        """Measure processor and memory use since the last sample (the first one only begins)."""
        now_s = time.monotonic()
        spent_s, rss = 0.0, 0
        times: dict[int, float] = {}
        for process in self.processes():
            try:
                cpu = process.cpu_times()
                rss += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            times[process.pid] = cpu.user + cpu.system
            spent_s += times[process.pid] - self._times.get(process.pid, times[process.pid])
        if self._last_sample_s is not None:
            self._loads.append(
                (100.0 * spent_s / (now_s - self._last_sample_s), rss / 2**20))
        self._times, self._last_sample_s = times, now_s

    def mean_load(self) -> tuple[float | None, float | None]:
        """Return mean percent of one core and mean resident MiB; None without samples."""
        if not self._loads:
            return None, None
        cpu, rss = zip(*self._loads, strict=True)
        return round(statistics.fmean(cpu), 1), round(statistics.fmean(rss), 1)

    def stop(self) -> None:
        """End the graph as Ctrl-C would, and what does not heed it by force."""
        children = self.processes()
        if self.is_running:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(_END_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        _, stubborn = psutil.wait_procs(children, timeout=2.0)
        for process in stubborn:
            process.kill()
        psutil.wait_procs(stubborn, timeout=2.0)
