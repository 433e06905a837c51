# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages
from setuptools import setup

package_name = 'affect_trackers'


setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={
        'affect_trackers.eye_tracker': ['weights/*'],
        'affect_trackers.face_tracker': ['weights/*']},
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
        # A command for people: setup.cfg sends entry points to lib/, where `ros2 run` finds nodes.
        ('bin', ['bin/affect-track']),
    ],
    install_requires=['setuptools'],
    extras_require={'test': ['pytest']},  # by this colcon test knows that pytest runs them
    zip_safe=True,
    maintainer='Affect for ROS 2 maintainers',
    maintainer_email='maintainers@affect-ros.invalid',
    description='From raw camera frames to physical quantities.',
    license='Apache-2.0',
    entry_points={'console_scripts': [
        'eye_tracker = affect_trackers.eye_tracker.node:main',
        'face_tracker = affect_trackers.face_tracker.node:main',
        'speech_recognizer = affect_trackers.speech_recognizer.node:main',
    ]},
)
