# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What launch promises, against whichever implementation is importable.

Run with the real `launch` on the path, the same tests pin what the stand-in has to do.
"""

import asyncio
import os
from pathlib import Path
import pty
import shutil
import signal
import subprocess
import sys
import threading
import warnings

import launch
from launch import actions as la
from launch import conditions as lc
from launch import event_handlers as lh
from launch import LaunchContext
from launch import LaunchDescription
from launch import LaunchService
from launch import substitutions as ls
from launch.events import Shutdown
from launch.events.process import matches_pid
from launch.events.process import ShutdownProcess
from launch.events.process import SignalProcess
from launch.frontend.parse_substitution import parse_substitution
from launch.launch_description_sources import AnyLaunchDescriptionSource
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.utilities import AsyncSafeSignalManager
from launch.utilities import perform_substitutions
from launch.utilities.type_utils import normalize_typed_substitution
from launch.utilities.type_utils import perform_typed_substitution
import pytest

PYTHON = sys.executable


@pytest.fixture(autouse=True)
def log_directory(tmp_path, monkeypatch):
    """Keep log files out of the home directory."""
    directory = tmp_path / 'log'
    directory.mkdir()
    monkeypatch.setenv('ROS_LOG_DIR', str(directory))
    monkeypatch.delenv('OVERRIDE_LAUNCH_PROCESS_OUTPUT', raising=False)
    launch.logging.reset()
    yield directory
    launch.logging.reset()


def run(*entities, **kwargs):
    """Run a launch description; return the exit code."""
    service = LaunchService(**kwargs)
    service.include_launch_description(LaunchDescription(list(entities)))
    return service.run()


def note(values, *names):
    """Return an action that appends the launch configurations of these names."""
    return la.OpaqueFunction(function=lambda context: values.append(
        tuple(context.launch_configurations.get(name) for name in names)))


def perform(substitution, **configurations):
    """Return the value of a substitution under these launch configurations."""
    context = LaunchContext()
    context.launch_configurations.update(configurations)
    return substitution.perform(context)


def script(code):
    """Return the command that runs some Python code, with output that comes at once."""
    return [PYTHON, '-u', '-c', code]


# Launch configurations, arguments, scopes

@pytest.mark.parametrize('kwargs, inside, after', [
    ({}, ('outer', 'new'), ('outer', None)),
    ({'scoped': False}, ('outer', 'new'), ('outer', 'new')),
    ({'forwarding': False}, (None, 'new'), ('outer', None)),
    ({'launch_configurations': {'a': 'given'}}, ('given', 'new'), ('outer', None)),
    ({'forwarding': False, 'launch_configurations': {'a': ls.LaunchConfiguration('a')}},
     ('outer', 'new'), ('outer', None)),
])
def test_group_scopes_launch_configurations(kwargs, inside, after):
    values = []
    assert run(
        la.SetLaunchConfiguration('a', 'outer'),
        la.GroupAction([la.SetLaunchConfiguration('b', 'new'), note(values, 'a', 'b')], **kwargs),
        note(values, 'a', 'b')) == 0
    assert values == [inside, after]


def test_group_scopes_the_environment(monkeypatch):
    monkeypatch.setenv('AFFECT_A', 'outer')
    monkeypatch.delenv('AFFECT_B', raising=False)
    values = []
    look = la.OpaqueFunction(function=lambda context: values.append(
        (os.environ.get('AFFECT_A'), context.environment.get('AFFECT_B'))))
    assert run(
        la.GroupAction([
            la.AppendEnvironmentVariable('AFFECT_A', 'more', separator=','),
            la.AppendEnvironmentVariable('AFFECT_A', 'first', prepend=True, separator=','),
            la.SetEnvironmentVariable('AFFECT_B', 'set'),
            look]),
        la.OpaqueFunction(function=lambda context: values.append(
            (os.environ.get('AFFECT_A'), context.environment.get('AFFECT_B')))),
        la.UnsetEnvironmentVariable('AFFECT_A'),
        la.OpaqueFunction(function=lambda context: values.append('AFFECT_A' in os.environ)),
    ) == 0
    assert values == [('first,outer,more', 'set'), ('outer', None), False]


def test_popping_more_than_was_pushed_is_an_error(capfd):
    assert run(la.PopLaunchConfigurations()) == 1
    assert 'stack unexpectedly empty' in capfd.readouterr().out


def test_declared_argument_takes_its_default_unless_given():
    values = []
    assert run(
        la.SetLaunchConfiguration('given', 'outside'),
        la.DeclareLaunchArgument('given', default_value='default'),
        la.DeclareLaunchArgument('free', default_value=['on-', ls.LaunchConfiguration('given')]),
        note(values, 'given', 'free')) == 0
    assert values == [('outside', 'on-outside')]


def test_required_argument_that_is_missing_ends_the_launch(capfd):
    assert run(la.DeclareLaunchArgument('x', description='the x')) == 1
    out = capfd.readouterr().out
    assert 'Required launch argument "x" (description: "the x") was not provided' in out
    assert ('[ERROR] [launch]: Caught exception in launch (see debug for traceback): '
            'Required launch argument "x" was not provided.') in out


def test_included_file_that_lacks_an_argument_ends_the_launch(capfd):
    source = launch.LaunchDescriptionSource(
        LaunchDescription([la.DeclareLaunchArgument('x', description='the x')]))
    assert run(la.IncludeLaunchDescription(source, launch_arguments=[('y', '1')])) == 1
    assert ("Included launch description missing required argument 'x' (description: 'the x'), "
            'given: [y]') in capfd.readouterr().out


def test_argument_outside_of_its_choices_ends_the_launch(capfd):
    assert run(
        la.SetLaunchConfiguration('mode', 'c'),
        la.DeclareLaunchArgument('mode', default_value='a', choices=['a', 'b'])) == 1
    assert ('Argument "mode" provided value "c" is not valid. Valid options are: '
            "['a', 'b']") in capfd.readouterr().out


@pytest.mark.parametrize('kwargs', [
    {'choices': []}, {'choices': ['a'], 'default_value': 'b'}])
def test_impossible_choices_are_refused(kwargs):
    with pytest.raises(RuntimeError):
        la.DeclareLaunchArgument('mode', **kwargs)


@pytest.mark.parametrize('kwargs, description', [
    ({}, 'no description given'),
    ({'description': 'the mode'}, 'the mode'),
    ({'choices': ['a']}, "One of: ['a']"),
    ({'description': 'the mode', 'choices': ['a']}, "the mode. Valid choices are: ['a']"),
])
def test_argument_describes_itself_with_its_choices(kwargs, description):
    assert la.DeclareLaunchArgument('mode', **kwargs).description == description


def test_arguments_of_a_description_are_listed_first_declaration_first():
    inner = launch.LaunchDescriptionSource(LaunchDescription([
        la.DeclareLaunchArgument('b', default_value='1'),
        la.DeclareLaunchArgument('a', default_value='hidden')]))
    description = LaunchDescription([
        la.DeclareLaunchArgument('a', default_value='shown'),
        la.IncludeLaunchDescription(inner),
        la.GroupAction([la.DeclareLaunchArgument('c', default_value='1')],
                       condition=lc.IfCondition('false')),
        la.ResetLaunchConfigurations(),
        la.DeclareLaunchArgument('out_of_reach', default_value='1')])
    found = description.get_launch_arguments()
    assert [argument.name for argument in found] == ['a', 'b', 'c']
    assert [argument._conditionally_included for argument in found] == [False, False, True]
    assert found[0].default_value[0].text == 'shown'


# Including files

@pytest.fixture
def included_file(tmp_path):
    path = tmp_path / 'included' / 'part.launch.py'
    path.parent.mkdir()
    path.write_text("""
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, SetLaunchConfiguration
from launch.substitutions import LaunchConfiguration, ThisLaunchFile, ThisLaunchFileDir


