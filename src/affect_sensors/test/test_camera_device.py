# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Cameras and network streams that are absent, late, hang, go away and come back."""

from http.server import BaseHTTPRequestHandler
from http.server import HTTPServer
from itertools import pairwise
from socketserver import ThreadingMixIn
import threading
import time

from affect_node import VIDEO
from affect_node.testing import health
from affect_node.testing import is_well
from affect_sensors.camera.node import CameraNode
from affect_sensors.sources.frame_grabber import FrameGrabber
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.video_address import find_node
from affect_sensors.sources.video_address import parse_address
from affect_sensors.sources.video_device import VideoDevice
import cv2
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
import pytest
from sensor_msgs.msg import Image

TOPIC = (Image, 'hmd/face_camera/image', VIDEO)


def stamp_ns(message):
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec


class FakeCapture:
    """Stands for cv2.VideoCapture of a V4L2 camera; ``feed`` are its frames, None a failure."""

    def __init__(self, camera):
        self.camera = camera
        self.settings = {}
        self.taken_ms = 0.0
        self.image = None

    def isOpened(self):  # noqa: N802
        return self.camera.plugged

    def getBackendName(self):  # noqa: N802
        return 'V4L2'

    def set(self, name, value):
        self.settings[name] = value
        return True

    def get(self, name):
        return self.taken_ms if name == cv2.CAP_PROP_POS_MSEC else 0.0

    def grab(self):
        with self.camera.given:
            self.camera.given.wait_for(
                lambda: self.camera.frames or not self.camera.plugged, timeout=0.05)
            if not self.camera.plugged or not self.camera.frames:
                return False
            self.taken_ms, self.image = self.camera.frames.pop(0)
            return True

    def retrieve(self):
        self.camera.retrieved += 1
        return True, self.image

    def release(self):
        self.camera.released += 1


class FakeCamera:
    """A camera that a test plugs in, feeds and unplugs."""

    def __init__(self, *, plugged=True):
        self.plugged = plugged
        self.frames = []
        self.given = threading.Condition()
        self.released = self.retrieved = 0
        self.captures = []
        self.asked = []

    def __call__(self, *arguments):
        self.asked.append(arguments)
        self.captures.append(FakeCapture(self))
        return self.captures[-1]

    def give(self, value, *, age_ms=0.0):
        image = np.tile(np.arange(64, dtype=np.uint8)[:, None] * 3, (48, 1, 3))
        image[0, 0] = value
        with self.given:
            self.frames.append((time.monotonic_ns() * 1e-6 - age_ms, image))
            self.given.notify_all()

    def unplug(self):
        with self.given:
            self.plugged = False
            self.given.notify_all()


def read_until(source, wanted, timeout_s=20.0):
    """Read a source until it gives ``wanted`` items; the clock is the monotonic one."""
    items, end = [], time.monotonic() + timeout_s
    pause = threading.Event()
    while len(items) < wanted:
        assert time.monotonic() < end, 'nothing comes'
        items += source.read(time.monotonic_ns())
        pause.wait(0.001)
    return items


def test_a_v4l2_frame_is_stamped_with_its_capture_and_the_oldest_is_dropped():
    camera = FakeCamera()
    source = VideoDevice('0', rate_hz=0.0, width=0, height=0, capture=camera)
    source.open()
    source.start(0)
    camera.give(7, age_ms=40.0)
    given_ns = time.monotonic_ns()
    frame, = read_until(source, 1)
    # 40 ms from exposure to the driver; the stamp is that of the driver, not of the reading.
    assert -50e6 < frame.stamp_ns - given_ns < -35e6
    for value in (1, 2, 3):
        camera.give(value)
    end = time.monotonic() + 20.0
    while camera.frames or source.dropped < 2:
        assert time.monotonic() < end
    newest, = read_until(source, 1)
    assert newest.image[0, 0, 0] == 3
    assert camera.asked == [('/dev/video0', cv2.CAP_V4L2)]
    assert camera.captures[0].settings == {}
    source.close()
    assert camera.released == 1


def test_a_camera_is_asked_for_format_size_and_rate_in_this_order():
    camera = FakeCamera()
    source = VideoDevice(
        '0', rate_hz=30.0, width=640, height=480, pixel_format='mjpg', capture=camera)
    source.open()
    assert list(camera.captures[0].settings.items()) == [
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*'MJPG')), (cv2.CAP_PROP_FRAME_WIDTH, 640),
        (cv2.CAP_PROP_FRAME_HEIGHT, 480), (cv2.CAP_PROP_FPS, 30.0)]
    assert source.promised_hz == 30.0
    source.close()


