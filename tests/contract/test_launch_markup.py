# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What launch files in XML and YAML promise, against whichever implementation is importable.

A program that prints its command line and part of its environment stands in for ROS nodes.
"""

import importlib.util
import io
import json
import os
from pathlib import Path
import signal
import subprocess
import sys
import textwrap

import launch
from launch import Action
from launch import actions as la
from launch import LaunchDescription
from launch import LaunchService
from launch.event_handlers import OnProcessIO
from launch.frontend import Entity
from launch.frontend import expose_action
from launch.frontend import expose_substitution
from launch.frontend import InvalidFrontendLaunchFileError
from launch.frontend import Parser
from launch.frontend.type_utils import get_data_type_from_identifier
from launch.launch_description_sources import AnyLaunchDescriptionSource
import launch_ros.actions as lra
from launch_xml.launch_description_sources import XMLLaunchDescriptionSource
from launch_yaml.launch_description_sources import YAMLLaunchDescriptionSource
import pytest
import yaml

SHOW = """#!{python}
import json, os, sys
print(json.dumps([sys.argv[1:], os.environ.get('AFFECT_A'), os.getcwd()]))
"""

STUBBORN = """#!{python}
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('ready', flush=True)
while True:
    signal.pause()
"""


@pytest.fixture(autouse=True)
def prefix(tmp_path, monkeypatch):
    """Install a package with two executables; keep log files there as well."""
    root = tmp_path / 'prefix'
    index = root / 'share' / 'ament_index' / 'resource_index' / 'packages'
    libexec = root / 'lib' / 'affect_demo'
    log = tmp_path / 'log'
    for directory in (index, libexec, root / 'share' / 'affect_demo', log):
        directory.mkdir(parents=True)
    (index / 'affect_demo').touch()
    for name, text in (('show', SHOW), ('stubborn', STUBBORN)):
        path = libexec / name
        path.write_text(text.format(python=sys.executable))
        path.chmod(0o755)
    search_path = filter(None, [str(root), os.environ.get('AMENT_PREFIX_PATH')])
    monkeypatch.setenv('AMENT_PREFIX_PATH', os.pathsep.join(search_path))
    monkeypatch.setenv('ROS_LOG_DIR', str(log))
    monkeypatch.delenv('OVERRIDE_LAUNCH_PROCESS_OUTPUT', raising=False)
    launch.logging.reset()
    yield root
    launch.logging.reset()


def parse(text):
    """Return the launch description in a text."""
    root, parser = Parser.load(io.StringIO(textwrap.dedent(text)))
    return parser.parse_description(root)


def run(text, *, expected=0, **configurations):
    """Launch a text; return the launch configurations at its end."""
    service = LaunchService(noninteractive=True)
    service.context.launch_configurations.update(configurations)
    service.include_launch_description(LaunchDescription([
        parse(text) if isinstance(text, str) else text]))
    assert service.run() == expected
    return dict(service.context.launch_configurations)


def shown(capfd):
    """Return what the programs have printed: command line, variable, directory."""
    lines = capfd.readouterr().out.splitlines()
    return [json.loads(line[line.index('] ') + 2:]) for line in lines
            if line.startswith('[show-') and line.endswith(']') and '] [[' in line]


def parameters_in(path):
    """Return what is in a parameter file, tuples as lists."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor('tag:yaml.org,2002:python/tuple', Loader.construct_sequence)
    [(_, node)] = yaml.load(Path(path).read_text(), Loader).items()
    return node['ros__parameters']


# Each text once in XML and once in YAML: they mean the same.

