# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Loads launch files in Python."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec
from importlib.util import spec_from_loader


class InvalidPythonLaunchFileError(Exception):
    """The file has no function ``generate_launch_description()``."""


def load_python_launch_file_as_module(python_launch_file_path):
    """Return the file as a module."""
    loader = SourceFileLoader('python_launch_file', python_launch_file_path)
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def get_launch_description_from_python_launch_file(python_launch_file_path):
    """
    Return what ``generate_launch_description()`` in the file returns.

    :raises InvalidPythonLaunchFileError: if it has no such function
    """
    module = load_python_launch_file_as_module(python_launch_file_path)
    if not hasattr(module, 'generate_launch_description'):
        raise InvalidPythonLaunchFileError(
            f"launch file at '{python_launch_file_path}' does not contain the required function "
            "'generate_launch_description()'")
    return module.generate_launch_description()