def generate_launch_description():
    return LaunchDescription([
        DeclareLaunchArgument('x', default_value='default'),
        SetLaunchConfiguration('seen', LaunchConfiguration('x')),
        SetLaunchConfiguration('file', ThisLaunchFile()),
        SetLaunchConfiguration('directory', ThisLaunchFileDir()),
    ])
""")
    return path


@pytest.mark.parametrize('as_source', [
    PythonLaunchDescriptionSource, AnyLaunchDescriptionSource, lambda path: path])
def test_include_passes_arguments_and_tells_where_the_file_is(included_file, as_source):
    values = []
    assert run(
        la.IncludeLaunchDescription(
            as_source(str(included_file)), launch_arguments={'x': 'given', 'y': '2'}.items()),
        note(values, 'seen', 'y', 'file', 'directory')) == 0
    assert values == [('given', '2', str(included_file), str(included_file.parent))]


def test_python_file_without_the_function_is_refused(tmp_path):
    path = tmp_path / 'empty.launch.py'
    path.write_text('')
    with pytest.raises(Exception, match="does not contain the required function 'generate_"):
        PythonLaunchDescriptionSource(str(path)).get_launch_description(LaunchContext())
    with pytest.raises(launch.InvalidLaunchFileError, match='InvalidPythonLaunchFileError'):
        AnyLaunchDescriptionSource(str(path)).get_launch_description(LaunchContext())


# Conditions and substitutions

@pytest.mark.parametrize('text, expected', [
    ('true', True), ('True', True), (' 1 ', True),
    ('false', False), ('FALSE', False), ('0', False)])
def test_conditions_take_true_false_one_and_zero(text, expected):
    context = LaunchContext()
    assert lc.IfCondition(text).evaluate(context) is expected
    assert lc.UnlessCondition([text]).evaluate(context) is not expected


@pytest.mark.parametrize('text', ['yes', 'on', '', '2'])
def test_other_conditions_are_refused(text):
    with pytest.raises(lc.InvalidConditionExpressionError, match='invalid condition expression'):
        lc.IfCondition(text).evaluate(LaunchContext())


def test_condition_decides_whether_an_action_is_visited():
    values = []
    assert run(*(
        la.OpaqueFunction(function=lambda context, value=value: values.append(value),
                          condition=condition)
        for value, condition in enumerate([
            lc.IfCondition('true'), lc.IfCondition('false'), lc.UnlessCondition('false')]))) == 0
    assert values == [0, 2]


def test_launch_configuration_conditions():
    context = LaunchContext()
    context.launch_configurations['a'] = '1'
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        assert lc.LaunchConfigurationEquals('a', '1').evaluate(context)
        assert not lc.LaunchConfigurationEquals('b', '1').evaluate(context)
        assert lc.LaunchConfigurationEquals('b', None).evaluate(context)
        assert lc.LaunchConfigurationNotEquals('a', '2').evaluate(context)
        assert lc.LaunchConfigurationNotEquals('a', None).evaluate(context)


@pytest.mark.parametrize('make, expected', [
    (lambda: ls.TextSubstitution(text='a'), 'a'),
    (lambda: ls.LaunchConfiguration('x'), '3'),
    (lambda: ls.LaunchConfiguration(['', 'x']), '3'),
    (lambda: ls.LaunchConfiguration('none', default='d'), 'd'),
    (lambda: ls.LaunchConfiguration('none', default=2.5), '2.5'),
    (lambda: ls.LaunchConfiguration('none', default=['a', ls.LaunchConfiguration('x')]), 'a3'),
    (lambda: ls.PathJoinSubstitution(['/a', ls.LaunchConfiguration('x'), 'c.yaml']),
     '/a/3/c.yaml'),
    (lambda: ls.PythonExpression([ls.LaunchConfiguration('x'), ' * 2']), '6'),
    (lambda: ls.PythonExpression('ceil(2.1) + math.floor(1.5)'), '4'),
    (lambda: ls.PythonExpression('sys.maxsize > 0', ['sys']), 'True'),
    (lambda: ls.EnvironmentVariable('AFFECT_NONE', default_value='d'), 'd'),
    (lambda: ls.NotSubstitution('false'), 'true'),
    (lambda: ls.AndSubstitution('true', '1'), 'true'),
    (lambda: ls.AndSubstitution('true', 'false'), 'false'),
    (lambda: ls.OrSubstitution('0', 'false'), 'false'),
    (lambda: ls.OrSubstitution('yes', 'false'), 'true'),
    (lambda: ls.AnySubstitution('false', 'on', 'off'), 'true'),
    (lambda: ls.AllSubstitution('true', 'off'), 'false'),
    (lambda: ls.AllSubstitution(), 'true'),
    (lambda: ls.EqualsSubstitution(ls.LaunchConfiguration('x'), 3), 'true'),
    (lambda: ls.EqualsSubstitution('1', 'true'), 'true'),
    (lambda: ls.EqualsSubstitution('1.0', '1'), 'true'),
    (lambda: ls.EqualsSubstitution(None, ''), 'true'),
    (lambda: ls.EqualsSubstitution(True, 'True'), 'true'),
    (lambda: ls.EqualsSubstitution('a', 'A'), 'false'),
    (lambda: ls.NotEqualsSubstitution('a', 'b'), 'true'),
    (lambda: ls.IfElseSubstitution('true', 'a', 'b'), 'a'),
    (lambda: ls.IfElseSubstitution('0', if_value='a', else_value='b'), 'b'),
    (lambda: ls.IfElseSubstitution('false', 'a'), ''),
    (lambda: ls.FindExecutable(name='sh'), shutil.which('sh')),
    (lambda: ls.Command(['echo ', ls.LaunchConfiguration('x')]), '3\n'),
    (lambda: ls.Command('sh -c "echo out; echo err >&2"', on_stderr='ignore'), 'out\n'),
    (lambda: ls.Command('sh -c "echo err >&2"', on_stderr='capture'), 'err\n'),
])
def test_substitutions_have_these_values(make, expected):
    assert perform(make(), x='3') == expected


@pytest.mark.parametrize('make', [
    lambda: ls.LaunchConfiguration('none'),
    lambda: ls.EnvironmentVariable('AFFECT_NONE'),
    lambda: ls.FindExecutable(name='affect-no-such-executable'),
    lambda: ls.NotSubstitution('perhaps'),
    lambda: ls.IfElseSubstitution('perhaps', 'a'),
    lambda: ls.FileContent('/no/such/file'),
    lambda: ls.Command('false'),
    lambda: ls.Command('affect-no-such-executable'),
    lambda: ls.Command('sh -c "echo err >&2"'),
    lambda: ls.Command('true', on_stderr='shout'),
    lambda: ls.ThisLaunchFile(),
    lambda: ls.ThisLaunchFileDir(),
])
def test_substitutions_without_a_value_fail(make):
    with pytest.raises(ls.SubstitutionFailure):
        perform(make())


def test_anonymous_name_is_the_same_within_a_launch():
    context = LaunchContext()
    first = ls.AnonName('node').perform(context)
    assert first.startswith('node_')
    assert ls.AnonName('node').perform(context) == first
    assert ls.AnonName('other').perform(context) != first
    assert ls.AnonName('node').perform(LaunchContext()) != first


def test_file_content_and_log_directory(tmp_path, log_directory):
    path = tmp_path / 'text'
    path.write_text('some text\n')
    assert perform(ls.FileContent(str(path))) == 'some text\n'
    found = Path(perform(ls.LaunchLogDir()))
    assert found.parent == log_directory
    assert (log_directory / 'latest').resolve() == found.resolve()


@pytest.mark.parametrize('text, expected', [
    ('plain', 'plain'),
    ('', ''),
    ('$x costs 5$', '$x costs 5$'),
    ('a/$(var x)/b', 'a/3/b'),
    ('$(var none 7)', '7'),
    ('$(env AFFECT_NONE $(var x))', '3'),
    ("$(var none 'two words')", 'two words'),
    ('$(eval "$(var x) + 1")', '4'),
    (r'\$(var x)', '$(var x)'),
    (r'a\\b', r'a\b'),
    ('$(if $(equals $(var x) 3) yes no)', 'yes'),
    ('$(not true) $(and true 1)', 'false true'),
])
def test_text_with_embedded_substitutions(text, expected):
    context = LaunchContext()
    context.launch_configurations['x'] = '3'
    assert perform_substitutions(context, parse_substitution(text)) == expected


@pytest.mark.parametrize('text', ['$(var x', '$(no-such-thing x)', '$()', '$(var)'])
def test_malformed_text_is_refused(text):
    # Which class it is depends on the parser: lark's own, ValueError, RuntimeError, TypeError.
    with pytest.raises(Exception):  # noqa: B017
        perform_substitutions(LaunchContext(), parse_substitution(text))


@pytest.mark.parametrize('value, data_type, expected', [
    (1, None, 1),
    ('1', None, '1'),
    (ls.TextSubstitution(text='1'), None, 1),
    (ls.TextSubstitution(text='1'), str, '1'),
    (ls.TextSubstitution(text='1'), float, 1.0),
    (ls.TextSubstitution(text='1'), bool, True),
    (ls.TextSubstitution(text='[1, 2]'), list[int], [1, 2]),
    ([1, ls.TextSubstitution(text='2')], list[int], [1, 2]),
    ([1, 2.5], list[float], [1.0, 2.5]),
    (['a', 'b'], list[str], ['a', 'b']),
])
def test_typed_values(value, data_type, expected):
    result = perform_typed_substitution(
        LaunchContext(), normalize_typed_substitution(value, data_type), data_type)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize('value, data_type', [
    (1, str), ([1, 'a'], None), ([1], int), ([[1]], None), (None, None)])
def test_values_of_the_wrong_type_are_refused(value, data_type):
    with pytest.raises(TypeError):
        normalize_typed_substitution(value, data_type)


# Events and timers

def test_opaque_function_yields_entities_in_order():
    values = []

    def outer(context, name, *, suffix):
        values.append(name + suffix)
        return [la.OpaqueFunction(function=lambda context: values.append('inner'))]

    assert run(
        la.OpaqueFunction(function=outer, args=['outer'], kwargs={'suffix': '!'}),
        la.OpaqueFunction(function=lambda context: values.append('last'))) == 0
    assert values == ['outer!', 'inner', 'last']


def test_exception_in_a_function_ends_the_launch(capfd):

    def fail(context):
        raise ValueError('what is wrong')

    assert run(la.OpaqueFunction(function=fail)) == 1
    assert ('[ERROR] [launch]: Caught exception in launch (see debug for traceback): '
            'what is wrong') in capfd.readouterr().out


def test_coroutine_is_awaited_before_the_launch_is_idle():
    values = []

    async def work(context, value):
        await asyncio.sleep(0)
        values.append((value, context.is_shutdown))

    assert run(la.OpaqueCoroutine(coroutine=work, args=[1])) == 0
    assert values == [(1, False)]
    with pytest.raises(TypeError):
        la.OpaqueCoroutine(coroutine=lambda context: None)


def test_timers_fire_in_order_with_the_locals_of_their_start():
    values = []

    def timer(name, period, **kwargs):
        return la.TimerAction(period=period, actions=[
            la.OpaqueFunction(function=lambda context: values.append(name))], **kwargs)

    cancelled = timer('cancelled', 0.1)
    assert run(
        timer('second', 0.2), timer('first', [ls.TextSubstitution(text='0.05')]), cancelled,
        la.OpaqueFunction(function=lambda context: cancelled.cancel())) == 0
    assert values == ['first', 'second']


def test_shutdown_drops_timers():
    values = []
    assert run(
        la.TimerAction(period=60.0, actions=[
            la.OpaqueFunction(function=lambda context: values.append('late'))]),
        la.RegisterEventHandler(lh.OnShutdown(
            on_shutdown=lambda event, context: values.append(event.reason))),
        la.Shutdown(reason='done')) == 0
    assert values == ['done']


def test_timer_takes_no_integer_period():
    with pytest.raises(TypeError):
        la.TimerAction(period=1, actions=[])


def test_handlers_registered_last_come_first_and_may_handle_once():
    values = []

    class Ping(launch.Event):
        name = 'ping'

    def handler(name, **kwargs):
        return launch.EventHandler(
            matcher=lambda event: event.name == 'ping',
            entities=[la.OpaqueFunction(
                function=lambda context: values.append((name, context.locals.event.name)))],
            **kwargs)

    removed = handler('removed')
    assert run(
        la.RegisterEventHandler(handler('always')),
        la.RegisterEventHandler(handler('once', handle_once=True)),
        la.RegisterEventHandler(removed),
        la.UnregisterEventHandler(removed),
        la.EmitEvent(event=Ping()), la.EmitEvent(event=Ping())) == 0
    assert values == [('once', 'ping'), ('always', 'ping'), ('always', 'ping')]


def test_completion_of_an_action_is_announced():
    values = []
    action = la.LogInfo(msg='hello')
    assert run(
        la.RegisterEventHandler(lh.OnExecutionComplete(
            target_action=action,
            on_completion=lambda event, context: values.append(event.action is action))),
        action, la.LogInfo(msg='other')) == 0
    assert values == [True]


@pytest.mark.parametrize('handler, argument', [
    (lh.OnProcessExit, 'on_exit'), (lh.OnProcessStart, 'on_start'),
    (lh.OnExecutionComplete, 'on_completion')])
def test_handlers_refuse_targets_and_entities_of_other_types(handler, argument):
    with pytest.raises(TypeError):
        handler(target_action='no action', **{argument: []})
    with pytest.raises(TypeError):
        handler(**{argument: ['no entity']})


def test_service_waits_for_events_until_told_to_shut_down():
    service = LaunchService()
    values = []
    service.include_launch_description(LaunchDescription([
        la.OpaqueFunction(function=lambda context: threading.Thread(target=later).start())]))

    def later():
        service.include_launch_description(LaunchDescription([
            la.OpaqueFunction(function=lambda context: values.append('included')),
            la.OpaqueFunction(function=lambda context: threading.Thread(
                target=service.shutdown).start())]))

    assert service.run(shutdown_when_idle=False) == 0
    assert values == ['included']


def test_service_runs_in_a_loop_of_the_user_and_more_than_once():
    service = LaunchService()
    values = []

    async def main():
        service.include_launch_description(LaunchDescription([note(values, 'a')]))
        return await service.run_async()

    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(main()) == 0
    assert loop.run_until_complete(main()) == 0
    loop.close()
    assert values == [(None,), (None,)]


def test_service_runs_in_the_main_thread_only():
    errors = []

    def in_thread():
        try:
            LaunchService().run()
        except RuntimeError as error:
            errors.append(str(error))

    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join()
    assert errors == ['LaunchService can only be run in the main thread.']


# Processes

def test_log_lines_of_a_process(capfd):
    assert run(
        la.LogInfo(msg=['hello ', 'there']),
        la.ExecuteProcess(
            cmd=script('import sys; print("out"); print("err", file=sys.stderr); sys.exit(3)'),
            name='talker', output='screen')) == 0
    out = capfd.readouterr().out
    lines = out.splitlines()
    assert lines[0].startswith('[INFO] [launch]: All log files can be found below ')
    assert lines[1] == '[INFO] [launch]: Default logging verbosity is set to INFO'
    assert '[INFO] [launch.user]: hello there' in lines
    start = next(line for line in lines if 'process started' in line)
    label, pid = start.split(']: process started with pid [')
    name = label.removeprefix('[INFO] [')
    assert name.rpartition('-')[0] == 'talker'
    assert f'[{name}] out' in lines
    assert f'[{name}] err' in lines
    end = next(line for line in lines if 'process has died' in line)
    assert end.startswith(f'[ERROR] [{name}]: process has died [pid {pid[:-1]}, exit code 3, cmd ')
    assert end.endswith("'].")


def test_clean_end_of_a_process_and_unfinished_lines(capfd):
    assert run(la.ExecuteProcess(
        cmd=script('import sys; sys.stdout.write("no end")'), output='screen')) == 0
    out = capfd.readouterr().out
    assert '] no end' in out
    assert ']: process has finished cleanly [pid ' in out


@pytest.mark.parametrize('output, on_screen, in_file', [
    ('screen', {'out', 'err'}, set()),
    ('log', {'err'}, {'out', 'err'}),
    ('both', {'out', 'err'}, {'out', 'err'}),
    ({'stdout': 'screen', 'stderr': {'log'}}, {'out'}, {'err'}),
])
def test_output_goes_where_it_is_wanted(capfd, log_directory, output, on_screen, in_file):
    assert run(la.ExecuteProcess(
        cmd=script('import sys; print("=out"); print("=err", file=sys.stderr)'),
        output=output)) == 0
    screen = {line.split('=')[1] for line in capfd.readouterr().out.splitlines() if '] =' in line}
    log_file = next(log_directory.glob('2*/launch.log'))
    logged = {line.split('=')[1] for line in log_file.read_text().splitlines() if '] =' in line}
    assert (screen, logged) == (on_screen, in_file)


def test_output_can_be_overridden_from_outside(capfd, monkeypatch):
    monkeypatch.setenv('OVERRIDE_LAUNCH_PROCESS_OUTPUT', 'screen')
    assert run(la.ExecuteProcess(cmd=script('print("shown")'))) == 0
    assert '] shown' in capfd.readouterr().out


def test_unknown_output_is_refused():
    with pytest.raises(ValueError):
        launch.logging.get_output_loggers('name', 'nowhere')


def test_cached_output_can_be_read_when_the_process_has_ended():
    texts = []
    process = la.ExecuteProcess(
        cmd=script('import sys; print("ä"); print("err", file=sys.stderr)'), cached_output=True,
        on_exit=lambda event, context: texts.append(
            (process.get_stdout(), process.get_stderr(), event.returncode)))
    assert run(process) == 0
    assert texts == [('ä\n', 'err\n', 0)]
    with pytest.raises(RuntimeError):
        la.ExecuteProcess(cmd=['true']).get_stdout()


def test_command_directory_environment_shell_and_prefix(tmp_path, monkeypatch):
    monkeypatch.setenv('AFFECT_INHERITED', 'yes')
    code = ('import os, sys; print(os.getcwd(), sys.argv[1:], os.environ.get("AFFECT_INHERITED"), '
            'os.environ.get("AFFECT_ADDED"))')
    processes = [
        la.ExecuteProcess(cmd=[*script(code), 'a b'], cwd=str(tmp_path), cached_output=True,
                          additional_env={'AFFECT_ADDED': ls.LaunchConfiguration('x')}),
        la.ExecuteProcess(cmd=script(code), cwd='/', env={'PATH': os.environ['PATH']},
                          cached_output=True),
        la.ExecuteProcess(cmd=['echo $AFFECT_INHERITED', '&&', 'echo done'], shell=True,
                          cached_output=True),
        la.ExecuteProcess(cmd=['echo', 'x'], prefix='echo "a  b"', cached_output=True),
    ]
    assert run(la.SetLaunchConfiguration('x', '3'), *processes) == 0
    assert [process.get_stdout() for process in processes] == [
        f"{tmp_path} ['a b'] yes 3\n", '/ [] None None\n', 'yes\ndone\n', 'a  b echo x\n']


def test_launch_prefix_goes_before_the_executables_that_match():
    processes = [
        la.ExecuteProcess(cmd=['printf', 'x'], cached_output=True),
        la.ExecuteProcess(cmd=['echo', 'x'], cached_output=True)]
    assert run(
        la.SetLaunchConfiguration('launch-prefix', 'echo prefixed'),
        la.SetLaunchConfiguration('launch-prefix-filter', 'print.'), *processes) == 0
    assert [process.get_stdout() for process in processes] == ['prefixed printf x\n', 'x\n']


def test_executable_that_does_not_exist_does_not_stop_the_rest(capfd):
    other = la.ExecuteProcess(cmd=['echo', 'x'], cached_output=True)
    assert run(la.ExecuteProcess(cmd=['affect-no-such-executable']), other) == 0
    assert other.get_stdout() == 'x\n'
    out = capfd.readouterr().out
    assert 'exception occurred while executing process:' in out
    assert "FileNotFoundError: [Errno 2] No such file or directory: 'affect-no-such" in out


def test_process_sees_a_terminal_if_wanted():
    code = 'import sys; print(sys.stdout.isatty(), sys.stderr.isatty())'
    outputs = []
    for emulate_tty in (False, True):
        process = la.ExecuteProcess(
            cmd=script(code), emulate_tty=emulate_tty, cached_output=True)
        assert run(process) == 0
        outputs.append(process.get_stdout().split())
    assert outputs == [['False', 'False'], ['True', 'True']]


def test_events_of_a_process_come_in_order():
    seen = []
    process = la.ExecuteProcess(
        cmd=script('import os; os.write(1, b"hello\\n"); raise SystemExit(4)'))

    def on_io(event):
        seen.append(('io', event.text, event.from_stdout, event.from_stderr))

    assert run(
        la.RegisterEventHandler(lh.OnProcessStart(
            target_action=process,
            on_start=lambda event, context: seen.append(('start', event.pid > 0)))),
        la.RegisterEventHandler(lh.OnProcessIO(target_action=process, on_stdout=on_io)),
        la.RegisterEventHandler(lh.OnProcessExit(
            target_action=process,
            on_exit=lambda event, context: seen.append(
                ('exit', event.returncode, event.action is process)))),
        process) == 0
    assert sorted(seen, key=lambda entry: ['start', 'io', 'exit'].index(entry[0])) == [
        ('start', True), ('io', b'hello\n', True, False), ('exit', 4, True)]
    assert process.return_code == 4


def test_process_can_be_signalled_and_shut_down_by_events():
    code = """
