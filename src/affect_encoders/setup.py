# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages
from setuptools import setup

package_name = 'affect_encoders'
modalities = (
    'body_expression', 'eye_expression', 'eye_movement', 'facial_expression', 'head_motion',
    'physiology', 'scene', 'speech', 'voice')

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={package_name: ['weights/*']},
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
        # A command for people: setup.cfg sends entry points to lib/, where `ros2 run` finds nodes.
        ('bin', ['bin/affect-encode']),
    ],
    install_requires=['setuptools'],
    extras_require={'test': ['pytest']},  # by this colcon test knows that pytest runs them
    # The weights are read as files.
    zip_safe=False,
    maintainer='Affect for ROS 2 maintainers',
    maintainer_email='maintainers@affect-ros.invalid',
    description='One encoder per modality: signal in, embedding and affect out.',
    # The code; weights carry the licences of their data, see the model cards.
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            f'{modality} = {package_name}.{modality}.node:main' for modality in modalities],
    },
)
