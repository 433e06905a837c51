# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the stand-in does beyond the contract with upstream."""

import array
from types import SimpleNamespace

import cv2
from cv_bridge import CvBridge
from cv_bridge import CvBridgeError
from cv_bridge import cvtColorForDisplay
from cv_bridge.boost.cv_bridge_boost import CV_MAT_CNWrap
from cv_bridge.boost.cv_bridge_boost import CV_MAT_DEPTHWrap
from cv_bridge.boost.cv_bridge_boost import cvtColor2
import numpy as np
import pytest
from sensor_msgs.msg import CompressedImage
from sensor_msgs.msg import Image

BRIDGE = CvBridge()


def image_message(data, encoding, width, step, height=1):
    message = Image(encoding=encoding, width=width, height=height, step=step)
    message.data = array.array('B', data)
    return message


def test_rows_that_overlap_are_an_error():
    # Upstream returns a narrower image.
    with pytest.raises(CvBridgeError, match=r'step < width .* 4 < 2 \* 1 \* 3'):
        BRIDGE.imgmsg_to_cv2(image_message(bytes(8), 'bgr8', width=2, step=4, height=2))


def test_too_few_data_say_how_many_are_missing():
    with pytest.raises(CvBridgeError, match=r'3 < 2 \* 2'):
        BRIDGE.imgmsg_to_cv2(image_message(bytes(3), 'mono8', width=2, step=2, height=2))


def test_padding_need_not_be_a_whole_number_of_pixels():
    rows = np.array([[1, 2], [3, 4]], '<u2')
    data = b''.join(row.tobytes() + b'\xff' for row in rows)
    message = image_message(data, 'mono16', width=2, step=5, height=2)
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(message), rows)


def test_an_empty_image_is_an_image():
    assert BRIDGE.imgmsg_to_cv2(Image(encoding='bgr8')).shape == (0, 0, 3)
    message = BRIDGE.cv2_to_imgmsg(np.zeros((0, 4), np.uint8))
    assert (message.height, message.width, message.step) == (0, 4, 4)


def test_passthrough_shares_memory_where_it_can():
    message = BRIDGE.cv2_to_imgmsg(np.zeros((4, 4), np.uint8))
    view = BRIDGE.imgmsg_to_cv2(message)
    message.data[0] = 7
    assert view[0, 0] == 7
    assert BRIDGE.imgmsg_to_cv2(message, '8UC1')[0, 0] == 7
    assert not np.shares_memory(BRIDGE.imgmsg_to_cv2(message, '8UC1'), view)


def test_data_may_be_a_list():
    message = SimpleNamespace(
        encoding='mono8', width=2, height=1, step=2, is_bigendian=False, data=[1, 2])
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(message), [[1, 2]])


@pytest.mark.parametrize('dtype', ['int64', 'bool', 'float16', 'uint32'])
def test_types_without_encoding_are_errors_that_say_which_there_are(dtype):
    with pytest.raises(CvBridgeError, match='float32'):
        BRIDGE.cv2_to_imgmsg(np.zeros((2, 2), dtype))


@pytest.mark.parametrize('shape', [(4,), (1, 2, 3, 4)])
def test_an_image_has_two_or_three_dimensions(shape):
    with pytest.raises(CvBridgeError, match='dimensions'):
        BRIDGE.cv2_to_imgmsg(np.zeros(shape, np.uint8))


def test_formats_opencv_cannot_write_are_errors():
    with pytest.raises(CvBridgeError):
        BRIDGE.cv2_to_compressed_imgmsg(np.zeros((4, 4), np.uint8), 'docx')
    with pytest.raises(CvBridgeError):
        BRIDGE.cv2_to_compressed_imgmsg(np.zeros((4, 4, 5), np.uint8), 'png')


def test_unreadable_files_are_errors_where_a_conversion_was_asked_for():
    with pytest.raises(CvBridgeError, match='no data'):
        BRIDGE.compressed_imgmsg_to_cv2(CompressedImage(format='png'))
    message = CompressedImage(format='png')
    message.data = array.array('B', b'not a picture')
    with pytest.raises(CvBridgeError, match='13 bytes'):
        BRIDGE.compressed_imgmsg_to_cv2(message, 'bgr8')


