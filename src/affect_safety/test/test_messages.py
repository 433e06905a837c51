# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Stamps are read out of serialised messages without decoding them."""

import struct

from affect_msgs.msg import ModalityEmbedding
from affect_safety.messages import raw_stamp_ns
import pytest
from rclpy.serialization import serialize_message


@pytest.mark.parametrize(('sec', 'nanosec'), [
    (0, 0), (1_795_353_771, 999_999_999), (-1, 5), (2**31 - 1, 4_000_000_000)])
def test_the_stamp_of_a_serialised_message_is_found(sec, nanosec):
    message = ModalityEmbedding(modality='voice', embedding=[0.5] * 64)
    message.header.stamp.sec, message.header.stamp.nanosec = sec, nanosec
    assert raw_stamp_ns(serialize_message(message)) == sec * 1_000_000_000 + nanosec


def test_a_big_endian_sender_is_understood():
    assert raw_stamp_ns(b'\0\0\0\0' + struct.pack('>iI', 3, 4)) == 3_000_000_004


@pytest.mark.parametrize('serialized', [b'', b'\0\1\0\0', b'\0\1\0\0' + b'\0' * 7])
def test_bytes_that_hold_no_header_are_refused(serialized):
    with pytest.raises(ValueError, match='no header'):
        raw_stamp_ns(serialized)
