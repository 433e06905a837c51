# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Conversion of images of any depth to something a person can look at."""

import colorsys

import cv2
from cv_bridge.color_conversion import convert_color
from cv_bridge.encodings import parse_encoding
import numpy as np

_GUESSED = {
    '8UC1': 'mono8', '8UC3': 'bgr8', '8UC4': 'bgra8',
    '16UC1': 'mono16', '16UC3': 'bgr16', '16UC4': 'bgra16'}
_DISPLAY_COLORS = ('GRAY', 'RGB', 'BGR', 'RGBA', 'BGRA')
_BACKGROUND_LABEL = -1
_LABEL_COLORS = 144
# Neighbouring labels get hues that are far apart.
_GOLDEN_RATIO = 0.618033988749895
_MIDDLE_GREY = 128


def cvtColorForDisplay(
    source: np.ndarray, encoding_in: str, encoding_out: str, do_dynamic_scaling: bool = False,
    min_image_value: float = 0.0, max_image_value: float = 0.0, colormap: int = -1,
) -> np.ndarray:
    """
    Convert an image to eight bits for display.

    Labels ('32SC1' to 'bgr8') get a colour each, -1 black. With limits, or with dynamic scaling,
    an image of one channel is stretched from them to 0..255; without, it is converted as
    `CvBridge` does, generic encodings counting as grey or BGR.

    :param encoding_in: the encoding of ``source``.
    :param encoding_out: a colour or mono encoding of eight bits; '' for 'bgr8'.
    :param do_dynamic_scaling: take the limits from the image's finite values.
    :param colormap: one of ``cv2.COLORMAP_*`` for the stretched image, -1 for grey.
    :raises RuntimeError: there is no way to show this image in that encoding.
    """
    original = parse_encoding(encoding_in)
    encoding = encoding_out or 'bgr8'
    target = parse_encoding(encoding)
    if not encoding_out and original.bits == 64:
        raise RuntimeError(
            'cv_bridge.cvtColorForDisplay() output encoding is empty and cannot be guessed.')
    if target.colors not in _DISPLAY_COLORS or target.bits != 8:
        raise RuntimeError(
            'cv_bridge.cvtColorForDisplay() does not have an output encoding that is color or '
            f'mono and of eight bits, but [{encoding}]')
    if encoding == 'bgr8' and encoding_in == '32SC1':
        return _label_colors(source)
    if do_dynamic_scaling:
        finite = source[np.isfinite(source)]
        min_image_value, max_image_value = (
            (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0))
        if min_image_value == max_image_value:
            shape = source.shape[:2] + ((target.channels,) if target.channels > 1 else ())
            return np.full(shape, _MIDDLE_GREY, np.uint8)
    if min_image_value != max_image_value:
        if original.channels != 1:
            raise RuntimeError(
                'cv_bridge.cvtColorForDisplay() scaling for images with more than one channel '
                'is unsupported')
        stretched = _stretched(source, min_image_value, max_image_value)
        if colormap == -1:
            return convert_color(stretched, 'mono8', encoding)
        colored = cv2.applyColorMap(stretched, colormap)
        colored[np.isnan(source)] = 0
        return convert_color(colored, 'bgr8', encoding)
    try:
        return convert_color(source, _GUESSED.get(encoding_in, encoding_in), encoding)
    except RuntimeError as error:
        raise RuntimeError(
            'cv_bridge.cvtColorForDisplay() while trying to convert image from '
            f"'{encoding_in}' to '{encoding}' an exception was thrown ({error})") from error


def _stretched(image: np.ndarray, low: float, high: float) -> np.ndarray:
    values = (image.astype(np.float64) - low) * (255.0 / (high - low))
    return np.rint(np.clip(np.nan_to_num(values), 0.0, 255.0)).astype(np.uint8)


def _label_colors(labels: np.ndarray) -> np.ndarray:
    palette = np.array([
        colorsys.hsv_to_rgb(number * _GOLDEN_RATIO % 1.0, 1.0, 1.0 - number % 3 * 0.25)[::-1]
        for number in range(_LABEL_COLORS)])
    colors = np.rint(palette * 255.0).astype(np.uint8)[labels % _LABEL_COLORS]
    colors[labels == _BACKGROUND_LABEL] = 0
    return colors
