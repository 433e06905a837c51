# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the encoding names of ``sensor_msgs/Image`` mean: depth, channels, order of colours."""

import re
from typing import NamedTuple

import cv2

# OpenCV's names of depths and numpy's. The code of an OpenCV 4 type is depth + 8 (channels - 1).
DEPTH_TO_DTYPE = {
    '8U': 'uint8', '8S': 'int8', '16U': 'uint16', '16S': 'int16', '32S': 'int32',
    '32F': 'float32', '64F': 'float64'}
DTYPE_TO_DEPTH = {dtype: depth for depth, dtype in DEPTH_TO_DTYPE.items()}
DEPTH_TO_CODE = {depth: getattr(cv2, f'CV_{depth}') for depth in DEPTH_TO_DTYPE}
CODE_TO_DEPTH = {code: depth for depth, code in DEPTH_TO_CODE.items()}
_MAX_CHANNELS = 512
_GENERIC = re.compile(f'({"|".join(DEPTH_TO_DTYPE)})(?:C([0-9]+))?')


class Encoding(NamedTuple):
    """
    Meaning of an encoding name.

    ``depth`` is OpenCV's name such as '8U'; ``colors`` is OpenCV's name of the layout such as
    'BGR' or 'BayerBG', and None for the generic encodings, which carry no colour.
    """

    depth: str
    channels: int
    colors: str | None

    @property
    def bits(self) -> int:
        """Bits per channel."""
        return int(self.depth[:-1])


_NAMED = {
    'yuv422': Encoding('8U', 2, 'UYVY'),
    'uyvy': Encoding('8U', 2, 'UYVY'),
    'yuv422_yuy2': Encoding('8U', 2, 'YUY2'),
    'yuyv': Encoding('8U', 2, 'YUY2'),
}
for _bits in '8', '16':
    _NAMED['mono' + _bits] = Encoding(_bits + 'U', 1, 'GRAY')
    for _colors in 'rgb', 'bgr', 'rgba', 'bgra':
        _NAMED[_colors + _bits] = Encoding(_bits + 'U', len(_colors), _colors.upper())
    # ROS spells the first four pixels, OpenCV the second and third of the second row.
    for _ros, _opencv in ('rggb', 'BG'), ('bggr', 'RG'), ('gbrg', 'GR'), ('grbg', 'GB'):
        _NAMED[f'bayer_{_ros}{_bits}'] = Encoding(_bits + 'U', 1, 'Bayer' + _opencv)


def parse_encoding(name: str) -> Encoding:
    """Return the :class:`Encoding` of a name; RuntimeError if there is no such encoding."""
    if name in _NAMED:
        return _NAMED[name]
    match = _GENERIC.fullmatch(name)
    if match and 1 <= int(match[2] or 1) <= _MAX_CHANNELS:
        return Encoding(match[1], int(match[2] or 1), None)
    raise RuntimeError(f'Unrecognized image encoding [{name}]')


def getCvType(encoding: str) -> int:
    """Return OpenCV's type code of an encoding name; RuntimeError if there is no such encoding."""
    depth, channels, _ = parse_encoding(encoding)
    return DEPTH_TO_CODE[depth] + ((channels - 1) << 3)


def split_cv_type(cv_type: int) -> tuple[str, int]:
    """Return depth name ('8U') and number of channels of an OpenCV type code."""
    return CODE_TO_DEPTH[cv_type & 7], ((cv_type >> 3) & (_MAX_CHANNELS - 1)) + 1
