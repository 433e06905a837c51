# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Images that lie about themselves are found out."""

from affect_trackers.eye_tracker.eye_image import ImageError
from affect_trackers.eye_tracker.eye_image import to_grey
import numpy as np
import pytest


def test_grey_with_padded_rows():
    padded = np.arange(40 * 64, dtype=np.uint32).astype(np.uint8).reshape(40, 64)
    grey = to_grey(40, 50, 'mono8', 64, padded.tobytes())
    np.testing.assert_array_equal(grey, padded[:, :50])


def test_red_and_blue_are_not_mixed_up():
    red = np.zeros((40, 40, 3), np.uint8)
    red[:, :, 0] = 255
    assert to_grey(40, 40, 'rgb8', 120, red.tobytes())[0, 0] == 76
    assert to_grey(40, 40, 'bgr8', 120, red.tobytes())[0, 0] == 29


@pytest.mark.parametrize('height, width, encoding, step, size, words', [
    (40, 40, '32FC1', 160, 6400, 'encoding'),
    (40, 40, 'mono8', 40, 1599, 'step and data'),
    (40, 40, 'mono8', 39, 1560, 'step and data'),
    (40, 40, 'bgr8', 40, 1600, 'step and data'),
    (0, 0, 'mono8', 0, 0, 'size'),
    (40, 5000, 'mono8', 5000, 200000, 'size')])
def test_what_does_not_fit_is_refused(height, width, encoding, step, size, words):
    with pytest.raises(ImageError, match=words):
        to_grey(height, width, encoding, step, bytes(size))


@pytest.mark.parametrize('bits, order', [(10, '<u2'), (12, '<u2'), (16, '<u2'), (12, '>u2')])
def test_sixteen_bits_keep_their_contrast_however_many_are_used(bits, order):
    deep = np.linspace(0, 2 ** bits - 1, 40 * 50).reshape(40, 50).astype(order)
    grey = to_grey(
        40, 50, 'mono16', 100, deep.tobytes(), is_bigendian=order.startswith('>'))
    np.testing.assert_allclose(grey, np.linspace(0, 255, 2000).reshape(40, 50), atol=1.0)


def test_an_alpha_channel_is_no_colour():
    grey = to_grey(40, 40, 'rgba8', 160, bytes((255, 0, 0, 9)) * 1600)
    assert grey.shape == (40, 40)
    assert grey[0, 0] == 76
