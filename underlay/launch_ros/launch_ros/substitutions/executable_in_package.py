# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Executables of packages."""

import os
import shutil

from launch.frontend import expose_substitution
from launch.substitutions import SubstitutionFailure
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions

from .find_package import FindPackagePrefix


@expose_substitution('exec-in-pkg')
class ExecutableInPackage(FindPackagePrefix):
    """The path of an executable in the libexec directory (lib/<package>) of a package."""

    def __init__(self, executable, package):
        super().__init__(package)
        self.__executable = normalize_to_list_of_substitutions(executable)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(exec-in-pkg executable package)``."""
        if len(data) != 2:
            raise AttributeError('exec-in-pkg substitution expects 2 arguments')
        return cls, {'executable': data[0], 'package': data[1]}

    @property
    def executable(self):
        """The name of the executable."""
        return self.__executable

    def describe(self):
        """Return a description."""
        package = ' + '.join(part.describe() for part in self.package)
        executable = ' + '.join(part.describe() for part in self.executable)
        return f'ExecInPkg(pkg={package}, exec={executable})'

    def perform(self, context):
        """Return the path."""
        executable = perform_substitutions(context, self.executable)
        package = perform_substitutions(context, self.package)
        prefix = super().perform(context)
        libexec = os.path.join(prefix, 'lib', package)
        if not os.path.exists(libexec):
            raise SubstitutionFailure(f"package '{package}' found at '{prefix}', but libexec "
                                      f"directory '{libexec}' does not exist")
        path = shutil.which(executable, path=libexec)
        if path is None:
            raise SubstitutionFailure(
                f"executable '{executable}' not found on the libexec directory '{libexec}' ")
        return path
