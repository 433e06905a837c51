# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Conversion between OpenCV images and image messages."""

import sys

import cv2
from cv_bridge.color_conversion import convert_color
from cv_bridge.encodings import CODE_TO_DEPTH
from cv_bridge.encodings import DEPTH_TO_DTYPE
from cv_bridge.encodings import DTYPE_TO_DEPTH
from cv_bridge.encodings import getCvType
from cv_bridge.encodings import split_cv_type
import numpy as np
from sensor_msgs.msg import CompressedImage
from sensor_msgs.msg import Image


class CvBridgeError(TypeError):
    """An image or a message that cannot be converted as asked."""


class CvBridge:
    """
    Converts between OpenCV images (numpy arrays) and image messages.

    Encodings are the names of ``sensor_msgs/image_encodings.hpp`` such as 'bgr8' or '32FC1', or
    'passthrough', which leaves the image as it is. Images of one channel have shape
    (rows, columns), others (rows, columns, channels).
    """

    def __init__(self):
        self.cvdepth_to_numpy_depth = {
            code: DEPTH_TO_DTYPE[depth] for code, depth in CODE_TO_DEPTH.items()}
        generic = [f'{depth}C{channels}' for depth in DEPTH_TO_DTYPE for channels in (1, 2, 3, 4)]
        self.cvtype_to_name = {getCvType(name): name for name in generic}
        self.numpy_type_to_cvtype = {**DTYPE_TO_DEPTH, **DEPTH_TO_DTYPE}

    def dtype_with_channels_to_cvtype2(self, dtype, n_channels):
        """Return the name of a generic encoding, such as '8UC3', for a numpy dtype."""
        if dtype.name not in DTYPE_TO_DEPTH:
            raise CvBridgeError(
                f'no image encoding holds {dtype.name}; convert the array to one of '
                f'{", ".join(DTYPE_TO_DEPTH)}')
        return f'{DTYPE_TO_DEPTH[dtype.name]}C{n_channels}'

    def cvtype2_to_dtype_with_channels(self, cvtype):
        """Return the numpy name of the depth and the number of channels of a type code."""
        depth, channels = split_cv_type(cvtype)
        return DEPTH_TO_DTYPE[depth], channels

    def encoding_to_cvtype2(self, encoding):
        """Return OpenCV's type code of an encoding."""
        try:
            return getCvType(encoding)
        except RuntimeError as error:
            raise CvBridgeError(error) from error

    def encoding_to_dtype_with_channels(self, encoding):
        """Return the numpy name of the depth and the number of channels of an encoding."""
        return self.cvtype2_to_dtype_with_channels(self.encoding_to_cvtype2(encoding))

    def imgmsg_to_cv2(self, img_msg, desired_encoding='passthrough'):
        """
        Convert an ``Image`` to an OpenCV image.

        :param desired_encoding: the encoding of the result; 'passthrough' for the message's own.
        :return: an array in the byte order of this machine. With 'passthrough' it shares the
            message's memory where the rows are not padded and the byte order fits.
        :raises CvBridgeError: an unknown encoding, an impossible conversion, or a message whose
            data do not fill the size it claims.
        """
        dtype_name, channels = self.encoding_to_dtype_with_channels(img_msg.encoding)
        native = np.dtype(dtype_name)
        image = np.ascontiguousarray(_view_of(img_msg, native, channels), dtype=native)
        if desired_encoding == 'passthrough':
            return image
        return _converted(image, img_msg.encoding, desired_encoding)

    def compressed_imgmsg_to_cv2(self, cmprs_img_msg, desired_encoding='passthrough'):
        """
        Decode a ``CompressedImage``.

        :param desired_encoding: the encoding of the result; 'passthrough' for the file's own
            depth and channels, in OpenCV's order BGR or BGRA.
        :return: an array, or None if the data are no image and 'passthrough' was asked for.
        :raises CvBridgeError: there are no data, or the conversion is impossible.
        """
        if len(cmprs_img_msg.data) == 0:
            raise CvBridgeError('the compressed image has no data')
        image = cv2.imdecode(np.frombuffer(cmprs_img_msg.data, np.uint8), cv2.IMREAD_UNCHANGED)
        if desired_encoding == 'passthrough':
            return image
        if image is None:
            raise CvBridgeError(
                f'the data of the compressed image (format [{cmprs_img_msg.format}], '
                f'{len(cmprs_img_msg.data)} bytes) are no image that OpenCV can decode')
        return _converted(image, 'bgr8', desired_encoding)

    def cv2_to_imgmsg(self, cvim, encoding='passthrough', header=None):
        """
        Convert an OpenCV image to an ``Image``.

        :param cvim: array (rows, columns) or (rows, columns, channels).
        :param encoding: what the values are; 'passthrough' gives a generic one such as '8UC3'.
        :param header: the message's header, a ``std_msgs.msg.Header``.
        :raises CvBridgeError: the array does not fit the encoding.
        :raises TypeError: not an array.
        """
        if not isinstance(cvim, np.ndarray):
            raise TypeError('Your input type is not a numpy array')
        if cvim.ndim not in (2, 3):
            raise CvBridgeError(f'an image has two or three dimensions, not {cvim.ndim}')
        rows, columns = cvim.shape[:2]
        channels = 1 if cvim.ndim == 2 else cvim.shape[2]
        generic = self.dtype_with_channels_to_cvtype2(cvim.dtype, channels)
        if encoding == 'passthrough':
            encoding = generic
        elif self.encoding_to_cvtype2(encoding) != getCvType(generic):
            raise CvBridgeError(
                f'encoding specified as {encoding}, but image has incompatible type {generic}')
        message = Image()
        if header is not None:
            message.header = header
        message.height = rows
        message.width = columns
        message.encoding = encoding
        message.is_bigendian = _is_big_endian(cvim.dtype)
        message.step = columns * channels * cvim.itemsize
        # Into the message's own array: assigning an ndarray checks each byte, 1000 times slower.
        message.data.frombytes(cvim.tobytes())
        return message

    def cv2_to_compressed_imgmsg(self, cvim, dst_format='jpg'):
        """
        Encode an OpenCV image as a ``CompressedImage``.

        :param cvim: array (rows, columns) or (rows, columns, channels), colours as BGR or BGRA.
        :param dst_format: a file extension OpenCV can write, such as 'jpg', 'png' or 'tiff'.
        :raises CvBridgeError: OpenCV cannot write the array in this format.
        :raises TypeError: not an array.
        """
        if not isinstance(cvim, np.ndarray):
            raise TypeError('Your input type is not a numpy array')
        try:
            encoded, data = cv2.imencode('.' + dst_format, cvim)
        except cv2.error as error:
            raise CvBridgeError(error) from error
        if not encoded:
            raise CvBridgeError(
                f'OpenCV cannot write {cvim.dtype} {cvim.shape} as [{dst_format}]')
        message = CompressedImage()
        message.format = dst_format
        message.data.frombytes(data.tobytes())
        return message


