# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What launch_ros and the verbs `ros2 launch` and `ros2 run` promise, whoever provides them.

Most tests start a program that prints its command line in place of a ROS node.
"""

import importlib.util
import json
import os
from pathlib import Path
import pty
import signal
import subprocess
import sys

import launch
from launch import actions as la
from launch import LaunchContext
from launch import LaunchDescription
from launch import LaunchService
from launch import substitutions as ls
import launch_ros
from launch_ros import actions as lra
from launch_ros import substitutions as lrs
from launch_ros.parameter_descriptions import Parameter
from launch_ros.parameter_descriptions import ParameterFile
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.utilities import evaluate_parameters
from launch_ros.utilities import normalize_parameters
from launch_ros.utilities import prefix_namespace
import pytest
import yaml

SHOW = """#!{python}
import json, sys
print(json.dumps(sys.argv[1:]))
"""

WAIT = """#!{python}
import signal, sys
# Blocked: a handler that runs just before `pause` would be waited for in vain.
numbers = [signal.SIGINT, signal.SIGTERM]
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
print('ready', flush=True)
for number in (signal.sigwait(numbers), *signal.sigpending()):
    print('got', signal.Signals(number).name, flush=True)
sys.exit(7)
"""

LAUNCH_FILE = """
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, LogInfo
from launch.conditions import IfCondition
from launch.substitutions import LaunchConfiguration


def generate_launch_description():
    return LaunchDescription([
        DeclareLaunchArgument('x', default_value=['1', LaunchConfiguration('y', default='2')],
                              description='the x'),
        DeclareLaunchArgument('needed', choices=['a', 'b']),
        DeclareLaunchArgument('z', default_value='', condition=IfCondition('false')),
        LogInfo(msg=['x=', LaunchConfiguration('x'), ' needed=', LaunchConfiguration('needed')]),
    ])
"""


@pytest.fixture(autouse=True)
def prefix(tmp_path, monkeypatch):
    """Install a package with two executables and a launch file; keep log files there as well."""
    root = tmp_path / 'prefix'
    index = root / 'share' / 'ament_index' / 'resource_index' / 'packages'
    libexec = root / 'lib' / 'affect_demo'
    launch_files = root / 'share' / 'affect_demo' / 'launch'
    log = tmp_path / 'log'
    for directory in (index, libexec, launch_files, log):
        directory.mkdir(parents=True)
    (index / 'affect_demo').touch()
    (index / 'affect_empty').touch()
    (root / 'share' / 'affect_empty').mkdir()
    for name, text in (('show', SHOW), ('wait', WAIT)):
        path = libexec / name
        path.write_text(text.format(python=sys.executable))
        path.chmod(0o755)
    (libexec / 'not_executable').touch()
    (launch_files / 'demo.launch.py').write_text(LAUNCH_FILE)
    search_path = filter(None, [str(root), os.environ.get('AMENT_PREFIX_PATH')])
    monkeypatch.setenv('AMENT_PREFIX_PATH', os.pathsep.join(search_path))
    monkeypatch.setenv('ROS_LOG_DIR', str(log))
    launch.logging.reset()
    yield root
    launch.logging.reset()


def run(*entities):
    """Run a launch description; return the exit code."""
    service = LaunchService(noninteractive=True)
    service.include_launch_description(LaunchDescription(list(entities)))
    return service.run()


def show(**kwargs):
    """Return a node action whose program prints its command line."""
    return lra.Node(package='affect_demo', executable='show', cached_output=True, **kwargs)


def arguments(node):
    """Return the command line of a node that was run by `show`."""
    return json.loads(node.get_stdout())


def file_content(path):
    """Return what is in a parameter file, tuples as lists."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor('tag:yaml.org,2002:python/tuple', Loader.construct_sequence)
    return yaml.load(Path(path).read_text(), Loader)


# Nodes

def test_bare_node_gets_no_names():
    node = show(arguments=['a', ls.TextSubstitution(text='b')])
    assert run(node) == 0
    assert arguments(node) == ['a', 'b', '--ros-args']
    assert node.node_name == '<node_namespace_unspecified>/<node_name_unspecified>'
    assert not node.is_node_name_fully_specified()