SCOPES = """
<launch>
  <arg name="a" default="$(var x 1)" description="the a">
    <choice value="1"/> <choice value="2"/>
  </arg>
  <let name="b" value="b$(var a)"/>
  <group scoped="true" forwarding="false">
    <keep name="kept" value="$(var b)"/>
    <let name="inside" value="$(var kept)"/>
    <log message="inside $(var kept) $(var b none)"/>
  </group>
  <group scoped="false"> <let name="c" value="3"/> </group>
  <let name="yes" value="1" if="$(eval '$(var a) == 1')"/>
  <let name="no" value="1" unless="$(not false)"/>
</launch>
""", """
launch:
- arg:
    name: a
    default: $(var x 1)
    description: the a
    choice:
    - value: '1'
    - value: '2'
- let: {name: b, value: b$(var a)}
- group:
    scoped: true
    forwarding: false
    keep:
    - {name: kept, value: $(var b)}
    children:
    - let: {name: inside, value: $(var kept)}
    - log: {message: inside $(var kept) $(var b none)}
- group:
    scoped: false
    children:
    - let: {name: c, value: '3'}
- let: {name: 'yes', value: '1', if: $(eval '$(var a) == 1')}
- let: {name: 'no', value: '1', unless: $(not false)}
"""


@pytest.mark.parametrize('text', SCOPES)
def test_arguments_scopes_and_conditions(text, capfd):
    assert run(text) == {'a': '1', 'b': 'b1', 'c': '3', 'yes': '1'}
    assert '[INFO] [launch.user]: inside b1 none\n' in capfd.readouterr().out
    assert run(text, x='2') == {'x': '2', 'a': '2', 'b': 'b2', 'c': '3'}
    run(text, expected=1, x='3')


@pytest.mark.parametrize('text', SCOPES)
def test_arguments_can_be_listed(text):
    [argument] = parse(text).get_launch_arguments()
    assert argument.name == 'a'
    assert argument.choices == ['1', '2']
    assert argument.description == "the a. Valid choices are: ['1', '2']"


PROCESSES = """
<launch>
  <set_env name="AFFECT_A" value="outer"/>
  <append_env name="AFFECT_A" value="first" prepend="true" separator=","/>
  <executable cmd="$(find-pkg-prefix affect_demo)/lib/affect_demo/show -x 'a b' $(var t)c" cwd="/"
              output="screen"/>
  <executable cmd="$(exec-in-pkg show affect_demo)" output="screen">
    <env name="AFFECT_A" value="own"/>
  </executable>
  <unset_env name="AFFECT_A"/>
  <executable cmd="$(exec-in-pkg show affect_demo) &quot;i t&quot; | cat" shell="true"
              output="screen" name="show"/>
</launch>
""", """
launch:
- set_env: {name: AFFECT_A, value: outer}
- append_env: {name: AFFECT_A, value: first, prepend: true, separator: ','}
- executable:
    cmd: $(find-pkg-prefix affect_demo)/lib/affect_demo/show -x 'a b' $(var t)c
    cwd: /
    output: screen
- executable:
    cmd: $(exec-in-pkg show affect_demo)
    output: screen
    env:
    - {name: AFFECT_A, value: own}
- unset_env: {name: AFFECT_A}
- executable:
    cmd: $(exec-in-pkg show affect_demo) "i t" | cat
    shell: true
    output: screen
    name: show
"""


@pytest.mark.parametrize('text', PROCESSES)
def test_executables_and_their_environment(text, capfd, monkeypatch):
    monkeypatch.delenv('AFFECT_A', raising=False)
    run(text, t='sub st')
    here = os.getcwd()
    assert sorted(shown(capfd), key=str) == sorted([
        [['-x', 'a b', 'sub stc'], 'first,outer', '/'],
        [[], 'own', here],
        [['i', 't'], None, here]], key=str)


