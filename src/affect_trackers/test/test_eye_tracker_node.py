# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye tracker on a graph: images in, gaze out, rubbish counted."""

import array
import math

from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_node import stream
from affect_node import to_stamp
from affect_node import VIDEO
from affect_trackers.eye_tracker.node import EyeTrackerNode
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
