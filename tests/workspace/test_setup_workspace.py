# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Set-up refuses what it can't do in a sentence that says what to do."""

import hashlib
import importlib.util
from pathlib import Path
import platform

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location(
    'setup_workspace', ROOT / 'scripts' / 'setup_workspace.py')
setup_workspace = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(setup_workspace)


def test_no_script_is_called_setup_py():
    """Colcon takes a folder with a setup.py for a package and executes it."""
    assert not (ROOT / 'scripts' / 'setup.py').exists()


def test_arm_is_refused_with_the_way_that_works(monkeypatch):
    monkeypatch.setattr(platform, 'machine', lambda: 'aarch64')
    with pytest.raises(setup_workspace.SetUpError, match=r'aarch64.*Ubuntu 24\.04'):
        setup_workspace.check_host('jazzy')


def test_an_unknown_distribution_is_refused_by_name():
    with pytest.raises(setup_workspace.SetUpError, match=r'humble.*jazzy or kilted'):
        setup_workspace.check_host('humble')


def test_missing_tools_come_with_the_line_that_brings_them(monkeypatch, tmp_path):
    monkeypatch.setenv('PATH', str(tmp_path))
    with pytest.raises(setup_workspace.SetUpError, match=r'sudo apt-get install -y g\+\+ make'):
        setup_workspace.check_tools()


@pytest.mark.parametrize('program', ['/usr/bin/env', '/bin/true', '/nonexistent/python3'])
def test_what_is_no_python_is_refused_by_name(monkeypatch, program):
    monkeypatch.setenv('AFFECT_PYTHON', program)
    with pytest.raises(
            setup_workspace.SetUpError, match=rf'{program} is no Python.*3\.11 or 3\.12'):
        setup_workspace.pick_python()


def found(monkeypatch, versions):
    monkeypatch.delenv('AFFECT_PYTHON', raising=False)
    monkeypatch.setenv('PYENV_ROOT', '/nonexistent')
    versions = {'': None, **versions}
    versions[setup_workspace.sys.executable] = versions.pop('')
    monkeypatch.setattr(setup_workspace, 'python_version', versions.get)


def test_an_unfit_python_is_refused_with_its_version(monkeypatch):
    found(monkeypatch, {'/opt/python3': ((3, 13), True)})
    monkeypatch.setenv('AFFECT_PYTHON', '/opt/python3')
    with pytest.raises(
            setup_workspace.SetUpError, match=r'/opt/python3 is Python 3\.13.*3\.11 or 3\.12'):
        setup_workspace.pick_python()


def test_of_several_interpreters_a_fitting_one_is_picked(monkeypatch):
    found(monkeypatch, {'': ((3, 13), True), 'python3.11': ((3, 11), False),
                        'python3.12': ((3, 12), True)})
    assert setup_workspace.pick_python() == 'python3.12'


def test_a_python_without_venv_or_headers_comes_with_the_line_that_brings_them(monkeypatch):
    found(monkeypatch, {'python3.12': ((3, 12), False)})
    with pytest.raises(
            setup_workspace.SetUpError, match=r'python3\.12 lacks.*python3\.12-venv'):
        setup_workspace.pick_python()


def test_no_python_at_all_is_refused_with_the_versions_that_fit(monkeypatch):
    found(monkeypatch, {})
    with pytest.raises(setup_workspace.SetUpError, match=r'3\.11 or 3\.12'):
        setup_workspace.pick_python()


def test_this_python_is_described():
    version, _ = setup_workspace.python_version(setup_workspace.sys.executable)
    assert version == tuple(setup_workspace.sys.version_info[:2])


@pytest.mark.parametrize('name', ['a b', 'a:b', 'a;b'])
def test_a_folder_that_colcon_cannot_build_in_is_refused(monkeypatch, tmp_path, name):
    monkeypatch.setattr(setup_workspace, 'ROOT', tmp_path / name)
    with pytest.raises(setup_workspace.SetUpError, match=f'{name}.*without spaces'):
        setup_workspace.check_place()


