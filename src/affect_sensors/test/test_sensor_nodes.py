# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sensor nodes on a graph: the same topic, frame and stamp whatever stands behind them."""

from itertools import pairwise
import math
import time

from affect_msgs.msg import AudioChunk
from affect_msgs.msg import EyeState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import GroundTruth
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import PhysioChunk
from affect_node import LATCHED
from affect_node import STATE
from affect_node import stream
from affect_node import to_stamp
from affect_node import VIDEO
from affect_sensors.blendshapes import INDEX
from affect_sensors.blendshapes import NAMES
from affect_sensors.camera.node import CameraNode
from affect_sensors.depth_camera.node import DepthCameraNode
from affect_sensors.face.node import FaceNode
from affect_sensors.gaze.node import GazeNode
from affect_sensors.headset_status.node import HeadsetStatusNode
from affect_sensors.imu.node import ImuNode
from affect_sensors.microphone.node import MicrophoneNode
from affect_sensors.physiology.node import PhysiologyNode
from affect_sensors.simulated_wearer_truth.node import SimulatedWearerTruthNode
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.imu_file import COLUMNS
from affect_sensors.sources.simulated_camera import VIEWS
from affect_sensors.sources.source import SourceError
import cv2
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from rosgraph_msgs.msg import Clock as ClockMessage
from sensor_msgs.msg import CameraInfo
from sensor_msgs.msg import Illuminance
from sensor_msgs.msg import Image
from sensor_msgs.msg import Imu
from sensor_msgs.msg import PointCloud2
from sensor_msgs_py import point_cloud2
import soundfile

AUDIO = (AudioChunk, 'hmd/microphone/audio', stream(25.0))
IMU = (Imu, 'hmd/imu/data', stream(200.0))


def ns(message):
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec


def test_the_simulated_voice_is_gap_free_and_of_now(graph):
    heard = graph.hear(*AUDIO)
    node = graph.add(MicrophoneNode, seed=4)
    graph.until(lambda: len(heard) > 10)
    age_s = (node.get_clock().now().nanoseconds - ns(heard[-1])) * 1e-9
    assert 0.0 < age_s < 2.0
    voice = SimulatedWearer(4).voice
    for before, after in pairwise(heard):
        assert after.first_sample == before.first_sample + len(before.samples)
        assert ns(after) - ns(before) == 40_000_000
    first = round(ns(heard[0]) * 16000 / 10**9)
    np.testing.assert_array_equal(heard[0].samples, voice.samples(first, first + 640))
    assert heard[0].header.frame_id == 'microphone_frame'
    assert heard[0].channels == 1


