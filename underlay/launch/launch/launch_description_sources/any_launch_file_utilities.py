# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Loads launch files of any format."""

import os

from .frontend_launch_file_utilities import get_launch_description_from_frontend_launch_file
from .python_launch_file_utilities import get_launch_description_from_python_launch_file
from ..frontend import Parser
from ..frontend.parser import MARKUP_PACKAGES
from ..invalid_launch_file_error import InvalidLaunchFileError


def get_launch_description_from_any_launch_file(launch_file_path, *, parser=Parser):
    """
    Return the launch description in a file.

    :raises InvalidLaunchFileError: if no loader can read it; it says why for each of them
    """
    extension = os.path.splitext(launch_file_path)[1][1:]
    loaders = [
        get_launch_description_from_frontend_launch_file,
        get_launch_description_from_python_launch_file,
    ]
    if extension == 'py':
        loaders.reverse()
    elif extension in MARKUP_PACKAGES or parser.is_filename_valid(launch_file_path):
        # Reading markup as Python would only hide what is wrong with it.
        loaders.pop()
    else:
        extension = ''
    errors = []
    for loader in loaders:
        try:
            return loader(launch_file_path)
        except Exception as error:
            errors.append(error)
    raise InvalidLaunchFileError(extension, likely_errors=errors)
