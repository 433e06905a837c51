# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The two numpy functions that upstream carries for old versions of numpy."""

from numpy.lib.recfunctions import structured_to_unstructured
from numpy.lib.recfunctions import unstructured_to_structured

__all__ = ['structured_to_unstructured', 'unstructured_to_structured']
