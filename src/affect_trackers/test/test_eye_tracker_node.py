# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye tracker on a graph: images in, gaze out, rubbish counted."""

import array
import math

from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_node import stamp_ns
from affect_node import stream
from affect_node import to_stamp
from affect_node import VIDEO
from affect_trackers.eye_tracker.node import EyeTrackerNode
import cv2
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
from eye_drawing import draw_eye
import numpy as np
import pytest
from sensor_msgs.msg import Image


class Cameras:
    """Two eye cameras of a test."""

    def __init__(self, graph):
        self.graph = graph
        self.publishers = {
            side: graph.peer.create_publisher(Image, f'hmd/{side}_eye_camera/image', VIDEO)
            for side in ('left', 'right')}

    def connect(self, *sides):
        self.graph.until(lambda: all(
            self.publishers[side].get_subscription_count() for side in sides))

    def show(self, side, image, *, stamp_ns=None, **changes):
        message = Image(
            height=image.shape[0], width=image.shape[1], encoding='mono8', step=image.shape[1],
            data=array.array('B', image.tobytes()))
        if stamp_ns is None:
            stamp_ns = self.now_ns()
        message.header.stamp = to_stamp(ns=stamp_ns)
        for name, value in changes.items():
            setattr(message, name, value)
        self.publishers[side].publish(message)

    def now_ns(self):
        return self.graph.peer.get_clock().now().nanoseconds


@pytest.fixture
def cameras(graph):
    return Cameras(graph)


