# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A wearer calibrates the live eye tracker; a headset that is taken off is nobody's."""

import array
import math

from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_node import LATCHED
from affect_node import stream
from affect_node import to_stamp
from affect_node import VIDEO
from affect_trackers.eye_tracker.node import EyeTrackerNode
from eye_drawing import draw_eye
from geometry_msgs.msg import PointStamped
import numpy as np
import pytest
from sensor_msgs.msg import Image
from std_srvs.srv import Trigger

FRAME = 'hmd/left_eye_camera/image'
TARGET = 'hmd/gaze/calibration_target'
NINE = [(a, e) for a in (-12.0, 0.0, 12.0) for e in (-8.0, 0.0, 8.0)]


def eye_towards(azimuth_deg, elevation_deg, seed=0):
    """Return an eye that the camera sees from 15 degrees below, as a ball of 150 pixels."""
    a, e, below = np.radians([azimuth_deg, elevation_deg, 15.0])
    left = math.cos(e) * math.sin(a)
    up = math.sin(e) * math.cos(below) + math.cos(e) * math.cos(a) * math.sin(below)
    return draw_eye(x=160.0 + 150.0 * left, y=155.0 - 150.0 * up, radius=28.0, seed=seed)


class Wearer:
    """Somebody who looks at targets, ten images for each."""

    def __init__(self, graph, **parameters):
        self.graph = graph
        self.heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
        self.node = graph.add(
            EyeTrackerNode, eyes='left', max_stamp_age_s=120.0, **parameters)

    def see(self, image, at_ns):
        count = len(self.heard)
        message = Image(
            height=240, width=320, encoding='mono8', step=320,
            data=array.array('B', image.tobytes()))
        message.header.stamp = to_stamp(ns=at_ns)
        self.graph.publish(FRAME, message, VIDEO)
        self.graph.until(lambda: len(self.heard) > count, 'a sample')
        return self.heard[-1]

    def now_ns(self):
        return self.graph.peer.get_clock().now().nanoseconds

    def show(self, direction_deg, at_ns, frame_id='hmd_link'):
        a, e = np.radians(direction_deg)
        message = PointStamped()
        message.header.stamp = to_stamp(ns=at_ns)
        message.header.frame_id = frame_id
        # Ahead of the left eye, so that its own angles are these.
        message.point.x, message.point.y = 1.0, math.tan(a) + 0.0315
        message.point.z = math.tan(e) / math.cos(a)
        self.graph.publish(TARGET, message, stream(10.0))

    def look(self, targets):
        """Look at each target; the stamps lie in the near past."""
        at_ns = self.now_ns() - 30_000_000_000
        for k, target in enumerate(targets):
            self.tell(target, at_ns)
            for i in range(10):
                self.see(eye_towards(*target, seed=10 * k + i), at_ns + (61 + i) * 10_000_000)
            at_ns += 720_000_000

    def tell(self, direction_deg, at_ns):
        """Show a target and, 0.4 s later, still."""
        session = self.node._calibration.session
        for told_ns in (at_ns, at_ns + 400_000_000):
            self.show(direction_deg, told_ns)
            self.graph.until(lambda t=told_ns: abs(session._told_s * 1e9 - t) < 1e6, 'a target')

    def ask(self, service):
        client = self.graph.peer.create_client(Trigger, f'eye_tracker/{service}')
        self.graph.until(client.service_is_ready, service)
        future = client.call_async(Trigger.Request())
        self.graph.until(future.done, service)
        self.graph.peer.destroy_client(client)
        return future.result()


def test_a_calibrated_wearer_has_degrees_and_keeps_them(graph, tmp_path):
    path = tmp_path / 'w1.yaml'
    wearer = Wearer(graph, calibration_path=path)
    assert math.isnan(wearer.see(eye_towards(5.0, 3.0), wearer.now_ns()).azimuth_deg)
    refused = wearer.ask('calibrate')
    assert not refused.success
    assert 'no pupils while a target was shown' in refused.message
    wearer.node.clock_jumped()
    wearer.look(NINE)
    answer = wearer.ask('calibrate')
    assert answer.success, answer.message
    assert 'left eye' in answer.message and path.exists()
    for direction in ((5.0, 3.0), (-9.0, -4.0), (14.0, 7.0)):
        sample = wearer.see(eye_towards(*direction), wearer.now_ns())
        assert (sample.azimuth_deg, sample.elevation_deg) == pytest.approx(direction, abs=0.7)
        assert sample.left.azimuth_deg == sample.azimuth_deg
    graph.remove(wearer.node)
    later = Wearer(graph, calibration_path=path)
    sample = later.see(eye_towards(5.0, 3.0), later.now_ns())
    assert (sample.azimuth_deg, sample.elevation_deg) == pytest.approx((5.0, 3.0), abs=0.7)
    assert later.ask('discard_calibration').success
    assert math.isnan(later.see(eye_towards(5.0, 3.0), later.now_ns()).azimuth_deg)
    assert not path.exists()