def test_a_stereo_file_keeps_its_rate_and_channels(graph, tmp_path):
    sound = np.linspace(-0.5, 0.5, 8820, dtype=np.float32).reshape(-1, 2)
    soundfile.write(tmp_path / 'a.wav', sound, 44100, subtype='FLOAT')
    heard = graph.hear(*AUDIO)
    graph.add(MicrophoneNode, source='file', path=tmp_path / 'a.wav', mono=False, loop=True)
    graph.until(lambda: len(heard) > 5)
    assert heard[0].sample_rate_hz == 44100
    assert heard[0].channels == 2
    at = heard[0].first_sample % 4410
    length = min(4410 - at, len(heard[0].samples) // 2)
    np.testing.assert_allclose(
        np.array(heard[0].samples[:2 * length]).reshape(-1, 2), sound[at:at + length])


def test_a_file_that_ends_makes_the_node_stale(graph, tmp_path):
    soundfile.write(tmp_path / 'a.wav', np.zeros(1600, np.float32), 16000)
    reports = graph.hear(DiagnosticArray, '/diagnostics', 10)
    node = graph.add(MicrophoneNode, source='file', path=tmp_path / 'a.wav', loop=False)
    graph.until(lambda: node.source.finished)
    graph.until(lambda: any(
        s.level == DiagnosticStatus.STALE and 'has ended' in s.message
        for r in reports for s in r.status if 'microphone' in s.name))


def test_a_lost_source_is_opened_again_and_heard_again(graph):
    heard = graph.hear(*AUDIO)
    reports = graph.hear(DiagnosticArray, '/diagnostics', 10)
    node = graph.add(MicrophoneNode)
    graph.until(lambda: len(heard) > 2)
    read, opened = node.source.read, []

    def unplugged(_):
        raise SourceError("parameter 'device': the microphone stopped")

    def plug_in():
        opened.append(True)
        node.source.read = read
    node.source.read, node.source.open = unplugged, plug_in
    graph.until(lambda: any(
        s.level == DiagnosticStatus.STALE and 'stopped' in s.message
        for r in reports for s in r.status))
    graph.until(lambda: opened)
    already = len(heard)
    graph.until(lambda: len(heard) > already + 3)
    assert node.diagnostics.status().level == DiagnosticStatus.OK
    assert node.diagnostics.counters['source lost'] == 1


def test_an_unforeseen_error_is_reported_and_survived(graph):
    heard = graph.hear(*AUDIO)
    node = graph.add(MicrophoneNode)
    graph.until(lambda: heard)
    read = node.source.read

    def broken(_):
        node.source.read = read
        raise ZeroDivisionError('a defect')
    node.source.read = broken
    graph.until(lambda: 'ZeroDivisionError' in node.diagnostics.status().message)
    already = len(heard)
    graph.until(lambda: len(heard) > already + 2)


def test_a_clock_that_goes_back_is_followed(graph):
    """Simulated time goes from one day to the day before: sound goes on there, stamped so."""
    heard = graph.hear(*AUDIO)
    clock = graph.peer.create_publisher(ClockMessage, '/clock', 10)
    node = graph.add(MicrophoneNode, use_sim_time=True)
    graph.until(lambda: clock.get_subscription_count() > 0)

    now_ns = [0]

    def tick():
        now_ns[0] += 20_000_000
        clock.publish(ClockMessage(clock=to_stamp(ns=now_ns[0])))
    graph.peer.create_timer(0.02, tick)

    def run_from(second):
        already, now_ns[0] = len(heard), second * 10**9
        graph.until(lambda: len(heard) > already + 3)
        assert second <= ns(heard[-1]) * 1e-9 <= now_ns[0] * 1e-9
    run_from(1_763_900_000)
    run_from(1_763_800_000)
    assert node.diagnostics.counters['clock jumps'] >= 1


def test_the_imu_measures_gravity_and_knows_no_orientation(graph):
    heard = graph.hear(*IMU)
    graph.add(ImuNode, frame_prefix='w1/')
    graph.until(lambda: len(heard) > 100)
    assert heard[0].header.frame_id == 'w1/hmd_link'
    assert heard[0].orientation_covariance[0] == -1.0
    assert np.mean([m.linear_acceleration.z for m in heard]) > 8.0
    np.testing.assert_array_equal(np.diff([ns(m) for m in heard]), 5_000_000)


def test_an_imu_file_comes_out_as_it_is(graph, tmp_path):
    rows = ['t_s,' + ','.join(COLUMNS)] + [f'{i / 50},1,2,3,4,5,{i}' for i in range(500)]
    (tmp_path / 'imu.csv').write_text('\n'.join(rows))
    heard = graph.hear(*IMU)
    graph.add(ImuNode, source='file', path=tmp_path / 'imu.csv')
    graph.until(lambda: len(heard) > 20)
    assert heard[3].angular_velocity.x == 1.0
    assert heard[3].linear_acceleration.y == 5.0
    assert heard[4].linear_acceleration.z == heard[3].linear_acceleration.z + 1.0
    assert ns(heard[4]) - ns(heard[3]) == 20_000_000


def test_the_face_camera_shows_the_wearer(graph):
    seen = graph.hear(Image, 'hmd/face_camera/image', VIDEO)
    graph.add(CameraNode, rate_hz=30.0)
    graph.until(lambda: len(seen) > 3)
    message = seen[0]
    assert (message.encoding, message.height, message.width) == ('mono8', 240, 320)
    assert message.step * message.height == len(message.data)
    assert message.header.frame_id == 'face_camera_optical_frame'
    number = round(ns(message) * 30 / 10**9)
    expected = SimulatedWearer(1).face_image(number / 30.0, number)
    np.testing.assert_array_equal(
        np.frombuffer(message.data, np.uint8).reshape(240, 320), expected)


@pytest.mark.parametrize('camera, shape, rate_hz', [
    ('left_eye', (144, 192), 60), ('right_eye', (144, 192), 60), ('world', (240, 320, 3), 10)])
def test_every_camera_shows_its_view_of_the_one_wearer(graph, camera, shape, rate_hz):
    seen = graph.hear(Image, f'hmd/{camera}_camera/image', VIDEO)
    # The name of the node is enough: one executable serves every camera.
    graph.add(CameraNode, '-r', f'__node:={camera}_camera', seed=5)
    graph.until(lambda: len(seen) > 2)
    message = seen[0]
    assert message.header.frame_id == f'{camera}_camera_optical_frame'
    assert message.encoding == ('bgr8' if len(shape) == 3 else 'mono8')
    number = round(ns(message) * rate_hz / 10**9)
    assert ns(message) == number * 10**9 // rate_hz
    expected = VIEWS[camera](SimulatedWearer(5), number / rate_hz, number)
    np.testing.assert_array_equal(
        np.frombuffer(message.data, np.uint8).reshape(shape), expected)


def calibration(folder, width, height):
    path = folder / 'camera.yaml'
    path.write_text(
        f'image_width: {width}\nimage_height: {height}\ncamera_name: eye\n'
        'camera_matrix: {rows: 3, cols: 3, data: [90., 0, 39.5, 0, 91., 29.5, 0, 0, 1]}\n'
        'distortion_model: plumb_bob\n'
        'distortion_coefficients: {rows: 1, cols: 5, data: [-0.1, 0.02, 0, 0, 0]}\n')
    return path


def test_a_calibration_is_published_beside_each_image(graph, tmp_path):
    cv2.imwrite(str(tmp_path / '0.png'), np.zeros((60, 80), np.uint8))
    images = graph.hear(Image, 'hmd/left_eye_camera/image', VIDEO)
    infos = graph.hear(CameraInfo, 'hmd/left_eye_camera/camera_info', VIDEO)
    graph.add(
        CameraNode, camera='left_eye', source='file', path=tmp_path, rate_hz=20.0,
        calibration_path=calibration(tmp_path, 80, 60), frame_prefix='w1/')
    graph.until(lambda: len(images) > 2 and len(infos) > 2)
    info = infos[0]
    assert (info.width, info.height, info.distortion_model) == (80, 60, 'plumb_bob')
    assert (info.k[0], info.k[4], info.d[0]) == (90.0, 91.0, -0.1)
    assert info.header.frame_id == 'w1/left_eye_camera_optical_frame'
    assert {ns(m) for m in infos} & {ns(m) for m in images}


def test_a_camera_that_changes_size_goes_on_without_a_calibration_that_is_wrong(graph, tmp_path):
    for i, size in enumerate([(60, 80)] * 3 + [(48, 64)] * 3):
        cv2.imwrite(str(tmp_path / f'{i}.png'), np.zeros(size, np.uint8))
    images = graph.hear(Image, 'hmd/world_camera/image', VIDEO)
    infos = graph.hear(CameraInfo, 'hmd/world_camera/camera_info', VIDEO)
    node = graph.add(
        CameraNode, camera='world', source='file', path=tmp_path, rate_hz=20.0,
        calibration_path=calibration(tmp_path, 80, 60))

    def complains():
        message = node.diagnostics.status().message
        return '80 x 60 became 64 x 48' in message and 'Calibrate at this size' in message
    graph.until(complains)
    graph.until(lambda: {m.width for m in images} == {64, 80} and infos)
    assert {len(m.data) for m in images} == {64 * 48, 80 * 60}
    # It fits again when the size is the calibration's again.
    already = len(infos)
    graph.until(lambda: len(infos) > already and not complains())
    assert {(m.width, m.height) for m in infos} == {(80, 60)}


def test_an_image_that_is_none_is_named_and_the_next_one_shown(graph, tmp_path):
    cv2.imwrite(str(tmp_path / '0.png'), np.full((24, 32), 7, np.uint8))
    cv2.imwrite(str(tmp_path / '1.tiff'), np.zeros((24, 32), np.float32))
    seen = graph.hear(Image, 'hmd/face_camera/image', VIDEO)
    node = graph.add(CameraNode, source='file', path=tmp_path, rate_hz=20.0)
    graph.until(lambda: 'float32 [24, 32]' in node.diagnostics.status().message)
    already = len(seen)
    graph.until(lambda: len(seen) > already + 1)
    assert {m.data[0] for m in seen} == {7}


def test_the_depth_camera_sees_the_body_of_the_wearer(graph):
    seen = graph.hear(PointCloud2, 'hmd/depth_camera/points', VIDEO)
    graph.add(DepthCameraNode, seed=5, frame_prefix='w1/')
    graph.until(lambda: len(seen) > 2)
    message = seen[0]
    assert message.header.frame_id == 'w1/depth_camera_optical_frame'
    assert [f.name for f in message.fields] == ['x', 'y', 'z']
    assert message.is_dense
    number = round(ns(message) * 10 / 10**9)
    np.testing.assert_array_equal(
        point_cloud2.read_points_numpy(message), SimulatedWearer(5).cloud(number / 10.0, number))


def test_recorded_clouds_come_out_as_they_are(graph, tmp_path):
    xyz = np.arange(36, dtype=np.float32).reshape(3, 4, 3)
    xyz[:, 0, 2] = np.nan
    np.savez(tmp_path / 'd.npz', xyz=xyz, t_s=[0.0, 0.05, 0.1])
    seen = graph.hear(PointCloud2, 'hmd/depth_camera/points', VIDEO)
    graph.add(DepthCameraNode, source='file', path=tmp_path / 'd.npz')
    graph.until(lambda: len(seen) > 3)
    assert not seen[0].is_dense
    shown = {float(point_cloud2.read_points_numpy(m)[1, 0]) for m in seen}
    assert shown <= {3.0, 15.0, 27.0}
    assert len(shown) > 1


def test_the_headset_gives_face_weights(graph):
    heard = graph.hear(FaceTracking, 'hmd/face/tracking', stream(30.0))
    graph.add(FaceNode, seed=5)
    graph.until(lambda: len(heard) > 10)
    message = heard[0]
    assert message.source == FaceTracking.SOURCE_SIMULATION
    assert all(message.observed)
    assert message.header.frame_id == 'hmd_link'
    number = round(ns(message) * 30 / 10**9)
    np.testing.assert_array_equal(
        message.weights, SimulatedWearer(5).face_weights(number / 30.0, number))
    np.testing.assert_allclose(np.diff([ns(m) for m in heard]), 1e9 / 30.0, atol=1.0)


def test_a_shape_that_was_not_recorded_or_is_no_weight_is_not_observed(graph, tmp_path):
    (tmp_path / 'f.csv').write_text('t_s,JawOpen,mouthSmileLeft,tongueOut\n' + ''.join(
        f'{i / 20},0.25,1.01,7\n' for i in range(40)))
    heard = graph.hear(FaceTracking, 'hmd/face/tracking', stream(30.0))
    node = graph.add(FaceNode, source='file', path=tmp_path / 'f.csv')
    graph.until(lambda: len(heard) > 3)
    message = heard[0]
    assert message.source == FaceTracking.SOURCE_DEVICE
    assert [NAMES[i] for i in np.flatnonzero(message.observed)] == ['jawOpen', 'mouthSmileLeft']
    assert message.weights[INDEX['jawOpen']] == 0.25
    assert message.weights[INDEX['mouthSmileLeft']] == 1.0
    assert math.isnan(message.weights[INDEX['tongueOut']])
    assert math.isnan(message.upper_confidence)
    assert 'tongueOut out of range' in node.diagnostics.status().message


@pytest.mark.parametrize('encoding, bytes_per_pixel', [('bgr8', 3), ('mono8', 1)])
def test_a_folder_of_images_is_published_in_the_wanted_encoding(
        graph, tmp_path, encoding, bytes_per_pixel):
    for i in range(3):
        image = np.zeros((60, 80, 3), np.uint8)
        image[:, :, 2] = 200
        cv2.imwrite(str(tmp_path / f'{i}.png'), image)
    seen = graph.hear(Image, 'hmd/left_eye_camera/image', VIDEO)
    graph.add(
        CameraNode, camera='left_eye', source='file', path=tmp_path, rate_hz=20.0,
        encoding=encoding)
    graph.until(lambda: len(seen) > 4)
    assert seen[0].encoding == encoding
    assert seen[0].step == 80 * bytes_per_pixel
    assert list(seen[0].data[:3]) == ([0, 0, 200] if encoding == 'bgr8' else [60, 60, 60])


def test_physiology_channels_share_one_topic(graph):
    heard = graph.hear(PhysioChunk, 'hmd/physiology/chunk', stream(12.0))
    graph.add(PhysiologyNode)
    graph.until(lambda: len(heard) > 8)
    by_channel = {m.channel: m for m in heard}
    assert set(by_channel) == {
        PhysioChunk.CHANNEL_BVP, PhysioChunk.CHANNEL_EDA, PhysioChunk.CHANNEL_SKIN_TEMPERATURE}
    assert len(by_channel[PhysioChunk.CHANNEL_BVP].samples) == 16
    assert by_channel[PhysioChunk.CHANNEL_BVP].sample_rate_hz == 64.0
    assert 25.0 < by_channel[PhysioChunk.CHANNEL_SKIN_TEMPERATURE].samples[0] < 38.0
    assert {m.site for m in heard} == {PhysioChunk.SITE_WRIST}
    assert math.isnan(heard[0].contact_quality)


def test_simulated_gaze_says_that_it_is_simulated(graph):
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(120.0))
    graph.add(GazeNode)
    graph.until(lambda: len(heard) > 60)
    assert {m.source for m in heard} == {GazeSample.SOURCE_SIMULATION}
    np.testing.assert_array_equal(np.diff([m.sequence for m in heard]), 1)
    for message in heard:
        open_eye = message.left.state == EyeState.STATE_OPEN
        assert open_eye == math.isfinite(message.left.azimuth_deg)
        assert open_eye or message.left.state == EyeState.STATE_CLOSED
    assert math.isnan(heard[0].left.pupil_x)
    assert math.isnan(heard[0].left.origin.x)