def test_command_line_layout():
    node = show(
        name='x', namespace=['w', ls.LaunchConfiguration('n')], arguments=['--own'],
        ros_arguments=['--log-level', 'debug'], remappings=[('a', 'b'), (['c'], '/d')],
        parameters=[{'p': 1}, Parameter('q', 2)])
    assert run(la.SetLaunchConfiguration('n', '1'), node) == 0
    found = arguments(node)
    path = found[found.index('--params-file') + 1]
    assert found == [
        '--own', '--ros-args', '--log-level', 'debug', '--ros-args', '-r', '__node:=x',
        '-r', '__ns:=/w1', '--params-file', path, '-p', 'q:=2\n...\n', '-r', 'a:=b', '-r', 'c:=/d']
    assert node.node_name == '/w1/x'
    assert file_content(path) == {'/w1/x': {'ros__parameters': {'p': 1}}}


def test_parameters_of_a_node_without_full_name_are_for_all():
    node = show(name='x', parameters=[{'p': 1}])
    assert run(node) == 0
    found = arguments(node)
    assert file_content(found[-1]) == {'/**': {'ros__parameters': {'p': 1}}}


@pytest.mark.parametrize('base, namespace, expected', [
    (None, None, None), (None, 'a', 'a'), ('/w', None, '/w'), ('/w', 'a', '/w/a'),
    ('/w', '/a', '/a'), ('/', 'a', '/a'), ('w', 'a/', 'w/a'), ('', 'a', 'a'), (None, '/', '/')])
def test_namespaces_are_joined(base, namespace, expected):
    assert prefix_namespace(base, namespace) == expected


@pytest.mark.parametrize('pushed, namespace, expected', [
    (['w1'], None, '/w1'), (['w1', 'w2'], None, '/w1/w2'), (['w1'], 'n', '/w1/n'),
    (['w1'], '/n', '/n'), (['w1', '/w2'], 'n', '/w2/n')])
def test_pushed_namespaces(pushed, namespace, expected):
    node = show(name='x', namespace=namespace)
    outside = show(name='x')
    assert run(
        la.GroupAction([*(lra.PushRosNamespace(text) for text in pushed), node]), outside) == 0
    assert f'__ns:={expected}' in arguments(node)
    assert node.expanded_node_namespace == expected
    assert arguments(outside) == ['--ros-args', '-r', '__node:=x']


@pytest.mark.parametrize('kwargs', [{'name': 'not valid'}, {'namespace': '/not valid'}])
def test_invalid_names_end_the_launch(kwargs, capfd):
    assert run(show(**kwargs)) == 1
    assert 'Error while expanding or validating node name or namespace' in capfd.readouterr().out


def test_invalid_pushed_namespace_ends_the_launch(capfd):
    assert run(lra.PushROSNamespace('not valid')) == 1
    assert ("The resulting namespace is invalid: [previous_namespace='None', "
            "pushed_namespace='not valid']") in capfd.readouterr().out


def test_second_node_of_a_name_is_warned_about(capfd):
    assert run(show(name='x', namespace='n'), show(name='x', namespace='n')) == 0
    assert ('there are now at least 2 nodes with the name /n/x created within this launch '
            'context') in capfd.readouterr().out


def test_node_name_is_not_known_before_the_launch():
    with pytest.raises(RuntimeError, match='before executing action'):
        assert show(name='x').node_name


@pytest.mark.parametrize('kwargs, message', [
    ({'package': 'affect_none', 'executable': 'show'}, "package 'affect_none' not found"),
    ({'package': 'affect_demo', 'executable': 'none'}, "executable 'none' not found on the"),
    ({'package': 'affect_demo', 'executable': 'not_executable'}, 'not found on the libexec'),
    ({'package': 'affect_empty', 'executable': 'show'}, 'libexec directory'),
])
def test_missing_executables_end_the_launch(kwargs, message, capfd):
    assert run(lra.Node(**kwargs)) == 1
    assert message in capfd.readouterr().out


def test_executable_may_be_a_path_and_named_otherwise(prefix, capfd):
    node = lra.Node(executable=str(prefix / 'lib' / 'affect_demo' / 'show'), exec_name='other',
                    output='screen')
    assert run(node) == 0
    assert '[other-' in capfd.readouterr().out


def test_parameters_and_remappings_of_a_scope():
    inside = show(name='x', remappings=[('own', 'mine')], parameters=[{'own': True}])
    outside = show(name='x')
    assert run(
        la.GroupAction([
            lra.SetParameter('use_sim_time', True),
            lra.SetParameter(['r', 'ate'], [ls.TextSubstitution(text='2.'), '5']),
            lra.SetRemap('from', [ls.TextSubstitution(text='to')]),
            inside]),
        outside) == 0
    found = arguments(inside)
    path = found[found.index('--params-file') + 1]
    assert found == [
        '--ros-args', '-r', '__node:=x', '-p', 'use_sim_time:=True', '-p', 'rate:=2.5',
        '--params-file', path, '-r', 'from:=to', '-r', 'own:=mine']
    assert inside.expanded_remapping_rules == [('from', 'to'), ('own', 'mine')]
    assert arguments(outside) == ['--ros-args', '-r', '__node:=x']


