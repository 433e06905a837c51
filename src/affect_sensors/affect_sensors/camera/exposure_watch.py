# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a camera's images show anything."""

import numpy as np

_EVERY_NS = 200_000_000
_AGREE = 4
"""Looks in a row that must agree: a blink of the light is nobody's fault."""
_STEP = 16
"""Every so many-th pixel and row: a mean over 1200 pixels of 640 x 480."""
_DARK, _BRIGHT = 8.0, 250
_SATURATED_SHARE = 0.5
_UNIFORM_STD = 0.5


class ExposureWatch:
    """
    Looks at a few pixels a few times a second and says what hinders anyone from seeing.

    The limits are meant to be beyond any picture of use: nearly black, half of the picture
    burnt out, or one single value everywhere (a covered lens, a broken link).
    """

    def __init__(self) -> None:
        self._next_ns: int | None = None
        self._seen: list[str] = []
        self.complaint = ''

    def look(self, stamp_ns: int, image: np.ndarray) -> bool:
        """Look at a uint8 image if it is time to; return whether the ``complaint`` is new."""
        if self._next_ns is not None and 0 < self._next_ns - stamp_ns <= _EVERY_NS:
            return False
        self._next_ns = stamp_ns + _EVERY_NS
        self._seen = [*self._seen[1 - _AGREE:], judge(image)]
        if len(self._seen) < _AGREE or len(set(self._seen)) > 1:
            return False
        is_new = self._seen[-1] != self.complaint
        self.complaint = self._seen[-1]
        return is_new


def judge(image: np.ndarray) -> str:
    """Say what is wrong with an image, uint8 [H, W] or [H, W, 3]; empty when nothing is."""
    pixels = image[_STEP // 2::_STEP, _STEP // 2::_STEP]
    if pixels.size == 0:
        pixels = image
    mean = float(pixels.mean())
    if mean < _DARK:
        return (
            f'dark: the mean is {mean:.1f} of 255; is the lens covered, or the illumination off?')
    if float((pixels >= _BRIGHT).mean()) > _SATURATED_SHARE:
        return (
            'saturated: more than half of the picture is burnt out; lower exposure, gain or '
            'illumination')
    if float(pixels.reshape(len(pixels), pixels.shape[1], -1).std(axis=(0, 1)).max()) < (
            _UNIFORM_STD):
        return 'uniform: every pixel has one value; is the lens covered, or the link broken?'
    return ''
