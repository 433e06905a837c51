# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Installs the stand-in for the launch_xml package."""

from setuptools import find_packages
from setuptools import setup

package_name = 'launch_xml'

setup(
    name=package_name,
    version='3.4.3',
    packages=find_packages(exclude=['test']),
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
    ],
    install_requires=['setuptools'],
    zip_safe=True,
    maintainer='Affect for ROS 2 contributors',
    maintainer_email='affect@users.noreply.github.com',
    description='Stand-in for the ROS 2 launch_xml package.',
    license='Apache-2.0',
    entry_points={
        'launch.frontend.parser': [
            'xml = launch_xml:Parser',
        ],
    },
)
