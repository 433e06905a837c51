# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What we rely on in the `ros2` command, whichever implementation is on the PATH.

The tests start `ros2` as a process and look at what it prints and returns, next to a node of their
own in a domain of their own.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading

from affect_msgs.action import Enroll
import pytest
import rclpy
from rclpy.action import ActionClient
from rclpy.action import ActionServer
from rclpy.action import CancelResponse
from rclpy.executors import ExternalShutdownException
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode
from rclpy.qos import QoSDurabilityPolicy
from rclpy.qos import QoSProfile
from rclpy.service_introspection import ServiceIntrospectionState
from rclpy.task import Future
from sensor_msgs.msg import Imu
from std_msgs.msg import Header
from std_msgs.msg import String
from std_srvs.srv import SetBool
from std_srvs.srv import Trigger
import yaml

pytestmark = pytest.mark.graph

TIMEOUT_S = 60


def ros2_command() -> list[str]:
    """Return the command on the PATH or, before it is installed, the module."""
    found = shutil.which('ros2')
    return [found] if found else [sys.executable, '-m', 'ros2cli']


class Graph:
    """A private domain with one managed node, and `ros2` in it."""

    def __init__(self, domain_id: int) -> None:
        self.environment = {
            **os.environ, 'ROS_DOMAIN_ID': str(domain_id),
            'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST', 'PYTHONUNBUFFERED': '1'}
        os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
        self._context = rclpy.Context()
        rclpy.init(context=self._context, domain_id=domain_id)
        self.node = LifecycleNode('managed', context=self._context)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)
        self._thread = threading.Thread(target=self._spin)
        self._thread.start()
        self._processes: list[subprocess.Popen] = []

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except ExternalShutdownException:
            return

    def run(self, *arguments: str, timeout_s: float = TIMEOUT_S) -> subprocess.CompletedProcess:
        """Run `ros2` to its end."""
        return subprocess.run(
            [*ros2_command(), *arguments], env=self.environment, capture_output=True, text=True,
            timeout=timeout_s, stdin=subprocess.DEVNULL, check=False)

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start `ros2`; what it prints comes in one stream."""
        process = subprocess.Popen(
            [*ros2_command(), *arguments], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._processes.append(process)
        return process

    def close(self) -> None:
        """End what is left."""
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
        self._executor.shutdown()
        self.node.destroy_node()
        self._context.try_shutdown()
        self._thread.join()


@pytest.fixture
def graph(domain_id):
    graph = Graph(domain_id)
    yield graph
    graph.close()


def read_until(process: subprocess.Popen, pattern: str) -> re.Match:
    """Return the match in what a process prints, which must come within the timeout."""
    timer = threading.Timer(TIMEOUT_S, process.kill)
    timer.start()
    text = ''
    try:
        for line in process.stdout:
            text += line
            if match := re.search(pattern, text):
                return match
    finally:
        timer.cancel()
    raise AssertionError(f'{process.args} ended or hung before /{pattern}/ came:\n{text}')


def interrupted(process: subprocess.Popen) -> int:
    """Return the exit code after an interrupt."""
    process.send_signal(signal.SIGINT)
    return process.wait(TIMEOUT_S)


def test_topics_are_listed(graph):
    graph.node.create_publisher(String, '/words', 1)
    graph.node.create_subscription(Header, '/stamps', print, 1)
    graph.node.create_publisher(String, '/_hidden', 1)
    arguments = ('topic', 'list', '--no-daemon')
    plain = graph.run(*arguments).stdout.split()
    assert {'/words', '/stamps', '/rosout', '/parameter_events'} <= set(plain)
    assert plain == sorted(plain)
    assert '/_hidden' not in plain
    assert '/_hidden' in graph.run(*arguments, '--include-hidden-topics').stdout.split()
    assert '/words [std_msgs/msg/String]' in graph.run(*arguments, '-t').stdout.splitlines()
    assert int(graph.run(*arguments, '-c').stdout) == len(plain)
    verbose = graph.run(*arguments, '-v').stdout
    published, subscribed = verbose.split('Subscribed topics:')
    assert ' * /words [std_msgs/msg/String] 1 publisher\n' in published
    assert ' * /stamps [std_msgs/msg/Header] 1 subscriber\n' in subscribed


def test_a_topic_is_described(graph):
    graph.node.create_publisher(String, '/words', 1)
    info = graph.run('topic', 'info', '/words', '--no-daemon')
    assert info.returncode == 0
    assert info.stdout == (
        'Type: std_msgs/msg/String\nPublisher count: 1\nSubscription count: 0\n')
    verbose = graph.run('topic', 'info', '/words', '-v', '--no-daemon').stdout
    assert 'Node name: managed' in verbose
    assert 'Reliability: RELIABLE' in verbose
    kind = graph.run('topic', 'type', '/words', '--no-daemon')
    assert (kind.returncode, kind.stdout) == (0, 'std_msgs/msg/String\n')


def test_what_is_not_there_is_an_error(graph):
    for arguments, text in (
        (('topic', 'info', '/nothing'), "Unknown topic '/nothing'"),
        (('topic', 'echo', '/nothing', '--once'), 'Could not determine the type'),
        (('lifecycle', 'get', '/nobody'), 'Node not found'),
        (('param', 'get', '/nobody', 'x'), 'Node not found'),
        (('node', 'info', '/nobody'), "Unable to find node '/nobody'"),
    ):
        result = graph.run(*arguments, '--no-daemon')
        assert result.returncode == 1, arguments
        assert text in result.stderr, arguments
        assert 'Traceback' not in result.stderr
    assert graph.run('topic', 'type', '/nothing', '--no-daemon').returncode == 1


@pytest.mark.parametrize('durability', ['VOLATILE', 'TRANSIENT_LOCAL'])
def test_echo_matches_the_publisher(graph, durability):
    publisher = graph.node.create_publisher(
        Header, '/stamps', QoSProfile(depth=1, durability=QoSDurabilityPolicy[durability]))
    message = Header(frame_id='hmd_link')
    message.stamp.sec = 7
    publisher.publish(message)
    if durability == 'VOLATILE':
        graph.node.create_timer(0.05, lambda: publisher.publish(message))
    result = graph.run('topic', 'echo', '/stamps', '--once', '--no-daemon')
    assert result.returncode == 0
    assert result.stdout == 'stamp:\n  sec: 7\n  nanosec: 0\nframe_id: hmd_link\n---\n'


def test_echo_in_other_forms(graph):
    publisher = graph.node.create_publisher(
        Header, '/stamps', QoSProfile(depth=1, durability=QoSDurabilityPolicy.TRANSIENT_LOCAL))
    message = Header(frame_id='x' * 200)
    message.stamp.sec = 7
    publisher.publish(message)

    def echo(*arguments):
        return graph.run(
            'topic', 'echo', '/stamps', '--once', '--no-daemon',
            *arguments).stdout

    assert echo('--field', 'stamp.sec') == '7\n---\n'
    assert echo('--csv', '--truncate-length', '3') == '7,0,xxx...\n'
    assert echo('--no-str').endswith("frame_id: '<string length: <200>>'\n---\n")
    assert 'x' * 128 + '...' in echo()
    assert 'x' * 200 + '\n' in echo('--full-length')
    assert echo('--flow-style', '--no-str') == echo('--no-str')


def test_echo_shows_arrays_of_fixed_size(graph):
    publisher = graph.node.create_publisher(
        Imu, '/imu', QoSProfile(depth=1, durability=QoSDurabilityPolicy.TRANSIENT_LOCAL))
    publisher.publish(Imu())
    result = graph.run('topic', 'echo', '/imu', '--once', '--no-daemon')
    assert result.returncode == 0
    assert 'orientation_covariance:\n- 0.0\n- 0.0\n' in result.stdout


def test_the_rate_of_a_topic_is_measured(graph):
    publisher = graph.node.create_publisher(String, '/words', 1)
    graph.node.create_timer(0.02, lambda: publisher.publish(String(data='x' * 100)))
    process = graph.start('topic', 'hz', '/words', '--window', '40')
    match = read_until(
        process,
        r'average rate: (\d+\.\d{3})\n\tmin: (\d+\.\d{3})s max: (\d+\.\d{3})s '
        r'std dev: (\d+\.\d{5})s window: (\d+)\n')
    rate, shortest_s, longest_s = (float(match[i]) for i in (1, 2, 3))
    assert shortest_s - 0.001 <= 1 / rate <= longest_s + 0.001
    assert int(match[5]) <= 40
    assert interrupted(process) == 2


def test_the_bandwidth_of_a_topic_is_measured(graph):
    publisher = graph.node.create_publisher(String, '/words', 1)
    graph.node.create_timer(0.02, lambda: publisher.publish(String(data='x' * 1000)))
    process = graph.start('topic', 'bw', '/words')
    match = read_until(
        process,
        r'([\d.]+) KB/s from \d+ messages\n\tMessage size mean: ([\d.]+) KB min: .* max: .*\n')
    assert float(match[1]) > 0
    assert float(match[2]) == pytest.approx(1.01, abs=0.01)
    interrupted(process)


def test_a_message_is_published(graph):
    received = []
    arrived = threading.Event()

    def take(message):
        received.append(message)
        arrived.set()

    graph.node.create_subscription(Header, '/stamps', take, 1)
    result = graph.run(
        'topic', 'pub', '--once', '/stamps', 'std_msgs/msg/Header',
        '{stamp: {sec: 3}, frame_id: hmd_link}')
    assert result.returncode == 0
    assert 'publishing #1: std_msgs.msg.Header(' in result.stdout
    assert arrived.wait(TIMEOUT_S)
    assert (received[0].stamp.sec, received[0].frame_id) == (3, 'hmd_link')


@pytest.mark.parametrize(('arguments', 'text'), [
    (('std_msgs/msg/Nothing', '{}'), 'The passed message type is invalid'),
    (('std_msgs/msg/Header', '3'), 'needs to be a dictionary'),
    (('std_msgs/msg/Header', '{colour: red}'), 'Failed to populate field'),
])
def test_what_cannot_be_published_is_said(graph, arguments, text):
    result = graph.run('topic', 'pub', '--once', '-w', '0', '/stamps', *arguments)
    assert result.returncode == 1
    assert text in result.stderr
    assert 'Traceback' not in result.stderr


def test_nodes_are_listed(graph):
    result = graph.run('node', 'list', '--no-daemon')
    assert result.stdout == '/managed\n'
    assert graph.run('node', 'list', '-c', '--no-daemon').stdout == '1\n'
    info = graph.run('node', 'info', '/managed', '--no-daemon').stdout
    assert info.startswith('/managed\n  Subscribers:\n')
    assert '    /managed/get_state: lifecycle_msgs/srv/GetState\n' in info


def test_a_managed_node_is_led_through_its_states(graph):
    def lifecycle(*arguments):
        return graph.run('lifecycle', *arguments, '--no-daemon')

    assert lifecycle('nodes').stdout == '/managed\n'
    assert lifecycle('get').stdout == '/managed: unconfigured [1]\n'
    assert lifecycle('get', '/managed').stdout == 'unconfigured [1]\n'
    refused = lifecycle('set', '/managed', 'activate')
    assert refused.returncode == 1
    assert refused.stderr.startswith(
        'Unknown transition requested, available ones are:\n- configure [1]')
    changed = lifecycle('set', '/managed', 'configure')
    assert (changed.returncode, changed.stdout) == (0, 'Transitioning successful\n')
    assert lifecycle('get', 'managed').stdout == 'inactive [2]\n'
    assert '- activate [3]\n\tStart: inactive\n\tGoal: activating\n' in (
        lifecycle('list', '/managed').stdout)
    assert lifecycle('set', '/managed', '3').stdout == 'Transitioning successful\n'
    assert lifecycle('get', '/managed').stdout == 'active [3]\n'


def test_parameters_are_read_and_set(graph, tmp_path):
    graph.node.declare_parameter('hop_s', 0.1)
    graph.node.declare_parameter('limits.low', [1, 2])

    def param(*arguments):
        return graph.run('param', *arguments, '--no-daemon')

    assert param('get', '/managed', 'hop_s').stdout == 'Double value is: 0.1\n'
    assert param('get', '/managed', 'hop_s', '--hide-type').stdout == '0.1\n'
    assert param('get', '/managed', 'limits.low').stdout == 'Integer values are: [1, 2]\n'
    assert param('set', '/managed', 'hop_s', '0.5').stdout == 'Set parameter successful\n'
    assert graph.node.get_parameter('hop_s').value == 0.5
    assert 'Setting parameter failed' in param('set', '/managed', 'hop_s', 'soon').stderr
    assert '  limits.low\n' in param('list', '/managed').stdout
    dumped = yaml.safe_load(param('dump', '/managed').stdout)
    assert dumped['/managed']['ros__parameters']['hop_s'] == 0.5
    assert dumped['/managed']['ros__parameters']['limits'] == {'low': [1, 2]}
    file = tmp_path / 'managed.yaml'
    file.write_text('/managed:\n  ros__parameters:\n    hop_s: 0.25\n')
    loaded = param('load', '/managed', str(file))
    assert loaded.stdout == 'Set parameter hop_s successful\n'
    assert graph.node.get_parameter('hop_s').value == 0.25
    file.write_text('/**:\n  ros__parameters:\n    hop_s: 0.125\n')
    refused = param('load', '/managed', str(file), '--no-use-wildcard')
    assert refused.returncode == 1
    assert 'Param file does not contain selected parameters' in refused.stderr
    assert param('load', '/managed', str(file)).returncode == 0
    assert graph.node.get_parameter('hop_s').value == 0.125


def test_services_are_listed_and_called(graph):
    def switch(request, response):
        response.success = request.data
        response.message = 'done'
        return response

    graph.node.create_service(SetBool, '/switch', switch)
    listed = graph.run('service', 'list', '-t', '--no-daemon').stdout
    assert '/switch [std_srvs/srv/SetBool]\n' in listed
    called = graph.run('service', 'call', '/switch', 'std_srvs/srv/SetBool', '{data: true}')
    assert called.returncode == 0
    assert "response:\nstd_srvs.srv.SetBool_Response(success=True, message='done')" in (
        called.stdout)


def test_the_events_of_a_service_are_echoed(graph):
    service = graph.node.create_service(Trigger, '/do', lambda request, response: response)
    service.configure_introspection(
        graph.node.get_clock(), QoSProfile(depth=10), ServiceIntrospectionState.CONTENTS)
    client = graph.node.create_client(Trigger, '/do')
    process = graph.start('service', 'echo', '/do')
    graph.node.create_timer(0.1, lambda: client.call_async(Trigger.Request()))
    read_until(
        process,
        r'info:\n  event_type: REQUEST_RECEIVED\n  stamp:\n    sec: \d+\n    nanosec: \d+\n'
        r'  client_gid:\n(?:  - \d+\n){16}  sequence_number: \d+\nrequest:\n(?:.*\n)*'
        r"response:\n- success: false\n  message: ''\n---\n")
    assert interrupted(process) == 2
    unknown = graph.run('service', 'echo', '/nothing')
    assert (unknown.returncode, unknown.stderr) == (
        1, 'Could not load the type for the passed service\n')


def test_actions_are_listed_and_described(graph):
    server = ActionServer(graph.node, Enroll, '/enroll', refuse)
    client = ActionClient(graph.node, Enroll, '/enroll')
    assert graph.run('action', 'list').stdout == '/enroll\n'
    assert graph.run('action', 'list', '-t').stdout == '/enroll [affect_msgs/action/Enroll]\n'
    assert graph.run('action', 'list', '-c').stdout == '1\n'
    assert graph.run('action', 'type', '/enroll').stdout == 'affect_msgs/action/Enroll\n'
    assert graph.run('action', 'type', '/nothing').returncode == 1
    assert graph.run('action', 'info', '/enroll', '-t').stdout == (
        'Action: /enroll\n'
        'Action clients: 1\n    /managed [affect_msgs/action/Enroll]\n'
        'Action servers: 1\n    /managed [affect_msgs/action/Enroll]\n')
    client.destroy()
    server.destroy()


def refuse(goal_handle):
    """Abort a goal, with a reason."""
    goal_handle.publish_feedback(Enroll.Feedback(progress=0.5))
    goal_handle.abort()
    return Enroll.Result(message='not worn')


def test_a_goal_is_sent(graph):
    heard = Future()

    async def refuse_when_heard(goal_handle):
        # Feedback travels on a topic of its own: nothing orders it among the answers, and what
        # is published before the client's subscription is known is lost.
        timer = graph.node.create_timer(
            0.1, lambda: goal_handle.publish_feedback(Enroll.Feedback(progress=0.5)))
        await heard
        timer.cancel()
        goal_handle.abort()
        return Enroll.Result(message='not worn')

    server = ActionServer(graph.node, Enroll, '/enroll', refuse_when_heard)
    arguments = ('action', 'send_goal', '/enroll', 'affect_msgs/action/Enroll')
    process = graph.start(*arguments, '{wearer: w1}', '-f')
    read_until(
        process,
        r'Waiting for an action server to become available...\nSending goal:\n     '
        r'(?=(?:.*\n)*Goal accepted with ID: )(?=(?:.*\n)*Feedback:\n    progress: 0.5\n)'
        r'wearer: w1\n')
    graph.node.executor.create_task(heard.set_result, None)
    read_until(
        process,
        r'Result:\n    (?:.*\n)*message: not worn\n(?:.*\n)*'
        r'Goal finished with status: ABORTED\n')
    assert process.wait(TIMEOUT_S) == 0
    failed = graph.run(*arguments, '{nobody: w1}')
    assert failed.returncode == 1
    assert 'Failed to populate message fields' in failed.stderr
    unknown = graph.run('action', 'send_goal', '/enroll', 'affect_msgs/action/Nothing')
    assert (unknown.returncode, unknown.stderr) == (1, 'The passed action type is invalid\n')
    server.destroy()


def test_an_interrupt_cancels_the_goal(graph):
    asked = Future()

    async def wait_for_the_end(goal_handle):
        await asked
        goal_handle.canceled()
        return Enroll.Result()

    def cancel(goal_handle):
        asked.set_result(None)
        return CancelResponse.ACCEPT

    server = ActionServer(
        graph.node, Enroll, '/enroll', wait_for_the_end, cancel_callback=cancel)
    process = graph.start('action', 'send_goal', '/enroll', 'affect_msgs/action/Enroll')
    read_until(process, 'Goal accepted with ID: ')
    process.send_signal(signal.SIGINT)
    read_until(process, 'Canceling goal...\nGoal canceled.\n')
    assert process.wait(TIMEOUT_S) == 2
    assert asked.done()
    server.destroy()


def test_interfaces_are_shown(graph):
    shown = graph.run('interface', 'show', 'std_msgs/msg/Header', '--no-comments')
    assert shown.stdout == (
        'builtin_interfaces/Time stamp\n\tint32 sec\n\tuint32 nanosec\nstring frame_id\n')
    assert 'std_srvs/srv/SetBool\n' in graph.run('interface', 'package', 'std_srvs').stdout
    unknown = graph.run('interface', 'show', 'nowhere/msg/Nothing')
    assert (unknown.returncode, unknown.stderr) == (1, "Unknown package 'nowhere'\n")
    prototype = graph.run('interface', 'proto', 'std_srvs/srv/SetBool')
    assert prototype.stdout == '"data: false\n"\n'


def test_packages_are_found(graph):
    assert 'std_msgs\n' in graph.run('pkg', 'list').stdout
    prefix = graph.run('pkg', 'prefix', 'std_msgs')
    assert os.path.isdir(os.path.join(prefix.stdout.strip(), 'share', 'std_msgs'))
    missing = graph.run('pkg', 'prefix', 'nowhere')
    assert (missing.returncode, missing.stderr) == (1, 'Package not found\n')


@pytest.mark.parametrize('arguments', [
    ('nonsense',), ('topic', 'nonsense'), ('topic', 'echo'), ('topic', 'hz', '/a', '-w', '0')])
def test_wrong_arguments_end_with_two(graph, arguments):
    result = graph.run(*arguments)
    assert result.returncode == 2
    assert result.stderr.startswith('usage: ros2')


def test_no_command_shows_the_help(graph):
    result = graph.run()
    assert result.returncode == 0
    assert 'bag ' in result.stdout
