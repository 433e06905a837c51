# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Errors say what is wrong and what to do; none of them makes a launch hang."""

from launch import LaunchDescription
from launch import LaunchService
from launch.actions import ExecuteProcess
from launch.actions import IncludeLaunchDescription
from launch.actions import OpaqueCoroutine
from launch.actions import OpaqueFunction
from launch.actions import Shutdown
from launch.actions import TimerAction
from launch.frontend import parse_substitution
from launch.substitutions import TextSubstitution
import pytest


def run(*entities):
    service = LaunchService()
    service.include_launch_description(LaunchDescription(list(entities)))
    return service.run()


@pytest.mark.parametrize('name, package', [
    ('a.launch.xml', 'ros-jazzy-launch-xml'), ('a.launch.yaml', 'ros-jazzy-launch-yaml')])
def test_launch_file_in_markup_names_the_package_that_reads_it(tmp_path, capfd, name, package):
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