def test_a_slipped_headset_is_put_right_by_one_target(graph):
    wearer = Wearer(graph)
    refused = wearer.ask('correct_drift')
    assert not refused.success and 'no calibration' in refused.message
    wearer.look(NINE)
    assert wearer.ask('calibrate').success
    at_ns = wearer.now_ns() - 900_000_000
    wearer.tell((0.0, 0.0), at_ns)
    slipped = np.roll(eye_towards(0.0, 0.0), 8, axis=1)
    for i in range(10):
        off = wearer.see(slipped, at_ns + (61 + i) * 10_000_000)
    assert off.azimuth_deg > 2.0
    answer = wearer.ask('correct_drift')
    assert answer.success, answer.message
    assert abs(wearer.see(slipped, wearer.now_ns()).azimuth_deg) < 0.3


def test_targets_in_another_frame_or_behind_the_head_are_named(graph):
    wearer = Wearer(graph)
    wearer.show((0.0, 0.0), wearer.now_ns(), frame_id='map')
    counters = wearer.node.diagnostics.counters
    graph.until(lambda: counters[f"rejected: {TARGET}: frame 'map'"])
    wearer.show((170.0, 0.0), wearer.now_ns())
    behind = PointStamped()
    behind.header.stamp = to_stamp(ns=wearer.now_ns())
    behind.header.frame_id, behind.point.x = 'hmd_link', -1.0
    graph.publish(TARGET, behind, stream(10.0))
    graph.until(lambda: counters[f'rejected: {TARGET}: no target'])


def test_a_file_that_is_no_calibration_is_named_and_the_node_works(graph, tmp_path):
    path = tmp_path / 'w1.yaml'
    path.write_text('eyes: 7\n')
    wearer = Wearer(graph, calibration_path=path)
    assert 'w1.yaml' in wearer.node.diagnostics.status().message
    sample = wearer.see(eye_towards(0.0, 0.0), wearer.now_ns())
    assert sample.left.state == EyeState.STATE_OPEN


def tell(wearer, fit, **changes):
    message = HeadsetStatus(fit=fit, interpupillary_distance_mm=math.nan, **changes)
    message.header.stamp = to_stamp(ns=wearer.now_ns())
    wearer.graph.publish('hmd/headset/status', message, LATCHED)
    wearer.graph.until(lambda: wearer.node._status.fit == fit and (
        wearer.node._status.fit_changed == message.fit_changed), 'the status')


def test_nothing_is_said_of_the_eyes_of_a_headset_that_is_not_worn(graph):
    wearer = Wearer(graph)
    wearer.see(draw_eye(), wearer.now_ns())
    tell(wearer, HeadsetStatus.FIT_NOT_WORN)
    off = wearer.see(draw_eye(), wearer.now_ns())
    assert off.left.state == EyeState.STATE_UNKNOWN
    assert off.confidence == 0.0
    assert math.isnan(off.left.pupil_x) and math.isnan(off.left.openness)
    tell(wearer, HeadsetStatus.FIT_GOOD)
    assert wearer.see(draw_eye(), wearer.now_ns()).left.state == EyeState.STATE_OPEN


@pytest.mark.parametrize('by', ['taking it off', 'a later change of fit'])
def test_another_wearer_has_another_usual_opening(graph, by):
    wearer = Wearer(graph)
    tell(wearer, HeadsetStatus.FIT_GOOD, fit_changed=to_stamp(ns=10**9))
    assert wearer.see(draw_eye(), wearer.now_ns()).left.openness == pytest.approx(1.0)
    half = draw_eye(lid=0.3)
    assert wearer.see(half, wearer.now_ns()).left.openness < 0.9
    if by == 'taking it off':
        tell(wearer, HeadsetStatus.FIT_NOT_WORN, fit_changed=to_stamp(ns=2 * 10**9))
    tell(wearer, HeadsetStatus.FIT_GOOD, fit_changed=to_stamp(ns=3 * 10**9))
    assert wearer.see(half, wearer.now_ns()).left.openness == pytest.approx(1.0)


def test_an_image_that_comes_after_a_later_one_is_named_and_not_published(graph):
    wearer = Wearer(graph)
    now_ns = wearer.now_ns()
    wearer.see(draw_eye(), now_ns)
    late = Image(
        height=240, width=320, encoding='mono8', step=320,
        data=array.array('B', draw_eye().tobytes()))
    late.header.stamp = to_stamp(ns=now_ns - 50_000_000)
    graph.publish(FRAME, late, VIDEO)
    graph.until(lambda: wearer.node.diagnostics.counters[
        f'rejected: {FRAME}: stamped no later than the image before'])
    assert len(wearer.heard) == 1
    wearer.see(draw_eye(), now_ns + 10_000_000)
    assert len(wearer.heard) == 2


def test_what_was_learned_does_not_outlive_a_clean_up(graph):
    wearer = Wearer(graph, mm_per_px=0.1)
    assert wearer.see(draw_eye(), wearer.now_ns()).left.pupil_diameter_mm == pytest.approx(
        6.8, abs=0.2)
    for step in ('deactivate', 'cleanup', 'configure', 'activate'):
        getattr(wearer.node, f'trigger_{step}')()
    halved = draw_eye()[::2, ::2].copy()
    message = Image(
        height=120, width=160, encoding='mono8', step=160,
        data=array.array('B', halved.tobytes()))
    message.header.stamp = to_stamp(ns=wearer.now_ns())
    publisher = graph._publishers[FRAME]
    graph.until(publisher.get_subscription_count, 'the camera')
    publisher.publish(message)
    graph.until(lambda: len(wearer.heard) == 2, 'a sample')
    assert wearer.heard[-1].left.pupil_diameter_mm == pytest.approx(3.4, abs=0.2)
