# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Directories of packages."""

from ament_index_python.packages import get_package_prefix
from ament_index_python.packages import get_package_share_directory
from launch.frontend import expose_substitution
from launch.substitutions import PathSubstitution
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions


class FindPackage(PathSubstitution):
    """The base class of substitutions that find something of a package."""

    def __init__(self, package):
        super().__init__(self)
        self.__package = normalize_to_list_of_substitutions(package)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(name package)``."""
        if len(data) != 1:
            raise AttributeError('find package substitution expects 1 argument')
        return cls, {'package': data[0]}

    @property
    def package(self):
        """The name of the package."""
        return self.__package

    def find(self, package_name):
        """Return what is to be found; subclasses implement it."""
        raise NotImplementedError(f'{type(self).__name__} does not implement find()')

    def describe(self):
        """Return a description."""
        package = ' + '.join(part.describe() for part in self.package)
        return f'{type(self).__name__}(pkg={package})'

    def perform(self, context):
        """
        Return what was found.

        :raises PackageNotFoundError: if there is no such package
        """
        return self.find(perform_substitutions(context, self.package))


@expose_substitution('find-pkg-prefix')
class FindPackagePrefix(FindPackage):
    """The prefix a package is installed to."""

    def find(self, package_name):
        """Return the prefix."""
        return get_package_prefix(package_name)


@expose_substitution('find-pkg-share')
class FindPackageShare(FindPackage):
    """The share directory of a package."""

    def find(self, package_name):
        """Return the directory."""
        return get_package_share_directory(package_name)
