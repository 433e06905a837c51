# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What we rely on in `ros2 bag`, whichever implementation is on the PATH.

Bags are written and read with rosbags, an independent implementation; the graph on the other side
is a node of the test's own, in a domain of its own.
"""

from collections.abc import Callable
import contextlib
import itertools
import os
from pathlib import Path
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time

import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import QoSDurabilityPolicy
from rclpy.qos import QoSProfile
from rclpy.qos import QoSReliabilityPolicy
from rclpy.serialization import serialize_message
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import Image
from sensor_msgs.msg import Imu
from std_msgs.msg import String

rosbag2 = pytest.importorskip('rosbags.rosbag2')
interfaces = pytest.importorskip('rosbags.interfaces')

pytestmark = pytest.mark.graph

TIMEOUT_S = 60
START_NS = 1_700_000_000_000_000_000
STORAGES = {
    'sqlite3': rosbag2.StoragePlugin.SQLITE3,
    'mcap': rosbag2.StoragePlugin.MCAP,
}
LATCHED = QoSProfile(depth=1, durability=QoSDurabilityPolicy.TRANSIENT_LOCAL)
BEST_EFFORT = QoSProfile(depth=10, reliability=QoSReliabilityPolicy.BEST_EFFORT)
TYPES = {String: 'std_msgs/msg/String', Imu: 'sensor_msgs/msg/Imu', Image: 'sensor_msgs/msg/Image'}


def ros2_command() -> list[str]:
    """Return the command on the PATH or, before it is installed, the module."""
    found = shutil.which('ros2')
    return [found] if found else [sys.executable, '-m', 'ros2cli']


def unpadded(data: bytes) -> bytes:
    """Return a message without the up to three zeros that DDS puts at the end of a payload."""
    return bytes(data).rstrip(b'\0')


class BagProcess:
    """A running `ros2 bag`, with what it printed so far."""

    def __init__(self, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [*ros2_command(), 'bag', *arguments], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.text = ''
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._changed:
                self.text += line
                self._changed.notify_all()

    def wait_for(self, pattern: str) -> None:
        """Wait until it has printed the pattern."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: re.search(pattern, self.text), TIMEOUT_S), self.text

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(TIMEOUT_S)

    def close(self) -> None:
        """End it if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._thread.join()
        self.process.stdout.close()


class Graph:
    """A private domain with one node, and `ros2 bag` in it."""

    def __init__(self, domain_id: int) -> None:
        os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
        self.environment = {
            **os.environ, 'ROS_DOMAIN_ID': str(domain_id), 'PYTHONUNBUFFERED': '1'}
        self._context = rclpy.Context()
        rclpy.init(context=self._context, domain_id=domain_id)
        self.node = rclpy.create_node('test', context=self._context)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)
        self._processes: list[BagProcess] = []

    def start(self, *arguments: object) -> BagProcess:
        """Start `ros2 bag`."""
        process = BagProcess(tuple(str(a) for a in arguments), self.environment)
        self._processes.append(process)
        return process

    def run(self, *arguments: object) -> subprocess.CompletedProcess:
        """Run `ros2 bag` to its end."""
        return subprocess.run(
            [*ros2_command(), 'bag', *(str(a) for a in arguments)], env=self.environment,
            capture_output=True, text=True, timeout=TIMEOUT_S, stdin=subprocess.DEVNULL,
            check=False)

    def spin_until(self, condition: Callable[[], bool]) -> None:
        """Run callbacks until the condition holds."""
        end_s = time.monotonic() + TIMEOUT_S
        while not condition():
            assert time.monotonic() < end_s, 'it did not happen in time'
            self._executor.spin_once(timeout_sec=0.05)

    def collect(self, message_class, topic: str, profile=10, raw: bool = True) -> list:
        """Subscribe and return the list that fills."""
        received: list = []
        self.node.create_subscription(message_class, topic, received.append, profile, raw=raw)
        return received

    def close(self) -> None:
        """End what is left."""
        for process in self._processes:
            process.close()
        self._executor.shutdown()
        self.node.destroy_node()
        self._context.try_shutdown()


@pytest.fixture
def graph(domain_id):
    graph = Graph(domain_id)
    yield graph
    graph.close()


def write_bag(path: Path, storage: str, messages, qos=()) -> dict[str, list[bytes]]:
    """Write (topic, stamp in ns, ROS message) with rosbags, and return the serialised messages."""
    from rosbags.typesys import get_typestore
    from rosbags.typesys import Stores
    typestore = get_typestore(Stores.ROS2_JAZZY)
    connections = {}
    written: dict[str, list[bytes]] = {}
    with rosbag2.Writer(path, version=9, storage_plugin=STORAGES[storage]) as writer:
        for topic, stamp_ns, message in messages:
            if topic not in connections:
                connections[topic] = writer.add_connection(
                    topic, TYPES[type(message)], typestore=typestore,
                    offered_qos_profiles=dict(qos).get(topic, ()))
            # Once per message: the bytes between aligned fields are whatever was in memory.
            written.setdefault(topic, []).append(serialize_message(message))
            writer.write(connections[topic], stamp_ns, written[topic][-1])
    return written


def recorded_qos(durability: str):
    """Return a reliable profile as rosbags writes it."""
    never = interfaces.QosTime(9223372036, 854775807)
    return [interfaces.Qos(
        interfaces.QosHistory.KEEP_LAST, 1, interfaces.QosReliability.RELIABLE,
        interfaces.QosDurability[durability], never, never, interfaces.QosLiveliness.AUTOMATIC,
        never, False)]


def words(count: int, *, topic: str = '/words', step_ns: int = 10_000_000, first: int = 0):
    """Return numbered strings at an even pace."""
    return [
        (topic, START_NS + number * step_ns, String(data=f'{number} {"x" * (number % 50)}'))
        for number in range(first, first + count)]


def image(number: int) -> Image:
    """Return a small picture whose bytes depend on the number."""
    return Image(
        height=4, width=5, step=5, encoding='mono8',
        data=bytes((number * 7 + i) % 256 for i in range(20)))


@pytest.mark.parametrize('storage', STORAGES)
def test_what_is_played_is_what_was_recorded_byte_for_byte(graph, tmp_path, storage):
    messages = words(50) + [
        ('/face', START_NS + number * 20_000_000 + 1, image(number)) for number in range(25)]
    messages.sort(key=lambda item: item[1])
    expected = {
        topic: {unpadded(data) for data in written}
        for topic, written in write_bag(tmp_path / 'bag', storage, messages).items()}
    received = {'/words': graph.collect(String, '/words'), '/face': graph.collect(Image, '/face')}
    player = graph.start('play', tmp_path / 'bag', '--loop')
    graph.spin_until(lambda: all(
        {unpadded(data) for data in received[topic]} >= expected[topic] for topic in received))
    assert player.stop() == 0
    for topic, data in received.items():
        assert {unpadded(item) for item in data} == expected[topic]


@pytest.mark.parametrize('storage', STORAGES)
@pytest.mark.parametrize('end', [signal.SIGINT, signal.SIGTERM])
def test_what_is_recorded_is_what_was_published_byte_for_byte(graph, tmp_path, storage, end):
    text = graph.node.create_publisher(String, '/words', 100)
    face = graph.node.create_publisher(Image, '/face', BEST_EFFORT)
    graph.node.create_publisher(String, '/other', 1)
    recorder = graph.start(
        'record', '-o', tmp_path / 'bag', '-s', storage, '--topics', '/words', '/face')
    graph.spin_until(
        lambda: text.get_subscription_count() == 1 and face.get_subscription_count() == 1)
    sent = {'/words': [], '/face': []}
    before_ns = time.time_ns()
    for number in range(40):
        sent['/words'].append(serialize_message(String(data=f'{number} {"x" * number}')))
        text.publish(sent['/words'][-1])
        if number % 4 == 0:
            sent['/face'].append(serialize_message(image(number)))
            face.publish(sent['/face'][-1])
    text.wait_for_all_acked()
    after_ns = time.time_ns()
    assert recorder.stop(end) == 0, recorder.text

    with rosbag2.Reader(tmp_path / 'bag') as reader:
        found = {'/words': [], '/face': []}
        for connection, stamp_ns, data in reader.messages():
            found[connection.topic].append(unpadded(data))
            assert before_ns - 10**9 <= stamp_ns <= after_ns + 10**9
        by_topic = {c.topic: c for c in reader.connections}
    expected = {topic: [unpadded(data) for data in sent[topic]] for topic in sent}
    assert found['/words'] == expected['/words']
    assert set(found['/face']) <= set(expected['/face'])
    assert by_topic.keys() == {'/words', '/face'}
    offered = by_topic['/face'].ext.offered_qos_profiles[0]
    assert offered.reliability == interfaces.QosReliability.BEST_EFFORT
    assert 'string data' in by_topic['/words'].msgdef.data
    assert by_topic['/face'].msgdef.data.count('MSG: std_msgs/Header\n') == 1
    assert by_topic['/face'].msgcount == len(found['/face'])


def test_topics_that_appear_later_are_recorded(graph, tmp_path):
    recorder = graph.start('record', '-o', tmp_path / 'bag', '-e', '^/late')
    recorder.wait_for('Recording...')
    late = graph.node.create_publisher(String, '/late/words', 100)
    graph.spin_until(lambda: late.get_subscription_count() == 1)
    late.publish(String(data='here'))
    late.wait_for_all_acked()
    assert recorder.stop() == 0
    with rosbag2.Reader(tmp_path / 'bag') as reader:
        assert [c.topic for c, _, _ in reader.messages()] == ['/late/words']


def test_latched_messages_are_recorded_and_latched_again(graph, tmp_path):
    latched = graph.node.create_publisher(String, '/info', LATCHED)
    latched.publish(String(data='who I am'))
    recorder = graph.start('record', '-o', tmp_path / 'recorded', '--topics', '/info')
    recorder.wait_for("Subscribed to topic '/info'")
    graph.spin_until(lambda: latched.get_subscription_count() == 1)
    latched.wait_for_all_acked()
    assert recorder.stop() == 0
    graph.node.destroy_publisher(latched)
    with rosbag2.Reader(tmp_path / 'recorded') as reader:
        (connection,) = reader.connections
        recorded = list(reader.messages())
    assert len(recorded) == 1
    offered = connection.ext.offered_qos_profiles[0]
    assert offered.durability == interfaces.QosDurability.TRANSIENT_LOCAL

    # A second message far away keeps the player alive while the latecomer subscribes.
    write_bag(
        tmp_path / 'bag', 'mcap',
        [('/info', START_NS, String(data='who I am')),
         *words(1, step_ns=0), ('/words', START_NS + 600 * 10**9, String())],
        {'/info': recorded_qos('TRANSIENT_LOCAL')}.items())
    first = graph.collect(String, '/info', LATCHED)
    player = graph.start('play', tmp_path / 'bag')
    graph.spin_until(lambda: bool(first))
    late = graph.collect(String, '/info', LATCHED)
    graph.spin_until(lambda: bool(late))
    assert unpadded(late[0]) == unpadded(serialize_message(String(data='who I am')))
    # Though the next message is ten minutes away.
    assert player.stop() == 0


def test_topics_are_remapped_selected_and_left_out(graph, tmp_path):
    write_bag(
        tmp_path / 'bag', 'mcap',
        words(100) + words(100, topic='/b') + words(100, topic='/c'))
    received = graph.collect(String, '/wearer/words')
    player = graph.start(
        'play', tmp_path / 'bag', '--loop', '--topics', '/words', '/b', '--exclude-topics', '/b',
        '--remap', '/words:=/wearer/words')
    graph.spin_until(lambda: len(received) > 5)
    names = {
        name for name, _ in graph.node.get_topic_names_and_types()
        if graph.node.count_publishers(name)}
    assert '/wearer/words' in names
    assert names.isdisjoint({'/words', '/b', '/c'})
    assert player.stop() == 0


def test_the_clock_follows_the_bag_and_jumps_back_with_it(graph, tmp_path):
    length_ns = 4 * 10**9
    write_bag(tmp_path / 'bag', 'mcap', words(401))
    arrivals = []

    def tick(message: Clock, info: dict) -> None:
        # When the player sent it: this process may be late itself.
        stamp_ns = message.clock.sec * 10**9 + message.clock.nanosec
        arrivals.append((info['source_timestamp'], stamp_ns))

    graph.node.create_subscription(
        Clock, '/clock', tick,
        QoSProfile(depth=1000, reliability=QoSReliabilityPolicy.BEST_EFFORT))
    player = graph.start('play', tmp_path / 'bag', '--clock', '200', '--rate', '2', '--loop')
    graph.spin_until(lambda: any(
        later[1] < earlier[1] for earlier, later in itertools.pairwise(arrivals)))
    assert player.stop() == 0
    stamps = [stamp_ns for _, stamp_ns in arrivals]
    assert min(stamps) >= START_NS
    assert max(stamps) <= START_NS + length_ns + 10**9
    jump = next(i for i in range(1, len(stamps)) if stamps[i] < stamps[i - 1])
    assert stamps[jump] - START_NS < 10**9
    # Medians: a machine that is busy misses some ticks, and sends some late.
    steps = [
        (later[0] - earlier[0], later[1] - earlier[1])
        for earlier, later in itertools.pairwise(arrivals[:jump])]
    assert statistics.median(bag / real for real, bag in steps) == pytest.approx(2, rel=0.25)
    # 200 Hz at twice the speed: 10 ms of the bag between ticks. The default is a fifth of that.
    assert statistics.median(bag for _, bag in steps) < 30_000_000


def test_messages_come_at_their_times(graph, tmp_path):
    write_bag(tmp_path / 'bag', 'sqlite3', words(300))
    lead_ns = {}

    def take(data: bytes, info: dict) -> None:
        # When the player sent it: this process may be late itself.
        number = int(data[8:].split()[0])
        lead_ns[number] = info['source_timestamp'] - before_ns - 10_000_000 * number

    graph.node.create_subscription(String, '/words', take, 100, raw=True)
    before_ns = time.time_ns()
    # Else the last ones end with the player when this process is late to take them.
    player = graph.start(
        'play', tmp_path / 'bag', '--delay', '1', '--wait-for-all-acked', '60000')
    graph.spin_until(lambda: 299 in lead_ns)
    assert player.process.wait(TIMEOUT_S) == 0
    assert len(lead_ns) > 200
    # Never before its time; and a machine that is busy may be late, but not with every one of a
    # hundred. Played at another rate, they would drift apart; at once, they lie 3 s apart.
    assert min(lead_ns.values()) >= 10**9
    first, last = (
        min(late_ns for number, late_ns in lead_ns.items() if number in part)
        for part in (range(100), range(200, 300)))
    assert abs(first - last) < 500_000_000


def test_playback_starts_later_and_ends_earlier(graph, tmp_path):
    write_bag(tmp_path / 'bag', 'mcap', words(500))
    received = graph.collect(String, '/words', 100)
    player = graph.start(
        'play', tmp_path / 'bag', '--start-offset', '2', '--playback-duration', '1', '--loop')
    graph.spin_until(lambda: len(received) > 150)
    assert player.stop() == 0
    numbers = {int(bytes(data[8:]).split()[0]) for data in received}
    assert min(numbers) >= 200
    assert max(numbers) <= 300


def test_quality_of_service_can_be_overridden(graph, tmp_path):
    write_bag(tmp_path / 'bag', 'mcap', words(200), {'/words': recorded_qos('VOLATILE')}.items())
    overrides = tmp_path / 'qos.yaml'
    overrides.write_text('/words:\n  reliability: best_effort\n  history: keep_last\n  depth: 1\n')
    player = graph.start(
        'play', tmp_path / 'bag', '--loop', '--qos-profile-overrides-path', overrides)
    graph.spin_until(lambda: graph.node.count_publishers('/words') == 1)
    (endpoint,) = graph.node.get_publishers_info_by_topic('/words')
    assert endpoint.qos_profile.reliability == QoSReliabilityPolicy.BEST_EFFORT
    assert player.stop() == 0


def test_the_stamps_of_a_recording_can_be_simulated_time(graph, tmp_path):
    clock = graph.node.create_publisher(Clock, '/clock', BEST_EFFORT)
    text = graph.node.create_publisher(String, '/words', 100)
    simulated = Clock()
    simulated.clock.sec = 1000
    graph.node.create_timer(0.02, lambda: clock.publish(simulated))
    recorder = graph.start(
        'record', '-o', tmp_path / 'bag', '--topics', '/words', '--use-sim-time')
    graph.spin_until(lambda: text.get_subscription_count() == 1)
    text.publish(String(data='now'))
    text.wait_for_all_acked()
    assert recorder.stop() == 0
    with rosbag2.Reader(tmp_path / 'bag') as reader:
        assert [stamp_ns for _, stamp_ns, _ in reader.messages()] == [1000 * 10**9]


def test_a_recording_is_split(graph, tmp_path):
    text = graph.node.create_publisher(String, '/words', 100)
    recorder = graph.start(
        'record', '-o', tmp_path / 'bag', '-s', 'sqlite3', '--topics', '/words', '-b', '90000')
    graph.spin_until(lambda: text.get_subscription_count() == 1)
    for number in range(30):
        text.publish(String(data=f'{number} ' + 'x' * 10_000))
    text.wait_for_all_acked()
    assert recorder.stop() == 0
    assert len(list((tmp_path / 'bag').glob('bag_*.db3'))) > 1
    with rosbag2.Reader(tmp_path / 'bag') as reader:
        assert reader.message_count == 30
        assert [int(bytes(data[8:]).split()[0]) for _, _, data in reader.messages()] == list(
            range(30))


def test_info_has_the_known_layout(graph, tmp_path):
    write_bag(tmp_path / 'bag', 'mcap', words(11) + words(5, topic='/b'))
    result = graph.run('info', tmp_path / 'bag')
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert 'Files:             bag.mcap' in lines
    assert 'Storage id:        mcap' in lines
    assert 'Duration:          0.100000000s' in lines
    assert any(line.startswith('Start:             Nov 1') for line in lines)
    assert 'Messages:          16' in lines
    assert (
        'Topic information: Topic: /words | Type: std_msgs/msg/String | Count: 11 | '
        'Serialization Format: cdr') in lines


def written_messages(bag):
    """Count what a recorder has committed to the first file of a bag so far."""
    uri = f"file:{bag / f'{bag.name}_0.db3'}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            return database.execute('SELECT count(*) FROM messages').fetchone()[0]
    except sqlite3.OperationalError:  # not there yet, or being written to
        return 0


@pytest.mark.parametrize('verb', ['info', 'play'])
def test_a_bag_that_was_cut_off_is_explained_and_recovered(graph, tmp_path, verb):
    text = graph.node.create_publisher(String, '/words', 100)
    timer = graph.node.create_timer(0.02, lambda: text.publish(String(data='on and on')))
    bag = tmp_path / 'bag'
    recorder = graph.start('record', '-o', bag, '-s', 'sqlite3', '--topics', '/words')
    graph.spin_until(lambda: text.get_subscription_count() == 1)
    graph.spin_until(lambda: written_messages(bag) > 10)
    recorder.process.kill()
    recorder.process.wait()
    graph.node.destroy_timer(timer)
    result = graph.run(verb, bag)
    assert result.returncode == 1
    assert 'metadata' in result.stderr
    assert 'Traceback' not in result.stderr
    assert graph.run('reindex', bag).returncode == 0
    info = graph.run('info', bag)
    assert int(re.search(r'Messages: +(\d+)', info.stdout)[1]) > 10


@pytest.mark.parametrize('verb', ['info', 'play'])
@pytest.mark.parametrize('name', ['foreign.mcap', 'foreign.db3'])
def test_a_foreign_file_is_refused(graph, tmp_path, verb, name):
    (tmp_path / name).write_bytes(b'this is no bag ' * 100)
    result = graph.run(verb, tmp_path / name)
    assert result.returncode == 1
    assert result.stderr.strip()


@pytest.mark.parametrize(('arguments', 'code', 'text'), [
    (('record',), 1, 'Need to specify at least one option'),
    (('record', '--topics', '/a', '--exclude-regex', 'b'), 1, '--exclude-regex argument requires'),
    (('record', '-a', '--use-sim-time', '--no-discovery'), 1, 'incompatible settings'),
    (('record', '-a', '-s', 'paper'), 2, 'invalid choice'),
    (('play', 'nowhere'), 2, "Bag path 'nowhere' does not exist!"),
    (('info', 'nowhere'), 2, "Bag path 'nowhere' does not exist!"),
    (('play', '.', '--rate', '-1'), 2, '--rate'),
    (('play', '.', '--clock', '0'), 2, '--clock'),
])
def test_wrong_arguments_are_said(graph, arguments, code, text):
    result = graph.run(*arguments)
    assert result.returncode == code
    assert text in result.stderr


def test_a_recording_does_not_overwrite(graph, tmp_path):
    (tmp_path / 'bag').mkdir()
    result = graph.run('record', '-a', '-o', tmp_path / 'bag')
    assert result.returncode == 1
    assert 'already exists' in result.stderr


def test_a_topic_of_an_unknown_type_is_left_out(graph, tmp_path):
    with rosbag2.Writer(
        tmp_path / 'bag', version=9, storage_plugin=STORAGES['mcap'],
    ) as writer:
        strange = writer.add_connection(
            '/strange', 'nowhere_msgs/msg/Nothing', msgdef='int32 x\n', rihs01=f'RIHS01_{0:064d}')
        known = writer.add_connection(
            '/words', 'std_msgs/msg/String', msgdef='string data\n', rihs01=f'RIHS01_{1:064d}')
        for number in range(100):
            stamp_ns = START_NS + number * 10_000_000
            writer.write(strange, stamp_ns, b'\x00\x01\x00\x00\x01\x00\x00\x00')
            writer.write(known, stamp_ns, serialize_message(String(data='known')))
    received = graph.collect(String, '/words', raw=False)
    player = graph.start('play', tmp_path / 'bag', '--loop')
    player.wait_for("Ignoring a topic '/strange'")
    graph.spin_until(lambda: bool(received))
    assert received[0].data == 'known'
    assert player.stop() == 0
