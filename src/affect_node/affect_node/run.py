# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Running nodes: one or several in this process, until a signal ends them."""

from collections.abc import Callable
from collections.abc import Sequence
import os
import signal
import threading

import rclpy
from rclpy.context import Context
from rclpy.executors import Executor
from rclpy.executors import ExternalShutdownException
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

_THREAD_VARIABLES = (
    'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS')


def limit_threads(threads: int = 1) -> None:
    """
    Keep the thread pools of numeric libraries to ``threads`` (call before importing them).

    A dozen processes with a pool as wide as the machine each are slower than with one thread.
    """
    for variable in _THREAD_VARIABLES:
        os.environ.setdefault(variable, str(threads))


def make_executor(context: Context | None = None) -> Executor:
    """Return the executor that uses the least CPU here (half of the single-threaded one)."""
    try:
        from rclpy.experimental import EventsExecutor
    except ImportError:
        return SingleThreadedExecutor(context=context)
    return EventsExecutor(context=context)


def spin(nodes: Sequence[Node]) -> None:
    """
    Spin nodes until ROS shuts down or a signal comes, then destroy them.

    SIGINT and SIGTERM are only noted, and stay so: the callback that is under way ends, and the
    nodes are taken down while ROS still works. ``ros2 launch`` and the terminal both send SIGINT.
    """
    signals: list[int] = []
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: signals.append(number))
    executor = make_executor()
    for node in nodes:
        executor.add_node(node)
    try:
        # EventsExecutor.spin() ignores SIGTERM in the wheels of Jazzy; spin_once returns.
        while rclpy.ok() and not signals:
            executor.spin_once(timeout_sec=0.2)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        for node in nodes:
            executor.remove_node(node)
            node.destroy_node()
        executor.shutdown()
        rclpy.try_shutdown()


def run(factory: Callable[[], Node], args: Sequence[str] | None = None) -> int:
    """Initialise ROS, make one node, spin it. The body of every executable's ``main``."""
    try:
        limit_threads()
        rclpy.init(args=args)
        spin([factory()])
    except KeyboardInterrupt:
        rclpy.try_shutdown()
    except Exception:
        # A signal while the node was made takes the context away under it.
        if rclpy.ok():
            raise
    return 0