def test_parameter_file_of_a_scope(tmp_path):
    path = tmp_path / 'shared.yaml'
    path.write_text('/**: {ros__parameters: {a: 1}}\n')
    node = show()
    assert run(lra.SetParametersFromFile([str(tmp_path), '/shared.yaml']), node) == 0
    assert arguments(node) == ['--ros-args', '--params-file', str(path)]


def test_parameter_file_that_is_missing_is_warned_about(capfd):
    node = show(parameters=['/no/such/file.yaml'])
    assert run(node) == 0
    assert arguments(node) == ['--ros-args']
    assert 'Parameter file path is not a file: /no/such/file.yaml' in capfd.readouterr().out


def test_log_directory_of_nodes(tmp_path, monkeypatch):
    monkeypatch.setenv('ROS_LOG_DIR', str(tmp_path))
    assert run(lra.SetROSLogDir('below')) == 0
    assert os.environ['ROS_LOG_DIR'] == str(tmp_path / 'below')
    assert run(lra.SetROSLogDir('/elsewhere')) == 0
    assert os.environ['ROS_LOG_DIR'] == '/elsewhere'


# Parameters

def evaluate(parameters, **configurations):
    """Return the evaluated parameters, tuples as lists."""
    context = LaunchContext()
    context.launch_configurations.update(configurations)
    (result,) = evaluate_parameters(context, normalize_parameters([parameters]))
    return {name: list(value) if isinstance(value, tuple) else value
            for name, value in result.items()}


@pytest.mark.parametrize('value, expected', [
    (1, 1), (1.0, 1.0), (True, True), ('text', 'text'), ('1', '1'), ('', ''), (b'ab', b'ab'),
    ([1, 2], [1, 2]), ([1, 2.5], [1.0, 2.5]), ([True, False], [True, False]),
    (['a', '1'], ['a', '1']),
    (ls.LaunchConfiguration('x'), 3), (ls.LaunchConfiguration('list'), [1, 2]),
    (ls.LaunchConfiguration('empty'), ''),
    ([ls.LaunchConfiguration('x'), '.5'], 3.5),
    ([[ls.LaunchConfiguration('x')], ['4']], [3, 4]),
    (ParameterValue(ls.LaunchConfiguration('x'), value_type=str), '3'),
    (ParameterValue(ls.LaunchConfiguration('x'), value_type=float), 3.0),
    (ParameterValue(ls.LaunchConfiguration('list'), value_type=list[int]), [1, 2]),
])
def test_parameter_values(value, expected):
    result = evaluate({'p': value}, x='3', list='[1, 2]', empty='')['p']
    assert result == expected
    assert type(result) is type(expected)


def test_nested_parameter_names_are_joined_by_dots():
    assert evaluate({
        'a': {'b': {ls.LaunchConfiguration('n'): 1}, ('c', ls.LaunchConfiguration('n')): 2}},
        n='name') == {'a.b.name': 1, 'a.cname': 2}


@pytest.mark.parametrize('parameters', [
    {'p': None}, {'p': {1, 2}}, {'p': object()}, {1: 2}, {'p': [1, [2]]}])
def test_impossible_parameters_are_refused_at_once(parameters):
    with pytest.raises(TypeError):
        normalize_parameters([parameters])


@pytest.mark.parametrize('parameters', ['file.yaml', {'a': 1}])
def test_parameters_have_to_be_a_list(parameters):
    with pytest.raises(TypeError):
        show(parameters=parameters)


@pytest.mark.parametrize('text', ['{a: 1}', '[1, a]', '[]', 'a: b: c'])
def test_texts_that_are_no_parameter_value_are_refused(text):
    with pytest.raises(TypeError):
        evaluate({'p': ls.TextSubstitution(text=text)})


def test_parameter_file_with_substitutions(tmp_path):
    path = tmp_path / 'file.yaml'
    path.write_text('/**:\n  ros__parameters:\n    a: $(var x)\n    b: "$(var none d)"\n')
    context = LaunchContext()
    context.launch_configurations['x'] = '3'
    plain = ParameterFile(path)
    assert plain.evaluate(context) == path
    substituted = ParameterFile([str(tmp_path), '/file.yaml'], allow_substs=True)
    result = substituted.evaluate(context)
    assert result != path
    assert file_content(result) == {'/**': {'ros__parameters': {'a': 3, 'b': 'd'}}}
    assert substituted.param_file == result
    substituted.cleanup()
    assert not result.exists()
    assert path.exists()