def test_an_interrupt_is_no_traceback(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt
    monkeypatch.setattr(setup_workspace, 'check_place', interrupted)
    assert setup_workspace.main() == 130
    assert 'goes on from here' in capsys.readouterr().err


def test_a_sourced_distribution_is_found(monkeypatch, tmp_path):
    (tmp_path / 'share' / 'rclpy').mkdir(parents=True)
    monkeypatch.setenv('ROS_DISTRO', 'jazzy')
    monkeypatch.setenv('AMENT_PREFIX_PATH', str(tmp_path))
    assert setup_workspace.sourced_distribution() == 'jazzy'


def test_an_old_sourced_distribution_is_refused(monkeypatch, tmp_path):
    (tmp_path / 'share' / 'rclpy').mkdir(parents=True)
    monkeypatch.setenv('ROS_DISTRO', 'humble')
    monkeypatch.setenv('AMENT_PREFIX_PATH', str(tmp_path))
    with pytest.raises(setup_workspace.SetUpError, match='humble'):
        setup_workspace.sourced_distribution()


def test_our_own_wheels_are_not_a_distribution(monkeypatch):
    monkeypatch.setenv('ROS_DISTRO', 'jazzy')
    monkeypatch.setenv('AMENT_PREFIX_PATH', str(ROOT / '.venv'))
    assert setup_workspace.sourced_distribution() is None


def test_the_wheels_of_another_clone_are_not_a_distribution(monkeypatch, tmp_path):
    (tmp_path / 'share' / 'rclpy').mkdir(parents=True)
    (tmp_path / setup_workspace.DISTRIBUTION_MARK).write_text('jazzy\n')
    monkeypatch.setenv('ROS_DISTRO', 'jazzy')
    monkeypatch.setenv('AMENT_PREFIX_PATH', str(tmp_path))
    assert setup_workspace.sourced_distribution() is None


def test_a_distribution_without_rclpy_is_refused_with_both_ways_out(monkeypatch):
    refused = setup_workspace.subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(setup_workspace.subprocess, 'run', lambda *_, **__: refused)
    with pytest.raises(
            setup_workspace.SetUpError, match=r'ros-jazzy-ros-base, or open a shell without ROS'):
        setup_workspace.distribution_python('jazzy')


def test_without_a_cpu_torch_the_user_is_told_what_to_set(monkeypatch, capsys):
    asked = []

    def pip(*arguments, **_):
        asked.append(arguments)
        raise setup_workspace.subprocess.CalledProcessError(1, ['pip'])
    monkeypatch.setattr(setup_workspace, 'pip', pip)
    monkeypatch.setattr(
        setup_workspace.subprocess, 'run',
        lambda *_, **__: setup_workspace.subprocess.CompletedProcess([], 1, '', ''))
    with pytest.raises(setup_workspace.SetUpError, match='AFFECT_TORCH_INDEX'):
        setup_workspace.install_torch([])
    assert '--extra-index-url' not in asked[0]
    assert asked[1][-1] == setup_workspace.TORCH_CPU_INDEX


def workspace(monkeypatch, root):
    """Make a workspace of one package under root; return what colcon is asked to do there."""
    (root / 'src' / 'affect_x').mkdir(parents=True)
    (root / 'src' / 'affect_x' / 'package.xml').write_text('<package/>')
    (root / '.venv' / '.affect').mkdir(parents=True)
    for name, path in {'ROOT': '.', 'VENV': '.venv', 'UNDERLAY': '.underlay',
                       'STAMPS': '.venv/.affect'}.items():
        monkeypatch.setattr(setup_workspace, name, root / path)
    monkeypatch.setattr(setup_workspace, 'build_messages', lambda environment: None)
    built = []

    def colcon(environment, *arguments):
        built.append(arguments)
        for base in ('build', 'install'):
            (root / base / 'affect_x').mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(setup_workspace, 'colcon', colcon)
    (root / 'install').mkdir()
    return built


@pytest.mark.parametrize('removed', ['build', 'install'])
def test_a_build_folder_removed_by_hand_is_built_again(monkeypatch, tmp_path, removed):
    built = workspace(monkeypatch, tmp_path)
    setup_workspace.build_workspace({})
    setup_workspace.build_workspace({})
    assert len(built) == 1
    setup_workspace.shutil.rmtree(tmp_path / removed)
    (tmp_path / 'install').mkdir(exist_ok=True)
    setup_workspace.build_workspace({})
    assert len(built) == 2


def test_an_underlay_removed_by_hand_is_built_again(monkeypatch, tmp_path):
    built = workspace(monkeypatch, tmp_path)
    (tmp_path / 'underlay').mkdir()
    monkeypatch.setattr(setup_workspace, 'importable', lambda environment, module: False)
    for _ in range(2):
        setup_workspace.build_underlay({})
    assert len(built) == 1
    setup_workspace.shutil.rmtree(tmp_path / '.underlay')
    setup_workspace.build_underlay({})
    assert len(built) == 2


def test_a_cache_that_cannot_be_written_is_said_and_survived(monkeypatch, tmp_path, capsys):
    (tmp_path / 'install').mkdir()
    (tmp_path / 'file').touch()
    setup_workspace.keep_messages(tmp_path / 'install', tmp_path / 'file' / 'key')
    assert 'not cached' in capsys.readouterr().out


def test_a_relocated_install_names_no_old_prefix(tmp_path):
    (tmp_path / 'a.sh').write_text('prefix=/old/install/affect_msgs\n')
    library = tmp_path / 'lib.so'
    library.write_bytes(b'\x7fELF /old/install/affect_msgs')
    setup_workspace.relocate(tmp_path, '/old/install/affect_msgs', '/new/place')
    assert (tmp_path / 'a.sh').read_text() == 'prefix=/new/place\n'
    before = hashlib.sha256(b'\x7fELF /old/install/affect_msgs').digest()
    assert hashlib.sha256(library.read_bytes()).digest() == before


def test_links_to_deleted_files_go_and_others_stay(tmp_path):
    (tmp_path / 'file').write_text('')
    (tmp_path / 'good').symlink_to(tmp_path / 'file')
    (tmp_path / 'dangling').symlink_to(tmp_path / 'deleted')
    setup_workspace.remove_dangling_links(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {'file', 'good'}
