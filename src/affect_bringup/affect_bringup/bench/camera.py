# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What the camera node costs, in a process of its own.

    python3 -m affect_bringup.bench.camera --source video:FILE     # one node, until stdin closes
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

from affect_bringup.bench.bench_row import BenchRow
from affect_node import VIDEO
from affect_node.domain import free_domain
from affect_node.run import limit_threads
from affect_node.run import make_executor
import cv2
import numpy as np
import psutil
import rclpy
from rclpy.context import Context
from rclpy.node import Node
from sensor_msgs.msg import Image

RATE_HZ = 30.0
SIZE = (640, 480)
_START_WITHIN_S = 30.0
_SETTLE_S = 2.0
_SECONDS = 10.0
_FRAMES = 90
BUDGET_PERCENT = 10.0


class PacedCapture:
    """
    Stands for cv2.VideoCapture of a V4L2 camera: frames of memory, at RATE_HZ.

    A camera whose driver hands over pixels as they are published costs one copy; ``retrieve``
    makes that copy, as OpenCV's does.
    """

    def __init__(self, *_: object) -> None:
        self._frames = moving_frames(8)
        self._begun_s = time.monotonic()
        self._number = 0
        self._wait = threading.Event()

    def isOpened(self) -> bool:  # noqa: N802
        """Return that it is there."""
        return True

    def getBackendName(self) -> str:  # noqa: N802
        """Return the backend that tells when frames were taken."""
        return 'V4L2'

    def set(self, *_: object) -> bool:
        """Take any setting."""
        return True

    def get(self, _: int) -> float:
        """Return when the last frame was taken, milliseconds."""
        return (self._begun_s + self._number / RATE_HZ) * 1e3

    def grab(self) -> bool:
        """Wait until the next frame is due."""
        self._number += 1
        self._wait.wait(max(0.0, self._begun_s + self._number / RATE_HZ - time.monotonic()))
        return True

    def retrieve(self) -> tuple[bool, np.ndarray]:
        """Return the frame."""
        return True, self._frames[self._number % len(self._frames)].copy()

    def release(self) -> None:
        """Release nothing."""


def moving_frames(count: int) -> list[np.ndarray]:
    """Return uint8 [480, 640, 3] pictures of a moving pattern that a codec can't skip."""
    rng = np.random.default_rng(0)
    width, height = SIZE
    ground = cv2.GaussianBlur(
        rng.integers(0, 255, (height, width, 3)).astype(np.uint8), (0, 0), 3.0)
    return [np.roll(ground, 4 * i, axis=1) for i in range(count)]


