# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Records a wearer by a profile, for as long as the purpose allows what the profile holds.

    ros2 run affect_bringup record sensors -o recordings/monday
    ros2 run affect_bringup record embeddings -o recordings/tuesday --namespace w1

Embeddings and emotion are not recorded under `none` and `safety`: recording begins when the
safety monitor tells a purpose that allows it, pauses when it no longer does (or when the monitor
falls silent), and goes on in a new bag: OUT, OUT_2, OUT_3, ...
"""

import argparse
from collections.abc import Sequence
import math
from pathlib import Path
import signal
import subprocess
import sys
import time
from typing import Any

from affect_bringup.child_process import end_child
from affect_bringup.child_process import start_child
from affect_bringup.recording_profile import PURPOSES
from affect_bringup.recording_profile import read_profile
from affect_bringup.recording_profile import RecordingProfile
from affect_msgs.msg import Purpose
from affect_msgs.msg import SafetyStatus
from affect_node import LATCHED
from affect_node import STATE
from affect_node.diagnostics import Diagnostics
from affect_node.purpose_gate import PurposeGate
from ament_index_python.packages import get_package_share_directory
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

_LOOK_S = 0.5


class Recorder:
    """Runs ``ros2 bag record`` and ends it in order; one bag after the other."""

    def __init__(self, topics: Sequence[str], output: Path, storage: str) -> None:
        self._topics = list(topics)
        self._output = output
        self._storage = storage
        self._process: subprocess.Popen | None = None
        self.bags: list[Path] = []

    @property
    def is_recording(self) -> bool:
        """Whether the recorder lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def has_failed(self) -> bool:
        """Whether the recorder ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def start(self, *, use_sim_time: bool) -> None:
        """Begin the next bag, with the times of /clock or of the host."""
        number = len(self.bags) + 1
        bag = self._output if number == 1 else self._output.with_name(
            f'{self._output.name}_{number}')
        self.bags.append(bag)
        self._process = start_child(
            ['ros2', 'bag', 'record', '-s', self._storage, '-o', str(bag),
             *(['--use-sim-time'] if use_sim_time else []), '--topics', *self._topics])

    def stop(self) -> None:
        """End the bag; what has been recorded is kept."""
        if self._process is not None:
            end_child(self._process)
            self._process = None


class RecordNode(Node):
    """
    Follows the purpose and has the recorder on exactly while the profile is allowed.

    Where somebody publishes /clock (a replay), the bag gets its times, so that it can be replayed
    in its turn: the stamps inside are of that clock too. ``discovery_s`` is how long that somebody
    is waited for; with ``use_sim_time`` there is no doubt.
    """

    def __init__(
        self, profile: RecordingProfile, recorder: Recorder, *, use_sim_time: bool = False,
        discovery_s: float = 1.5, **kwargs: Any,
    ) -> None:
        super().__init__('record', **kwargs)
        self._profile = profile
        self._recorder = recorder
        self._use_sim_time = use_sim_time
        self.diagnostics = Diagnostics(self)
        self._gate = PurposeGate(self.diagnostics)
        self._said = ''
        self.create_subscription(Purpose, 'safety/purpose', self._on_purpose, LATCHED)
        self.create_subscription(SafetyStatus, 'safety/status', self._on_beat, STATE)
        self._start_from_s = time.monotonic() + discovery_s
        self.adjust()

    def look(self) -> None:
        """Judge the silence of the monitor; to be called every half second or so."""
        self._gate.look()
        self.adjust()

    def _on_purpose(self, message: Purpose) -> None:
        self._gate.tell(message.purpose)
        self.adjust()

    def _on_beat(self, message: SafetyStatus) -> None:
        self._gate.beat(message.period_s)
        self.adjust()

    def adjust(self) -> None:
        """Start or stop the recorder as the purpose has it."""
        purpose = self._gate.purpose
        is_allowed = self._profile.allows(purpose)
        may_start = not self._recorder.is_recording and not self._recorder.has_failed
        if is_allowed and may_start and time.monotonic() >= self._start_from_s:
            has_clock = self._use_sim_time or self.count_publishers('/clock') > 0
            self._recorder.start(use_sim_time=has_clock)
            times = 'times of /clock' if has_clock else 'times of this host'
            self._say(f'recording into {self._recorder.bags[-1]} with {times}')
        elif not is_allowed:
            self._recorder.stop()
            name = PURPOSES[purpose] if purpose < len(PURPOSES) else str(purpose)
            self._say(
                f"not recording: the purpose is '{name}', and this profile must not be recorded "
                f"under {', '.join(self._profile.not_under_purpose)}")

    def _say(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self.get_logger().info(text)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's settings."""
    parser = argparse.ArgumentParser(
        prog='record', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        'profile', help='name of a shipped profile (bags/profiles), or a path to one')
    parser.add_argument('-o', '--output', type=Path, required=True, help='folder of the bag')
    parser.add_argument('--namespace', default='', help='namespace of the wearer')
    parser.add_argument(
        '-s', '--storage', default='mcap', choices=('mcap', 'sqlite3'), help='format')
    parser.add_argument(
        '--use-sim-time', action='store_true',
        help='times of /clock (found out where somebody publishes it when recording begins)')
    parser.add_argument('--seconds', type=float, default=None, help='end after so long')
    return parser.parse_args(arguments)


def profile_path(name: str) -> Path:
    """Return the file of a profile given by name or path."""
    if name.endswith(('.yaml', '.yml')):
        return Path(name)
    folder = Path(get_package_share_directory('affect_bringup'), 'profiles')
    path = folder / f'{name}.yaml'
    if not path.is_file():
        shipped = ', '.join(sorted(p.stem for p in folder.glob('*.yaml')))
        raise ValueError(f"there is no profile '{name}'; there are {shipped}")
    return path


def main(args: Sequence[str] | None = None) -> int:
    """Record until Ctrl-C; 0 when everything that was allowed has been written."""
    settings = parse(args)
    try:
        profile = read_profile(profile_path(settings.profile))
        if settings.output.exists():
            raise ValueError(f"'{settings.output}' exists; give another --output, or remove it")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    settings.output.parent.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(
        profile.topics_of(settings.namespace), settings.output, settings.storage)
    rclpy.init(args=[])
    node = RecordNode(
        profile, recorder, use_sim_time=settings.use_sim_time, namespace=settings.namespace)
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    end_s = time.monotonic() + settings.seconds if settings.seconds is not None else math.inf
    next_look_s = 0.0
    has_failed = False
    # Only noted: `ros2 run` and the terminal may both send one, and the bag is to be closed.
    signals: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: signals.append(number))
    try:
        while rclpy.ok() and not signals and time.monotonic() < end_s and not has_failed:
            executor.spin_once(timeout_sec=0.1)
            if time.monotonic() >= next_look_s:
                next_look_s = time.monotonic() + _LOOK_S
                node.look()
            has_failed = recorder.has_failed
    except ExternalShutdownException:
        pass
    finally:
        recorder.stop()
        executor.remove_node(node)
        node.destroy_node()
        rclpy.try_shutdown()
    if has_failed:
        print("'ros2 bag record' ended by itself; its own message says why", file=sys.stderr)
    return int(has_failed)


if __name__ == '__main__':
    sys.exit(main())