def test_gaze_of_one_eye_from_a_file_leaves_the_other_unknown(graph, tmp_path):
    xy = np.stack([np.linspace(0.2, 0.8, 400), np.full(400, 0.5)], axis=-1)
    np.savez(tmp_path / 'g.npz', xy=xy, confidence=np.ones(400))
    heard = graph.hear(GazeSample, 'hmd/gaze/sample', stream(200.0))
    graph.add(GazeNode, source='file', path=tmp_path / 'g.npz', eye='right', rate_hz=100.0)
    graph.until(lambda: len(heard) > 20)
    assert heard[0].source == GazeSample.SOURCE_DEVICE
    assert heard[5].right.state == EyeState.STATE_OPEN
    assert heard[5].right.pupil_x > heard[0].right.pupil_x
    assert heard[5].left.state == EyeState.STATE_UNKNOWN
    assert math.isnan(heard[5].left.pupil_x)
    assert math.isnan(heard[5].azimuth_deg)


def test_headset_status_is_there_for_whoever_comes_late(graph):
    node = graph.add(HeadsetStatusNode, fit='bad', eye_calibration='coarse')
    graph.until(lambda: node._status is not None)
    heard = graph.hear(HeadsetStatus, 'hmd/headset/status', LATCHED)
    graph.until(lambda: heard)
    assert heard[0].fit == HeadsetStatus.FIT_BAD
    assert heard[0].eye_calibration == HeadsetStatus.EYE_CALIBRATION_COARSE
    assert math.isnan(heard[0].battery_fraction)