def test_every_16_bit_value_is_scaled_as_opencv_does():
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    np.testing.assert_array_equal(
        cvtColor2(values, 'mono16', 'mono8'),
        cv2.convertScaleAbs(values, alpha=255.0 / 65535.0))


def test_wide_values_are_clipped_not_wrapped():
    values = np.array([[-np.inf, np.inf, np.nan, 2.0**31, -1e300, 0.5, 1.5]])
    limits = np.iinfo(np.int32)
    np.testing.assert_array_equal(
        cvtColor2(values, '64FC1', '32SC1'),
        [[limits.min, limits.max, limits.min, limits.max, limits.min, 0, 2]])


def test_newer_names_of_yuv_mean_the_same():
    uyvy = np.random.default_rng(0).integers(0, 255, (2, 4, 2), np.uint8)
    for old, new in ('yuv422', 'uyvy'), ('yuv422_yuy2', 'yuyv'):
        np.testing.assert_array_equal(
            cvtColor2(uyvy, old, 'bgr8'), cvtColor2(uyvy, new, 'bgr8'))


def test_type_codes_come_apart():
    assert CV_MAT_CNWrap(cv2.CV_16SC3) == 3
    assert CV_MAT_DEPTHWrap(cv2.CV_16SC3) == cv2.CV_16S


def test_labels_are_shown_in_a_color_each():
    # The colours are not upstream's table.
    shown = cvtColorForDisplay(np.array([[-1, 0, 1, 2]], np.int32), '32SC1', 'bgr8')
    assert (shown.shape, shown.dtype) == ((1, 4, 3), np.uint8)
    assert (shown[0, 0] == 0).all()
    assert len({tuple(color) for color in shown[0]}) == 4


def test_depth_is_stretched_for_display():
    depth = np.array([[1.0, 2.0, 3.0, np.inf, np.nan]], np.float32)
    shown = cvtColorForDisplay(depth, '32FC1', 'mono8', do_dynamic_scaling=True)
    np.testing.assert_array_equal(shown, [[0, 128, 255, 255, 0]])
    shown = cvtColorForDisplay(depth, '32FC1', 'bgr8', min_image_value=0.0, max_image_value=2.0)
    np.testing.assert_array_equal(shown[0, :3, 0], [128, 255, 255])
    colored = cvtColorForDisplay(
        depth, '32FC1', 'rgb8', max_image_value=4.0, colormap=cv2.COLORMAP_JET)
    assert (colored[0, 4] == 0).all()
    assert colored[0, 0].tolist() != colored[0, 2].tolist()


def test_an_even_image_is_shown_as_middle_grey():
    image = np.full((2, 3), 7, np.uint16)
    assert (cvtColorForDisplay(image, 'mono16', 'mono8', True) == 128).all()
    assert cvtColorForDisplay(image, 'mono16', '', True).shape == (2, 3, 3)


def test_other_images_are_shown_as_they_are():
    image = np.array([[[1, 2, 3]]], np.uint8)
    np.testing.assert_array_equal(cvtColorForDisplay(image, 'rgb8', ''), image[..., ::-1])
    np.testing.assert_array_equal(cvtColorForDisplay(image, '8UC3', 'bgr8'), image)


@pytest.mark.parametrize(('encoding_in', 'encoding_out', 'limit'), [
    ('32FC1', 'bgr8', 0.0), ('bgr8', 'bgr16', 0.0), ('bgr8', 'bayer_rggb8', 0.0),
    ('64FC1', '', 0.0), ('32FC3', 'mono8', 1.0)])
def test_what_cannot_be_shown_is_an_error(encoding_in, encoding_out, limit):
    channels = 3 if '3' in encoding_in[-1] or 'bgr' in encoding_in else 1
    image = np.zeros((2, 2) if channels == 1 else (2, 2, 3), np.float32)
    with pytest.raises(RuntimeError, match='cvtColorForDisplay'):
        cvtColorForDisplay(image, encoding_in, encoding_out, max_image_value=limit)