NODES = """
<launch>
  <push_ros_namespace namespace="w1"/>
  <set_remap from="all" to="ours"/>
  <set_parameter name="every" value="1.5"/>
  <node pkg="affect_demo" exec="show" name="n" namespace="sub" args="-x $(var t) -y"
        ros_args="--log-level info" output="screen">
    <param from="$(var file)" allow_substs="true"/>
    <param name="text" value="7" type="str"/>
    <param name="number" value="$(var t)"/>
    <param name="group">
      <param name="list" value="1, 2, 3" value-sep=", "/>
      <param name="inner"> <param name="flag" value="false"/> </param>
    </param>
    <remap from="in" to="out/$(var t)"/>
    <env name="AFFECT_A" value="own"/>
  </node>
</launch>
""", """
launch:
- push_ros_namespace: {namespace: w1}
- set_remap: {from: all, to: ours}
- set_parameter: {name: every, value: '1.5'}
- node:
    pkg: affect_demo
    exec: show
    name: n
    namespace: sub
    args: -x $(var t) -y
    ros_args: --log-level info
    output: screen
    param:
    - {from: $(var file), allow_substs: true}
    - {name: text, value: '7', type: str}
    - {name: number, value: $(var t)}
    - name: group
      param:
      - {name: list, value: [1, 2, 3]}
      - name: inner
        param:
        - {name: flag, value: false}
    remap:
    - {from: in, to: out/$(var t)}
    env:
    - {name: AFFECT_A, value: own}
"""


@pytest.mark.parametrize('text', NODES)
def test_nodes(text, tmp_path, capfd):
    path = tmp_path / 'given.yaml'
    path.write_text('/**: {ros__parameters: {given: $(var t)}}')
    run(text, t='7', file=str(path))
    [[command, variable, _]] = shown(capfd)
    assert variable == 'own'
    assert command[:6] == ['-x', '7', '-y', '--ros-args', '--log-level', 'info']
    pairs = list(zip(command[7::2], command[8::2], strict=True))
    files = [value for option, value in pairs if option == '--params-file']
    assert [pair for pair in pairs if pair[0] != '--params-file'] == [
        ('-r', '__node:=n'), ('-r', '__ns:=/w1/sub'), ('-p', 'every:=1.5'),
        ('-r', 'all:=ours'), ('-r', 'in:=out/7')]
    values = {}
    for file in files:
        values.update(parameters_in(file))
    assert values == {'given': 7, 'text': '7', 'number': 7, 'group.list': [1, 2, 3],
                      'group.inner.flag': False}


@pytest.mark.parametrize('name, expected', [
    ('bool', bool), ('float', float), ('list_of_int', list[int]), ('yaml', None)])
def test_names_of_parameter_types(name, expected):
    found = get_data_type_from_identifier(name)
    assert getattr(found, '__args__', found) == getattr(expected, '__args__', expected)


def test_unknown_parameter_type_is_refused():
    with pytest.raises(ValueError, match="'complex'"):
        get_data_type_from_identifier('complex')


INCLUDES = """
<launch>
  <include file="$(dirname)/inner.launch.xml">
    <arg name="x" value="$(var y)"/>
  </include>
</launch>
""", """
launch:
- include:
    file: $(dirname)/inner.launch.yaml
    arg:
    - {name: x, value: $(var y)}
"""
INNER = """
<launch deprecated="use another">
  <arg name="x" description="the x"/>
  <log message="x=$(var x)"/>
</launch>
""", """
launch:
  deprecated: use another
  children:
  - arg: {name: x, description: the x}
  - log: {message: x=$(var x)}
"""


@pytest.mark.parametrize('outer, inner, extension, source', [
    (INCLUDES[0], INNER[0], 'xml', XMLLaunchDescriptionSource),
    (INCLUDES[1], INNER[1], 'yaml', YAMLLaunchDescriptionSource),
    (INCLUDES[1].replace('yaml', 'xml'), INNER[0], 'xml', AnyLaunchDescriptionSource),
])
def test_files_include_each_other(outer, inner, extension, source, tmp_path, capfd):
    path = tmp_path / f'outer.launch.{extension}'
    if source is AnyLaunchDescriptionSource:
        path = tmp_path / 'outer.launch.yaml'
    path.write_text(outer)
    (tmp_path / f'inner.launch.{extension}').write_text(inner)
    run(la.IncludeLaunchDescription(source(str(path))), y='3')
    out = capfd.readouterr().out
    assert '[INFO] [launch.user]: x=3\n' in out
    assert 'is deprecated: use another' in out


