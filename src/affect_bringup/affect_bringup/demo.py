# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The suite at work: launches the graph and shows one refreshed status.

    ros2 run affect_bringup demo                          # until Ctrl-C
    ros2 run affect_bringup demo --headless --seconds 30  # ends by itself, prints one JSON line

On the real session (recordings of people composed into one bag) where there are recordings,
else on the simulated wearer.
"""

import argparse
from collections.abc import Sequence
import hashlib
import json
import os
from pathlib import Path
import subprocess
import sys
import time

from affect_avatar.status_line import format_status
from affect_avatar.status_line import refresh
from affect_bringup.launched_graph import LaunchedGraph
from affect_bringup.replay import recorded_topics
from affect_bringup.shared_memory import remove_orphans
from affect_bringup.state_log import StateLog
from affect_bringup.state_log import StateObserver
from affect_msgs.msg import EmotionState
from affect_msgs.msg import SafetyStatus
from affect_msgs.msg import WearerCondition
from affect_node.domain import free_domain
import rclpy
from rclpy.executors import ExternalShutdownException

_FIRST_STATE_WITHIN_S = 60.0
_NEEDED_MODALITIES = 5


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's settings."""
    parser = argparse.ArgumentParser(prog='demo', description=__doc__.split('\n\n')[0])
    parser.add_argument(
        '--headless', action='store_true', help='print one JSON line and end')
    parser.add_argument(
        '--seconds', type=float, default=None,
        help='end after so many seconds of valid states (headless: 30)')
    parser.add_argument(
        '--data', type=Path, default=None,
        help='folder of recordings (default: AFFECT_DATA, else ../shared/data)')
    parser.add_argument('--bag', type=Path, default=None, help='replay this bag instead')
    parser.add_argument(
        '--simulation', action='store_true', help='simulated wearer, also where there is data')
    parser.add_argument(
        '--launch-argument', action='append', default=[], metavar='NAME:=VALUE',
        help='handed to the launch file; may be repeated')
    settings = parser.parse_args(arguments)
    if settings.seconds is None and settings.headless:
        settings.seconds = 30.0
    if settings.seconds is not None and not settings.seconds > 0.0:
        parser.error(f'--seconds must be positive, not {settings.seconds}')
    return settings


def find_data(wanted: Path | None) -> Path | None:
    """Return the folder of recordings, or None when there is none: no other where one is named."""
    folder = Path(wanted or os.environ.get('AFFECT_DATA') or Path('..', 'shared', 'data'))
    if (folder / 'ravdess').is_dir():
        return folder.resolve()
    print(f"no recordings in '{folder}' (set AFFECT_DATA to the folder that holds ravdess, "
          'fer2013, oemc_hmr, ...)', file=sys.stderr)
    return None


def session_bag(data: Path, seconds: float) -> Path | None:
    """Compose the real session, or return None (said on stderr) when that fails."""
    # Other recordings make another session.
    key = hashlib.sha256(str(data).encode()).hexdigest()[:6]
    bag = Path('recordings', f'session-{seconds:.0f}s-{key}')
    if (bag / 'metadata.yaml').is_file():
        return bag
    print(f'composing {seconds:.0f} s of recordings into {bag} ...', file=sys.stderr)
    built = subprocess.run(
        ['affect-session', 'build', str(bag), '--seconds', str(seconds), '--data', str(data),
         '--overwrite'], stdout=subprocess.DEVNULL)
    if built.returncode:
        print('no real session, for the reason above', file=sys.stderr)
        return None
    return bag


def source_of(bag: Path) -> str:
    """Return 'simulation' for a bag of the simulated wearer, whose truth is in it, else 'real'."""
    try:
        topics = recorded_topics(bag)
    except ValueError:
        return 'real'  # nothing will be shown of it: the launch says what is wrong with it
    is_simulated = any(topic.endswith('/ground_truth/wearer') for topic in topics)
    return 'simulation' if is_simulated else 'real'