def _view_of(message, native, channels):
    """Return the pixels of an ``Image`` as a view of its data, padding of rows left out."""
    pixel_bytes = channels * native.itemsize
    rows, columns, step = message.height, message.width, message.step
    if step < columns * pixel_bytes:
        raise CvBridgeError(
            'Image is wrongly formed: step < width * byte_depth * num_channels  or  '
            f'{step} < {columns} * {native.itemsize} * {channels}')
    data = bytes(message.data) if isinstance(message.data, list) else message.data
    if len(data) < rows * step:
        raise CvBridgeError(
            f'Image is wrongly formed: size < height * step  or  {len(data)} < {rows} * {step}')
    shape, strides = (rows, columns), (step, pixel_bytes)
    if channels > 1:
        shape, strides = (*shape, channels), (*strides, native.itemsize)
    dtype = native.newbyteorder('>' if message.is_bigendian else '<')
    return np.ndarray(shape, dtype, buffer=data, strides=strides)


def _converted(image, encoding_in, encoding_out):
    try:
        return convert_color(image, encoding_in, encoding_out)
    except RuntimeError as error:
        raise CvBridgeError(error) from error


def _is_big_endian(dtype):
    return dtype.byteorder == '>' or (dtype.byteorder == '=' and sys.byteorder == 'big')
