# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Content of a file."""

from ._helpers import describe_all
from ._helpers import expect_arguments
from .substitution_failure import SubstitutionFailure
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_substitution('file-content')
class FileContent(Substitution):
    """The text in a file."""

    def __init__(self, path):
        super().__init__()
        self.__path = normalize_to_list_of_substitutions(path)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(file-content path)``."""
        expect_arguments('file-content', data, 1)
        return cls, {'path': data[0]}

    @property
    def path(self):
        """The path of the file."""
        return self.__path

    def describe(self):
        """Return a description."""
        return f"FileContent({describe_all(self.path, ', ')})"

    def perform(self, context):
        """Return the content."""
        path = perform_substitutions(context, self.path)
        try:
            with open(path) as file:
                return file.read()
        except FileNotFoundError as error:
            raise SubstitutionFailure(f'File not found: {path}') from error