def test_headset_status_follows_a_file_and_keeps_the_time_of_change(graph, tmp_path):
    (tmp_path / 'h.csv').write_text(
        't_s,fit,eye_calibration\n0,not_worn,none\n0.3,good,none\n0.4,good,none\n0.6,good,fine\n')
    heard = graph.hear(HeadsetStatus, 'hmd/headset/status', LATCHED)
    node = graph.add(HeadsetStatusNode, source='file', path=tmp_path / 'h.csv', loop=False)
    graph.until(lambda: node._status is not None and node._status.eye_calibration == 3)
    graph.until(lambda: heard and heard[-1].eye_calibration == 3)
    last = heard[-1]
    assert last.fit == HeadsetStatus.FIT_GOOD
    assert last.eye_calibration_changed == last.header.stamp
    assert last.fit_changed != last.header.stamp
    assert node.diagnostics.status().level == DiagnosticStatus.OK


def test_the_truth_is_published_and_called_simulation(graph):
    heard = graph.hear(GroundTruth, 'ground_truth/wearer', 10)
    graph.add(SimulatedWearerTruthNode, seed=6)
    graph.until(lambda: len(heard) > 3)
    message = heard[0]
    assert message.kind == GroundTruth.KIND_SIMULATION
    affect = SimulatedWearer(6).affect.at(np.array([ns(message) * 1e-9]))
    assert message.valence == pytest.approx(float(affect.valence[0]), abs=1e-5)
    assert message.arousal == pytest.approx(float(affect.arousal[0]), abs=1e-5)


