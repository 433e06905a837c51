# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Install the `ros2` command."""

from setuptools import find_packages
from setuptools import setup

package_name = 'ros2cli'

# There is no setup.cfg on purpose: scripts go to <prefix>/bin, so that `ros2` is on the PATH.
setup(
    name=package_name,
    version='0.32.2',
    packages=find_packages(exclude=['test']),
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
    ],
    install_requires=['setuptools', 'pyyaml', 'rosbags'],
    zip_safe=False,
    maintainer='Affect for ROS 2 contributors',
    maintainer_email='maintainers@affect.invalid',
    description='Stand-in for the ros2 command',
    license='Apache-2.0',
    entry_points={'console_scripts': ['ros2 = ros2cli.main:main']},
)
