# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Conversion of images between the encodings of ``sensor_msgs/Image``."""

import cv2
from cv_bridge.encodings import DEPTH_TO_DTYPE
from cv_bridge.encodings import parse_encoding
import numpy as np

_PLAIN_COLORS = ('GRAY', 'RGB', 'BGR', 'RGBA', 'BGRA')
_FROM_BAYER = ('GRAY', 'RGB', 'BGR')
# 255 becomes 65535 and back.
_SCALES = {(8, 16): 257.0, (16, 8): 1 / 257.0}


def convert_color(image: np.ndarray, encoding_in: str, encoding_out: str) -> np.ndarray:
    """
    Convert an image to another encoding.

    :param image: array (rows, columns) or (rows, columns, channels) in ``encoding_in``.
    :param encoding_out: an encoding name; '' stands for ``encoding_in``.
    :return: a new array. Values are scaled between 8 and 16 bits, else rounded and clipped to
        what the new type holds.
    :raises RuntimeError: an unknown encoding, no such conversion, or an image that is not in
        ``encoding_in``.
    """
    if encoding_out in ('', encoding_in):
        return image.copy()
    source = parse_encoding(encoding_in)
    target = parse_encoding(encoding_out)
    if source.colors is None and target.colors is not None:
        raise RuntimeError(
            f'[{encoding_in}] is not a color format. but [{encoding_out}] is. '
            'The conversion does not make sense')
    if source.colors is None or target.colors is None:
        if source.channels != target.channels:
            raise RuntimeError(
                f'[{encoding_in}] and [{encoding_out}] do not have the same number of channels')
    else:
        if not _can_convert(source.colors, target.colors):
            raise RuntimeError(f'Unsupported conversion from [{encoding_in}] to [{encoding_out}]')
        if source.colors != target.colors:
            image = _convert_layout(image, source.colors, target.colors)
            if source.depth == target.depth:
                return image
    return _convert_depth(
        image, np.dtype(DEPTH_TO_DTYPE[target.depth]),
        _SCALES.get((source.bits, target.bits), 1.0))


def _can_convert(source: str, target: str) -> bool:
    if source.startswith('Bayer'):
        return target in _FROM_BAYER
    return target == source or target in _PLAIN_COLORS


def _convert_layout(image: np.ndarray, source: str, target: str) -> np.ndarray:
    is_yuv = source in ('UYVY', 'YUY2')
    name = f'COLOR_YUV2{target}_{source}' if is_yuv else f'COLOR_{source}2{target}'
    try:
        return cv2.cvtColor(image, getattr(cv2, name))
    except cv2.error as error:
        raise RuntimeError(
            f'cannot convert {image.dtype} {image.shape} as {source} to {target}: {error}'
        ) from error


def _convert_depth(image: np.ndarray, dtype: np.dtype, scale: float) -> np.ndarray:
    """Scale, round to nearest and clip, as ``cv::Mat::convertTo`` does."""
    if dtype.kind == 'f':
        return image.astype(dtype)
    # float32 holds 16 bits exactly; wider sources need float64.
    values = np.multiply(image, scale, dtype=np.float32 if image.itemsize <= 2 else np.float64)
    limits = np.iinfo(dtype)
    np.rint(values, out=values)
    np.nan_to_num(values, copy=False, nan=limits.min, posinf=limits.max, neginf=limits.min)
    return np.clip(values, limits.min, limits.max, out=values).astype(dtype)
