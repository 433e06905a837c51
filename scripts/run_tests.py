# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Runs every check of the workspace, fast ones first.

    make test
    make test ARGS='--only unit --only contract'

Each part runs in processes of its own, in a private ROS domain. At the end nothing may be left
behind: a process or an orphaned shared memory segment fails the run.
"""

import argparse
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
import xml.etree.ElementTree as ElementTree

from affect_bringup.shared_memory import remove_orphans
from affect_bringup.shared_memory import segments
from affect_node.domain import free_domain
import psutil

ROOT = Path(__file__).resolve().parent.parent
MARK = 'AFFECT_TEST_RUN'
NUMPY_1 = '1.26.4'

# What must run on numpy 1.26 (Ubuntu 24.04) as well as on 2: the science, which knows no ROS.
PURE_TESTS = (
    'src/affect_encoders/test', 'src/affect_fusion/test', 'src/affect_avatar/test',
    'src/affect_sensors/test', 'src/affect_trackers/test', 'underlay/cv_bridge/test',
    'underlay/sensor_msgs_py/test', 'tests/contract/test_cv_bridge.py',
    'tests/contract/test_point_cloud2.py')
PURE_DESELECT = 'not node and not graph'

LINTED = ('src', 'tests', 'scripts', 'underlay')
# The underlay's names and docstrings follow upstream's.
AMENT_LINTED = ('src', 'tests', 'scripts')


@dataclass
class Tally:
    """What the parts came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    def check(self, name: str, returncode: int) -> None:
        """Count a check that is one program."""
        if returncode:
            self.failed += 1
            self.failures.append(name)
        else:
            self.passed += 1

    def read_junit(self, path: Path, name: str) -> None:
        """Count the tests of a pytest run; a run without a report counts as failed."""
        if not path.is_file():
            self.check(f'{name}: pytest did not finish', 1)
            return
        for case in ElementTree.parse(path).getroot().iter('testcase'):
            skipped = case.find('skipped')
            if case.find('failure') is not None or case.find('error') is not None:
                self.failed += 1
                self.failures.append(f"{name}: {case.get('classname')}.{case.get('name')}")
            elif skipped is not None:
                self.skipped += 1
                self.reasons.add(skipped.get('message') or 'no reason given')
            else:
                self.passed += 1


def run(command: Iterable[str], **environment: str) -> int:
    """Run a program in the root and return its exit code."""
    return subprocess.run(
        list(command), cwd=ROOT, env={**os.environ, **environment}).returncode


def pytest(
    tally: Tally, name: str, paths: Iterable[str], *options: str, **environment: str,
) -> None:
    """Run pytest over paths and count."""
    paths = [path for path in paths if (ROOT / path).exists()]
    if not paths:
        return
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, 'junit.xml')
        run([sys.executable, '-m', 'pytest', '--timeout=180', f'--junitxml={report}',
             '--durations=3', *options, *paths], **environment)
        tally.read_junit(report, name)


def lint(tally: Tally) -> None:
    """Run ruff, and the ament linters where they are installed."""
    tally.check('ruff', run(['ruff', 'check', *LINTED]))
    files = [str(path) for folder in AMENT_LINTED for path in (ROOT / folder).rglob('*.py')]
    # Google's docstring sections (Args:, Raises:) have no dashed underline.
    for linter, *options in (
            ('ament_flake8', '--config', 'scripts/ament_flake8.ini'),
            ('ament_pep257', '--add-ignore', 'D406', 'D407', '--')):
        if shutil.which(linter) is None:
            tally.skipped += 1
            tally.reasons.add(f'{linter} is not installed for this ROS distribution')
            continue
        done = subprocess.run(
            [linter, *options, *files], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True)
        if done.returncode:
            print(done.stdout)
        tally.check(linter, done.returncode)


def types(tally: Tally) -> None:
    """Run mypy over the modules that know no ROS (listed in pyproject.toml)."""
    tally.check('mypy', run([sys.executable, '-m', 'mypy']))


