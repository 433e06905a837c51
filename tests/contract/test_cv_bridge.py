# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What we rely on in cv_bridge, true of the real package and of the stand-in alike."""

import array
import sys

import cv2
from cv_bridge import CvBridge
from cv_bridge import CvBridgeError
from cv_bridge import getCvType
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
import numpy as np
import pytest
from sensor_msgs.msg import CompressedImage
from sensor_msgs.msg import Image
from std_msgs.msg import Header

BRIDGE = CvBridge()
DTYPES = ('uint8', 'int8', 'uint16', 'int16', 'int32', 'float32', 'float64')
# One red, one green and one blue pixel, as OpenCV holds them.
BGR = np.array([[[0, 0, 255], [0, 255, 0], [255, 0, 0]]], np.uint8)


def image_message(data, encoding, width, step, height=1, is_bigendian=0):
    message = Image(
        encoding=encoding, width=width, height=height, step=step, is_bigendian=is_bigendian)
    message.data = array.array('B', data)
    return message


@pytest.mark.parametrize(('encoding', 'cv_type', 'dtype', 'channels'), [
    ('mono8', cv2.CV_8UC1, 'uint8', 1),
    ('mono16', cv2.CV_16UC1, 'uint16', 1),
    ('bgr8', cv2.CV_8UC3, 'uint8', 3),
    ('rgb8', cv2.CV_8UC3, 'uint8', 3),
    ('bgra8', cv2.CV_8UC4, 'uint8', 4),
    ('rgba8', cv2.CV_8UC4, 'uint8', 4),
    ('bgr16', cv2.CV_16UC3, 'uint16', 3),
    ('rgba16', cv2.CV_16UC4, 'uint16', 4),
    ('bayer_rggb8', cv2.CV_8UC1, 'uint8', 1),
    ('bayer_grbg16', cv2.CV_16UC1, 'uint16', 1),
    ('yuv422', cv2.CV_8UC2, 'uint8', 2),
    ('8UC1', cv2.CV_8UC1, 'uint8', 1),
    ('8SC2', cv2.CV_8SC2, 'int8', 2),
    ('16SC3', cv2.CV_16SC3, 'int16', 3),
    ('32SC1', cv2.CV_32SC1, 'int32', 1),
    ('32FC1', cv2.CV_32FC1, 'float32', 1),
    ('64FC4', cv2.CV_64FC4, 'float64', 4),
    ('8UC5', cv2.CV_8UC(5), 'uint8', 5),
    ('16U', cv2.CV_16UC1, 'uint16', 1),
])
def test_encodings_name_types(encoding, cv_type, dtype, channels):
    assert getCvType(encoding) == BRIDGE.encoding_to_cvtype2(encoding) == cv_type
    assert BRIDGE.encoding_to_dtype_with_channels(encoding) == (dtype, channels)
    assert BRIDGE.cvtype2_to_dtype_with_channels(cv_type) == (dtype, channels)


def test_types_have_generic_names():
    assert BRIDGE.dtype_with_channels_to_cvtype2(np.dtype('float32'), 3) == '32FC3'
    assert BRIDGE.cvtype_to_name[cv2.CV_16UC1] == '16UC1'
    assert BRIDGE.cvdepth_to_numpy_depth[cv2.CV_32F] == 'float32'
    assert BRIDGE.numpy_type_to_cvtype['uint8'] == '8U'


@pytest.mark.parametrize('encoding', ['', 'nonsense', '8UC', '12UC1', 'BGR8', 'xmono8'])
def test_unknown_encodings_are_errors(encoding):
    with pytest.raises(CvBridgeError):
        BRIDGE.encoding_to_cvtype2(encoding)
    with pytest.raises(CvBridgeError):
        BRIDGE.imgmsg_to_cv2(image_message([1], encoding, width=1, step=1))
    with pytest.raises(RuntimeError):
        getCvType(encoding)


def test_errors_are_type_errors():
    assert issubclass(CvBridgeError, TypeError)


@st.composite
def images(draw):
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    channels = draw(st.sampled_from([None, 2, 3, 4, 5]))
    shape = (rows, columns) if channels is None else (rows, columns, channels)
    return draw(npst.arrays(dtype, shape))


@settings(max_examples=100, deadline=None)
@given(images())
def test_any_image_survives_the_message(image):
    message = BRIDGE.cv2_to_imgmsg(image)
    back = BRIDGE.imgmsg_to_cv2(message)
    assert back.dtype == image.dtype
    np.testing.assert_array_equal(back, image)


def test_message_describes_the_image():
    header = Header(frame_id='face_camera_optical_frame')
    image = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    message = BRIDGE.cv2_to_imgmsg(image, encoding='rgb8', header=header)
    assert isinstance(message.data, array.array)
    assert message.data.tobytes() == image.tobytes()
    assert (message.height, message.width, message.step) == (2, 3, 9)
    assert message.encoding == 'rgb8'
    assert not message.is_bigendian
    assert message.header.frame_id == 'face_camera_optical_frame'


