# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Several nodes in one process: ``container --component JSON [--component JSON ...]``.

JSON is ``{"component": "package.module:Class", "arguments": ["--ros-args", ...]}``. Each node
gets its own arguments and none of the process's, else all would take the container's name.
rclpy has one GIL and no intra-process transport: what shares a process here is what shares an
expensive import (torch) and little else.
"""

import argparse
from collections.abc import Sequence
import importlib
import json
import sys
import traceback
from typing import Any

from affect_node.run import limit_threads
from affect_node.run import spin
import rclpy
from rclpy.logging import get_logger
from rclpy.node import Node
from rclpy.utilities import remove_ros_args


def load(component: str) -> type[Node]:
    """
    Return the node class named ``package.module:Class``.

    :raises ValueError: the text has no colon, or there is no such module or class.
    """
    module_name, _, class_name = component.partition(':')
    try:
        return getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"component '{component}': {error}") from error


def parse(arguments: Sequence[str]) -> list[dict[str, Any]]:
    """Return the components that a command line asks for; exits with a message on bad ones."""
    parser = argparse.ArgumentParser(
        prog='container', description='Runs several nodes in one process.')
    parser.add_argument(
        '--component', action='append', required=True, metavar='JSON',
        help='{"component": "package.module:Class", "arguments": ["--ros-args", ...]}')
    components = []
    for text in parser.parse_args(arguments).component:
        try:
            wanted = json.loads(text)
            components.append(
                {'component': wanted['component'], 'arguments': list(wanted['arguments'])})
        except (ValueError, KeyError, TypeError) as error:
            parser.error(f'not a component: {text!r} ({error})')
    return components


def main(args: Sequence[str] | None = None) -> int:
    """Make the nodes and spin them; one that can't be made does not keep the others down."""
    limit_threads()
    args = sys.argv[1:] if args is None else list(args)
    # The process's own arguments are for logging and the like; __node would rename every node.
    components = parse(remove_ros_args(['container', *args])[1:])
    try:
        rclpy.init(args=args)
        nodes = [node for wanted in components if (node := make(wanted)) is not None]
    except KeyboardInterrupt:
        rclpy.try_shutdown()
        return 0
    if not nodes:
        return 1 if rclpy.ok() else 0
    spin(nodes)
    return 0


def make(wanted: dict[str, Any]) -> Node | None:
    """Return the node of a component, or None (logged) when it can't be made."""
    try:
        return load(wanted['component'])(
            cli_args=wanted['arguments'], use_global_arguments=False)
    except Exception:
        # A signal meanwhile takes the context away: no node can be made then, nor need be.
        if rclpy.ok():
            get_logger('container').error(
                f"{wanted['component']} could not be made:\n{traceback.format_exc()}")
        return None