@pytest.mark.parametrize('text', [
    """
    <launch>
      <let name="soon" value="0.01"/>
      <timer period="$(var soon)"> <shutdown reason="time is up"/> </timer>
      <executable cmd="sleep 1000"/>
    </launch>
    """, """
    launch:
    - let: {name: soon, value: '0.01'}
    - timer:
        period: $(var soon)
        children:
        - shutdown: {reason: time is up}
    - executable: {cmd: sleep 1000}
    """])
def test_timer_shuts_the_launch_down(text):
    run(text)


def test_process_that_is_required_ends_the_launch(capfd):
    run("""
        <launch>
          <executable cmd="sleep 1000"/>
          <executable cmd="true" on_exit="shutdown"/>
        </launch>""")
    assert 'was required: shutting down launched system' in capfd.readouterr().out


def test_respawned_process_is_started_as_often_as_allowed(capfd):
    run("""
        <launch>
          <node pkg="affect_demo" exec="show" output="screen" respawn="true" respawn_delay="0.01"
                respawn_max_retries="2"/>
        </launch>""")
    assert len(shown(capfd)) == 3


# What is wrong is named.

@pytest.mark.parametrize('error, words, text', [
    (RuntimeError, 'Unrecognized entity of the type: nothing', '<launch><nothing/></launch>'),
    (RuntimeError, "Expected 'launch' as root tag", '<start/>'),
    (ValueError, 'Unexpected attribute.*`log`.*colour', '<launch><log message="" colour="1"/>'),
    (ValueError, 'Unexpected nested tag.*`log`.*arg', '<launch><log message=""><arg/></log>'),
    (AttributeError, "'message'.*not found in Entity 'log'", '<launch><log/>'),
    (RuntimeError, "can't be used simultaneously", '<launch><log message="" if="1" unless="1"/>'),
    (Exception, 'Unknown substitution: nothing', '<launch><log message="$(nothing)"/>'),
    (ValueError, 'on_exit .*shutdown.*`go`', '<launch><executable cmd="true" on_exit="go"/>'),
    (ValueError, 'respawn_delay .*non-negative',
     '<launch><executable cmd="true" respawn_delay="-1"/>'),
    (ValueError, 'should have name or from', '<launch><node exec="a"><param value="1"/></node>'),
    (RuntimeError, 'mutually exclusive',
     '<launch><node exec="a"><param name="a" from="b"/></node>'),
    (RuntimeError, 'nested parameters and value',
     '<launch><node exec="a"><param name="a" value="1"><param name="b"/></param></node>'),
    (RuntimeError, 'value attribute or nested', '<launch><node exec="a"><param name="a"/></node>'),
    (RuntimeError, 'allow_substs', '<launch><node exec="a"><param name="a" value="1" '
     'allow_substs="1"/></node>'),
    (RuntimeError, 'Subentities must be', 'launch: [{log: {message: a}, let: {}}]'),
    (TypeError, "'message' of Entity 'log'", 'launch: [{log: {message: 5}}]'),
    (ValueError, 'Unexpected key.*`log`.*colour', 'launch: [{log: {message: a, colour: 1}}]'),
    (ValueError, '`group` to have children', 'launch: [{group: {scoped: true}}]'),
])
def test_errors_say_what_is_wrong(error, words, text):
    if text.startswith('<launch>') and not text.endswith('</launch>'):
        text += '</launch>'
    with pytest.raises(error, match=words):
        parse(text)


@pytest.mark.parametrize('name, text, words', [
    ('a.launch.xml', '<launch>', r'of format \[xml\]:\n - ParseError: no element found'),
    ('a.launch.yaml', 'launch: [', r'of format \[yaml\]:\n - ParserError: while parsing')])
def test_file_that_cannot_be_read_says_why(tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InvalidFrontendLaunchFileError, match=words):
        Parser.load(path)


