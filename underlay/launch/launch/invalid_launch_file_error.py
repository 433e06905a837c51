# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The error raised for a launch file that cannot be loaded."""


class InvalidLaunchFileError(Exception):
    """Carries what each loader said about the file."""

    def __init__(self, extension='', *, likely_errors=None):
        self._extension = extension
        self._likely_errors = likely_errors
        if extension and likely_errors:
            what = 'multiple exceptions' if len(likely_errors) > 1 else 'exception'
            lines = [f'Caught {what} when trying to load file of format [{extension}]:']
            lines += [f' - {type(error).__name__}: {error}' for error in likely_errors]
            self._error_message = '\n'.join(lines)
            self.__cause__ = likely_errors[0]
        else:
            self._error_message = (
                'The launch file may have a syntax error, or its format is unknown')

    def __str__(self):
        return self._error_message
