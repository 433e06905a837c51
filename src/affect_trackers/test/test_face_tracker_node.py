# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face tracker on a graph: images in, weights out, rubbish counted."""

import array

from affect_msgs.msg import FaceTracking
from affect_msgs.msg import HeadsetStatus
from affect_node import LATCHED
from affect_node import stamp_ns
from affect_node import stream
from affect_node import to_stamp
from affect_node import VIDEO
from affect_trackers.face_tracker.node import FaceTrackerNode
import cv2
from diagnostic_msgs.msg import DiagnosticStatus
from face_drawing import draw_face
from face_drawing import needs_mediapipe
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from sensor_msgs.msg import Image

pytestmark = needs_mediapipe
IMAGES = 'hmd/face_camera/image'
SMILE = [FaceTracking.MOUTH_SMILE_LEFT, FaceTracking.MOUTH_SMILE_RIGHT]


class Camera:
    """A face camera of a test, at 30 frames a second of the nodes' time."""

    def __init__(self, graph):
        self.graph = graph
        self.heard = graph.hear(FaceTracking, 'hmd/face/tracking', stream(60.0))
        self.publisher = graph.peer.create_publisher(Image, IMAGES, VIDEO)

    def connect(self):
        self.graph.until(self.publisher.get_subscription_count)

    def show(self, image, **changes):
        """Publish an image that was exposed just now."""
        message = Image(
            height=image.shape[0], width=image.shape[1],
            encoding='mono8' if image.ndim == 2 else 'bgr8',
            step=image.strides[0], data=array.array('B', image.tobytes()))
        message.header.stamp = self.graph.peer.get_clock().now().to_msg()
        message.header.frame_id = 'face_camera_optical_frame'
        for name, value in changes.items():
            setattr(message, name, value)
        self.publisher.publish(message)
        return message

    def look(self, image):
        """Show an image until it was looked at, and return what was seen in it."""
        first = stamp_ns(self.show(image).header.stamp)

        def seen():
            # Images of an earlier look may still be on their way.
            return [one for one in self.heard if stamp_ns(one.header.stamp) >= first]

        def answered():
            self.graph.executor.spin_once(timeout_sec=0.1)
            if not seen():
                self.show(image)
            return seen()
        self.graph.until(answered)
        return seen()[0]


@pytest.fixture
def camera(graph):
    return Camera(graph)


def test_a_smile_is_a_smile_at_the_time_and_in_the_frame_of_its_image(graph, camera):
    graph.add(FaceTrackerNode, max_delay_s=10.0)
    camera.connect()
    rest = camera.look(draw_face())
    smile = camera.look(draw_face(smile=1.0))
    assert smile.source == FaceTracking.SOURCE_CAMERA
    assert smile.header.frame_id == 'face_camera_optical_frame'
    assert all(smile.weights[i] > rest.weights[i] + 0.3 for i in SMILE)
    assert min(smile.upper_confidence, smile.lower_confidence) > 0.5
    assert not smile.observed[FaceTracking.TONGUE_OUT]
    assert np.isnan(smile.weights[FaceTracking.TONGUE_OUT])
    np.testing.assert_array_equal(smile.observed, ~np.isnan(smile.weights))


def test_the_stamp_is_that_of_the_image(graph, camera):
    graph.add(FaceTrackerNode, max_delay_s=10.0)
    camera.connect()
    sent = camera.show(draw_face())
    graph.until(lambda: camera.heard)
    assert camera.heard[0].header == sent.header


def test_no_face_is_unknown_and_not_neutral(graph, camera):
    node = graph.add(FaceTrackerNode, max_delay_s=10.0)
    camera.connect()
    nobody = camera.look(np.full((240, 320), 90, np.uint8))
    assert np.isnan(nobody.weights).all()
    assert not any(nobody.observed)
    assert (nobody.upper_confidence, nobody.lower_confidence) == (0.0, 0.0)
    assert node.diagnostics.values['reason'] == 'no face'


def test_two_faces_are_said_and_the_larger_is_followed(graph, camera):
    node = graph.add(FaceTrackerNode, max_delay_s=10.0)
    camera.connect()
    both = np.full((480, 640), 80, np.uint8)
    both[120:360, 0:320] = draw_face(smile=1.0)
    small = cv2.resize(draw_face(), None, fx=0.8, fy=0.8)
    both[140:140 + small.shape[0], 350:350 + small.shape[1]] = small
    seen = camera.look(both)
    assert node.diagnostics.values['faces'] == '2'
    assert '2 faces in sight' in node.diagnostics.status().message
    assert all(seen.weights[i] > 0.3 for i in SMILE)


def test_images_above_the_rate_and_late_ones_are_dropped(graph, camera):
    node = graph.add(FaceTrackerNode, max_rate_hz=10.0, max_delay_s=10.0)
    camera.connect()
    now_ns = graph.peer.get_clock().now().nanoseconds
    face = draw_face()
    camera.show(face, header=_header(now_ns))
    graph.until(lambda: camera.heard)
    camera.show(face, header=_header(now_ns + 20_000_000))
    graph.until(lambda: node.diagnostics.counters['dropped: above max_rate_hz'] == 1)
    camera.graph.remove(node)
    node = graph.add(FaceTrackerNode, max_delay_s=1.0)
    camera.connect()
    camera.show(face, header=_header(now_ns - 5_000_000_000))
    graph.until(lambda: node.diagnostics.counters['dropped: later than max_delay_s'] == 1)
    assert len(camera.heard) == 1