def test_parameter_file_that_is_no_yaml_after_substitution_fails(tmp_path):
    path = tmp_path / 'file.yaml'
    path.write_text('a: [$(var x)\n')
    context = LaunchContext()
    context.launch_configurations['x'] = '3'
    with pytest.raises(ls.SubstitutionFailure, match='not a valid yaml file'):
        ParameterFile(path, allow_substs=True).evaluate(context)


def test_parameter_description_is_evaluated_once():
    context = LaunchContext()
    context.launch_configurations['x'] = '3'
    parameter = Parameter(['p', '1'], ls.LaunchConfiguration('x'), value_type=int)
    assert parameter.evaluate(context) == ('p1', 3)
    assert (parameter.name, parameter.value, parameter.value_type) == ('p1', 3, int)
    with pytest.raises(TypeError):
        Parameter('p', 1, value_type=str)


# Substitutions

def test_directories_of_packages(prefix):
    context = LaunchContext()
    assert lrs.FindPackagePrefix('affect_demo').perform(context) == str(prefix)
    assert lrs.FindPackageShare(['affect', '_demo']).perform(context) == \
        str(prefix / 'share' / 'affect_demo')
    assert lrs.ExecutableInPackage('show', 'affect_demo').perform(context) == \
        str(prefix / 'lib' / 'affect_demo' / 'show')
    with pytest.raises(LookupError):
        lrs.FindPackageShare('affect_none').perform(context)


def test_parameter_of_the_scope_as_substitution():
    values = []
    assert run(
        lra.SetParameter('p', 5),
        la.OpaqueFunction(function=lambda context: values.extend([
            lrs.Parameter('p').perform(context),
            lrs.Parameter('q', default=2).perform(context)]))) == 0
    assert values == ['5', '2']
    with pytest.raises(ls.SubstitutionFailure):
        lrs.Parameter('q').perform(LaunchContext())


# The verbs

def command(*argv):
    """Return the command line of `ros2` with these arguments."""
    module = 'ros2cli.cli' if importlib.util.find_spec('ros2cli.cli') else 'ros2cli.main'
    program = f'import sys\nfrom {module} import main\nsys.exit(main())'
    return [sys.executable, '-c', program, *argv]


