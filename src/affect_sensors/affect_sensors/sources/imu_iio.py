# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""An inertial unit of this computer, through Linux' Industrial I/O subsystem (IIO)."""

from collections import deque
import contextlib
import errno
from pathlib import Path
import re
import threading
import time

from affect_sensors.sources.iio_triad import has_triad
from affect_sensors.sources.iio_triad import IioTriad
from affect_sensors.sources.source import SourceError
import numpy as np

KINDS = ('anglvel', 'accel')
_USUAL_HZ, _MOST_HZ = 100.0, 200.0
_LOOK_S = 0.5
_LOST_AFTER_S = 1.0
WHAT = (
    "an index ('0'), a name as in /sys/bus/iio/devices/*/name, a path, or two of them with a "
    'comma between where gyroscope and accelerometer are devices of their own; empty: what is '
    'found')


class IioImu:
    """
    Polls a gyroscope and an accelerometer; gives ``(stamp_ns, running number, row)``.

    A row is float64 [6]: rad/s about and m/s^2 along x, y, z; NaN for the one that is not there.
    A thread polls at ``rate_hz`` (0: the device's own, at most 200 Hz), since a sample may have
    to come over a slow bus. A stamp is the middle of its reading.
    """

    comes_and_goes = True
    finished = False

    def __init__(self, device: str, *, rate_hz: float, sysfs_root: str) -> None:
        self._device = device
        self._rate_hz = rate_hz
        self._root = Path(sysfs_root)
        self._triads: dict[str, IioTriad] = {}
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._samples: deque[tuple[int, int, np.ndarray]] = deque(maxlen=1000)
        self._number = 0
        self._failure = ''
        self.promised_hz: float | None = None

    due_ns = None

    def open(self) -> None:
        """Find the devices and begin to poll."""
        try:
            for kind, folder in self._find().items():
                self._triads[kind] = IioTriad(folder, kind)
        except (OSError, ValueError) as error:
            self.close()
            raise SourceError(f"parameter 'device': {_explain(error)}") from error
        if self._rate_hz > 0.0:
            for triad in self._triads.values():
                triad.ask_rate(self._rate_hz)
        rates = [t.rate_hz for t in self._triads.values() if t.rate_hz]
        self.promised_hz = self._rate_hz or min(max(rates, default=_USUAL_HZ), _MOST_HZ)
        self._failure = ''
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._poll, args=(dict(self._triads), self._stop), name='poll IMU',
            daemon=True)
        self._thread.start()

    def start(self, now_ns: int) -> None:
        """Forget samples from before."""
        self._samples.clear()

    def read(self, until_ns: int) -> list[tuple[int, int, np.ndarray]]:
        """Return the samples taken since the last call."""
        offset_ns = until_ns - time.monotonic_ns()
        found = []
        while self._samples:
            taken_ns, number, row = self._samples.popleft()
            found.append((taken_ns + offset_ns, number, row))
        if not found and self._failure:
            raise SourceError(f"parameter 'device': {self._failure}")
        return found

    def close(self) -> None:
        """Stop to poll and close the files."""
        self._stop.set()
        thread, self._thread = self._thread, None
        triads, self._triads = self._triads, {}
        if thread is None:
            for triad in triads.values():
                triad.close()
        else:
            thread.join(timeout=0.5)  # it closes them, also when it hangs until later

    def _find(self) -> dict[str, Path]:
        """Return the folder of each kind; raise SourceError when there is none."""
        devices = sorted(
            self._root.glob('iio:device*'), key=lambda f: int('0' + re.sub(r'\D', '', f.name)))
        wanted = [name.strip() for name in self._device.split(',') if name.strip()]
        chosen = [f for f in devices if not wanted or any(_is_called(f, n) for n in wanted)]
        # An IMU in one piece first: two devices need not be turned alike.
        whole = [f for f in chosen if all(has_triad(f, kind) for kind in KINDS)]
        folders = {
            kind: folder for kind in KINDS
            for folder in reversed([*whole, *chosen]) if has_triad(folder, kind)}
        if not folders:
            there = ', '.join(f'{f.name} ({_name(f)})' for f in devices) or 'none'
            called = f"is called '{self._device}'" if wanted else 'is'
            raise SourceError(
                f"parameter 'device': no gyroscope or accelerometer {called} "
                f"under '{self._root}'; devices there: {there}. Give {WHAT}. A driver must know "
                "the sensor ('dmesg | grep -i iio')")
        return folders

    def _poll(self, triads: dict[str, IioTriad], stop: threading.Event) -> None:
        period_ns = round(1e9 / (self.promised_hz or _USUAL_HZ))
        next_ns = good_ns = look_ns = time.monotonic_ns()
        try:
            while not stop.is_set():
                begun_ns = time.monotonic_ns()
                try:
                    if begun_ns >= look_ns:
                        look_ns = begun_ns + round(_LOOK_S * 1e9)
                        _check_present(triads)
                    row = np.full(6, np.nan)
                    for i, kind in enumerate(KINDS):
                        if kind in triads:
                            row[3 * i:3 * i + 3] = triads[kind].read()
                    good_ns = time.monotonic_ns()
                    self._samples.append(((begun_ns + good_ns) // 2, self._number, row))
                    self._number += 1
                except (OSError, ValueError) as error:
                    gone = isinstance(error, OSError) and error.errno in (
                        errno.ENODEV, errno.ENOENT, errno.EBADF, errno.ENXIO)
                    if gone or begun_ns - good_ns > _LOST_AFTER_S * 1e9:
                        self._failure = _explain(error)
                        return
                # Behind by more than one sample: what is past is not made up for.
                next_ns = max(next_ns + period_ns, time.monotonic_ns() - period_ns)
                stop.wait(max(0.0, (next_ns - time.monotonic_ns()) * 1e-9))
        finally:
            for triad in triads.values():
                with contextlib.suppress(OSError):
                    triad.close()


def _check_present(triads: dict[str, IioTriad]) -> None:
    for triad in triads.values():
        if not triad.folder.exists():
            raise FileNotFoundError(errno.ENOENT, 'it went away', str(triad.folder))


def _is_called(folder: Path, name: str) -> bool:
    return name in (
        _name(folder), folder.name, folder.name.removeprefix('iio:device'), str(folder),
        str(folder.resolve())) or name.rstrip('/') == f'/dev/{folder.name}'


def _name(folder: Path) -> str:
    try:
        return (folder / 'name').read_text().strip()
    except OSError:
        return 'nameless'


def _explain(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EBUSY:
        return (
            'another program has the sensor in buffered mode (often iio-sensor-proxy: sudo '
            f'systemctl stop iio-sensor-proxy): {error}')
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return f'no right to read the sensor (a udev rule gives it): {error}'
    return f'the sensor does not answer any more: {error}' if isinstance(error, OSError) else (
        f"the driver says what can't be used: {error}")
