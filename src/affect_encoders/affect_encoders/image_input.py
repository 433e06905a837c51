# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Image messages as arrays, with every lie of their fields found out before it costs anything."""

from typing import Any

from cv_bridge import CvBridge
from cv_bridge import CvBridgeError
import numpy as np
from sensor_msgs.msg import Image

_MOST_PIXELS = 4096 * 4096
_GREY = ('mono8', 'mono16', '8UC1', '16UC1')
_GENERIC = {'8UC1': 'mono8', '8UC3': 'bgr8', '8UC4': 'bgra8', '16UC1': 'mono16'}
_BRIDGE = CvBridge()


class ImageInputError(ValueError):
    """An image that can't be used: (what is wrong, what to do)."""


def read_image(message: Image, *, least_side: int = 16) -> np.ndarray:
    """
    Return uint8 [H, W] of a grey encoding, else uint8 [H, W, 3] in the order blue, green, red.

    Generic encodings (8UC1, 8UC3, 8UC4, 16UC1) are taken for grey or BGR, as OpenCV would.

    :raises ImageInputError: the message does not fit together, or its encoding is no picture
    """
    width, height = message.width, message.height
    if not 0 < width * height <= _MOST_PIXELS:
        raise ImageInputError('empty or giant image', f'{width} x {height}')
    if min(width, height) < least_side:
        raise ImageInputError(
            'image too small', f'{width} x {height}; send at least {least_side} x {least_side}')
    if not message.step or message.step * height != len(message.data):
        raise ImageInputError(
            'step and data do not match',
            f'{height} rows of {message.step} bytes are not {len(message.data)} bytes')
    picture: Any = message
    if message.encoding in _GENERIC:
        picture = Image(
            height=height, width=width, encoding=_GENERIC[message.encoding], step=message.step,
            is_bigendian=message.is_bigendian, data=message.data)
    try:
        return _BRIDGE.imgmsg_to_cv2(picture, 'mono8' if message.encoding in _GREY else 'bgr8')
    except (CvBridgeError, ValueError, TypeError, KeyError) as error:
        raise ImageInputError(
            f"encoding '{message.encoding}' can't be used",
            f'send mono8 or bgr8 ({error})') from error