def ros2(*argv):
    """Run `ros2` to its end."""
    return subprocess.run(
        command(*argv), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


def test_launch_shows_the_arguments_of_a_file():
    result = ros2('launch', 'affect_demo', 'demo.launch.py', '--show-args')
    assert result.returncode == 0
    assert result.stdout == (
        "Arguments (pass arguments as '<name>:=<value>'):\n"
        "\n    'x':\n        the x\n        (default: '1' + LaunchConfig('y'))\n"
        "\n    'needed':\n        One of: ['a', 'b']\n"
        "\n    'z':*\n        no description given\n        (default: '')\n"
        '\n* argument(s) which are only used if specific conditions occur\n')


def test_launch_shows_that_there_are_no_arguments(tmp_path):
    path = tmp_path / 'none.launch.py'
    path.write_text('from launch import LaunchDescription\n'
                    'def generate_launch_description():\n    return LaunchDescription()\n')
    result = ros2('launch', str(path), '-s')
    assert result.returncode == 0
    assert result.stdout == (
        "Arguments (pass arguments as '<name>:=<value>'):\n\n  No arguments.\n")


def test_launch_prints_a_file():
    result = ros2('launch', 'affect_demo', 'demo.launch.py', '-p')
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith('<launch.launch_description.LaunchDescription object at ')
    assert lines[1].startswith("├── Action('<launch.actions.declare_launch_argument.Declare")
    assert lines[4] == (
        "└── LogInfo('x=' + LaunchConfig('x') + ' needed=' + LaunchConfig('needed'))")


@pytest.mark.parametrize('by_path', [False, True])
def test_launch_runs_a_file_with_arguments(prefix, by_path):
    file = ['affect_demo', 'demo.launch.py']
    if by_path:
        file = [str(prefix / 'share' / 'affect_demo' / 'launch' / 'demo.launch.py')]
    result = ros2('launch', *file, 'needed:=b', 'y:=first', 'y:=9', 'unknown:=1')
    assert result.returncode == 0
    assert '[INFO] [launch.user]: x=19 needed=b\n' in result.stdout


def test_launch_without_a_required_argument_fails():
    result = ros2('launch', 'affect_demo', 'demo.launch.py')
    assert result.returncode == 1
    assert ('[ERROR] [launch]: Caught exception in launch (see debug for traceback): Included '
            "launch description missing required argument 'needed' (description: "
            "'One of: ['a', 'b']'), given: []") in result.stdout


@pytest.mark.parametrize('argv, message', [
    (['affect_none', 'demo.launch.py'], "Package 'affect_none' not found: "),
    (['affect_demo', 'none.launch.py'],
     "file 'none.launch.py' was not found in the share directory of package 'affect_demo' which "
     'is at '),
    (['affect_demo', 'demo.launch.py', 'needed'],
     "malformed launch argument 'needed', expected format '<name>:=<value>'"),
    (['affect_demo', 'demo.launch.py', 'needed:='], "malformed launch argument 'needed:='"),
    (['affect_demo', 'demo.launch.py', '--launch-prefix-filter', 'x'],
     '--launch-prefix must be specified if --launch-prefix-filter is provided'),
])
def test_launch_explains_what_is_wrong(argv, message):
    result = ros2('launch', *argv)
    assert result.returncode == 1
    assert message in result.stderr


def test_launch_file_that_is_there_twice_is_ambiguous(prefix):
    other = prefix / 'share' / 'affect_demo' / 'other'
    other.mkdir()
    (other / 'demo.launch.py').write_text('')
    result = ros2('launch', 'affect_demo', 'demo.launch.py')
    assert result.returncode == 1
    assert ("file 'demo.launch.py' was found more than once in the share directory of package "
            "'affect_demo': [") in result.stderr


def test_launch_of_a_broken_file_says_what_is_broken(tmp_path):
    path = tmp_path / 'broken.launch.py'
    path.write_text('import affect_no_such_module\n')
    result = ros2('launch', str(path))
    assert result.returncode == 1
    assert "ModuleNotFoundError: No module named 'affect_no_such_module'" in result.stdout


@pytest.mark.parametrize('argv', [['-s'], []])
def test_launch_file_may_hold_anything_python(tmp_path, argv):
    path = tmp_path / 'nodes.launch.py'
    path.write_text("""
from launch import LaunchDescription
from launch_ros.actions import Node


def generate_launch_description():
    return LaunchDescription([
        Node(package='affect_demo', executable='show', name='x', output='screen')])
""")
    result = ros2('launch', str(path), *argv)
    assert result.returncode == 0
    shown = '[show-1] ["--ros-args", "-r", "__node:=x"]' in result.stdout
    assert shown is not bool(argv)


def test_run_passes_arguments_and_the_exit_code(prefix):
    result = ros2('run', 'affect_demo', 'show', '--prefix', 'x', '--', '-p', 'a:=b')
    assert result.returncode == 0
    assert json.loads(result.stdout) == ['--prefix', 'x', '--', '-p', 'a:=b']
    result = ros2('run', '--prefix', 'echo "a b"', 'affect_demo', 'show', 'c')
    assert result.stdout == f"a b {prefix / 'lib' / 'affect_demo' / 'show'} c\n"
    result = ros2('run', '--prefix', 'false', 'affect_demo', 'show')
    assert result.returncode == 1
    assert result.stdout == '[ros2run]: Process exited with failure 1\n'


@pytest.mark.parametrize('argv, message', [
    (['affect_none', 'show'], "Package 'affect_none' not found\n"),
    (['affect_demo', 'none'], 'No executable found\n'),
    (['affect_demo', 'not_executable'], 'No executable found\n'),
    (['affect_empty', 'show'], 'No executable found\n'),
])
def test_run_explains_what_is_wrong(argv, message):
    result = ros2('run', *argv)
    assert (result.returncode, result.stderr) == (1, message)


def test_run_of_an_ambiguous_executable_is_refused(prefix):
    libexec = prefix / 'lib' / 'affect_demo'
    (libexec / 'sub').mkdir()
    (libexec / 'sub' / 'show').symlink_to(libexec / 'show')
    result = ros2('run', 'affect_demo', 'show')
    assert result.returncode == 1
    assert result.stderr.splitlines()[0] == 'Multiple executables found:'
    assert len(result.stderr.splitlines()) == 3


def test_run_names_the_signal_that_ended_the_executable():
    result = ros2('run', '--prefix', 'sh -c "kill -TERM $$"', 'affect_demo', 'show')
    assert result.returncode == 256 - signal.SIGTERM
    assert result.stdout == f'[ros2run]: {signal.strsignal(signal.SIGTERM)}\n'


def test_ctrl_c_in_a_terminal_ends_what_runs():
    master, slave = pty.openpty()

    def take_terminal():
        import fcntl
        import termios
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command('run', 'affect_demo', 'wait'), stdin=slave, stdout=slave, stderr=slave,
        preexec_fn=take_terminal)
    os.close(slave)
    text = b''
    with os.fdopen(master, 'rb', buffering=0) as terminal:
        while b'ready' not in text:
            text += terminal.read(4096)
        os.write(master, b'\x03')
        try:
            while chunk := terminal.read(4096):
                text += chunk
        except OSError:
            # EIO: the terminal has no user left.
            pass
    assert process.wait() == 7
    assert text.count(b'got SIGINT') == 1
    assert b'[ros2run]: Process exited with failure 7' in text


