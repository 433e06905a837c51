# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Errors say what is wrong and what to do; none of them makes a launch hang."""

from importlib import metadata
import io

from launch import LaunchDescription
from launch import LaunchService
from launch.actions import ExecuteProcess
from launch.actions import IncludeLaunchDescription
from launch.actions import OpaqueCoroutine
from launch.actions import OpaqueFunction
from launch.actions import Shutdown
from launch.actions import TimerAction
from launch.frontend import InvalidFrontendLaunchFileError
from launch.frontend import parse_substitution
from launch.frontend import Parser
from launch.substitutions import TextSubstitution
import pytest


def run(*entities):
    service = LaunchService()
    service.include_launch_description(LaunchDescription(list(entities)))
    return service.run()


@pytest.mark.parametrize('name, package', [
    ('a.launch.xml', '`launch_xml`'), ('a.launch.yaml', '`launch_yaml`')])
def test_launch_file_in_markup_names_the_package_that_reads_it(
        tmp_path, monkeypatch, capfd, name, package):
    monkeypatch.setattr(Parser, 'frontend_parsers', {})
    path = tmp_path / name
    path.write_text('<launch/>')
    assert run(IncludeLaunchDescription(str(path))) == 1
    out = capfd.readouterr().out
    assert package in out
    assert str(path) in out


@pytest.mark.parametrize('text, at', [
    ('$(var x', 7), ('a $()', 4), ('$(var "x)', 9), ('$(var  x)', 6)])
def test_malformed_substitution_text_says_where(text, at):
    with pytest.raises(ValueError, match=f'at character {at}$'):
        parse_substitution(text)


def test_wrong_markup_is_told_without_what_other_parsers_and_python_make_of_it(tmp_path, capfd):
    path = tmp_path / 'a.launch.xml'
    path.write_text('<launch>')
    assert run(IncludeLaunchDescription(str(path))) == 1
    out = capfd.readouterr().out
    assert 'ParseError: no element found' in out
    assert 'yaml' not in out
    assert 'SyntaxError' not in out


def test_markup_of_no_known_language_names_all_reasons():
    with pytest.raises(InvalidFrontendLaunchFileError, match='syntax error, or its format'):
        Parser.load(io.StringIO('<launch>'))


def test_extension_that_cannot_be_imported_leaves_the_others_alone(monkeypatch):

    group = 'launch.frontend.parser'
    monkeypatch.setattr(metadata, 'entry_points', lambda: metadata.EntryPoints([
        metadata.EntryPoint('broken', 'no_such_module', group),
        metadata.EntryPoint('xml', 'launch_xml:Parser', group),
        metadata.EntryPoint('other', 'no_such_module', 'other_group')]))
    monkeypatch.setattr(Parser, 'frontend_parsers', None)
    with pytest.warns(UserWarning, match='Failed to load the parser extension: broken'):
        assert list(Parser.get_available_extensions()) == ['xml']


@pytest.mark.parametrize('name, value', [
    ('shell', 'maybe'), ('respawn_delay', 'soon'), ('respawn_max_retries', '1.5')])
def test_attribute_of_another_type_is_named(name, value):
    root, parser = Parser.load(io.StringIO(
        f'<launch><executable cmd="true" {name}="{value}"/></launch>'))
    with pytest.raises(TypeError, match=f"Attribute '{name}' of Entity 'executable'.*'{value}'"):
        parser.parse_description(root)


def test_typed_attributes_take_substitutions(capfd):
    root, parser = Parser.load(io.StringIO("""
        <launch>
          <let name="yes" value="true"/>
          <let name="twice" value="2"/>
          <executable cmd="echo $0 &amp;&amp; false" shell="$(var yes)" respawn="$(var yes)"
                      respawn_max_retries="$(var twice)" respawn_delay="0.$(var twice)"
                      sigterm_timeout="$(var twice)" output="screen"/>
        </launch>"""))
    assert run(parser.parse_description(root)) == 0
    assert capfd.readouterr().out.count('/bin/sh') == 3


def test_quotation_in_a_command_line_reaches_over_substitutions():
    root, parser = Parser.load(io.StringIO(
        "<launch><executable cmd=\"echo ' $(env A b) c'd $(env E)\"/></launch>"))
    command = parser.parse_description(root).entities[0].cmd
    assert [''.join(part.describe() for part in word) for word in command] == [
        "'echo'", "' 'EnvVar('A')' cd'", "EnvVar('E')"]


def test_empty_command_is_refused():
    root, parser = Parser.load(io.StringIO('<launch><executable cmd=" "/></launch>'))
    with pytest.raises(ValueError, match="'cmd' of Entity 'executable' is empty"):
        parser.parse_description(root)


def test_unknown_substitution_is_named():
    with pytest.raises(RuntimeError, match='Unknown substitution: none'):
        parse_substitution('$(none)')


def test_timer_whose_period_is_no_number_ends_the_launch(capfd):
    assert run(TimerAction(period=[TextSubstitution(text='soon')], actions=[])) == 1
    assert "could not convert string to float: 'soon'" in capfd.readouterr().out


def test_coroutine_that_fails_ends_the_launch(capfd):

    async def fail(context):
        raise ValueError('what is wrong')

    assert run(OpaqueCoroutine(coroutine=fail)) == 1
    assert 'what is wrong' in capfd.readouterr().out


def test_shutdown_that_cancels_a_coroutine_is_no_error(capfd):

    async def wait(context):
        await context.asyncio_loop.create_future()

    assert run(OpaqueCoroutine(coroutine=wait), Shutdown()) == 0
    assert 'ERROR' not in capfd.readouterr().out


def test_failing_handler_leaves_the_locals_in_order():
    seen = []

    def fail(context):
        raise ValueError('what is wrong')

    service = LaunchService()
    service.include_launch_description(LaunchDescription([OpaqueFunction(function=fail)]))
    assert service.run() == 1
    service.include_launch_description(LaunchDescription([OpaqueFunction(
        function=lambda context: seen.append(sorted(context.get_locals_as_dict())))]))
    assert service.run() == 0
    assert seen == [['event']]


def test_directory_that_does_not_exist_is_named(capfd):
    assert run(ExecuteProcess(cmd=['true'], cwd='/no/such/directory')) == 0
    assert '/no/such/directory' in capfd.readouterr().out