def test_lists_and_types_of_attributes():
    root, _ = Parser.load(io.StringIO(
        '<root><tag a="1, 2" a-sep=", " b="1.5" c="yes" d="x"/><tag/></root>'))
    tags = root.get_attr('tag', data_type=list[Entity])
    assert len(tags) == 2
    tag = tags[0]
    assert tag.get_attr('a', data_type=list[int]) == [1, 2]
    assert tag.get_attr('a', data_type=list[str]) == ['1', '2']
    assert tag.get_attr('b', data_type=float) == 1.5
    assert tag.get_attr('b') == '1.5'
    assert tag.get_attr('b', data_type=None) == 1.5
    assert tag.get_attr('c', data_type=bool) is True
    assert tag.get_attr('none', optional=True) is None
    with pytest.raises(TypeError, match='can not be converted'):
        tag.get_attr('d', data_type=bool, can_be_str=False)
    with pytest.raises(AttributeError, match="'none'"):
        tag.get_attr('none')
    assert root.get_attr('other', data_type=list[Entity], optional=True) is None


# What other packages add

def test_packages_expose_their_own_actions_and_substitutions(capfd):

    @expose_action('affect_say')
    class Say(la.LogInfo):

        @classmethod
        def parse(cls, entity, parser):
            _, kwargs = Action.parse(entity, parser)
            kwargs['msg'] = parser.parse_substitution(entity.get_attr('what'))
            return cls, kwargs

    @expose_action('affect_node')
    class MyNode(lra.Node):

        @classmethod
        def parse(cls, entity, parser):
            _, kwargs = super().parse(entity, parser)
            kwargs['arguments'] = cls._parse_cmdline(entity.get_attr('more'), parser)
            return cls, kwargs

    @expose_substitution('affect_upper')
    def parse_upper(data):
        return launch.substitutions.TextSubstitution, {'text': data[0][0].text.upper()}

    run("""
        <launch>
          <affect_say what="$(affect_upper word)" if="true"/>
          <affect_node pkg="affect_demo" exec="show" more="-m 'x y'" output="screen"/>
        </launch>""")
    out = capfd.readouterr().out
    assert '[INFO] [launch.user]: WORD\n' in out
    assert '[["-m", "x y", "--ros-args"]' in out
    with pytest.raises(RuntimeError, match='exposed with the same name'):
        expose_action('affect_say')(la.DeclareLaunchArgument)


def test_parsers_are_found():
    assert {'xml', 'yaml'} <= set(Parser.get_available_extensions())
    assert Parser.is_filename_valid('a.launch.xml')
    assert Parser.is_filename_valid('a.yml')
    assert not Parser.is_filename_valid('a.launch.py')


# Components

CONTAINER = """#!{python}
import rclpy
from composition_interfaces.srv import LoadNode
from rclpy.executors import ExternalShutdownException
from rclpy.parameter import parameter_value_to_python

rclpy.init()
node = rclpy.create_node('container')
shown = lambda parameters: {{p.name: parameter_value_to_python(p.value) for p in parameters}}


def load(request, response):
    print('load', request.package_name, request.plugin_name, request.remap_rules,
          shown(request.parameters), shown(request.extra_arguments), flush=True)
    response.full_node_name = f'{{request.node_namespace}}/{{request.node_name}}'
    response.success = request.plugin_name != 'a::Broken'
    response.error_message = 'no such class'
    return response


node.create_service(LoadNode, '~/_container/load_node', load)
try:
    rclpy.spin(node)
except (KeyboardInterrupt, ExternalShutdownException):
    pass
"""

COMPONENTS = """
<launch>
  <node_container pkg="affect_demo" exec="container" name="box" namespace="/w1" output="screen">
    <composable_node pkg="a" plugin="a::B" name="b" namespace="/w1">
      <param name="rate" value="2.5"/>
      <remap from="in" to="out"/>
      <extra_arg name="use_intra_process_comms" value="true"/>
    </composable_node>
    <composable_node pkg="a" plugin="a::Never" name="never" if="false"/>
  </node_container>
  <load_composable_node target="/w1/box">
    <composable_node pkg="a" plugin="a::Broken" name="c" namespace="/w1"/>
  </load_composable_node>
</launch>
"""