# With ROS

ROS_NODE = """#!{python}
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.lifecycle import LifecycleNode, TransitionCallbackReturn


class Managed(LifecycleNode):

    def __init__(self):
        super().__init__('managed')
        self.declare_parameter('rate', 1.0)
        self.declare_parameter('names', ['none'])
        print('name', self.get_fully_qualified_name(), flush=True)
        print('rate', self.get_parameter('rate').value, flush=True)
        print('names', list(self.get_parameter('names').value), flush=True)
        print('topic', self.resolve_topic_name('chatter'), flush=True)

    def on_configure(self, state):
        print('configured', flush=True)
        return TransitionCallbackReturn.SUCCESS


rclpy.init()
try:
    rclpy.spin(Managed())
except (KeyboardInterrupt, ExternalShutdownException):
    pass
"""


@pytest.fixture
def managed(prefix, monkeypatch):
    """Install a real lifecycle node; give the test a domain of its own."""
    pytest.importorskip('rclpy')
    monkeypatch.setenv('ROS_DOMAIN_ID', str(40 + os.getpid() % 60))
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    path = prefix / 'lib' / 'affect_demo' / 'managed'
    path.write_text(ROS_NODE.format(python=sys.executable))
    path.chmod(0o755)


@pytest.mark.graph
def test_real_node_understands_what_it_is_given(managed, tmp_path):
    file = tmp_path / 'file.yaml'
    file.write_text('/w1/x:\n  ros__parameters:\n    rate: 2.5\n')
    node = lra.Node(
        package='affect_demo', executable='managed', name='x', namespace='w1', cached_output=True,
        parameters=[{'rate': 9.0, 'names': ['a', 'b c']}, str(file)],
        remappings=[('chatter', 'talk')])

    def until_topic(event):
        return la.Shutdown() if b'talk' in event.text or b'chatter' in event.text else None

    assert run(
        la.RegisterEventHandler(launch.event_handlers.OnProcessIO(
            target_action=node, on_stdout=until_topic)), node) == 0
    assert node.get_stdout().splitlines() == [
        'name /w1/x', 'rate 2.5', "names ['a', 'b c']", 'topic /w1/talk']


@pytest.mark.graph
def test_lifecycle_node_is_taken_through_its_states(managed):
    node = lra.LifecycleNode(
        package='affect_demo', executable='managed', name='x', namespace='w1', cached_output=True)
    states = []

    def on_transition(context):
        states.append(context.locals.event.goal_state)

    assert run(
        la.RegisterEventHandler(launch_ros.event_handlers.OnStateTransition(
            target_lifecycle_node=node, entities=[la.OpaqueFunction(function=on_transition)])),
        la.RegisterEventHandler(launch_ros.event_handlers.OnStateTransition(
            target_lifecycle_node=node, goal_state='active', entities=[la.Shutdown()])),
        node,
        lra.LifecycleTransition(lifecycle_node_names=['/w1/x'], transition_ids=[1, 3])) == 0
    assert states == ['configuring', 'inactive', 'activating', 'active']
    assert 'configured' in node.get_stdout()


@pytest.mark.graph
def test_timer_on_ros_time_fires_unless_the_launch_ends(managed):
    values = []

    def timer(name, period):
        return lra.RosTimer(period=period, actions=[
            la.OpaqueFunction(function=lambda context: values.append(name)), la.Shutdown()])

    assert run(timer('first', 0.1), timer('late', 60.0)) == 0
    assert values == ['first']