def test_image_need_not_be_contiguous():
    image = np.arange(48, dtype=np.uint16).reshape(6, 8)[::2, 1::2]
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(BRIDGE.cv2_to_imgmsg(image)), image)


def test_a_single_channel_loses_its_axis():
    message = BRIDGE.cv2_to_imgmsg(np.zeros((4, 5, 1), np.uint8))
    assert message.encoding == '8UC1'
    assert BRIDGE.imgmsg_to_cv2(message).shape == (4, 5)


@pytest.mark.parametrize(('image', 'encoding'), [
    (np.zeros((2, 2, 3), np.uint8), 'mono8'),
    (np.zeros((2, 2, 3), np.uint8), 'rgba8'),
    (np.zeros((2, 2), np.uint16), 'mono8'),
    (np.zeros((2, 2), np.float32), '32FC3'),
    (np.zeros((2, 2), np.uint8), 'nonsense'),
])
def test_image_must_fit_the_encoding(image, encoding):
    with pytest.raises(CvBridgeError):
        BRIDGE.cv2_to_imgmsg(image, encoding)


def test_only_arrays_are_images():
    with pytest.raises(TypeError):
        BRIDGE.cv2_to_imgmsg([[1, 2], [3, 4]], 'mono8')
    with pytest.raises(TypeError):
        BRIDGE.cv2_to_compressed_imgmsg([[1, 2], [3, 4]])


def test_padding_of_rows_is_left_out():
    message = image_message([1, 2, 99, 3, 4, 99], '8UC1', width=2, step=3, height=2)
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(message), [[1, 2], [3, 4]])


def test_padding_of_rows_is_left_out_with_several_channels():
    message = image_message(
        [1, 2, 3, 9, 9, 9, 4, 5, 6, 9, 9, 9], 'bgr8', width=1, step=6, height=2)
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(message), [[[1, 2, 3]], [[4, 5, 6]]])


def test_too_few_data_are_an_error():
    with pytest.raises(TypeError):
        BRIDGE.imgmsg_to_cv2(image_message([1, 2, 3], 'mono8', width=2, step=2, height=2))


@pytest.mark.parametrize('dtype', ['>u2', '>i4', '>f4', '>f8'])
def test_byte_order_is_undone(dtype):
    image = np.arange(-6, 6).astype(np.dtype(dtype)).reshape(3, 4)
    message = BRIDGE.cv2_to_imgmsg(image)
    assert message.is_bigendian
    back = BRIDGE.imgmsg_to_cv2(message)
    assert back.dtype.isnative
    np.testing.assert_array_equal(back, image)
    assert sys.byteorder != 'little' or message.data[0] == image.tobytes()[0]


def convert(image, encoding_in, encoding_out):
    return BRIDGE.imgmsg_to_cv2(BRIDGE.cv2_to_imgmsg(image, encoding_in), encoding_out)


def test_colors_change_places():
    np.testing.assert_array_equal(convert(BGR, 'bgr8', 'rgb8'), BGR[..., ::-1])
    np.testing.assert_array_equal(convert(BGR, 'rgb8', 'bgr8'), BGR[..., ::-1])
    bgra = convert(BGR, 'bgr8', 'bgra8')
    np.testing.assert_array_equal(bgra[..., :3], BGR)
    assert (bgra[..., 3] == 255).all()
    np.testing.assert_array_equal(convert(bgra, 'bgra8', 'rgb8'), BGR[..., ::-1])
    np.testing.assert_array_equal(convert(bgra, 'bgra8', 'rgba8'), bgra[..., [2, 1, 0, 3]])


def test_grey_is_luma():
    # ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B.
    np.testing.assert_array_equal(convert(BGR, 'bgr8', 'mono8'), [[76, 150, 29]])
    np.testing.assert_array_equal(convert(BGR, 'rgb8', 'mono8'), [[29, 150, 76]])
    grey = np.array([[7, 200]], np.uint8)
    np.testing.assert_array_equal(convert(grey, 'mono8', 'bgr8'), np.stack([grey] * 3, axis=-1))
    assert convert(grey, 'mono8', 'rgba8').shape == (1, 2, 4)


def test_depths_are_scaled_between_8_and_16_bits():
    image = np.array([[0, 1, 128, 255]], np.uint8)
    wide = convert(image, 'mono8', 'mono16')
    assert wide.dtype == np.uint16
    np.testing.assert_array_equal(wide, [[0, 257, 32896, 65535]])
    np.testing.assert_array_equal(convert(wide, 'mono16', 'mono8'), image)
    np.testing.assert_array_equal(
        convert(np.array([[128, 129, 65406, 65407]], np.uint16), 'mono16', 'mono8'),
        [[0, 1, 254, 255]])


def test_color_and_depth_change_together():
    np.testing.assert_array_equal(
        convert(BGR, 'bgr8', 'mono16'), np.array([[76, 150, 29]]) * 257)
    np.testing.assert_array_equal(
        convert(BGR.astype(np.uint16) * 257, 'bgr16', 'rgb8'), BGR[..., ::-1])


