# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from glob import glob

from setuptools import find_packages
from setuptools import setup

package_name = 'affect_bringup'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
        ('share/' + package_name + '/launch', glob('launch/*.launch.py')),
        ('share/' + package_name + '/config', glob('config/*.yaml')),
        ('share/' + package_name + '/config/simulation', glob('config/simulation/*.yaml')),
        ('share/' + package_name + '/profiles', glob('profiles/*.yaml')),
    ],
    install_requires=['setuptools'],
    extras_require={'test': ['pytest']},  # by this colcon test knows that pytest runs them
    zip_safe=True,
    maintainer='Affect for ROS 2 maintainers',
    maintainer_email='maintainers@affect-ros.invalid',
    description='How the whole Affect suite starts.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            'bench = affect_bringup.bench.__main__:main',
            'container = affect_bringup.container:main',
            'demo = affect_bringup.demo:main',
            'doctor = affect_bringup.doctor:main',
            'lifecycle_manager = affect_bringup.lifecycle_manager:main',
            'replay_player = affect_bringup.replay_player:main',
            'record = affect_bringup.record:main',
            'compare_runs = affect_bringup.compare_runs:main',
        ],
    },
)