@pytest.mark.graph
def test_components_are_loaded_into_a_container(prefix, monkeypatch, capfd):
    pytest.importorskip('composition_interfaces')
    monkeypatch.setenv('ROS_DOMAIN_ID', str(40 + os.getpid() % 60))
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    path = prefix / 'lib' / 'affect_demo' / 'container'
    path.write_text(CONTAINER.format(python=sys.executable))
    path.chmod(0o755)
    service = LaunchService(noninteractive=True)
    service.include_launch_description(parse(COMPONENTS))
    text = []

    def end_when_both_have_come(event):
        text.append(event.text.decode())
        return la.Shutdown() if ''.join(text).count('load ') == 2 else None

    service.include_launch_description(LaunchDescription([
        la.RegisterEventHandler(OnProcessIO(on_stdout=end_when_both_have_come))]))
    assert service.run() == 0
    loaded = sorted(line for line in ''.join(text).splitlines() if line.startswith('load '))
    assert loaded == [
        "load a a::B ['in:=out'] {'rate': 2.5} {'use_intra_process_comms': True}",
        'load a a::Broken [] {} {}']


# ros2 launch

def ros2(*argv, **kwargs):
    """Start `ros2`."""
    module = 'ros2cli.cli' if importlib.util.find_spec('ros2cli.cli') else 'ros2cli.main'
    program = f'import sys\nfrom {module} import main\nsys.exit(main())'
    return subprocess.Popen(
        [sys.executable, '-c', program, *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        text=True, **kwargs)


def test_ros2_launch_shows_prints_and_runs_markup(prefix):
    path = prefix / 'share' / 'affect_demo' / 'demo.launch.xml'
    path.write_text("""
        <launch>
          <arg name="x" default="1" description="the x"/>
          <node pkg="affect_demo" exec="show" args="$(var x)"/>
        </launch>""")
    with ros2('launch', 'affect_demo', 'demo.launch.xml', '--show-args') as process:
        assert "    'x':\n        the x\n        (default: '1')\n" in process.stdout.read()
    with ros2('launch', str(path), '--print') as process:
        assert '\n└── ExecuteProcess(cmd=[' in process.stdout.read()
    with ros2('launch', '-a', 'affect_demo', 'demo.launch.xml', 'x:=seen') as process:
        assert '[["seen", "--ros-args"]' in process.stdout.read()
    assert process.returncode == 0


def test_interrupt_of_a_launch_in_markup_ends_a_process_that_does_not_listen(tmp_path):
    path = tmp_path / 'stubborn.launch.xml'
    path.write_text("""
        <launch>
          <node pkg="affect_demo" exec="stubborn" output="screen" sigterm_timeout="0.1"
                sigkill_timeout="0.1"/>
        </launch>""")
    with ros2('launch', str(path), '--noninteractive', stderr=subprocess.STDOUT) as process:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.endswith('ready\n'):
                process.send_signal(signal.SIGINT)
    order = ["sending signal 'SIGINT'", "escalating to 'SIGTERM'", "sending signal 'SIGTERM'",
             "escalating to 'SIGKILL'", "sending signal 'SIGKILL'", 'exit code -9']
    text = ''.join(lines)
    places = [text.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)


def test_directory_of_a_file_is_its_own(tmp_path):
    inner = tmp_path / 'deep' / 'inner.launch.xml'
    inner.parent.mkdir()
    inner.write_text('<launch><let name="inner" value="$(dirname)"/></launch>')
    outer = tmp_path / 'outer.launch.xml'
    outer.write_text('<launch><let name="outer" value="$(dirname)"/>'
                     '<include file="$(dirname)/deep/inner.launch.xml"/></launch>')
    context = run(la.IncludeLaunchDescription(str(outer)))
    assert context == {'outer': str(tmp_path), 'inner': str(inner.parent)}
