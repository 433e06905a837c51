# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Plays a bag back into the graph."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
import re
import struct
import time

from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.qos import QoSReliabilityPolicy
from ros2cli.bag.bag_info import is_service_event
from ros2cli.bag.bag_metadata import TopicInformation
from ros2cli.bag.bag_reader import BagReader
from ros2cli.bag.interruptible_wait import InterruptibleWait
from ros2cli.bag.message_feeder import MessageFeeder
from ros2cli.bag.player_clock import PlayerClock
from ros2cli.bag.qos import offer_like_recorded
from ros2cli.interface_lookup import get_interface
from rosgraph_msgs.msg import Clock

# Little-endian CDR of rosgraph_msgs/Clock: packing beats building and serialising a message.
CLOCK_CDR = struct.Struct('<4siI')
CDR_HEADER = b'\x00\x01\x00\x00'
CLOCK_QOS = QoSProfile(depth=1, reliability=QoSReliabilityPolicy.BEST_EFFORT)
# rosbag2 gives late acknowledgements no time at all unless asked; a moment costs nothing.
FAREWELL_S = 0.2

KEY_PAUSE = b' '
KEY_NEXT = b'\x1b[C'
KEY_FASTER = b'\x1b[A'
KEY_SLOWER = b'\x1b[B'


@dataclass
class PlayOptions:
    """What `ros2 bag play` was asked for; times in seconds or, with `_ns`, nanoseconds."""

    rate: float = 1.0
    loop: bool = False
    delay_s: float = 0.0
    start_offset_s: float = 0.0
    start_paused: bool = False
    playback_duration_s: float = -1.0
    playback_until_ns: int = -1
    read_ahead_queue_size: int = 1000
    clock_hz: float = 0.0
    clock_on_publish: bool = False
    clock_topics: Collection[str] = ()
    topics: Collection[str] = ()
    services: Collection[str] = ()
    exclude_topics: Collection[str] = ()
    exclude_services: Collection[str] = ()
    regex: str = ''
    exclude_regex: str = ''
    qos_overrides: Mapping[str, QoSProfile] = field(default_factory=dict)
    wait_for_all_acked_ms: int = -1


def allows_topic(topic: TopicInformation, options: PlayOptions) -> bool:
    """Return whether the options select a recorded topic, by rosbag2's rules."""
    if is_service_event(topic):
        included, excluded = options.services, options.exclude_services
    else:
        included, excluded = options.topics, options.exclude_topics
    if topic.name in excluded:
        return False
    if options.exclude_regex and re.fullmatch(options.exclude_regex, topic.name):
        return False
    if topic.name in included:
        return True
    if options.regex:
        return re.fullmatch(options.regex, topic.name) is not None
    return not included


def play_until(options: PlayOptions, start_ns: int) -> int | None:
    """Return the stamp after which playback ends; None for never, 0 for at once."""
    if options.playback_duration_s < 0 and options.playback_until_ns < 0:
        return None
    by_duration_ns = -1
    if options.playback_duration_s == 0:
        by_duration_ns = 0
    elif options.playback_duration_s > 0:
        by_duration_ns = start_ns + int(options.playback_duration_s * 1e9)
    return max(by_duration_ns, options.playback_until_ns)


