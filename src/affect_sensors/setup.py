# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages
from setuptools import setup

package_name = 'affect_sensors'

executables = (
    'camera', 'depth_camera', 'face', 'gaze', 'headset_receiver', 'headset_status', 'imu',
    'microphone', 'physiology', 'simulated_wearer_truth')

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={package_name: ['simulation/utterances/*', 'simulation/utterances/*/*']},
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
        ('share/' + package_name + '/doc', [
            'doc/headset_sender.hpp', 'doc/headset_wire_format.md', 'doc/osc_and_lsl.md']),
    ],
    install_requires=['setuptools'],
    extras_require={'test': ['pytest']},  # by this colcon test knows that pytest runs them
    # What the simulated wearer says is read as files.
    zip_safe=False,
    maintainer='Affect for ROS 2 maintainers',
    maintainer_email='maintainers@affect-ros.invalid',
    description='One driver node per sensor of a head-mounted display.',
    license='Apache-2.0',
    entry_points={'console_scripts': [
        'headset_sender = affect_sensors.headset_link.send_command:main',
        *(f'{name} = affect_sensors.{name}.node:main' for name in executables)]},
)
