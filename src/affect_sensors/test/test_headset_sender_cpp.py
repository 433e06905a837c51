# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The sender in C++ says byte by byte what the one in Python says."""

from pathlib import Path
import shutil
import struct
import subprocess

from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Eye
from affect_sensors.headset_link.records import Face
from affect_sensors.headset_link.records import Gaze
from affect_sensors.headset_link.records import HeadPose
from affect_sensors.headset_link.records import Inertial
from affect_sensors.headset_link.records import LID_CLOSED
from affect_sensors.headset_link.records import LID_OPEN
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.send import HeadsetSender
import pytest

HEADER = Path(__file__).parents[1] / 'doc' / 'headset_sender.hpp'
PROGRAM = r"""
#include <cstdio>
#include "headset_sender.hpp"
int main()
{
  affect::HeadsetSender sender("127.0.0.1");
  sender.session = 0x1122334455667788;
  sender.sequence = 41;
  sender.flags = 1;
  affect::Gaze gaze;
  gaze.time_ns = 1234567890123456789;
  gaze.sample = 7;
  gaze.device_delay_s = 0.5F;
  gaze.left.lid = affect::OPEN;
  gaze.left.direction = affect::forward_of(0.0F, 0.70710678F, 0.0F, 0.70710678F);
  gaze.left.origin_m = {-0.25F, 0.0F, 0.125F};
  gaze.left.pupil_x = 0.25F;
  gaze.left.pupil_diameter_mm = 3.5F;
  gaze.right.lid = affect::CLOSED;
  gaze.right.openness = 0.0F;
  gaze.confidence = 0.75F;
  sender.add(gaze);
  float weights[70];
  for (int i = 0; i < 70; ++i) {weights[i] = static_cast<float>(i) / 128.0F;}
  sender.add_face(-5, affect::META, weights, 70, affect::CAMERAS, true, 1.0F, 0.5F);
  affect::HeadPose pose;
  pose.time_ns = 3;
  pose.flags = 3;
  pose.position_m = {1.0F, 2.0F, 3.0F};
  sender.add(pose);
  for (int i = 0; i < 30; ++i) {
    sender.add_inertial(i, {0.0F, 0.5F, 0.25F}, {0.0F, 9.75F, 0.0F});
  }
  affect::Status status;
  status.time_ns = 9;
  status.fit = 2;
  status.eye_calibration = 3;
  status.fit_changed_ns = 8;
  sender.add(status);
  sender.add_device_name("Magic Leap 2");
  for (const auto & datagram : sender.datagrams(77)) {
    for (unsigned byte : datagram) {std::printf("%02x", byte);}
    std::printf("\n");
  }
}
"""


@pytest.mark.skipif(shutil.which('g++') is None, reason='there is no g++ on this host')
def test_both_senders_say_the_same(tmp_path):
    (tmp_path / 'main.cpp').write_text(PROGRAM)
    subprocess.run(
        ['g++', '-std=c++17', '-Wall', '-Wextra', '-Wpedantic', '-Werror', f'-I{HEADER.parent}',
         'main.cpp', '-o', 'main'], cwd=tmp_path, check=True, timeout=120)
    done = subprocess.run(
        [tmp_path / 'main'], capture_output=True, text=True, check=True, timeout=20)

    sender = HeadsetSender('127.0.0.1', is_simulation=True)
    sender.session, sender.sequence = 0x1122334455667788, 41
    nan = float('nan')
    expected = sender.datagrams((
        Gaze(
            1234567890123456789, 7,
            Eye(LID_OPEN, (-1.0, 0.0, 0.0), (-0.25, 0.0, 0.125), (0.25, nan), 3.5),
            Eye(LID_CLOSED, openness=0.0), confidence=0.75, device_delay_s=0.5),
        Face(-5, 3, tuple(i / 128.0 for i in range(70)), 1, True, 1.0, 0.5),
        HeadPose(3, (0.0, 0.0, 0.0, 1.0), (1.0, 2.0, 3.0), flags=3),
        *[Inertial(i, (0.0, 0.5, 0.25), (0.0, 9.75, 0.0)) for i in range(30)],
        Status(9, 2, 3, fit_changed_ns=8), DeviceName('Magic Leap 2')), 77)
    sender.close()
    # A direction computed in float32 is rounded otherwise than one that was written down.
    at = 2 * (32 + 4 + 20)
    lines = done.stdout.split()
    assert len(lines) == len(expected) == 2
    assert lines[1] == expected[1].hex()
    assert lines[0][:at] == expected[0].hex()[:at]
    assert lines[0][at + 24:] == expected[0].hex()[at + 24:]
    x, y, z = (float_of(lines[0][at + 8 * i:at + 8 * i + 8]) for i in range(3))
    assert (x, y, z) == pytest.approx((-1.0, 0.0, 0.0), abs=1e-6)


def float_of(digits):
    """Return the float whose little-endian bytes are written in hexadecimal digits."""
    return struct.unpack('<f', bytes.fromhex(digits))[0]
