# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Records topics of the graph into a bag."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from operator import itemgetter
import time

from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSDurabilityPolicy
from rclpy.qos import QoSProfile
from rclpy.qos import QoSReliabilityPolicy
from rclpy.subscription import Subscription
from ros2cli.bag.bag_metadata import TopicInformation
from ros2cli.bag.fetched_group import FetchedGroup
from ros2cli.bag.interruptible_wait import InterruptibleWait
from ros2cli.bag.message_definitions import full_text
from ros2cli.bag.qos import profile_to_dict
from ros2cli.bag.qos import request_to_match
from ros2cli.bag.topic_filter import TopicFilter
from ros2cli.bag.writer_thread import WriterThread
from ros2cli.interface_lookup import get_interface

# rosbag2 asks for ten, which its C++ empties at once; Python may be away for longer.
SUBSCRIPTION_DEPTH = 200
# The middleware stamps what it receives, so messages can be fetched in batches: that costs a
# tenth of an executor's wake-up per message.
FETCH_PERIOD_S = 0.01
# While one topic is fetched, another goes on receiving: what is younger than this waits for the
# next turn, so that the file is in the order of reception (readers of an MCAP file that was cut
# off, and thus has no index, depend on it).
SETTLE_NS = 2_000_000

KEY_PAUSE = b' '


@dataclass
class RecordOptions:
    """What `ros2 bag record` was asked for."""

    topic_filter: TopicFilter = field(default_factory=TopicFilter)
    qos_overrides: Mapping[str, QoSProfile] = field(default_factory=dict)
    include_unpublished_topics: bool = False
    ignore_leaf_topics: bool = False
    is_discovery_disabled: bool = False
    polling_interval_s: float = 0.1
    start_paused: bool = False
    use_sim_time: bool = False