def unit(tally: Tally) -> None:
    """Run the tests of every package, each in a process of its own."""
    for folder in sorted([*ROOT.glob('src/*/test'), *ROOT.glob('underlay/*/test')]):
        pytest(tally, folder.parent.name, [str(folder.relative_to(ROOT))])
    pytest(tally, 'workspace', ['tests/workspace'])


def pure(tally: Tally) -> None:
    """Run the science's tests once more on the oldest numpy we support."""
    target = ROOT / '.venv' / f'numpy-{NUMPY_1}'
    if not (target / 'numpy').is_dir():
        done = run([sys.executable, '-m', 'pip', 'install', '--quiet', '--no-deps',
                    '--disable-pip-version-check', '--target', str(target),
                    f'numpy=={NUMPY_1}'])
        if done:
            tally.check(f'installing numpy {NUMPY_1}', done)
            return
    path = os.pathsep.join([str(target), os.environ.get('PYTHONPATH', '')])
    used = subprocess.run(
        [sys.executable, '-c', 'import numpy; print(numpy.__version__)'], text=True,
        stdout=subprocess.PIPE, env={**os.environ, 'PYTHONPATH': path}).stdout.strip()
    tally.check(f'numpy {NUMPY_1} is the one in use', int(used != NUMPY_1))
    pytest(tally, f'numpy {NUMPY_1}', PURE_TESTS, '-k', PURE_DESELECT, PYTHONPATH=path)


def contract(tally: Tally) -> None:
    """Run the tests that hold for the real ROS packages and for the stand-ins alike."""
    pytest(tally, 'contract', ['tests/contract'])


def reference(tally: Tally) -> None:
    """Build the API reference, which imports every module and makes every node once."""
    with tempfile.TemporaryDirectory() as folder:
        tally.check('reference', run(
            [sys.executable, 'scripts/build_reference.py', '--out', folder]))


def system(tally: Tally) -> None:
    """Launch the graph and look at what comes out."""
    pytest(tally, 'system', ['tests/system'])


def clean(tally: Tally, run_id: str, before: set[str]) -> None:
    """
    Fail for every process and every shared memory segment that the tests left behind.

    Tests that kill processes on purpose leave segments that nobody uses; those are removed. What
    is then new and still in use belongs to a process that lives on.
    """
    left = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == run_id:
                left.append(f'process {process.pid}: {" ".join(process.cmdline())}')
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    remove_orphans()
    new = set(segments()) - before
    if new and not left and other_graphs(run_id):
        print(f'{len(new)} segments are in use by ROS processes that are not of this run')
    else:
        left += [f'shared memory {name}' for name in sorted(new)]
    for what in left:
        print(f'left behind: {what}')
    tally.check('nothing is left behind', int(bool(left)))


def other_graphs(run_id: str) -> bool:
    """Return whether a process that is not of this run has Fast DDS loaded."""
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) != run_id and any(
                    'fastrtps' in entry.path or 'fastdds' in entry.path
                    for entry in process.memory_maps()):
                return True
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return False


PARTS: dict[str, Callable[[Tally], None]] = {
    'lint': lint,
    'types': types,
    'unit': unit,
    'pure': pure,
    'contract': contract,
    'reference': reference,
    'system': system,
}


def main() -> int:
    """Run the parts asked for and print the sum as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('--only', choices=PARTS, action='append', help='run this part')
    parts = parser.parse_args().only or list(PARTS)
    run_id = uuid.uuid4().hex
    os.environ[MARK] = run_id
    os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
    os.environ['OMP_NUM_THREADS'] = '1'  # as the launch files set it
    os.environ['ROS_DOMAIN_ID'] = str(free_domain())
    before = set(segments())
    tally = Tally()
    for name in parts:
        started = time.monotonic()
        print(f'=== {name}', flush=True)
        PARTS[name](tally)
        print(f'=== {name}: {time.monotonic() - started:.0f} s', flush=True)
    clean(tally, run_id, before)
    for reason in sorted(tally.reasons):
        print(f'skipped: {reason}')
    for failure in tally.failures:
        print(f'FAILED {failure}')
    print(f'{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped')
    return int(tally.failed > 0)


if __name__ == '__main__':
    sys.exit(main())
