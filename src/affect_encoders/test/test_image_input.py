# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Image messages of any encoding as grey or BGR arrays."""

from array import array

from affect_encoders.image_input import ImageInputError
from affect_encoders.image_input import read_image
import numpy as np
import pytest
from sensor_msgs.msg import Image

BGR = (30, 90, 200)
GREY = 70


def message(pixels, encoding, *, padding=0, is_bigendian=False):
    """Return the message of one 32 x 24 colour whose pixel bytes are given."""
    row = bytes(pixels) * 32 + bytes([255] * padding)
    return Image(
        width=32, height=24, encoding=encoding, step=len(row), is_bigendian=is_bigendian,
        data=array('B', row * 24))


@pytest.mark.parametrize(('pixels', 'encoding'), [
    (BGR, 'bgr8'), (BGR[::-1], 'rgb8'), ((*BGR, 5), 'bgra8'), ((*BGR[::-1], 5), 'rgba8'),
    (BGR, '8UC3'), ((*BGR, 5), '8UC4'), ([v for c in BGR for v in (0, c)], 'bgr16')])
@pytest.mark.parametrize('padding', [0, 4])
def test_colours_come_out_as_blue_green_red(pixels, encoding, padding):
    image = read_image(message(pixels, encoding, padding=padding))
    assert (image.shape, image.dtype) == ((24, 32, 3), np.uint8)
    np.testing.assert_allclose(image, np.broadcast_to(BGR, image.shape), atol=1)


@pytest.mark.parametrize(('pixels', 'encoding', 'is_bigendian'), [
    ([GREY], 'mono8', False), ([GREY], '8UC1', False), ([0, GREY], 'mono16', False),
    ([GREY, 0], 'mono16', True), ([0, GREY], '16UC1', False)])
def test_grey_comes_out_as_one_channel(pixels, encoding, is_bigendian):
    image = read_image(message(pixels, encoding, is_bigendian=is_bigendian))
    assert (image.shape, image.dtype) == ((24, 32), np.uint8)
    np.testing.assert_allclose(image, GREY, atol=1)


@pytest.mark.parametrize('encoding', ['bayer_rggb8', 'bayer_grbg8'])
def test_a_colour_filter_of_equal_light_is_grey_in_colour(encoding):
    image = read_image(message([GREY], encoding))
    assert image.shape == (24, 32, 3)
    np.testing.assert_allclose(image, GREY, atol=1)


@pytest.mark.parametrize(('wrong', 'reason'), [
    ({'encoding': 'smell8'}, "encoding 'smell8' can't be used"),
    ({'encoding': ''}, "encoding '' can't be used"),
    ({'encoding': '32FC1', 'step': 128, 'data': array('B', bytes(128 * 24))},
     "encoding '32FC1' can't be used"),
    ({'encoding': 'bgr8', 'step': 32}, "encoding 'bgr8' can't be used"),
    ({'step': 0}, 'step and data do not match'),
    ({'data': array('B', bytes(7))}, 'step and data do not match'),
    ({'width': 0}, 'empty or giant image'),
    ({'height': 1 << 30}, 'empty or giant image'),
    ({'width': 5}, 'image too small')])
def test_what_is_no_picture_is_named(wrong, reason):
    picture = message([GREY], 'mono8')
    for name, value in wrong.items():
        setattr(picture, name, value)
    with pytest.raises(ImageInputError) as error:
        read_image(picture)
    assert error.value.args[0] == reason
    assert error.value.args[1]
