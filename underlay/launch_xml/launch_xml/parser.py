# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads launch files in XML."""

from xml.etree import ElementTree

from launch import frontend

from .entity import Entity


class Parser(frontend.Parser):
    """Reads XML."""

    @classmethod
    def load(cls, file):
        """
        Return the root entity of a file, and a parser.

        :param file: a path, or a file that is open
        :raises xml.etree.ElementTree.ParseError: if it is no XML
        """
        return Entity(ElementTree.parse(file).getroot()), cls()

    @classmethod
    def get_file_extensions(cls):
        """Return the endings of XML launch files."""
        return {'launch.xml', 'xml', 'launch'}
