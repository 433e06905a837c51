# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Images that are dark, burnt out, torn, on their side, or of another rate than promised."""

from affect_node import VIDEO
from affect_node.testing import health
from affect_sensors.camera.exposure_watch import ExposureWatch
from affect_sensors.camera.exposure_watch import judge
from affect_sensors.camera.node import CameraNode
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.image_file import read_image
from affect_sensors.sources.rate_watch import RateWatch
from affect_sensors.sources.simulated_camera import VIEWS
from affect_sensors.sources.source import DamagedItemError
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.video_file import VideoFile
import cv2
import numpy as np
import pytest
from sensor_msgs.msg import Image

NOW_NS = 1_763_800_000_123_456_789
SECOND_NS = 1_000_000_000


def ramp(height=48, width=64):
    return np.tile(np.linspace(20, 230, width).astype(np.uint8), (height, 1))


def burnt(share):
    image = ramp(480, 640)
    image[:, :round(640 * share)] = 255
    return image


@pytest.mark.parametrize('image, word', [
    (np.zeros((480, 640), np.uint8), 'dark'), (ramp() // 40, 'dark'), (burnt(0.6), 'saturated'),
    (np.full((480, 640, 3), (0, 135, 0), np.uint8), 'uniform'), (burnt(0.3), ''), (ramp(), ''),
    (np.full((4, 4), 90, np.uint8), 'uniform')])
def test_an_image_that_shows_nothing_is_called_so(image, word):
    assert judge(image).startswith(word)
    assert bool(judge(image)) == bool(word)


def test_no_view_of_the_simulated_wearer_is_called_dark_or_saturated():
    wearer = SimulatedWearer(3)
    for camera, view in VIEWS.items():
        assert [judge(view(wearer, t_s, round(30 * t_s))) for t_s in (1.0, 20.0, 40.0)] == [
            '', '', ''], camera


def test_exposure_is_said_when_it_lasts_and_taken_back_when_it_is_good_again():
    watch = ExposureWatch()
    dark, good = np.zeros((48, 64), np.uint8), ramp()

    def show(image, begin_s, end_s):
        return [watch.look(round(t * 1e9), image) for t in np.arange(begin_s, end_s, 1 / 30)]
    assert not any(show(good, 10.0, 12.0))
    assert not any(show(dark, 12.0, 12.3))
    assert not any(show(good, 12.3, 13.0))
    assert sum(show(dark, 13.0, 15.0)) == 1
    assert watch.complaint.startswith('dark')
    assert sum(show(good, 15.0, 17.0)) == 1
    assert watch.complaint == ''
    # The clock goes back: it goes on looking.
    assert sum(show(dark, 1.0, 3.0)) == 1


def test_a_dark_camera_says_so_and_goes_on(graph, tmp_path):
    cv2.imwrite(str(tmp_path / '0.png'), np.zeros((48, 64), np.uint8))
    seen = graph.hear(Image, 'hmd/face_camera/image', VIDEO)
    node = graph.add(CameraNode, source='file', path=tmp_path, rate_hz=30.0)
    graph.until(lambda: health(node).startswith('dark'), 'the complaint')
    already = len(seen)
    graph.until(lambda: len(seen) > already, 'more images')


@pytest.mark.parametrize('rotate_deg, turns', [(90, -1), (180, 2), (270, 1)])
def test_a_camera_on_its_side_is_turned_upright(graph, tmp_path, rotate_deg, turns):
    image = np.arange(48 * 64, dtype=np.int64).reshape(48, 64).astype(np.uint8)
    cv2.imwrite(str(tmp_path / '0.png'), image)
    seen = graph.hear(Image, 'hmd/left_eye_camera/image', VIDEO)
    graph.add(
        CameraNode, camera='left_eye', source='file', path=tmp_path, rate_hz=20.0,
        rotate_deg=rotate_deg)
    graph.until(lambda: seen, 'an image')
    upright = np.rot90(image, turns)
    assert (seen[0].height, seen[0].width, seen[0].step) == (*upright.shape, upright.shape[1])
    np.testing.assert_array_equal(
        np.frombuffer(seen[0].data, np.uint8).reshape(upright.shape), upright)


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
def test_a_torn_image_is_named_and_not_shown_half_grey(tmp_path, suffix):
    path = tmp_path / f'a{suffix}'
    rng = np.random.default_rng(1)
    cv2.imwrite(str(path), rng.integers(0, 255, (120, 160, 3), dtype=np.uint8))
    whole = path.read_bytes()
    assert read_image(path).shape == (120, 160, 3)
    path.write_bytes(whole[:len(whole) // 2])
    with pytest.raises(ValueError, match='torn'):
        read_image(path)


def test_a_torn_image_costs_the_camera_that_image_alone(graph, tmp_path):
    for i, value in enumerate((10, 20, 30)):
        cv2.imwrite(str(tmp_path / f'{i}.jpg'), np.full((48, 64), value, np.uint8))
    content = (tmp_path / '1.jpg').read_bytes()
    (tmp_path / '1.jpg').write_bytes(content[:-20])
    seen = graph.hear(Image, 'hmd/face_camera/image', VIDEO)
    node = graph.add(CameraNode, source='file', path=tmp_path, rate_hz=20.0)
    graph.until(lambda: len(seen) > 6, 'the others')
    assert {m.data[0] // 5 for m in seen} == {2, 6}
    assert '1.jpg' in health(node)
    assert node.diagnostics.counters['source lost'] == 0


def write_video(path, rate_hz, count):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*'MJPG'), rate_hz, (64, 48))
    for i in range(count):
        writer.write(np.full((48, 64, 3), 4 * i, np.uint8))
    writer.release()


@pytest.mark.parametrize('own_hz, asked_hz, given_hz', [
    (25.0, 30.0, 25.0), (50.0, 25.0, 25.0), (60.0, 25.0, 25.0), (30.0, 0.0, 30.0)])
def test_a_video_keeps_its_own_time_whatever_rate_is_asked(
        tmp_path, own_hz, asked_hz, given_hz):
    write_video(tmp_path / 'v.avi', own_hz, 60)
    source = VideoFile(str(tmp_path / 'v.avi'), rate_hz=asked_hz, loop=False)
    source.open()
    source.start(NOW_NS)
    frames = []
    for i in range(0, 1000, 2):
        frames += source.read(NOW_NS + i * 1_000_000)
    assert len(frames) == pytest.approx(given_hz, abs=1)
    assert source.promised_hz == pytest.approx(given_hz)
    assert source.dropped == 0
    for frame in frames:
        shown_s = round(float(frame.image.mean()) / 4) / own_hz
        assert (frame.stamp_ns - NOW_NS) * 1e-9 == pytest.approx(shown_s, abs=1e-6)
    source.close()


def test_a_video_that_is_read_late_drops_the_oldest(tmp_path):
    write_video(tmp_path / 'v.avi', 50.0, 50)
    source = VideoFile(str(tmp_path / 'v.avi'), rate_hz=25.0, loop=False)
    source.open()
    source.start(NOW_NS)
    frames = source.read(NOW_NS + 500_000_000)
    assert len(frames) == 1
    assert source.dropped == pytest.approx(12, abs=1)
    source.close()


def test_a_folder_goes_on_behind_an_image_that_is_none(tmp_path):
    for i in range(3):
        cv2.imwrite(str(tmp_path / f'{i}.png'), np.full((8, 8), i, np.uint8))
    (tmp_path / '1.png').write_bytes(b'none')
    source = VideoFile(str(tmp_path), rate_hz=10.0, loop=False)
    source.open()
    source.start(NOW_NS)
    source.read(NOW_NS)
    with pytest.raises(DamagedItemError, match=r'1\.png'):
        source.read(NOW_NS + 100_000_000)
    assert source.read(NOW_NS + 200_000_000)[0].image[0, 0] == 2


def test_an_empty_image_file_is_called_so(tmp_path):
    (tmp_path / '1.png').touch()
    with pytest.raises(ValueError, match='it is empty'):
        read_image(tmp_path / '1.png')


def test_nothing_is_said_of_images_that_have_ended(graph, tmp_path):
    for i in range(60):
        cv2.imwrite(str(tmp_path / f'{i:02d}.png'), np.zeros((48, 64), np.uint8))
    node = graph.add(CameraNode, source='file', path=tmp_path, rate_hz=30.0, loop=False)
    graph.until(lambda: health(node).startswith('dark'), 'the complaint')
    graph.until(lambda: 'has ended' in health(node), 'the end')
    assert 'dark' not in health(node)


def test_an_address_is_no_file():
    with pytest.raises(SourceError, match='source:=device device:=rtsp://host/x'):
        VideoFile('rtsp://host/x', rate_hz=30.0, loop=True).open()


@pytest.mark.parametrize('given_hz, complains', [(30.0, False), (25.0, False), (14.9, True)])
def test_a_rate_other_than_promised_is_said_with_both(given_hz, complains):
    watch = RateWatch(30.0)
    ended = [watch.add(NOW_NS + round(i / given_hz * 1e9), 1) for i in range(round(12 * given_hz))]
    assert sum(ended) == 2
    assert watch.measured_hz == pytest.approx(given_hz, rel=1e-3)
    assert bool(watch.complaint) == complains
    assert not complains or ('14.9 Hz' in watch.complaint and '30 Hz' in watch.complaint)


def test_a_pause_is_not_counted_as_a_low_rate():
    watch = RateWatch(100.0)
    for begin_s in (0, 60):
        watch.restart()
        for i in range(400):
            assert not watch.add(begin_s * SECOND_NS + i * SECOND_NS // 100, 1)
    assert watch.measured_hz is None
    assert RateWatch(None).complaint == ''


def test_a_camera_slower_than_its_folder_promises_is_warned_of(graph, monkeypatch, tmp_path):
    """The node's own window, shortened: a rate of 10 where 30 was promised."""
    monkeypatch.setattr(RateWatch, 'WINDOW_S', 0.5)
    cv2.imwrite(str(tmp_path / '0.png'), ramp())
    node = graph.add(CameraNode, source='file', path=tmp_path, rate_hz=10.0, activate=False)
    node.trigger_configure()
    node.source.promised_hz = 30.0
    node.trigger_activate()
    graph.until(lambda: '30 Hz were promised' in health(node), 'the complaint')
    assert node.diagnostics.values['rate'].endswith(' Hz')