def launch_arguments(settings: argparse.Namespace) -> tuple[str, list[str]]:
    """Return where the input comes from ('real' or 'simulation') and the launch arguments."""
    arguments = ['purpose:=research', *settings.launch_argument]
    if settings.bag is not None:
        return source_of(settings.bag), [f'bag:={settings.bag}', 'loop:=true', *arguments]
    data = None if settings.simulation else find_data(settings.data)
    bag = session_bag(data, max(120.0, (settings.seconds or 0.0) + 60.0)) if data else None
    if bag is None:
        print('showing the simulated wearer', file=sys.stderr)
        return 'simulation', ['source:=simulation', *arguments]
    print('purpose: research (emotion is published; the default of the suite is none)\n'
          'source: a composite of recordings of several people; it shows that the graph works, '
          'and no accuracy may be read from it', file=sys.stderr)
    return 'real', [f'bag:={bag}', 'loop:=true', *arguments]


def main(args: Sequence[str] | None = None) -> int:
    """Run the demo; headless, 0 means: VALID with evidence from five modalities."""
    settings = parse(args)
    os.environ.setdefault('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    os.environ.setdefault('ROS_DOMAIN_ID', str(free_domain()))
    # The demo's purpose must not enter the safety journal of a real deployment.
    os.environ['XDG_STATE_HOME'] = str(Path('recordings', 'demo_state').resolve())
    source, arguments = launch_arguments(settings)
    log = StateLog()
    graph = LaunchedGraph(arguments)
    rclpy.init(args=[])
    observer = StateObserver(log)
    try:
        _watch(settings, graph, observer, log)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        nodes = observer.count_nodes()
        observer.destroy_node()
        rclpy.try_shutdown()
        graph.stop()
        remove_orphans()
    if not settings.headless:
        return 0
    cpu_percent, rss_mib = graph.mean_load()
    report = {
        'source': source, 'nodes': nodes, **log.summary(),
        'cpu_percent': cpu_percent, 'rss_mib': rss_mib}
    if not log.was_valid_with(_NEEDED_MODALITIES):
        print(f'never VALID with evidence from {_NEEDED_MODALITIES} modalities; the log of the '
              f'graph is {graph.log_path}', file=sys.stderr)
    print(json.dumps(report))
    return 0 if log.was_valid_with(_NEEDED_MODALITIES) else 1


def _watch(
    settings: argparse.Namespace, graph: LaunchedGraph, observer: StateObserver, log: StateLog,
) -> None:
    """Watch until the time is up, the graph ends, or no state comes."""
    next_report_s = time.monotonic() + 1.0
    drawn = ''
    while rclpy.ok():
        rclpy.spin_once(observer, timeout_sec=0.2)
        now_s = time.monotonic()
        log.started_s = graph.started_s
        if not graph.is_running:
            print(f'the graph ended early; its log is {graph.log_path}', file=sys.stderr)
            return
        if not log.has_states and now_s - graph.started_s > _FIRST_STATE_WITHIN_S:
            print(f'no state within {_FIRST_STATE_WITHIN_S:.0f} s; the log of the graph is '
                  f'{graph.log_path}', file=sys.stderr)
            return
        since_valid_s = now_s - log.first_valid_at_s if log.first_valid_at_s else 0.0
        if settings.seconds is not None:
            if since_valid_s >= settings.seconds:
                return
            never = not log.first_valid_at_s
            if never and now_s - graph.started_s > _FIRST_STATE_WITHIN_S + settings.seconds:
                return
        if now_s >= next_report_s:
            next_report_s = now_s + 1.0
            if log.first_valid_at_s:
                graph.sample_load()
            if not settings.headless:
                block = format_status(*(
                    log.current(kind, now_s)
                    for kind in (EmotionState, WearerCondition, SafetyStatus)))
                print(refresh(block, drawn) if sys.stdout.isatty() else block, flush=True)
                drawn = block


if __name__ == '__main__':
    sys.exit(main())