def test_both_eyes_of_one_instant_are_one_sample(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(EyeTrackerNode)
    cameras.connect('left', 'right')
    now_ns = cameras.now_ns()
    cameras.show('left', draw_eye(x=120.0), stamp_ns=now_ns)
    cameras.show('right', draw_eye(x=200.0), stamp_ns=now_ns + 2_000_000)
    graph.until(lambda: heard)
    sample = heard[0]
    assert sample.source == GazeSample.SOURCE_CAMERA
    assert sample.left.state == sample.right.state == EyeState.STATE_OPEN
    assert sample.left.pupil_x == pytest.approx(120.0 / 320, abs=0.02)
    assert sample.right.pupil_x == pytest.approx(200.0 / 320, abs=0.02)
    assert sample.left.openness == pytest.approx(1.0)
    assert sample.header.stamp == to_stamp(ns=now_ns + 1_000_000)
    for unknown in (
            sample.azimuth_deg, sample.left.azimuth_deg, sample.left.pupil_diameter_mm,
            sample.left.origin.x, sample.vergence_distance_m, sample.device_delay_s):
        assert math.isnan(unknown)


def test_a_closed_lid_is_closed_and_has_no_pupil(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(EyeTrackerNode, eyes='left')
    cameras.connect('left')
    cameras.show('left', draw_eye())
    graph.until(lambda: len(heard) == 1)
    cameras.show('left', draw_eye(lid=1.0))
    graph.until(lambda: len(heard) == 2)
    eye = heard[1].left
    assert eye.state == EyeState.STATE_CLOSED
    assert eye.openness == 0.0
    assert eye.confidence == 0.0
    assert math.isnan(eye.pupil_x)
    assert heard[1].right.state == EyeState.STATE_UNKNOWN
    assert heard[1].sequence == heard[0].sequence + 1


def test_a_darkened_camera_is_unknown_and_not_closed(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(EyeTrackerNode, eyes='right')
    cameras.connect('right')
    cameras.show('right', np.zeros((240, 320), np.uint8))
    graph.until(lambda: heard)
    assert heard[0].right.state == EyeState.STATE_UNKNOWN
    assert math.isnan(heard[0].right.openness)


def test_a_silent_eye_camera_is_stale_and_fresh_again_when_it_goes_on(graph, cameras):
    heard = graph.hear(DiagnosticArray, '/diagnostics', 10)
    graph.add(EyeTrackerNode, stale_after_s=0.3)
    cameras.connect('left', 'right')

    silent = {side: f'no image on hmd/{side}_eye_camera/image' for side in ('left', 'right')}

    def told(level, *sides):
        for side in sides:
            cameras.show(side, draw_eye())
        graph.executor.spin_once(timeout_sec=0.05)
        last = [status for array in heard[-2:] for status in array.status]
        return len(heard) > 1 and all(
            status.level == level and (text in status.message) != (side in sides)
            for status in last for side, text in silent.items())
    # Twice: at once, and again as long as it lasts.
    graph.until(lambda: told(DiagnosticStatus.STALE, 'left'))
    graph.until(lambda: told(DiagnosticStatus.OK, 'left', 'right'))


def test_rubbish_is_counted_and_the_next_good_image_is_used(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    node = graph.add(EyeTrackerNode, eyes='left')
    cameras.connect('left')
    good, now_ns = draw_eye(), cameras.now_ns()
    for reason, changes in (
            ("encoding '32FC1'", {'encoding': '32FC1'}),
            ('step and data do not fit', {'step': 17}),
            ('size out of range', {'height': 0}),
            ('stamped in the past', {'stamp_ns': now_ns - 3600 * 10**9}),
            ('stamped in the future', {'stamp_ns': now_ns + 3600 * 10**9}),
            ('no stamp', {'stamp_ns': 0})):
        cameras.show('left', good, **changes)
        counter = f'rejected: hmd/left_eye_camera/image: {reason}'
        graph.until(lambda counter=counter: node.diagnostics.counters[counter] == 1)
    assert heard == []
    cameras.show('left', good)
    graph.until(lambda: heard)
    assert heard[0].left.state == EyeState.STATE_OPEN


SCALE = {'mm_per_px': 0.1, **{
    f'{side}_straight_ahead_{axis}_px': at
    for side in ('left', 'right') for axis, at in (('x', 160.0), ('y', 120.0))}}


def see_both(graph, cameras, heard, left, right):
    """Show both eyes of one instant and return the sample."""
    count, now_ns = len(heard), cameras.now_ns()
    cameras.show('left', left, stamp_ns=now_ns)
    cameras.show('right', right, stamp_ns=now_ns)
    graph.until(lambda: len(heard) > count)
    return heard[-1]


def test_with_a_scale_there_are_degrees_millimetres_and_where_the_axes_meet(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(EyeTrackerNode, **SCALE)
    cameras.connect('left', 'right')
    # Both eyes turn to the nose: the left one to the right, which is the image's left.
    sample = see_both(graph, cameras, heard, draw_eye(x=154.0), draw_eye(x=166.0))
    # asin(0.6 mm / 10.45 mm)
    assert sample.left.azimuth_deg == pytest.approx(-3.3, abs=0.4)
    assert sample.right.azimuth_deg == pytest.approx(3.3, abs=0.4)
    assert sample.azimuth_deg == pytest.approx(0.0, abs=0.4)
    assert sample.vergence_distance_m == pytest.approx(0.0315 / math.tan(0.0574), rel=0.15)
    assert sample.left.pupil_diameter_mm == pytest.approx(6.8, abs=0.2)
    assert sample.confidence > 0.9
    up = see_both(graph, cameras, heard, draw_eye(y=100.0), draw_eye(y=100.0))
    assert up.elevation_deg == pytest.approx(11.0, abs=0.6)


def test_of_two_eyes_the_open_one_says_where_the_wearer_looks(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(EyeTrackerNode, **SCALE)
    cameras.connect('left', 'right')
    sample = see_both(graph, cameras, heard, draw_eye(lid=1.0), draw_eye(x=180.0))
    assert sample.left.state == EyeState.STATE_CLOSED
    assert sample.left.openness == 0.0
    assert math.isnan(sample.left.azimuth_deg) and math.isnan(sample.left.pupil_diameter_mm)
    assert sample.azimuth_deg == pytest.approx(11.0, abs=0.6)
    assert math.isnan(sample.vergence_distance_m)


def test_a_camera_that_changes_its_size_is_named_and_has_no_degrees(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    node = graph.add(EyeTrackerNode, eyes='left', **SCALE)
    cameras.connect('left')
    cameras.show('left', draw_eye())
    graph.until(lambda: len(heard) == 1)
    assert heard[0].azimuth_deg == pytest.approx(0.0, abs=0.5)
    halved = cv2.resize(draw_eye(), (160, 120), interpolation=cv2.INTER_AREA)
    cameras.show('left', halved)
    graph.until(lambda: len(heard) == 2)
    assert heard[1].left.pupil_x == pytest.approx(0.5, abs=0.02)
    assert math.isnan(heard[1].azimuth_deg)
    counter = 'rejected: hmd/left_eye_camera/image: image changed its size'
    assert node.diagnostics.counters[counter] == 1
    cameras.show('left', draw_eye())
    graph.until(lambda: len(heard) == 3)
    assert heard[2].azimuth_deg == pytest.approx(0.0, abs=0.5)


def test_cameras_of_different_rates_both_count(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(EyeTrackerNode)
    cameras.connect('left', 'right')
    start_ns, picture = cameras.now_ns(), draw_eye()
    for k in range(12):
        cameras.show('left', picture, stamp_ns=start_ns + k * 8_000_000)
        if k % 3 == 0:
            cameras.show('right', picture, stamp_ns=start_ns + k * 8_000_000 + 500_000)
        # A pair is a sample at once, a lone eye only when the next image comes.
        expected = k + 1 if k % 3 == 0 else k
        graph.until(lambda expected=expected: len(heard) >= expected)
    left = [s for s in heard if s.left.state == EyeState.STATE_OPEN]
    right = [s for s in heard if s.right.state == EyeState.STATE_OPEN]
    assert (len(left), len(right)) == (11, 4)
    assert [s.sequence for s in heard] == list(range(len(heard)))
    stamps = [stamp_ns(s.header.stamp) for s in heard]
    assert stamps == sorted(stamps)


def test_colour_cameras_see_pupils_too(graph, cameras):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(EyeTrackerNode, eyes='right')
    cameras.connect('right')
    colour = cv2.cvtColor(draw_eye(x=120.0), cv2.COLOR_GRAY2BGR)
    cameras.show('right', colour, encoding='bgr8', step=960)
    graph.until(lambda: heard)
    assert heard[0].right.pupil_x == pytest.approx(120.0 / 320, abs=0.02)