import signal, sys
# Blocked: a handler that runs just before `pause` would be waited for in vain.
numbers = {signal.SIGUSR1, signal.SIGINT}
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
print("ready")
while signal.sigwait(numbers) == signal.SIGUSR1:
    print("usr1")
sys.exit(5)
"""
    codes = []

    def on_output(event):
        if b'ready' in event.text:
            return la.EmitEvent(event=SignalProcess(
                signal_number=signal.SIGUSR1, process_matcher=matches_pid(event.pid)))
        if b'usr1' in event.text:
            return la.EmitEvent(event=ShutdownProcess(
                process_matcher=matches_pid(event.pid)))
        return None

    process = la.ExecuteProcess(
        cmd=script(code), on_exit=lambda event, context: codes.append(event.returncode))
    assert run(la.RegisterEventHandler(lh.OnProcessIO(on_stdout=on_output)), process) == 0
    assert codes == [5]


def test_process_is_started_again_as_often_as_wanted():
    codes = []
    assert run(la.ExecuteProcess(
        cmd=script('raise SystemExit(2)'), respawn=True, respawn_max_retries=2,
        respawn_delay=0.01, on_exit=lambda event, context: codes.append(event.returncode))) == 0
    assert codes == [2, 2, 2]


def test_process_is_not_started_again_while_shutting_down():
    pids = []
    process = la.ExecuteProcess(
        cmd=script('print("ready"); import signal; signal.pause()'),
        respawn=ls.LaunchConfiguration('respawn'), respawn_delay=0.01)
    assert run(
        la.SetLaunchConfiguration('respawn', 'true'),
        la.RegisterEventHandler(lh.OnProcessStart(
            on_start=lambda event, context: pids.append(event.pid))),
        la.RegisterEventHandler(lh.OnProcessIO(on_stdout=lambda event: la.Shutdown())),
        process) == 0
    assert len(pids) == 1


def test_end_of_a_required_process_shuts_the_launch_down(capfd):
    other = la.ExecuteProcess(cmd=script('import signal; signal.pause()'))
    required = la.ExecuteProcess(
        cmd=['true'], name='required', on_exit=la.Shutdown(reason='required'))
    assert run(
        other, la.RegisterEventHandler(lh.OnProcessStart(
            target_action=other, on_start=[required]))) == 0
    out = capfd.readouterr().out
    assert '] was required: shutting down launched system' in out
    assert "sending signal 'SIGINT' to process[" in out


def test_action_is_executed_only_once(capfd):
    process = la.ExecuteProcess(cmd=['true'])
    assert run(process, process) == 1
    assert 'executed more than once' in capfd.readouterr().out


@pytest.mark.parametrize('ignored, sigkill_timeout, code', [
    (['SIGINT'], '60', -signal.SIGTERM), (['SIGINT', 'SIGTERM'], '0.2', -signal.SIGKILL)])
def test_process_that_does_not_end_is_terminated_then_killed(
        capfd, ignored, sigkill_timeout, code):
    program = 'import signal\n' + ''.join(
        f'signal.signal(signal.{name}, signal.SIG_IGN)\n' for name in ignored)
    codes = []
    process = la.ExecuteProcess(
        cmd=script(program + 'print("ready")\nwhile True: signal.pause()'), name='stubborn',
        sigterm_timeout='0.2', sigkill_timeout=sigkill_timeout,
        on_exit=lambda event, context: codes.append(event.returncode))
    assert run(
        process, la.RegisterEventHandler(lh.OnProcessIO(
            on_stdout=lambda event: la.EmitEvent(event=Shutdown(reason='test'))))) == 0
    assert codes == [code]
    out = capfd.readouterr().out
    name = process.process_details['name']
    assert f"[INFO] [{name}]: sending signal 'SIGINT' to process[{name}]" in out
    assert (f"[ERROR] [{name}]: process[{name}] failed to terminate '0.2' seconds after receiving "
            "'SIGINT', escalating to 'SIGTERM'") in out
    killed = "process[{}] failed to terminate '{}' seconds after receiving 'SIGTERM', escalating"
    assert (killed.format(name, 0.4) in out) is (code == -signal.SIGKILL)
    assert ("escalating to 'SIGKILL'" in out) is (code == -signal.SIGKILL)


# Signals to the launch as a whole

CHILD = """
import os, signal
# Blocked: a handler that runs just before `pause` would be waited for in vain.
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
print("ready", os.getpid(), flush=True)
for count in range({wanted}):
    signal.sigwait([signal.SIGINT])
    print("interrupt", count + 1, flush=True)
