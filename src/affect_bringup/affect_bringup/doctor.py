# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Says whether this host can run the suite, and what to do where it can't."""

from collections.abc import Callable
from collections.abc import Sequence
import importlib
import os
from pathlib import Path
import platform
import sys

from affect_bringup.container import load
from affect_bringup.graph import NODES
from affect_bringup.shared_memory import segments
from ament_index_python.packages import get_package_prefix
from ament_index_python.packages import PackageNotFoundError

_LIBRARIES = ('numpy', 'scipy', 'cv2', 'librosa', 'torch', 'safetensors', 'rosbags')


def check_python() -> str:
    """Return the interpreter's version."""
    return f'{platform.python_version()} on {platform.machine()}'


def check_ros() -> str:
    """Return distribution, middleware, and which ROS packages are stand-ins."""
    import rclpy
    from rclpy.utilities import get_rmw_implementation_identifier
    stand_ins = []
    for name in ('message_filters', 'cv_bridge', 'launch', 'launch_ros', 'ros2cli'):
        module = importlib.import_module(name)
        if 'underlay' in (module.__file__ or ''):
            stand_ins.append(name)
    source = 'wheels' if '.venv' in (rclpy.__file__ or '') else 'distribution'
    return (f"{os.environ.get('ROS_DISTRO', 'unknown')} from {source}, "
            f'{get_rmw_implementation_identifier()}, stand-ins: '
            f"{', '.join(stand_ins) or 'none'}")


def check_libraries() -> str:
    """Return the versions of the libraries that the nodes import."""
    return ', '.join(
        f"{name} {getattr(importlib.import_module(name), '__version__', '?')}"
        for name in _LIBRARIES)


def check_packages() -> str:
    """Return how many nodes there are, after importing every one."""
    packages = sorted({spec.package for spec in NODES} | {'affect_msgs'})
    for package in packages:
        try:
            get_package_prefix(package)
        except PackageNotFoundError as error:
            raise RuntimeError(f"{package} is not built: run 'make setup'") from error
    for spec in NODES:
        load(spec.component)
    return f'{len(packages)} packages; all {len(NODES)} nodes can be imported'


def check_isolation() -> str:
    """Return how far this shell's graph reaches."""
    domain = os.environ.get('ROS_DOMAIN_ID', '0')
    reach = os.environ.get('ROS_AUTOMATIC_DISCOVERY_RANGE', 'SUBNET')
    return f'domain {domain}, discovery {reach}'


def check_shared_memory() -> str:
    """Return what lies in shared memory; a full one makes video stutter."""
    return f'{len(segments())} files of Fast DDS in /dev/shm'


def check_data() -> str:
    """Return where the recordings are, if anywhere."""
    folder = Path(os.environ.get('AFFECT_DATA', Path('..', 'shared', 'data')))
    return str(folder) if folder.is_dir() else 'none (AFFECT_DATA); the demo will simulate'


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ('python', check_python),
    ('ROS 2', check_ros),
    ('libraries', check_libraries),
    ('packages', check_packages),
    ('isolation', check_isolation),
    ('shared memory', check_shared_memory),
    ('recordings', check_data),
)


def main(args: Sequence[str] | None = None) -> int:
    """Print a line per check; 1 if one failed."""
    failed = False
    for name, check in CHECKS:
        try:
            print(f'ok      {name}: {check()}')
        except Exception as error:
            failed = True
            print(f'FAILED  {name}: {error}')
    return int(failed)


if __name__ == '__main__':
    sys.exit(main())
