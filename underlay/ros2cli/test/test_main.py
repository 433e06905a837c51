# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The frame of the command."""

import subprocess
import sys

import pytest
from ros2cli.main import main

PROBE = """
import sys
from ros2cli.main import main
try:
    main({arguments!r})
except SystemExit:
    pass
print([name for name in ('rclpy', 'rosbags', 'numpy') if name in sys.modules])
"""


def test_the_version_says_what_it_is(capsys):
    with pytest.raises(SystemExit) as caught:
        main(['--version'])
    assert caught.value.code == 0
    assert 'affect underlay' in capsys.readouterr().out


@pytest.mark.parametrize(('arguments', 'package'), [
    (['doctor'], 'ros2doctor'), (['bag', 'convert', '-i', 'x'], 'ros2bag'),
    (['pkg', 'create', 'x'], 'ros2pkg'), (['doctor', '--help'], 'ros2doctor'),
    (['bag', 'record', '-a', '--snapshot-mode'], 'ros2bag')])
def test_what_is_left_out_names_the_package_that_has_it(arguments, package, capsys, monkeypatch):
    monkeypatch.setenv('ROS_DISTRO', 'jazzy')
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 1
    assert f'ros-jazzy-{package}' in capsys.readouterr().err


def test_compression_is_refused_with_the_way_to_have_it(capsys, tmp_path):
    arguments = ['bag', 'record', '-a', '-o', str(tmp_path / 'bag'), '--compression-mode', 'file']
    assert main(arguments) == 1
    assert 'zstd_fast' in capsys.readouterr().err


def test_the_daemon_that_is_not_needed_is_no_error(capsys):
    for verb in ('stop', 'start', 'status'):
        assert main(['daemon', verb]) == 0
    assert capsys.readouterr().out.endswith('The daemon is not running\n')


def test_an_unknown_command_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as caught:
        main(['nonsense'])
    assert caught.value.code == 2
    assert 'nonsense' in capsys.readouterr().err


@pytest.mark.parametrize('arguments', [[], ['topic'], ['bag']])
def test_without_a_verb_the_help_is_shown(arguments, capsys):
    assert main(arguments) == 0
    assert 'Commands:' in capsys.readouterr().out


@pytest.mark.parametrize('arguments', [['--version'], ['--help'], ['topic', '--help']])
def test_help_and_version_import_nothing_slow(arguments):
    output = subprocess.run(
        [sys.executable, '-c', PROBE.format(arguments=arguments)], capture_output=True, text=True,
        check=True).stdout
    assert output.splitlines()[-1] == '[]'


def test_bag_info_of_a_directory_imports_neither_rclpy_nor_rosbags(tmp_path):
    (tmp_path / 'metadata.yaml').write_text('')
    output = subprocess.run(
        [sys.executable, '-c', PROBE.format(arguments=['bag', 'info', str(tmp_path)])],
        capture_output=True, text=True, check=True)
    assert output.stdout.splitlines()[-1] == '[]'
    assert 'metadata.yaml' in output.stderr
