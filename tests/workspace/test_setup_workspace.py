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


def test_an_unfit_python_is_refused_with_the_versions_that_fit(monkeypatch):
    monkeypatch.setenv('AFFECT_PYTHON', '/usr/bin/env')
    with pytest.raises(setup_workspace.SetUpError, match=r'3\.11 or 3\.12'):
        setup_workspace.pick_python()


def test_of_several_interpreters_a_fitting_one_is_picked(monkeypatch):
    versions = {'python3.11': None, 'python3.12': (3, 12), setup_workspace.sys.executable: (3, 13)}
    monkeypatch.delenv('AFFECT_PYTHON', raising=False)
    monkeypatch.setattr(
        setup_workspace, 'python_version', lambda python: versions.get(python))
    assert setup_workspace.pick_python() == 'python3.12'


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


def test_a_relocated_install_names_no_old_prefix(tmp_path):
    (tmp_path / 'a.sh').write_text('prefix=/old/install/affect_msgs\n')
    library = tmp_path / 'lib.so'
    library.write_bytes(b'\x7fELF /old/install/affect_msgs')
    setup_workspace.relocate(tmp_path, '/old/install/affect_msgs', '/new/place')
    assert (tmp_path / 'a.sh').read_text() == 'prefix=/new/place\n'
    before = hashlib.sha256(b'\x7fELF /old/install/affect_msgs').digest()
    assert hashlib.sha256(library.read_bytes()).digest() == before
