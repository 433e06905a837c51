# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Says whether two runs on one recording gave the same states.

    ros2 run affect_bringup record embeddings -o recordings/a      # beside each run
    ros2 run affect_bringup compare_runs recordings/a recordings/b

Prints one JSON object: how many ticks both have, for which share of them fusion had the same
inputs, and the largest difference between states where it had.
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
import json
import math
from pathlib import Path
import re
import sys

from affect_bringup.run_comparison import compare
from affect_bringup.run_comparison import Run
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import EmotionState
from affect_msgs.msg import ModalityEmbedding
from affect_node import stamp_ns
import numpy as np
from rclpy.serialization import deserialize_message
from rosbags.rosbag2 import Reader
from rosbags.rosbag2 import ReaderError

_STREAM = re.compile(r'.*/affect/([a-z_]+/(?:embedding|estimate))$')
_TYPES = {
    'affect_msgs/msg/ModalityEmbedding': ModalityEmbedding,
    'affect_msgs/msg/AffectEstimate': AffectEstimate,
    'affect_msgs/msg/EmotionState': EmotionState,
}


def read_run(bag: Path) -> Run:
    """
    Read embeddings, estimates and states of a bag.

    :raises ValueError: it can't be read, or has no states.
    """
    run = Run()
    try:
        with Reader(bag) as reader:
            wanted = [c for c in reader.connections if c.msgtype in _TYPES]
            for connection, _, raw in reader.messages(connections=wanted):
                message = deserialize_message(raw, _TYPES[connection.msgtype])
                tick = stamp_ns(message.header.stamp)
                if isinstance(message, EmotionState):
                    run.states[tick] = _numbers(message.affect)
                    # An embedding that came after the deadline was no input.
                    run.inputs.setdefault(tick, {})['taken in time'] = repr([
                        (c.modality, c.state) for c in message.contributions]).encode()
                elif match := _STREAM.match(connection.topic):
                    run.inputs.setdefault(tick, {})[match.group(1)] = _what_counts(message)
    except (ReaderError, OSError) as error:
        raise ValueError(f"'{bag}' can't be read: {error}") from error
    if not run.states:
        raise ValueError(f"'{bag}' has no affect/emotion_state; record the profile 'embeddings'")
    return run


def _what_counts(message: ModalityEmbedding | AffectEstimate) -> bytes:
    """
    Return what fusion makes its state of; two equal messages give equal bytes.

    The recorded bytes will not do: the padding between their fields is arbitrary.
    """
    if isinstance(message, AffectEstimate):
        numbers = [*_numbers(message), message.quality]
        words = [message.model_id]
    else:
        numbers = [*message.embedding, *message.features, message.quality, *(
            stamp_ns(stamp) for stamp in (message.window_start, message.evidence_end))]
        words = [message.model_id, message.schema_id]
    values = np.array(numbers, dtype=float)
    values[np.isnan(values)] = np.nan
    return values.tobytes() + '\n'.join(words).encode()


def _numbers(affect: AffectEstimate) -> np.ndarray:
    return np.array([
        *affect.probabilities, affect.valence, affect.arousal, affect.valence_variance,
        affect.arousal_variance], dtype=float)


def main(args: Sequence[str] | None = None) -> int:
    """Compare two bags; 1 when states differ although their inputs did not, or none were equal."""
    parser = argparse.ArgumentParser(
        prog='compare_runs', description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('first', type=Path)
    parser.add_argument('second', type=Path)
    parser.add_argument(
        '--tolerance', type=float, default=1e-4, help='largest difference to pass (1e-4)')
    settings = parser.parse_args(args)
    try:
        comparison = compare(read_run(settings.first), read_run(settings.second))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    report = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(comparison).items()}
    print(json.dumps(report))
    if not comparison.equal_input_ticks:
        print('nothing could be compared: no tick had equal inputs in both', file=sys.stderr)
        return 1
    return int(comparison.largest_difference > settings.tolerance)


if __name__ == '__main__':
    sys.exit(main())