class Recorder:
    """
    Subscribes to topics as they appear and hands what arrives to a writer.

    Messages keep the form they had on the wire. Their stamp is the middleware's time of reception,
    or the node's clock with `use_sim_time`.
    """

    def __init__(
        self, node: Node, writer: WriterThread, options: RecordOptions, wait: InterruptibleWait,
    ) -> None:
        self._node = node
        self._logger = node.get_logger()
        self._writer = writer
        self._options = options
        self._wait = wait
        self._subscriptions: dict[str, Subscription] = {}
        self._publisher_counts: dict[str, int] = {}
        self._warned: set[tuple[str, str]] = set()
        self._discovering = False
        self._paused = options.start_paused
        self._fetched: list[tuple[int, int, str, bytes]] = []
        self._fetched_group = FetchedGroup()
        # Only /clock needs callbacks.
        self._clock_executor = None
        if options.use_sim_time:
            self._clock_executor = SingleThreadedExecutor(context=node.context)
            self._clock_executor.add_node(node)

    def record(self) -> None:
        """Record until a signal, or until the writer fails."""
        if self._wait.has_keys:
            self._logger.info('Press SPACE for pausing/resuming')
        self._logger.info('Listening for topics...')
        if self._options.use_sim_time:
            self._wait_for_sim_time()
        self._discovering = not self._options.is_discovery_disabled
        self._discover()
        if self._paused:
            self._logger.info('Wait for recording: Press SPACE to start.')
        else:
            self._logger.info('Recording...')
        polled_s = time.monotonic()
        while not self._wait.stopped and self._writer.error is None:
            self._wait_and_update_clock()
            self._fetch()
            now_s = time.monotonic()
            if self._discovering and now_s - polled_s >= self._options.polling_interval_s:
                polled_s = now_s
                self._discover()
        self._fetch()
        self._hand_on(len(self._fetched))
        for subscription in self._subscriptions.values():
            self._node.destroy_subscription(subscription)

    def _wait_for_sim_time(self) -> None:
        self._logger.info('use_sim_time set, waiting for /clock before starting recording...')
        while not self._wait.stopped and self._node.get_clock().now().nanoseconds == 0:
            self._wait_and_update_clock()
        if not self._wait.stopped:
            self._logger.info('Sim time /clock found, starting recording.')

    def _wait_and_update_clock(self) -> None:
        if KEY_PAUSE in self._wait.wait(FETCH_PERIOD_S):
            self._toggle_paused()
        if self._clock_executor is not None:
            self._clock_executor.spin_once(timeout_sec=0)

    def _fetch(self) -> None:
        """Take all that arrived, and hand on, in the order of the stamps, what is complete."""
        horizon_ns = time.time_ns() - SETTLE_NS
        sim_time_ns = (
            self._node.get_clock().now().nanoseconds if self._options.use_sim_time else None)
        for name, subscription in self._subscriptions.items():
            handle, message_class = subscription.handle, subscription.msg_type
            with handle:
                while (taken := handle.take_message(message_class, True)) is not None:
                    if not self._paused:
                        data, info = taken
                        received_ns = info['received_timestamp']
                        self._fetched.append(
                            (received_ns, sim_time_ns or received_ns, name, data))
        self._fetched.sort(key=itemgetter(0))
        complete = bisect_right(self._fetched, horizon_ns, key=itemgetter(0))
        self._hand_on(complete)

    def _hand_on(self, count: int) -> None:
        for _, stamp_ns, name, data in self._fetched[:count]:
            self._writer.write(name, stamp_ns, data)
        del self._fetched[:count]

    def _toggle_paused(self) -> None:
        self._paused = not self._paused
        self._logger.info('Pausing recording.' if self._paused else 'Resuming recording.')

    def _discover(self) -> None:
        """Subscribe to what is new, and say what an existing subscription cannot hear."""
        for name, types in self._node.get_topic_names_and_types():
            if name in self._subscriptions:
                self._warn_about_new_publishers(name)
            elif self._is_wanted(name, types):
                self._subscribe(name, types[0])
        requested = self._options.topic_filter.topics
        if requested and self._subscriptions.keys() >= set(requested) and self._only_topics():
            self._logger.info('All requested topics are subscribed. Stopping discovery...')
            self._discovering = False

    def _only_topics(self) -> bool:
        selection = self._options.topic_filter
        return not (
            selection.all_topics or selection.all_services or selection.regex
            or selection.topic_types or selection.services)

    def _is_wanted(self, name: str, types: list[str]) -> bool:
        if not self._options.topic_filter.takes(name, types[0]):
            return False
        if len(set(types)) > 1:
            self._warn_once(
                name, 'types',
                f"Topic '{name}' has more than one type associated. Only topics with one type "
                'are supported')
            return False
        if not self._options.include_unpublished_topics and not self._node.count_publishers(name):
            return False
        return not (self._options.ignore_leaf_topics and not self._node.count_subscribers(name))

    def _warn_once(self, topic: str, about: str, text: str) -> None:
        if (topic, about) not in self._warned:
            self._warned.add((topic, about))
            self._logger.warning(text)

    def _subscribe(self, name: str, type_name: str) -> None:
        endpoints = self._node.get_publishers_info_by_topic(name)
        profile = self._options.qos_overrides.get(name)
        if profile is not None:
            self._logger.info(f'Overriding subscription profile for {name}')
        else:
            profile = request_to_match(
                name, endpoints, self._logger.warning, SUBSCRIPTION_DEPTH)
        try:
            subscription = self._node.create_subscription(
                get_interface(type_name), name, self._never_called, profile, raw=True,
                callback_group=self._fetched_group)
        except Exception as error:
            # A type that is not installed or has no support raises many kinds; none of them may
            # end the recording of the other topics.
            self._warn_once(
                name, 'class',
                f"Topic '{name}' has unknown type '{type_name}' . Only topics with known type are "
                f"supported. Reason: '{error}'")
            return
        hashes = {str(endpoint.topic_type_hash) for endpoint in endpoints} - {'INVALID'}
        definition = full_text(type_name)
        if not definition:
            self._warn_once(
                name, 'definition',
                f"The definition of '{type_name}' is not installed as a .msg file; the bag will "
                'not contain it, so other tools may be unable to read this topic.')
        self._writer.create_topic(
            TopicInformation(
                name, type_name,
                offered_qos_profiles=[profile_to_dict(e.qos_profile) for e in endpoints],
                type_description_hash=hashes.pop() if len(hashes) == 1 else ''),
            definition)
        self._publisher_counts[name] = len(endpoints)
        self._subscriptions[name] = subscription
        self._logger.info(f"Subscribed to topic '{name}'")

    @staticmethod
    def _never_called(data: bytes) -> None:
        raise AssertionError('messages are fetched, not called back')

    def _warn_about_new_publishers(self, name: str) -> None:
        count = self._node.count_publishers(name)
        if count == self._publisher_counts[name]:
            return
        self._publisher_counts[name] = count
        used = self._subscriptions[name].qos_profile
        for endpoint in self._node.get_publishers_info_by_topic(name):
            offered = endpoint.qos_profile
            if (
                offered.reliability == QoSReliabilityPolicy.BEST_EFFORT
                and used.reliability != QoSReliabilityPolicy.BEST_EFFORT
            ):
                lacks, has = 'RELIABILITY_BEST_EFFORT', 'RELIABILITY_RELIABLE'
            elif (
                offered.durability == QoSDurabilityPolicy.VOLATILE
                and used.durability != QoSDurabilityPolicy.VOLATILE
            ):
                lacks, has = 'DURABILITY_VOLATILE', 'DURABILITY_TRANSIENT_LOCAL'
            else:
                continue
            self._warn_once(
                name, 'publisher',
                f'A new publisher for subscribed topic {name} was found offering '
                f'RMW_QOS_POLICY_{lacks}, but rosbag already subscribed requesting '
                f'RMW_QOS_POLICY_{has}. Messages from this new publisher will not be recorded.')