if signal.SIGINT in signal.sigpending():
    print("interrupt", {wanted} + 1, flush=True)
print("child ends", flush=True)
"""


@pytest.fixture
def launched(tmp_path):
    """Return a function that starts a launch of one child; it is ended with the test."""
    started = []

    def start(*, wanted=1, noninteractive=True, sigterm_timeout=20, **kwargs):
        child = tmp_path / 'child.py'
        child.write_text(CHILD.format(wanted=wanted))
        program = tmp_path / 'program.py'
        program.write_text(f"""
import sys
from launch import LaunchDescription, LaunchService
from launch.actions import ExecuteProcess
service = LaunchService(noninteractive={noninteractive})
service.include_launch_description(LaunchDescription([ExecuteProcess(
    cmd=[sys.executable, {str(child)!r}], name='child', output='screen',
    sigterm_timeout='{sigterm_timeout}')]))
sys.exit(service.run())
""")
        process = subprocess.Popen([PYTHON, '-u', str(program)], text=True, **kwargs)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def read_until(stream, text):
    """Return the lines up to the first that holds `text`."""
    lines = []
    for line in stream:
        lines.append(line)
        if text in line:
            return lines
    pytest.fail(f'{text!r} was not printed: {lines}')


def test_sigint_to_the_launch_alone_ends_the_children_by_sigint(launched):
    process = launched(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    read_until(process.stdout, 'ready')
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    assert process.wait() == 0
    assert '[WARNING] [launch]: user interrupted with ctrl-c (SIGINT)' in rest
    assert "sending signal 'SIGINT' to process[child-1]" in rest
    assert 'interrupt 1' in rest
    assert 'interrupt 2' not in rest
    assert 'process has finished cleanly' in rest


def test_second_sigint_to_the_launch_is_ignored(launched):
    process = launched(wanted=2, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    pid = int(read_until(process.stdout, 'ready')[-1].split()[-1])
    process.send_signal(signal.SIGINT)
    read_until(process.stdout, 'interrupt 1')
    process.send_signal(signal.SIGINT)
    read_until(process.stdout, 'user interrupted with ctrl-c (SIGINT) again, ignoring...')
    os.kill(pid, signal.SIGINT)
    rest = process.stdout.read()
    assert process.wait() == 0
    assert 'interrupt 2' in rest


def test_ctrl_c_in_a_terminal_reaches_the_children_once(launched):
    master, slave = pty.openpty()

    def take_terminal():
        import fcntl
        import termios
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    process = launched(noninteractive=False, stdin=slave, stdout=slave, preexec_fn=take_terminal)
    os.close(slave)
    with os.fdopen(master, 'rb', buffering=0) as terminal:
        text = b''
        while b'ready' not in text:
            text += terminal.read(4096)
        os.write(master, b'\x03')
        try:
            while chunk := terminal.read(4096):
                text += chunk
        except OSError:
            # EIO: the terminal has no user left.
            pass
    assert process.wait() == 0
    assert b'interrupt 1' in text
    assert b'interrupt 2' not in text
    assert b'sending signal' not in text
    assert b'process has finished cleanly' in text


@pytest.fixture
def loop():
    """Make an event loop the one of this thread."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    asyncio.set_event_loop(None)
    loop.close()


