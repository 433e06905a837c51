# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The workspace is laid out as the design says, and ROS hosts see src/ and nothing else."""

import ast
import os
from pathlib import Path
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(path.parent.name for path in ROOT.glob('src/*/package.xml'))

# Imports go one way (DESIGN, "The way of the data"): package -> what it may import of ours.
MAY_IMPORT = {
    'affect_msgs': set(),
    'affect_node': {'affect_msgs'},
    'affect_sensors': {'affect_msgs', 'affect_node'},
    'affect_trackers': {'affect_msgs', 'affect_node'},
    'affect_encoders': {'affect_msgs', 'affect_node'},
    'affect_fusion': {'affect_msgs', 'affect_node'},
    'affect_avatar': {'affect_msgs', 'affect_node'},
    'affect_safety': {'affect_msgs', 'affect_node'},
    'affect_learning': {'affect_encoders', 'affect_fusion'},
    'affect_bringup': {
        'affect_msgs', 'affect_node', 'affect_sensors', 'affect_trackers', 'affect_encoders',
        'affect_fusion', 'affect_avatar', 'affect_safety',
        'affect_learning'},  # the bench holds encoders against recordings by its checks
}


def imported_packages(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split('.')[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split('.')[0])
    return {name for name in names if name.startswith('affect_')}


def test_every_package_of_the_design_is_there():
    assert set(PACKAGES) == set(MAY_IMPORT)


@pytest.mark.parametrize('link, owner', [
    ('launch', 'affect_bringup'), ('config', 'affect_bringup'), ('msg', 'affect_msgs')])
def test_top_level_links_lead_into_the_package_that_owns_the_files(link, owner):
    assert (ROOT / link).is_symlink()
    assert (ROOT / link).resolve() == ROOT / 'src' / owner / link
    assert any((ROOT / link).iterdir())


def test_the_recording_profiles_are_those_that_are_installed():
    assert (ROOT / 'bags/profiles').resolve() == ROOT / 'src/affect_bringup/profiles'


@pytest.mark.parametrize('package', PACKAGES)
def test_imports_go_one_way(package):
    for path in (ROOT / 'src' / package / package).rglob('*.py'):
        foreign = imported_packages(path) - {package}
        assert foreign <= MAY_IMPORT[package], f'{path} imports {foreign}'


@pytest.mark.parametrize('package', PACKAGES)
def test_a_manifest_is_format_3_and_declares_what_is_imported(package):
    folder = ROOT / 'src' / package
    manifest = ElementTree.parse(folder / 'package.xml').getroot()
    assert manifest.get('format') == '3'
    assert manifest.findtext('name') == package
    assert manifest.findtext('license') == 'Apache-2.0'
    declared = {
        element.text for tag in ('depend', 'exec_depend') for element in manifest.iter(tag)}
    for path in (folder / package).rglob('*.py'):
        undeclared = imported_packages(path) - {package} - declared
        assert not undeclared, f'{path} imports {undeclared}, which package.xml does not declare'


@pytest.mark.parametrize('package', sorted(set(PACKAGES) - {'affect_msgs'}))
def test_colcon_test_runs_the_tests_of_a_package(package):
    """Without this colcon takes unittest, finds no test in a package, and calls that success."""
    folder = ROOT / 'src' / package
    assert list((folder / 'test').glob('test_*.py'))
    assert "extras_require={'test': ['pytest']}" in (folder / 'setup.py').read_text()
    manifest = ElementTree.parse(folder / 'package.xml').getroot()
    assert 'python3-pytest' in {element.text for element in manifest.iter('test_depend')}


def test_a_ros_host_builds_src_and_nothing_else(tmp_path):
    """Fakes a host with a distribution sourced, a built underlay and a venv beside src/."""
    host = tmp_path / 'host'
    shutil.copytree(
        ROOT, host, symlinks=True, ignore=shutil.ignore_patterns(
            '.git', '.venv', '.underlay', 'build', 'install', 'log', 'recordings'))
    for foreign in ('.venv/share/rclpy', '.underlay/install/launch/share/launch'):
        folder = host / foreign
        folder.mkdir(parents=True)
        (folder / 'package.xml').write_text(
            '<package format="3"><name>foreign</name><version>0.0.0</version>'
            '<description>d</description><maintainer email="a@b.c">m</maintainer>'
            '<license>l</license></package>')
    distribution = tmp_path / 'opt' / 'ros' / 'jazzy'
    distribution.mkdir(parents=True)
    environment = {
        'PATH': os.environ['PATH'], 'HOME': str(tmp_path), 'ROS_DISTRO': 'jazzy',
        'AMENT_PREFIX_PATH': str(distribution), 'CMAKE_PREFIX_PATH': str(distribution),
        'LD_LIBRARY_PATH': os.environ.get('LD_LIBRARY_PATH', '')}
    listed = subprocess.run(
        [sys.executable, '-m', 'colcon', 'list', '--names-only'], cwd=host, env=environment,
        capture_output=True, text=True, check=True)
    assert sorted(listed.stdout.split()) == PACKAGES


def test_every_source_file_names_its_licence():
    sources = subprocess.run(
        ['git', 'ls-files', '--cached', '--others', '--exclude-standard', '*.py'], cwd=ROOT,
        capture_output=True, text=True, check=True).stdout.split()
    assert len(sources) > 100
    for name in sources:
        head = (ROOT / name).read_text()[:200]
        assert 'SPDX-License-Identifier: Apache-2.0' in head, name


def test_nodes_stay_thin():
    for path in ROOT.glob('src/*/affect_*/**/*node.py'):
        assert len(path.read_text().splitlines()) <= 220, f'{path}: plumbing or science leaked in'
