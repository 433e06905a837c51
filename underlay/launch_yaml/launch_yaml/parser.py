# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads launch files in YAML."""

import os

from launch import frontend
import yaml

from .entity import Entity


class Parser(frontend.Parser):
    """Reads YAML."""

    @classmethod
    def load(cls, file):
        """
        Return the root entity of a file, and a parser.

        :param file: a path, or a text file that is open
        :raises yaml.YAMLError: if it is no YAML
        :raises RuntimeError: if it is not one mapping of one key, the root
        """
        if isinstance(file, (str, bytes, os.PathLike)):
            with open(file) as opened:
                return cls.load(opened)
        tree = yaml.safe_load(file)
        if not isinstance(tree, dict) or len(tree) != 1:
            raise RuntimeError("Expected only one root, a mapping with the key 'launch'")
        [(type_name, element)] = tree.items()
        return Entity(element, type_name), cls()

    @classmethod
    def get_file_extensions(cls):
        """Return the endings of YAML launch files."""
        return {'launch.yaml', 'launch.yml', 'yaml', 'yml', 'launch'}
