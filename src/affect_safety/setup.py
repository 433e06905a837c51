# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages
from setuptools import setup

package_name = 'affect_safety'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={package_name: ['rules/*.yaml']},
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
    ],
    install_requires=['setuptools', 'PyYAML', 'cryptography'],
    extras_require={'test': ['pytest']},  # by this colcon test knows that pytest runs them
    zip_safe=False,
    maintainer='Affect for ROS 2 maintainers',
    maintainer_email='maintainers@affect-ros.invalid',
    description='Rules, alarms, journal and purpose gate of the safety monitor.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            'safety_monitor = affect_safety.node:main',
            'journal = affect_safety.journal_cli:main',
        ],
    },
)
