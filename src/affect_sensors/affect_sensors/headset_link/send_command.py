# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The command ``headset_sender``, also ``python -m affect_sensors.headset_link.send``."""

import argparse
from collections.abc import Callable
from contextlib import ExitStack
import sys
import time

from affect_sensors.headset_link.datagram_log import DatagramLogWriter
from affect_sensors.headset_link.records import Record
from affect_sensors.headset_link.send import HeadsetSender
from affect_sensors.headset_link.synthetic_stream import RATE_HZ
from affect_sensors.headset_link.synthetic_stream import synthetic_records
from affect_sensors.headset_link.wire_format import DEFAULT_PORT

Stream = Callable[[int, int], list[Record]]


def main(arguments: list[str] | None = None) -> int:
    """Send until interrupted, or for a time; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        send(options)
    except KeyboardInterrupt:
        pass
    except OSError as error:
        print(f'headset_sender: {error}; are host, port and log right?', file=sys.stderr)
        return 1
    return 0


def send(options: argparse.Namespace) -> None:
    """Send 60 times a second what there is to be sent."""
    stream = _simulated(options) if options.simulate else synthetic_records
    with ExitStack() as stack:
        sender = HeadsetSender(options.host, options.port, is_simulation=True)
        stack.callback(sender.close)
        log = stack.enter_context(DatagramLogWriter(options.log)) if options.log else None
        start_ns, number = time.monotonic_ns(), 0
        while not options.seconds or number < options.seconds * RATE_HZ:
            due_ns = start_ns + number * 1_000_000_000 // RATE_HZ
            time.sleep(max(due_ns - time.monotonic_ns(), 0) * 1e-9)
            for datagram in sender.send(*stream(number, time.monotonic_ns())):
                if log is not None:
                    log.write(time.monotonic_ns(), datagram)
            number += 1


def _simulated(options: argparse.Namespace) -> Stream:
    """Return the wearer as seen by the day's clock, as every simulated sensor sees it."""
    from affect_sensors.headset_link.simulated_stream import SimulatedStream

    wearer = SimulatedStream(options.seed, options.script, time.time())
    ahead_ns = time.monotonic_ns() - time.time_ns()

    def records(_: int, device_ns: int) -> list[Record]:
        return wearer.records((device_ns - ahead_ns) * 1e-9, ahead_ns)
    return records


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='headset_sender',
        description='Send to a headset_receiver as a headset would. No person is there, and the '
        'datagrams say so.')
    parser.add_argument('--host', default='127.0.0.1', help='where the receiver runs')
    parser.add_argument('--port', type=int, default=DEFAULT_PORT, help='its port')
    parser.add_argument(
        '--simulate', action='store_true',
        help='send the simulated wearer; otherwise a smooth gaze without any library')
    parser.add_argument('--seed', type=int, default=1, help='which simulated wearer')
    parser.add_argument('--script', default='', help='YAML file with their affect')
    parser.add_argument(
        '--seconds', type=float, default=0.0, help='how long; 0: until interrupted')
    parser.add_argument('--log', default='', help='write what is sent to this log as well')
    return parser
