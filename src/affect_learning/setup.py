# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages
from setuptools import setup

package_name = 'affect_learning'

# There is no setup.cfg on purpose: these are commands for people, not nodes, so their scripts go
# to <prefix>/bin, which colcon puts on PATH, and not to lib/<package>.
setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
    ],
    install_requires=['setuptools'],
    extras_require={'test': ['pytest']},  # by this colcon test knows that pytest runs them
    zip_safe=True,
    maintainer='Affect for ROS 2 maintainers',
    maintainer_email='maintainers@affect-ros.invalid',
    description='Sessions from recordings, protocols, training and benchmarks; no ROS node.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            'affect-session = affect_learning.session.cli:main',
            'affect-train-speech = affect_learning.train_speech:main',
        ],
    },
)
