# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Every encoding of sensor_msgs/image_encodings.hpp through cv_bridge, against plain arithmetic.

Nothing here calls OpenCV: the expected pixels are computed from the definition of each encoding.
"""

import array
import sys

from cv_bridge import CvBridge
from cv_bridge import CvBridgeError
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest
from sensor_msgs.msg import Image

BRIDGE = CvBridge()
DEPTHS = {
    '8U': 'u1', '8S': 'i1', '16U': 'u2', '16S': 'i2', '32S': 'i4', '32F': 'f4', '64F': 'f8'}
# Name of the encoding: letters of its channels, bytes per channel.
COLORS = {
    f'{colors}{8 * size}': (colors if colors != 'mono' else 'y', size)
    for colors in ('mono', 'rgb', 'bgr', 'rgba', 'bgra') for size in (1, 2)}
BAYER = {
    f'bayer_{pattern}{8 * size}': (pattern, size)
    for pattern in ('rggb', 'bggr', 'gbrg', 'grbg') for size in (1, 2)}
# Name of the encoding: letters of the four bytes that make two pixels.
YUV = {'yuv422': 'uyvy', 'yuv422_yuy2': 'yuyv'}
LAYOUTS = {
    **{f'{depth}C{channels}': (code, channels)
       for depth, code in DEPTHS.items() for channels in (1, 2, 3, 4)},
    **{name: (f'u{size}', 1 if colors == 'y' else len(colors))
       for name, (colors, size) in COLORS.items()},
    **{name: (f'u{size}', 1) for name, (_, size) in BAYER.items()},
    **dict.fromkeys(YUV, ('u1', 2)),
}
LUMA = {'r': 0.299, 'g': 0.587, 'b': 0.114}  # ITU-R BT.601


def message_of(rows, encoding, padding=0):
    """Return the message of an array (rows, columns, channels) with bytes after each row."""
    pad = bytes([0xA5]) * padding
    message = Image(
        encoding=encoding, height=rows.shape[0], width=rows.shape[1],
        step=rows[0].nbytes + padding, is_bigendian=int(rows.dtype.str.startswith('>')))
    message.data = array.array('B', b''.join(row.tobytes() + pad for row in rows))
    return message


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_every_encoding_is_read_in_either_byte_order_with_padded_rows(data):
    encoding = data.draw(st.sampled_from(sorted(LAYOUTS)))
    code, channels = LAYOUTS[encoding]
    order = data.draw(st.sampled_from('<>')) if np.dtype(code).itemsize > 1 else '<'
    shape = (data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5)), channels)
    dtype = np.dtype(order + code)
    raw = data.draw(st.binary(
        min_size=int(np.prod(shape)) * dtype.itemsize,
        max_size=int(np.prod(shape)) * dtype.itemsize))
    pixels = np.frombuffer(raw, dtype).reshape(shape)
    padding = data.draw(st.integers(0, 3)) * channels * dtype.itemsize
    image = BRIDGE.imgmsg_to_cv2(message_of(pixels, encoding, padding))
    assert image.dtype == np.dtype(code)
    assert image.shape == (shape[:2] if channels == 1 else shape)
    # By bytes: NaN is not equal to itself.
    native = pixels.byteswap() if (order == '>') == (sys.byteorder == 'little') else pixels
    if dtype.itemsize > 1:
        assert image.tobytes() == native.tobytes()
    else:
        assert image.tobytes() == raw


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_every_encoding_is_written_as_it_is(data):
    encoding = data.draw(st.sampled_from(sorted(LAYOUTS)))
    code, channels = LAYOUTS[encoding]
    rows, columns = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    size = np.dtype(code).itemsize
    raw = data.draw(st.binary(
        min_size=rows * columns * channels * size, max_size=rows * columns * channels * size))
    pixels = np.frombuffer(raw, '<' + code).reshape(rows, columns, channels)
    message = BRIDGE.cv2_to_imgmsg(pixels, encoding)
    assert (message.encoding, message.height, message.width) == (encoding, rows, columns)
    assert message.step == columns * channels * size
    assert message.data.tobytes() == raw
    assert BRIDGE.encoding_to_dtype_with_channels(encoding) == (np.dtype(code).name, channels)


def planes_of(pixels, letters):
    """Return channels by letter; grey is red, green and blue alike."""
    if letters == 'y':
        return {letter: pixels[..., 0].astype(float) for letter in 'rgb'}
    return {letter: pixels[..., i].astype(float) for i, letter in enumerate(letters)}


def expected_colors(pixels, source, target):
    """Return the pixels in the target encoding, as numbers with a fraction."""
    (letters_in, size_in), (letters_out, size_out) = COLORS[source], COLORS[target]
    planes = planes_of(pixels, letters_in)
    planes.setdefault('a', np.full(pixels.shape[:2], 256.0 ** size_in - 1))
    planes['y'] = sum(weight * planes[letter] for letter, weight in LUMA.items())
    scale = 257.0 ** (size_out - size_in)
    return np.stack([planes[letter] * scale for letter in letters_out], axis=-1)


@pytest.mark.parametrize('target', sorted(COLORS))
@pytest.mark.parametrize('source', sorted(COLORS))
def test_every_color_becomes_every_other(source, target):
    code, channels = LAYOUTS[source]
    generator = np.random.default_rng(7)
    pixels = generator.integers(0, 256 ** np.dtype(code).itemsize, (9, 11, channels)).astype(code)
    image = BRIDGE.imgmsg_to_cv2(message_of(pixels, source), target)
    assert image.dtype == np.dtype(LAYOUTS[target][0])
    expected = expected_colors(pixels, source, target)
    # Luma is rounded in the source's depth, with weights of 14 or 15 bits.
    grey = COLORS[target][0] == 'y' and COLORS[source][0] != 'y'
    levels = (4 if COLORS[source][1] == 2 else 1) if grey else 0.5
    tolerance = max(levels * 257.0 ** (COLORS[target][1] - COLORS[source][1]), 0.5)
    assert np.abs(image.reshape(expected.shape) - expected).max() <= tolerance + 0.5 * grey


def neighbour_mean(mosaic, mask):
    """Return at each pixel the mean of the nearest pixels under the mask (bilinear)."""
    weights = np.array([[1, 2, 1], [2, 100, 2], [1, 2, 1]])

    def windowed(values):
        padded = np.pad(values.astype(float), 1)
        return sum(
            weights[dy, dx] * padded[dy:dy + values.shape[0], dx:dx + values.shape[1]]
            for dy in range(3) for dx in range(3))

    own = np.where(mask, mosaic, 0.0)
    return np.where(mask, mosaic, windowed(own) / np.maximum(windowed(mask), 1.0))


@pytest.mark.parametrize('encoding', sorted(BAYER))
def test_every_bayer_pattern_is_interpolated(encoding):
    pattern, size = BAYER[encoding]
    mosaic = np.random.default_rng(3).integers(0, 256 ** size, (12, 16)).astype(f'u{size}')
    filters = np.tile(np.array(list(pattern)).reshape(2, 2), (6, 8))
    planes = {}
    for letter in 'rgb':
        mask = filters == letter
        planes[letter] = neighbour_mean(mosaic, mask)
    message = message_of(mosaic[..., np.newaxis], encoding)
    inner = (slice(2, -2), slice(2, -2))
    for target in ('rgb', 'bgr'):
        image = BRIDGE.imgmsg_to_cv2(message, f'{target}{8 * size}')
        for i, letter in enumerate(target):
            assert np.abs(image[..., i][inner] - planes[letter][inner]).max() <= 1
    grey = BRIDGE.imgmsg_to_cv2(message, f'mono{8 * size}')
    luma = sum(weight * planes[letter] for letter, weight in LUMA.items())
    assert np.abs(grey[inner] - luma[inner]).max() <= 4


@pytest.mark.parametrize('encoding', sorted(YUV))
def test_every_packed_yuv_becomes_color(encoding):
    generator = np.random.default_rng(5)
    # In video range, and little colour: what no eight bits can hold would be clipped.
    parts = {
        'y': generator.integers(80, 180, (6, 8)),
        'u': generator.integers(110, 146, (6, 4)), 'v': generator.integers(110, 146, (6, 4))}
    taken = {'y': 0}
    packed = np.zeros((6, 4, 4), np.uint8)
    for i, letter in enumerate(YUV[encoding]):
        if letter == 'y':
            packed[..., i] = parts['y'][:, taken['y']::2]
            taken['y'] += 1
        else:
            packed[..., i] = parts[letter]
    luma = 1.164 * (parts['y'] - 16.0)
    u, v = (np.repeat(parts[letter], 2, axis=1) - 128.0 for letter in 'uv')
    expected = {'r': luma + 1.596 * v, 'g': luma - 0.391 * u - 0.813 * v, 'b': luma + 2.018 * u}
    message = message_of(packed.reshape(6, 8, 2), encoding)
    for target in ('rgb8', 'bgr8', 'rgba8', 'bgra8'):
        image = BRIDGE.imgmsg_to_cv2(message, target)
        for i, letter in enumerate(target[:3]):
            assert np.abs(image[..., i] - expected[letter]).max() <= 2
        assert target[3] != 'a' or (image[..., 3] == 255).all()
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(message, 'mono8'), parts['y'])


@pytest.mark.parametrize('encoding', ['nv21', 'nv24'])
def test_planar_yuv_is_an_error(encoding):
    with pytest.raises(CvBridgeError, match='Unrecognized image encoding'):
        BRIDGE.imgmsg_to_cv2(Image(encoding=encoding, width=2, height=2, step=2))
