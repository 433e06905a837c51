# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Stand-in for the Python API of ROS 2 cv_bridge, on numpy and OpenCV alone.

Written from the documented behaviour of the Jazzy package.
"""

from cv_bridge.core import CvBridge
from cv_bridge.core import CvBridgeError
from cv_bridge.display import cvtColorForDisplay
from cv_bridge.encodings import getCvType

__all__ = ['CvBridge', 'CvBridgeError', 'cvtColorForDisplay', 'getCvType']
