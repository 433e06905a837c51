# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Measures the budgets of the design on this host: `make bench`.

    ros2 run affect_bringup bench                      # everything, about 15 minutes
    ros2 run affect_bringup bench --only graph         # one part

Writes reports/bench.json; rows that were not measured this time are kept with their date. Run it
on a quiet machine: what else runs is in the figures.
"""

import argparse
from collections.abc import Callable
from collections.abc import Sequence
import datetime
import os
from pathlib import Path
import platform
import subprocess
import sys

from affect_bringup.bench import encode_eye_movement
from affect_bringup.bench import encode_facial_expression
from affect_bringup.bench import encode_files
from affect_bringup.bench import encode_others
from affect_bringup.bench import encode_physiology
from affect_bringup.bench import encode_speech
from affect_bringup.bench import encode_ticks
from affect_bringup.bench import encode_voice
from affect_bringup.bench.bench_row import BenchRow
from affect_bringup.bench.bench_row import merge
from affect_bringup.bench.camera import camera_rows
from affect_bringup.bench.eye_tracker import eye_tracker_rows
from affect_bringup.bench.face_tracker import face_tracker_rows
from affect_bringup.bench.graph_load import process_rows
from affect_bringup.bench.graph_load import reference_rows
from affect_bringup.bench.graph_load import without_trackers_rows
from affect_bringup.bench.headset_link import headset_link_rows
from affect_bringup.bench.microphone_clock import microphone_clock_rows
from affect_bringup.bench.osc import osc_rows
from affect_bringup.bench.recovery import container_rows
from affect_bringup.bench.recovery import single_node_rows
from affect_bringup.bench.simulation import simulation_rows
from affect_bringup.bench.speech_recognizer import rows as speech_recognizer_rows
from affect_bringup.bench.synchronizer import synchronizer_rows
from affect_node.domain import free_domain
import psutil

_SECONDS = 30.0
PARTS: dict[str, Callable[[], list[BenchRow]]] = {
    # The graph first: what other parts leave in this process slows its observer.
    'graph': lambda: reference_rows(_SECONDS),
    'without_trackers': lambda: without_trackers_rows(_SECONDS),
    'processes': process_rows,
    'recovery_of_a_node': single_node_rows,
    'recovery_of_a_container': container_rows,
    'synchronizer': synchronizer_rows,
    'headset_link': headset_link_rows,
    'osc': osc_rows,
    'microphone_clock': microphone_clock_rows,
    'camera': camera_rows,
    'simulation': simulation_rows,
    'face_tracker': face_tracker_rows,
    'eye_tracker': eye_tracker_rows,
    'speech_recognizer': speech_recognizer_rows,
    'encode_ticks': encode_ticks.rows,
    'encode_files': encode_files.rows,
    'encode_eye_movement': encode_eye_movement.rows,
    'encode_facial_expression': encode_facial_expression.rows,
    'encode_voice': encode_voice.rows,
    'encode_speech': encode_speech.rows,
    'encode_physiology': encode_physiology.rows,
    'encode_others': encode_others.rows,
}


def describe_host() -> dict[str, str | int]:
    """Return what the figures depend on."""
    model = next(
        (line.split(':', 1)[1].strip() for line in _lines('/proc/cpuinfo')
         if line.startswith('model name')), platform.machine())
    return {
        'processor': model, 'cores': os.cpu_count() or 0,
        'memory_gib': round(psutil.virtual_memory().total / 2**30),
        'python': platform.python_version(), 'ros': os.environ.get('ROS_DISTRO', 'unknown')}


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding='utf-8').splitlines()
    except OSError:
        return []


def _commit() -> str:
    done = subprocess.run(
        ['git', 'describe', '--always', '--dirty', '--exclude', '*'], capture_output=True,
        text=True)
    return done.stdout.strip() or 'unknown'


def main(args: Sequence[str] | None = None) -> int:
    """Measure, print and write; 0 also when a budget is missed: the report says so."""
    parser = argparse.ArgumentParser(
        prog='bench', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', choices=PARTS, action='append', help='measure this part')
    parser.add_argument('--out', type=Path, default=Path('reports', 'bench.json'))
    settings = parser.parse_args(args)
    os.environ.setdefault('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    os.environ.setdefault('ROS_DOMAIN_ID', str(free_domain()))
    # Measurements must not enter the safety journal of a real deployment.
    os.environ['XDG_STATE_HOME'] = str(Path('recordings', 'bench_state').resolve())
    busy = psutil.cpu_percent(interval=2.0)
    print(f'other work keeps {busy:.0f} % of this machine busy', file=sys.stderr)
    commit = _commit()
    for name in settings.only or PARTS:
        rows = PARTS[name]()
        for row in rows:
            print(row, flush=True)
        now = datetime.datetime.now(datetime.UTC).strftime('%Y-%m-%dT%H:%MZ')
        merge(settings.out, rows, {**describe_host(), 'busy_percent': busy}, now, commit)
    print(f'written: {settings.out}', file=sys.stderr)
    return 0


if __name__ == '__main__':
    sys.exit(main())
