# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The functions that upstream compiles, under the names that other code imports from here."""

from cv_bridge.color_conversion import convert_color as cvtColor2
from cv_bridge.display import cvtColorForDisplay
from cv_bridge.encodings import getCvType
from cv_bridge.encodings import split_cv_type

__all__ = [
    'CV_MAT_CNWrap', 'CV_MAT_DEPTHWrap', 'cvtColor2', 'cvtColorForDisplay', 'getCvType']


def CV_MAT_CNWrap(i):
    """Return the number of channels of an OpenCV type code."""
    return split_cv_type(i)[1]


def CV_MAT_DEPTHWrap(i):
    """Return the depth code of an OpenCV type code."""
    return i & 7