def test_rubbish_is_counted_and_the_next_good_image_is_used(graph, camera):
    node = graph.add(FaceTrackerNode, max_delay_s=10.0)
    camera.connect()
    good = draw_face()
    now_ns = graph.peer.get_clock().now().nanoseconds
    for reason, changes in (
            ("encoding '32FC1'", {'encoding': '32FC1'}),
            ('step and data do not fit', {'step': 17}),
            ('step and data do not fit', {'data': array.array('B', bytes(100))}),
            ('size out of range', {'height': 0}),
            ('size out of range', {'width': 2**31}),
            ('stamped in the past', {'header': _header(now_ns - 3600 * 10**9)}),
            ('stamped in the future', {'header': _header(now_ns + 3600 * 10**9)}),
            ('no stamp', {'header': _header(0)})):
        counter = f'rejected: {IMAGES}: {reason}'
        before = node.diagnostics.counters[counter]
        camera.show(good, **changes)
        graph.until(lambda c=counter, n=before: node.diagnostics.counters[c] == n + 1, reason)
    assert camera.heard == []
    assert camera.look(good).lower_confidence > 0.5


def test_an_image_of_another_size_or_encoding_goes_on(graph, camera):
    graph.add(FaceTrackerNode, max_delay_s=10.0)
    camera.connect()
    face = draw_face(smile=1.0)
    large = cv2.resize(face, (1280, 960))
    colour = np.repeat(face[:, :, None], 3, axis=2)
    for image in (face, large, colour):
        seen = camera.look(image)
        assert seen.lower_confidence > 0.5
        assert all(seen.weights[i] > 0.3 for i in SMILE)


def test_a_silent_camera_is_stale_and_fresh_again_when_it_goes_on(graph, camera):
    node = graph.add(FaceTrackerNode, max_delay_s=10.0, stale_after_s=0.2)
    camera.connect()
    graph.until(lambda: node.diagnostics.status().level == DiagnosticStatus.STALE)
    assert f'no image on {IMAGES}' in node.diagnostics.status().message
    camera.look(draw_face())

    def fresh():
        camera.show(draw_face())
        graph.executor.spin_once(timeout_sec=0.05)
        return node.diagnostics.status().level == DiagnosticStatus.OK
    graph.until(fresh)


def test_of_a_headset_that_is_not_worn_nothing_is_said_and_its_wearer_is_forgotten(graph, camera):
    node = graph.add(FaceTrackerNode, max_delay_s=10.0)
    status = graph.peer.create_publisher(HeadsetStatus, 'hmd/headset/status', LATCHED)
    camera.connect()
    assert any(camera.look(draw_face()).observed)
    status.publish(HeadsetStatus(fit=HeadsetStatus.FIT_NOT_WORN))
    graph.until(lambda: node.diagnostics.counters['resting face forgotten'] == 1)
    off = camera.look(draw_face())
    assert not any(off.observed)
    assert (off.upper_confidence, off.lower_confidence) == (0.0, 0.0)
    assert node.diagnostics.values['reason'] == 'headset not worn'
    status.publish(HeadsetStatus(
        fit=HeadsetStatus.FIT_GOOD, interpupillary_distance_mm=62.0))
    graph.until(lambda: any(camera.look(draw_face()).observed))
    status.publish(HeadsetStatus(
        fit=HeadsetStatus.FIT_GOOD, interpupillary_distance_mm=62.3))
    status.publish(HeadsetStatus(
        fit=HeadsetStatus.FIT_GOOD, interpupillary_distance_mm=67.0))
    graph.until(lambda: node.diagnostics.counters['resting face forgotten'] == 2)


def test_a_camera_on_its_side_is_told_of_and_can_be_turned(graph, camera):
    node = graph.add(FaceTrackerNode, max_delay_s=10.0)
    camera.connect()
    lying = np.ascontiguousarray(np.rot90(draw_face(smile=1.0)))
    assert not any(camera.look(lying).observed)
    assert 'rotation_deg 90' in node.diagnostics.values['reason']
    graph.remove(node)
    node = graph.add(FaceTrackerNode, max_delay_s=10.0, rotation_deg=90)
    camera.connect()
    assert all(camera.look(lying).weights[i] > 0.3 for i in SMILE)


def test_an_odd_rotation_is_refused(graph):
    node = graph.add(FaceTrackerNode, activate=False, rotation_deg=45)
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert "'rotation_deg': 45" in node.diagnostics.status().message


@pytest.mark.parametrize('order', ['<', '>'])
def test_sixteen_bits_are_taken_in_either_order(graph, camera, order):
    graph.add(FaceTrackerNode, max_delay_s=10.0)
    camera.connect()
    deep = (draw_face(smile=1.0).astype(np.uint16) * 16).astype(f'{order}u2')

    def seen():
        camera.show(
            np.zeros((240, 320), np.uint8), encoding='mono16', step=640,
            is_bigendian=order == '>', data=array.array('B', deep.tobytes()))
        graph.executor.spin_once(timeout_sec=0.05)
        return camera.heard
    graph.until(seen)
    assert all(camera.heard[-1].weights[i] > 0.3 for i in SMILE)


def _header(at_ns):
    header = Image().header
    header.stamp = to_stamp(ns=at_ns)
    return header