@pytest.mark.parametrize('rate_hz, own_hz, given_hz', [
    (30.0, 60.0, 30.0), (30.0, 30.1, 30.0), (30.0, 50.0, 29.0), (30.0, 29.0, 29.0),
    (10.0, 30.0, 10.0), (0.0, 60.0, 60.0)])
def test_of_a_camera_that_is_too_fast_frames_are_left_out_undecoded(
        rate_hz, own_hz, given_hz):
    camera = FakeCamera(plugged=False)
    grabber = FrameGrabber(camera, most_hz=rate_hz)
    grabber.opened.wait(20.0)
    rng = np.random.default_rng(1)
    times_ns = 10**15 + np.arange(round(20 * own_hz)) * 1e9 / own_hz
    wanted = sum(grabber._is_wanted(round(t + rng.uniform(0, 3e6))) for t in times_ns)
    assert wanted / 20.0 == pytest.approx(given_hz, abs=1.5)


def test_a_driver_with_a_clock_of_its_own_is_not_believed():
    camera = FakeCamera()
    source = VideoDevice('0', rate_hz=0.0, width=0, height=0, capture=camera)
    source.open()
    source.start(0)
    camera.give(7, age_ms=1e9)
    before_ns = time.monotonic_ns()
    frame, = read_until(source, 1)
    assert abs(frame.stamp_ns - before_ns) < 5e9
    source.close()


def test_a_camera_that_is_absent_and_comes_later_is_seen_and_again_when_unplugged(
        graph, monkeypatch):
    camera = FakeCamera(plugged=False)
    monkeypatch.setattr(cv2, 'VideoCapture', camera)
    seen = graph.hear(*TOPIC)
    reports = graph.hear(DiagnosticArray, '/diagnostics', 10)
    node = graph.add(CameraNode, source='device', device='/dev/video7', rate_hz=0.0)

    def is_stale(words):
        return lambda: any(
            s.level == DiagnosticStatus.STALE and words in s.message
            for r in reports for s in r.status)
    graph.until(is_stale("no camera opens at '/dev/video7'"), 'the reason')
    camera.plugged = True

    def see(value):
        already = len(seen)

        def has_come():
            camera.give(value)
            return len(seen) > already
        graph.until(has_come, f'image {value}')
        assert seen[-1].data[0] == value
    see(10)
    graph.until(lambda: node.diagnostics.status().level == DiagnosticStatus.OK, 'health')
    camera.unplug()
    graph.until(is_stale('plugged in'), 'the loss')
    camera.frames.clear()
    camera.plugged = True
    see(200)
    assert node.diagnostics.counters['source lost'] == 1
    assert node.diagnostics.counters['openings failed'] >= 1
    assert camera.released >= 2


def test_a_camera_that_hangs_while_it_opens_holds_up_nobody(graph, monkeypatch):
    release = threading.Event()
    camera = FakeCamera()

    def hang(*arguments):
        release.wait(20.0)
        return camera(*arguments)
    monkeypatch.setattr(cv2, 'VideoCapture', hang)
    node = graph.add(CameraNode, source='device', device='rtsp://user:secret@10.0.0.9/eye')
    graph.until(lambda: node.diagnostics.status().level == DiagnosticStatus.STALE, 'STALE')
    assert 'does not answer yet' in health(node)
    node.trigger_deactivate()
    node.trigger_cleanup()
    # It answers when nobody wants it any more: it is let go.
    release.set()
    graph.until(lambda: camera.released == 1, 'the release')


def test_no_message_shows_the_password_of_a_stream(graph, monkeypatch):
    monkeypatch.setattr(cv2, 'VideoCapture', FakeCamera(plugged=False))
    node = graph.add(CameraNode, source='device', device='rtsp://user:secret@10.0.0.9/eye')
    graph.until(lambda: '***@10.0.0.9' in health(node), 'the address')
    assert 'secret' not in health(node)