def test_the_truth_about_words_is_told_at_their_first_sound(graph):
    words = graph.hear(GroundTruth, 'ground_truth/words', STATE)
    voice = SimulatedWearer(6)
    spoken = next(filter(None, (voice.words(100.0 + 0.5 * i) for i in range(200))))
    # It is said half a second from now.
    t0_s = time.time() + 0.5 - spoken.start_s
    node = graph.add(SimulatedWearerTruthNode, seed=6, t0_s=t0_s)
    graph.until(lambda: any(message.label for message in words), 'something said')
    said = next(message for message in words if message.label)
    assert (said.label, said.stimulus) == (spoken.text, spoken.category)
    assert ns(said) * 1e-9 == pytest.approx(node.t0_ns * 1e-9 + spoken.start_s, abs=1e-4)
    assert math.isnan(said.valence)


def test_the_truth_about_eyes_light_and_body_is_that_of_the_sensors(graph):
    heard = {
        name: graph.hear(kind, f'ground_truth/{name}', STATE) for name, kind in (
            ('eyes', GazeSample), ('illuminance', Illuminance), ('body', PointCloud2))}
    graph.add(SimulatedWearerTruthNode, seed=6, frame_prefix='w1/')
    graph.until(lambda: all(len(messages) > 2 for messages in heard.values()))
    wearer = SimulatedWearer(6)
    eyes, light, body = (heard[name][0] for name in ('eyes', 'illuminance', 'body'))
    assert {m.header.frame_id for m in (eyes, light, body)} == {'w1/hmd_link'}
    look = wearer.eyes.at(ns(eyes) * 1e-9)
    assert eyes.left.pupil_diameter_mm == pytest.approx(float(look['left_pupil_mm']), abs=1e-5)
    assert eyes.azimuth_deg == pytest.approx(float(look['azimuth_deg']), abs=1e-5)
    assert eyes.left.azimuth_deg < eyes.azimuth_deg < eyes.right.azimuth_deg
    assert light.illuminance == pytest.approx(
        math.pi * wearer.luminance_cd_m2(ns(light) * 1e-9), rel=1e-6)
    np.testing.assert_allclose(
        point_cloud2.read_points_numpy(body), wearer.body_points(ns(body) * 1e-9), atol=1e-6)