class Player:
    """
    Publishes the messages of a bag at the times they were received, scaled by the rate.

    One thread does all that is timed: it waits for the earlier of the next message and the next
    clock tick, so neither can hold up the other. Reading is `MessageFeeder`'s.
    """

    def __init__(
        self, node: Node, reader: BagReader, options: PlayOptions, wait: InterruptibleWait,
    ) -> None:
        self._node = node
        self._logger = node.get_logger()
        self._reader = reader
        self._options = options
        self._wait = wait
        self._start_ns = reader.metadata().starting_time_ns + int(options.start_offset_s * 1e9)
        self._until_ns = play_until(options, self._start_ns)
        self._clock = PlayerClock(self._start_ns, rate=options.rate, paused=options.start_paused)
        self._logger.info(f'Set rate to {options.rate:g}')
        self._step_requested = False
        self._clock_publisher = None
        self._tick_period_ns = int(1e9 / options.clock_hz) if options.clock_hz > 0 else None
        self._next_tick_ns = time.monotonic_ns()
        if options.clock_hz > 0 or options.clock_on_publish:
            self._clock_publisher = node.create_publisher(Clock, '/clock', CLOCK_QOS)
        self._publishers = {}
        for topic in reader.topics():
            if topic.name not in self._publishers and allows_topic(topic, options):
                self._add_publisher(topic)
        self._announce_keys()

    def _add_publisher(self, topic: TopicInformation) -> None:
        profile = self._options.qos_overrides.get(topic.name)
        if profile is not None:
            self._logger.info(f'Overriding QoS profile for topic {topic.name}')
        else:
            profile = offer_like_recorded(
                topic.name, topic.offered_qos_profiles, self._logger.warning)
        try:
            self._publishers[topic.name] = self._node.create_publisher(
                get_interface(topic.type), topic.name, profile)
        except Exception as error:
            # A type that is not installed, or a name that ROS refuses, raises many kinds; none of
            # them may keep the other topics from being played.
            self._logger.warning(f"Ignoring a topic '{topic.name}', reason: {error}.")

    def _announce_keys(self) -> None:
        if not self._wait.has_keys:
            if self._options.start_paused:
                self._logger.warning(
                    'Paused, and there is no terminal whose SPACE key would resume the playback.')
            return
        for key, action in (
            ('SPACE', 'Pause/Resume'), ('CURSOR_RIGHT', 'Play Next Message'),
            ('CURSOR_UP', 'Increase Rate 10%'), ('CURSOR_DOWN', 'Decrease Rate 10%'),
        ):
            self._logger.info(f'Press {key} for {action}')

    def play(self) -> None:
        """Play to the end (for ever, in a loop) or until a signal."""
        until = -1 if self._until_ns is None else self._until_ns
        self._logger.info(f'Playback until timestamp: {until}')
        while not self._wait.stopped:
            published = self._play_once()
            if not self._options.loop:
                break
            if published == 0:
                self._logger.warning('There is nothing to play in a loop.')
                break
        if not self._wait.stopped:
            self._wait_for_acknowledgements()

    def _play_once(self) -> int:
        if self._reader.metadata().message_count == 0:
            self._logger.warning('The bag has no messages.')
            return 0
        published = 0
        start_ns = self._start_ns if self._options.start_offset_s > 0 else None
        feeder = MessageFeeder(
            self._reader.messages(self._publishers.keys(), start_ns),
            self._options.read_ahead_queue_size)
        try:
            self._sleep_before_start()
            feeder.wait_until_filled()
            self._clock.jump(self._start_ns)
            triggers = self._options.clock_topics
            publish: dict[str, Callable[[bytes], None]] = {
                topic: publisher.publish for topic, publisher in self._publishers.items()}
            for topic, stamp_ns, data in feeder:
                if self._until_ns is not None and (
                    stamp_ns > self._until_ns or self._until_ns == 0
                ):
                    break
                if not self._wait_until(stamp_ns):
                    break
                if self._options.clock_on_publish and (not triggers or topic in triggers):
                    self._publish_clock()
                publish[topic](data)
                published += 1
            while not self._wait.stopped and self._clock.paused:
                self._wait_for_event(None)
        finally:
            feeder.stop()
        return published

    def _sleep_before_start(self) -> None:
        if self._options.delay_s <= 0:
            return
        self._logger.info(f'Sleep {int(self._options.delay_s * 1e9)} ns')
        # The time in the bag stands still meanwhile: it must not jump back when playback begins.
        was_paused = self._clock.paused
        self._clock.jump(self._start_ns)
        self._clock.pause()
        end_ns = time.monotonic_ns() + int(self._options.delay_s * 1e9)
        while time.monotonic_ns() < end_ns and self._wait_for_event(end_ns):
            pass
        if not was_paused:
            self._clock.resume()

    def _wait_until(self, stamp_ns: int) -> bool:
        """Wait for a time in the bag; False when a signal ended the wait."""
        while not self._wait.stopped:
            if self._step_requested:
                self._step_requested = False
                self._clock.jump(stamp_ns)
                return True
            due_ns = None if self._clock.paused else self._clock.to_steady(stamp_ns)
            if due_ns is not None and time.monotonic_ns() >= due_ns:
                self._tick(time.monotonic_ns())
                return True
            self._wait_for_event(due_ns)
        return False

    def _wait_for_event(self, due_ns: int | None) -> bool:
        """Wait for `due_ns` (steady), the next clock tick, a key or a signal (then False)."""
        now_ns = time.monotonic_ns()
        self._tick(now_ns)
        if self._tick_period_ns is not None:
            due_ns = self._next_tick_ns if due_ns is None else min(due_ns, self._next_tick_ns)
        timeout_s = None if due_ns is None else max(0, due_ns - time.monotonic_ns()) * 1e-9
        keys = self._wait.wait(timeout_s)
        if keys:
            self._handle_keys(keys)
        return not self._wait.stopped

    def _tick(self, now_ns: int) -> None:
        if self._tick_period_ns is None or now_ns < self._next_tick_ns:
            return
        self._publish_clock()
        # Ticks stay on their grid; those that were missed are not made up for.
        missed = (now_ns - self._next_tick_ns) // self._tick_period_ns
        self._next_tick_ns += (missed + 1) * self._tick_period_ns

    def _publish_clock(self) -> None:
        seconds, nanoseconds = divmod(self._clock.now(), 10**9)
        self._clock_publisher.publish(CLOCK_CDR.pack(CDR_HEADER, seconds, nanoseconds))

    def _handle_keys(self, keys: bytes) -> None:
        if KEY_PAUSE in keys:
            if self._clock.paused:
                self._clock.resume()
                self._logger.info('Resuming play.')
            else:
                self._clock.pause()
                self._logger.info('Pausing play.')
        if KEY_NEXT in keys:
            if self._clock.paused:
                self._step_requested = True
            else:
                self._logger.warning('Called play next, but not in paused state.')
        for key, factor in ((KEY_FASTER, 1.1), (KEY_SLOWER, 0.9)):
            if key in keys:
                self._clock.set_rate(self._clock.rate * factor)
                self._logger.info(f'Set rate to {self._clock.rate:g}')

    def _wait_for_acknowledgements(self) -> None:
        asked_ms = self._options.wait_for_all_acked_ms
        reliable = {
            topic: publisher for topic, publisher in self._publishers.items()
            if publisher.qos_profile.reliability == QoSReliabilityPolicy.RELIABLE}
        if asked_ms < 0:
            end_s = time.monotonic() + FAREWELL_S
            for publisher in reliable.values():
                publisher.wait_for_all_acked(
                    Duration(seconds=max(0.0, end_s - time.monotonic())))
            return
        without = sorted(self._publishers.keys() - reliable.keys())
        if without:
            self._logger.warning(
                '--wait-for-all-acked is invalid for the below topics since reliability of QOS is '
                'BestEffort.\n' + ', '.join(without))
        timeout = Duration(seconds=-1) if asked_ms == 0 else Duration(nanoseconds=asked_ms * 10**6)
        for topic, publisher in reliable.items():
            if not publisher.wait_for_all_acked(timeout):
                self._logger.error(
                    'Timed out while waiting for all published messages to be acknowledged for '
                    f'topic {topic}')