def camera_rows() -> list[BenchRow]:
    """Measure the node with each kind of source, and what OpenCV takes to decode the same."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        videos = {
            'mpeg4': write_video(Path(folder, 'a.mp4'), 'mp4v'),
            'motion_jpeg': write_video(Path(folder, 'a.avi'), 'MJPG')}
        for name, path in videos.items():
            floor = decode_percent(path)
            rows += node_rows(
                f'camera/file_{name}', f'video:{path}', floor,
                f'a video of {name}; OpenCV alone takes {floor:.1f} % to decode it at that rate')
    rows += node_rows(
        'camera/v4l2', 'device', None,
        'a simulated V4L2 camera: frames of memory, one copy each, by the thread that grabs')
    return rows


def node_rows(name: str, source: str, floor: float | None, how: str) -> list[BenchRow]:
    """Measure one node: the processor it takes, and the rate that arrives."""
    how = f'640x480 bgr8 at 30 Hz, a process of its own, one subscriber in another; {how}'
    with running(source) as (percent, rate_hz):
        rows = [
            BenchRow(f'{name}_cpu', round(percent, 1), '% of a core', how, BUDGET_PERCENT),
            BenchRow(
                f'{name}_rate', round(rate_hz, 1), 'Hz',
                f'{how}; what the subscriber got, with best effort')]
        if floor is not None:
            rows.append(BenchRow(
                f'{name}_cpu_without_decoding', round(percent - floor, 1), '% of a core', how))
    return rows


@contextmanager
def running(source: str) -> Iterator[tuple[float, float]]:
    """Run a node and a subscriber; give the load of the node (percent) and the rate (Hz)."""
    domain = free_domain()
    environment = {
        **os.environ, 'ROS_DOMAIN_ID': str(domain), 'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST'}
    process = subprocess.Popen(
        [sys.executable, '-m', 'affect_bringup.bench.camera', '--source', source],
        stdin=subprocess.PIPE, env=environment)
    os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
    context = Context()
    rclpy.init(context=context, domain_id=domain)
    listener = Node('listener', context=context, use_global_arguments=False)
    seen: list[int] = []
    listener.create_subscription(
        Image, 'hmd/world_camera/image', lambda raw: seen.append(len(raw)), VIDEO, raw=True)
    executor = make_executor(context)
    executor.add_node(listener)
    try:
        end_s = time.monotonic() + _START_WITHIN_S
        while not seen and process.poll() is None and time.monotonic() < end_s:
            executor.spin_once(timeout_sec=0.1)
        spin(executor, _SETTLE_S)
        if not seen:
            raise RuntimeError(f'the camera node gave nothing ({source}); its log is above')
        load = psutil.Process(process.pid)
        seen.clear()
        before, began_s = sum(load.cpu_times()[:2]), time.monotonic()
        spin(executor, _SECONDS)
        passed_s = time.monotonic() - began_s
        yield 100.0 * (sum(load.cpu_times()[:2]) - before) / passed_s, len(seen) / passed_s
    finally:
        process.communicate()
        executor.remove_node(listener)
        listener.destroy_node()
        executor.shutdown()
        context.try_shutdown()


def spin(executor: Any, seconds: float) -> None:
    """Spin for so long."""
    end_s = time.monotonic() + seconds
    while (left_s := end_s - time.monotonic()) > 0.0:
        executor.spin_once(timeout_sec=min(0.1, left_s))


def write_video(path: Path, code: str) -> Path:
    """Write a video of ``_FRAMES`` frames."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*code), RATE_HZ, SIZE)
    for frame in moving_frames(_FRAMES):
        writer.write(frame)
    writer.release()
    return path


def decode_percent(path: Path) -> float:
    """Return the share of a core (percent) that OpenCV takes for a video at RATE_HZ."""
    cv2.setNumThreads(1)
    capture = cv2.VideoCapture(str(path))
    capture.read()
    began_s, frames = time.process_time(), 0
    while capture.read()[0]:
        frames += 1
    capture.release()
    return 100.0 * (time.process_time() - began_s) / frames * RATE_HZ


def run_node(source: str) -> None:
    """Run one camera node until stdin closes."""
    limit_threads()
    # Imported here: the bench itself needs no sensors.
    from affect_sensors.camera.node import CameraNode
    given = ['-p', 'camera:=world', '-p', f'rate_hz:={RATE_HZ}']
    kind, _, path = source.partition(':')
    if kind == 'video':
        given += ['-p', 'source:=file', '-p', f'path:={path}']
    else:
        cv2.VideoCapture = PacedCapture
        given += ['-p', 'source:=device', '-p', 'device:=0']
    context = Context()
    rclpy.init(context=context)
    node = CameraNode(
        context=context, use_global_arguments=False, cli_args=['--ros-args', *given])
    node.trigger_configure()
    node.trigger_activate()
    executor = make_executor(context)
    executor.add_node(node)
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()
    threading.Thread(target=wait, daemon=True).start()
    while not ended.is_set():
        executor.spin_once(timeout_sec=0.2)
    executor.remove_node(node)
    node.destroy_node()
    executor.shutdown()
    context.try_shutdown()


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--source', required=True, help='video:FILE, or device (simulated)')
    run_node(parser.parse_args().source)