@pytest.mark.parametrize('node_class, parameters, words', [
    (MicrophoneNode, {'source': 'file', 'path': '/nowhere/a.wav'}, "parameter 'path'"),
    (MicrophoneNode, {'source': 'file'}, "parameter 'path' is empty"),
    (MicrophoneNode, {'script': '/nowhere/s.yaml'}, "parameter 'script'"),
    (CameraNode, {'source': 'device', 'device': 'ftp://camera'}, "parameter 'device'"),
    (CameraNode, {'source': 'device', 'camera': 'left_eye'}, "parameter 'device' is empty"),
    (CameraNode, {'rotate_deg': 45}, "parameter 'rotate_deg'"),
    (CameraNode, {'calibration_path': '/nowhere/c.yaml'}, "parameter 'calibration_path'"),
    (DepthCameraNode, {'source': 'device'}, 'remap'),
    (DepthCameraNode, {'source': 'file', 'path': '/nowhere'}, "parameter 'path'"),
    (FaceNode, {'source': 'file', 'path': '/nowhere'}, "parameter 'path'"),
    (PhysiologyNode, {'source': 'file', 'path': '/nowhere'}, "parameter 'path'"),
    (GazeNode, {'source': 'file', 'path': '/nowhere'}, "parameter 'path'"),
    (HeadsetStatusNode, {'source': 'file', 'path': '/nowhere'}, "parameter 'path'"),
    (ImuNode, {'source': 'file', 'path': '/nowhere'}, "parameter 'path'")])
def test_what_cannot_be_opened_is_said_and_survived(graph, node_class, parameters, words):
    node = graph.add(node_class, **parameters, activate=False)
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    status = node.diagnostics.status()
    assert status.level == DiagnosticStatus.ERROR
    assert words in status.message


def test_a_parameter_out_of_range_is_reported_and_not_taken(graph):
    heard = graph.hear(*AUDIO)
    node = graph.add(MicrophoneNode, chunk_s=3.0)
    assert 'chunk_s' in node.diagnostics.status().message
    graph.until(lambda: heard)
    assert len(heard[0].samples) == 640


def test_a_source_that_is_not_there_is_never_replaced_by_a_simulation(graph):
    node = graph.add(PhysiologyNode, source='device', activate=False)
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert "'source' is 'device'" in node.diagnostics.status().message


def test_a_paused_node_is_silent_and_goes_on(graph):
    heard = graph.hear(*IMU)
    node = graph.add(ImuNode)
    graph.until(lambda: len(heard) > 10)
    node.trigger_deactivate()
    assert node._timer is None
    node.trigger_activate()
    already = len(heard)
    graph.until(lambda: len(heard) > already + 10)
    node.trigger_deactivate()
    node.trigger_cleanup()
    assert node.source is None