def test_generic_types_are_rounded_and_clipped():
    image = np.array([[-3.0, 0.4, 0.6, 254.6, 300.0]], np.float32)
    np.testing.assert_array_equal(convert(image, '32FC1', '8UC1'), [[0, 0, 1, 255, 255]])
    np.testing.assert_array_equal(
        convert(np.array([[-200, 5]], np.int16), '16SC1', '32FC1'), [[-200.0, 5.0]])


def test_color_images_count_as_generic_ones_of_the_same_channels():
    np.testing.assert_array_equal(convert(BGR, 'bgr8', '8UC3'), BGR)
    grey = np.array([[7]], np.uint8)
    np.testing.assert_array_equal(convert(grey, 'mono8', '32FC1'), [[7.0]])


@pytest.mark.parametrize(('dtype', 'channels', 'encoding_in', 'encoding_out'), [
    ('uint8', 3, '8UC3', 'bgr8'),
    ('uint8', 1, '8UC1', 'mono8'),
    ('uint8', 3, '8UC3', '8UC1'),
    ('uint8', 3, 'bgr8', '8UC1'),
    ('uint8', 3, 'bgr8', 'bayer_rggb8'),
    ('uint8', 3, 'bgr8', 'yuv422'),
    ('uint8', 1, 'bayer_rggb8', 'bayer_rggb16'),
    ('uint8', 1, 'bayer_rggb8', 'bgra8'),
    ('uint8', 3, 'bgr8', 'nonsense'),
])
def test_conversions_without_meaning_are_errors(dtype, channels, encoding_in, encoding_out):
    shape = (4, 4) if channels == 1 else (4, 4, channels)
    message = BRIDGE.cv2_to_imgmsg(np.zeros(shape, dtype), encoding_in)
    with pytest.raises(CvBridgeError):
        BRIDGE.imgmsg_to_cv2(message, encoding_out)


@pytest.mark.parametrize(('pattern', 'red_at'), [
    ('rggb', (0, 0)), ('bggr', (1, 1)), ('gbrg', (1, 0)), ('grbg', (0, 1))])
def test_bayer_pattern_names_its_first_pixels(pattern, red_at):
    mosaic = np.zeros((8, 8), np.uint8)
    mosaic[red_at[0]::2, red_at[1]::2] = 200  # only the red filters see light
    np.testing.assert_array_equal(
        convert(mosaic, f'bayer_{pattern}8', 'rgb8')[4, 4], [200, 0, 0])


def test_yuv422_is_uyvy():
    grey = np.full((2, 4, 2), 128, np.uint8)  # U = V = 128: no colour
    grey[..., 1] = [16, 235, 16, 235]  # Y in video range: black, white
    np.testing.assert_array_equal(convert(grey, 'yuv422', 'bgr8')[0, :, 0], [0, 255, 0, 255])
    np.testing.assert_array_equal(
        convert(grey[..., ::-1], 'yuv422_yuy2', 'bgr8')[0, :, 0], [0, 255, 0, 255])


@pytest.mark.parametrize('file_format', ['png', 'bmp', 'tiff'])
def test_lossless_formats_return_the_image(file_format):
    image = np.arange(12 * 9 * 3, dtype=np.uint8).reshape(12, 9, 3)
    message = BRIDGE.cv2_to_compressed_imgmsg(image, file_format)
    assert message.format == file_format
    np.testing.assert_array_equal(BRIDGE.compressed_imgmsg_to_cv2(message), image)
    np.testing.assert_array_equal(
        BRIDGE.compressed_imgmsg_to_cv2(message, 'rgb8'), image[..., ::-1])
    assert BRIDGE.compressed_imgmsg_to_cv2(message, 'mono8').shape == (12, 9)


def test_depth_of_the_file_is_kept():
    image = np.array([[0, 1000], [40000, 65535]], np.uint16)
    message = BRIDGE.cv2_to_compressed_imgmsg(image, 'png')
    np.testing.assert_array_equal(BRIDGE.compressed_imgmsg_to_cv2(message), image)


def test_jpeg_is_the_default_format_and_close_to_the_image():
    image = np.full((16, 16, 3), (30, 120, 200), np.uint8)
    message = BRIDGE.cv2_to_compressed_imgmsg(image)
    assert message.format == 'jpg'
    decoded = BRIDGE.compressed_imgmsg_to_cv2(message, 'bgr8')
    assert np.abs(decoded.astype(int) - image).max() <= 4


def test_only_passthrough_reads_a_grey_file():
    # Any other encoding is a conversion from bgr8, whatever the file holds.
    image = np.arange(16, dtype=np.uint8).reshape(4, 4)
    message = BRIDGE.cv2_to_compressed_imgmsg(image, 'png')
    np.testing.assert_array_equal(BRIDGE.compressed_imgmsg_to_cv2(message), image)
    with pytest.raises(CvBridgeError):
        BRIDGE.compressed_imgmsg_to_cv2(message, 'mono8')


def test_unreadable_file_is_no_image():
    message = CompressedImage(format='png')
    message.data = array.array('B', b'not a picture')
    assert BRIDGE.compressed_imgmsg_to_cv2(message) is None