class StreamServer(ThreadingMixIn, HTTPServer):
    """Sends JPEG images as network cameras do (multipart/x-mixed-replace)."""

    daemon_threads = True

    def __init__(self, port=0):
        self.stopped = threading.Event()
        super().__init__(('127.0.0.1', port), StreamHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.stopped.set()
        self.shutdown()
        self.server_close()


class StreamHandler(BaseHTTPRequestHandler):
    """One viewer."""

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        """Send images until the server stops."""
        self.send_response(200)
        self.send_header('Content-Type', 'multipart/x-mixed-replace; boundary=frame')
        self.end_headers()
        image = np.tile(np.arange(64, dtype=np.uint8) * 4, (48, 1))
        content = cv2.imencode('.jpg', image)[1].tobytes()
        part = (b'--frame\r\nContent-Type: image/jpeg\r\n'
                b'Content-Length: %d\r\n\r\n%s\r\n' % (len(content), content))
        try:
            while not self.server.stopped.wait(0.02):
                self.wfile.write(part)
        except OSError:
            return


def test_a_network_stream_that_breaks_off_is_stale_and_seen_again_when_it_is_back(graph):
    server = StreamServer()
    port = server.server_port
    seen = graph.hear(*TOPIC)
    node = graph.add(
        CameraNode, source='device', device=f'http://127.0.0.1:{port}/eye.mjpg', rate_hz=0.0)
    graph.until(lambda: len(seen) > 5, 'images')
    assert (seen[0].width, seen[0].height) == (64, 48)
    assert all(stamp_ns(a) < stamp_ns(b) for a, b in pairwise(seen))
    server.stop()
    graph.until(lambda: node.diagnostics.status().level == DiagnosticStatus.STALE, 'STALE')
    already = len(seen)
    server = StreamServer(port)
    graph.until(lambda: len(seen) > already + 5, 'images again')
    assert is_well(node), health(node)
    server.stop()


@pytest.mark.parametrize('device, backend, shown', [
    ('0', cv2.CAP_V4L2, '/dev/video0'), ('/dev/v4l/by-id/x', cv2.CAP_V4L2, '/dev/v4l/by-id/x'),
    ('HD Webcam', cv2.CAP_V4L2, 'HD Webcam'), ('udp://@:5000', cv2.CAP_FFMPEG, 'udp://***@:5000'),
    ('rtsp://a:b@host/x', cv2.CAP_FFMPEG, 'rtsp://***@host/x')])
def test_a_camera_may_be_a_number_a_path_a_name_or_an_address(device, backend, shown):
    address = parse_address(device)
    assert (address.backend, address.shown) == (backend, shown)


@pytest.mark.parametrize('device, words', [
    ('ftp://host/x', 'scheme'), ('file:///a.mp4', 'source:=file'), ('', 'empty'),
    (__file__, 'source:=file path:=')])
def test_what_is_no_camera_is_refused_with_what_would_be_one(device, words):
    with pytest.raises(SourceError, match=words):
        parse_address(device)


def test_a_pipeline_needs_an_opencv_with_gstreamer(monkeypatch):
    pipeline = 'v4l2src device=/dev/video0 ! videoconvert ! appsink'
    monkeypatch.setattr(cv2.videoio_registry, 'hasBackend', lambda _: False)
    with pytest.raises(SourceError, match=r'built without GStreamer.*apt install python3-opencv'):
        parse_address(pipeline)
    monkeypatch.setattr(cv2.videoio_registry, 'hasBackend', lambda _: True)
    assert parse_address(pipeline).backend == cv2.CAP_GSTREAMER


def test_a_camera_is_found_by_its_name_under_whatever_number(tmp_path):
    for number, name, index in ((0, 'HD Webcam', 0), (1, 'HD Webcam', 1), (4, 'Eye left', 0)):
        entry = tmp_path / f'video{number}'
        entry.mkdir()
        (entry / 'name').write_text(name + '\n')
        (entry / 'index').write_text(f'{index}\n')
    assert find_node('webcam', tmp_path) == '/dev/video0'
    assert find_node('eye', tmp_path) == '/dev/video4'
    with pytest.raises(SourceError, match=r'/dev/video4 \(Eye left\)'):
        find_node('E', tmp_path)
    with pytest.raises(SourceError, match='0 cameras'):
        find_node('Pupil', tmp_path)


@pytest.mark.parametrize('pixel_format', ['MJPEG', 'é234'])
def test_a_pixel_format_has_four_letters(pixel_format):
    with pytest.raises(SourceError, match='four letters'):
        VideoDevice('0', rate_hz=0.0, width=0, height=0, pixel_format=pixel_format)