def test_launch_is_shut_down_from_outside_while_its_loop_stands_still(loop):
    started = loop.create_future()
    service = LaunchService(noninteractive=True)
    service.include_launch_description(LaunchDescription([
        la.RegisterEventHandler(lh.OnProcessStart(
            on_start=lambda event, context: started.set_result(True))),
        la.ExecuteProcess(cmd=['sleep', '1000'])]))
    task = loop.create_task(service.run_async())
    loop.run_until_complete(started)
    loop.run_until_complete(service.shutdown())
    assert loop.run_until_complete(task) == 0


def test_signals_reach_the_functions_of_every_manager_and_the_old_handler(loop):
    number = signal.SIGUSR1
    seen = []

    async def send():
        signal.raise_signal(number)
        # The managers are told by the loop, the inner one first.
        while len(seen) < 3:
            await asyncio.sleep(0)

    previous = signal.signal(number, lambda *_: seen.append('old'))
    try:
        outer, inner = AsyncSafeSignalManager(loop), AsyncSafeSignalManager(loop)
        assert outer.handle(number, lambda number: seen.append(('outer', number))) is None
        with outer, inner:
            inner.handle(number, lambda number: seen.append(('inner', number)))
            loop.run_until_complete(asyncio.wait_for(send(), timeout=20))
            assert sorted(seen, key=str) == [
                ('inner', int(number)), ('outer', int(number)), 'old']
            assert inner.handle(number, None) is not None
        signal.raise_signal(number)
        assert seen[3:] == ['old']
        with pytest.raises(ValueError, match='callable'):
            outer.handle(number, 'no function')
    finally:
        signal.signal(number, previous)
