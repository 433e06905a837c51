# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sources: what was recorded comes out, at its own times, and what is wrong is said."""

import gzip
import os
import random

from affect_sensors.blendshapes import INDEX
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.audio_file import AudioFile
from affect_sensors.sources.calibration import read_calibration
from affect_sensors.sources.depth_file import open_depth_file
from affect_sensors.sources.depth_image import DepthToPoints
from affect_sensors.sources.face_file import open_face_file
from affect_sensors.sources.gaze_file import open_gaze_file
from affect_sensors.sources.headset_file import open_headset_file
from affect_sensors.sources.imu_file import COLUMNS
from affect_sensors.sources.imu_file import open_imu_file
from affect_sensors.sources.pacing import Pacing
from affect_sensors.sources.pcd import read_pcd
from affect_sensors.sources.physio_file import PhysioFile
from affect_sensors.sources.simulated_microphone import SimulatedMicrophone
from affect_sensors.sources.simulated_wrist_band import SimulatedWristBand
from affect_sensors.sources.source import SourceError
from affect_sensors.sources.timed_rows import TimedRows
from affect_sensors.sources.video_device import VideoDevice
from affect_sensors.sources.video_file import VideoFile
import cv2
import numpy as np
import pytest
import soundfile

NOW_NS = 1_763_800_000_123_456_789
SECOND_NS = 1_000_000_000


def play(source, seconds, steps=10):
    """Open, start and read a source in steps; return all items."""
    source.open()
    source.start(NOW_NS)
    items = []
    for i in range(round(seconds * steps) + 1):
        items += source.read(NOW_NS + i * SECOND_NS // steps)
    return items


def write_sound(path, rate, channels, seconds):
    rng = np.random.default_rng(1)
    sound = rng.uniform(-0.5, 0.5, (round(rate * seconds), channels)).astype(np.float32)
    soundfile.write(path, sound, rate, subtype='FLOAT' if path.suffix == '.wav' else 'PCM_24')
    return sound


@pytest.mark.parametrize('rate, channels, suffix', [
    (16000, 1, '.wav'), (44100, 2, '.wav'), (48000, 2, '.flac'), (8000, 1, '.flac')])
def test_a_sound_file_comes_out_whole_and_gap_free(tmp_path, rate, channels, suffix):
    path = tmp_path / f'a{suffix}'
    sound = write_sound(path, rate, channels, 1.01)
    source = AudioFile(str(path), chunk_s=0.04, loop=False, mono=False)
    pieces = play(source, 1.2)
    np.testing.assert_allclose(np.concatenate([p.samples for p in pieces]), sound, atol=1e-6)
    assert source.finished
    expected = 0
    for piece in pieces:
        assert piece.sample_rate_hz == rate
        assert piece.first_sample == expected
        assert piece.stamp_ns == NOW_NS + expected * SECOND_NS // rate
        expected += len(piece.samples)
    source.close()


def test_a_looped_sound_goes_on_without_a_gap(tmp_path):
    path = tmp_path / 'a.wav'
    sound = write_sound(path, 16000, 1, 0.33)
    pieces = play(AudioFile(str(path), chunk_s=0.05, loop=True, mono=True), 1.0)
    heard = np.concatenate([p.samples for p in pieces])
    np.testing.assert_array_equal(heard, np.tile(sound, (4, 1))[:len(heard)])
    assert len(heard) == 16000


def test_a_looped_sound_that_somebody_empties_is_said_and_holds_nobody_up(tmp_path):
    path = tmp_path / 'a.wav'
    write_sound(path, 16000, 1, 0.33)
    source = AudioFile(str(path), chunk_s=0.05, loop=True, mono=True)
    source.open()
    source.start(NOW_NS)
    assert source.read(NOW_NS + SECOND_NS // 10)
    os.truncate(path, 44)
    with pytest.raises(SourceError, match='no sample at its beginning'):
        source.read(NOW_NS + SECOND_NS)
    source.close()


@pytest.mark.parametrize('times', [
    [0.0, 0.02, 1e300], [-1e300, 0.0, 1.0], [0.0, 1e-320, 2e-320], [0.0, 1e-9, 2e-9],
    [1.6e18, 1.6e18 + 2e7, 1.6e18 + 4e8]])
def test_times_that_are_not_in_seconds_are_refused(tmp_path, times):
    np.savez(tmp_path / 'a.npz', t_s=times, **{name: np.ones(3) for name in COLUMNS})
    with pytest.raises(SourceError, match='t_s must be in seconds'):
        open_imu_file(str(tmp_path / 'a.npz'), loop=True)


def test_mono_is_the_mean_of_the_channels(tmp_path):
    path = tmp_path / 'a.wav'
    sound = write_sound(path, 16000, 2, 0.2)
    pieces = play(AudioFile(str(path), chunk_s=0.04, loop=False, mono=True), 0.3)
    np.testing.assert_allclose(
        np.concatenate([p.samples for p in pieces])[:, 0], sound.mean(axis=1), atol=1e-6)


def test_no_chunk_is_given_before_its_last_sample():
    source = SimulatedMicrophone(SimulatedWearer(1), t0_ns=0, chunk_s=0.04)
    source.start(NOW_NS)
    until = NOW_NS + 37_000_000
    for piece in source.read(until):
        assert piece.stamp_ns + 40_000_000 <= until
    assert source.read(NOW_NS + 100_000_000)


def test_two_processes_hear_one_wearer():
    early = SimulatedMicrophone(SimulatedWearer(1), t0_ns=0, chunk_s=0.04)
    late = SimulatedMicrophone(SimulatedWearer(1), t0_ns=0, chunk_s=0.02)

    def heard(source, begin_ns):
        source.start(begin_ns)
        return {
            piece.stamp_ns + i * 62_500: float(value)
            for piece in source.read(NOW_NS + 2 * SECOND_NS)
            for i, value in enumerate(piece.samples[:, 0])}
    one, other = heard(early, NOW_NS), heard(late, NOW_NS + 700_000_000)
    common = one.keys() & other.keys()
    assert len(common) > 16000
    assert all(one[at] == other[at] for at in common)


def test_the_wrist_band_counts_its_samples():
    source = SimulatedWristBand(SimulatedWearer(1), t0_ns=0)
    pieces = play(source, 2.0)
    bvp = [p for p in pieces if p.channel == 'bvp']
    assert [p.first_sample for p in bvp] == [16 * i for i in range(len(bvp))]
    assert len(bvp) in (7, 8)
    assert {p.channel for p in pieces} == {'bvp', 'eda', 'skin_temperature'}


def test_pacing_never_drifts():
    pacing = Pacing(44100, 1764)
    pacing.start(NOW_NS)
    for _ in range(25 * 3600):
        pacing.advance()
    assert pacing.stamp_ns(pacing.position) == NOW_NS + 3600 * SECOND_NS


def test_pacing_goes_on_after_a_jump():
    pacing = Pacing(100, 1)
    pacing.start(NOW_NS)
    pacing.advance()
    pacing.start(NOW_NS - 3600 * SECOND_NS)
    assert pacing.position == 1
    assert pacing.stamp_ns(1) == NOW_NS - 3600 * SECOND_NS


def write_imu(path, times):
    rows = np.arange(6.0 * len(times)).reshape(-1, 6)
    lines = [','.join(('t_s', *COLUMNS))]
    lines += [','.join(map(str, (t, *row))) for t, row in zip(times, rows, strict=True)]
    path.write_text('\n'.join(lines) + '\n')
    return rows


def test_imu_rows_come_at_their_own_times(tmp_path):
    times = [5.0, 5.01, 5.03, 5.1]
    rows = write_imu(tmp_path / 'imu.csv', times)
    items = play(open_imu_file(str(tmp_path / 'imu.csv'), loop=False), 0.5)
    assert [stamp - NOW_NS for stamp, _, _ in items] == [0, 10_000_000, 30_000_000, 100_000_000]
    np.testing.assert_array_equal(np.stack([row for _, _, row in items]), rows)


def test_looped_rows_keep_time_and_count(tmp_path):
    write_imu(tmp_path / 'imu.csv', [0.0, 0.1, 0.2])
    items = play(open_imu_file(str(tmp_path / 'imu.csv'), loop=True), 1.0)
    assert [number for _, number, _ in items] == list(range(11))
    assert [s - NOW_NS for s, _, _ in items] == [i * 100_000_000 for i in range(11)]


def test_rows_go_on_after_a_pause():
    source = TimedRows(np.array([0.0, 1.0, 2.0]), 'abc', loop=False)
    source.start(NOW_NS)
    assert [row for _, _, row in source.read(NOW_NS)] == ['a']
    source.start(NOW_NS + 60 * SECOND_NS)
    assert source.read(NOW_NS + 60 * SECOND_NS)[0] == (NOW_NS + 60 * SECOND_NS, 1, 'b')


@pytest.mark.parametrize('text, words', [
    ('t_s,gyro_x_rad_s\n0,1\n', 'no column gyro_y_rad_s'),
    (f"t_s,{','.join(COLUMNS)}\n", 'no rows'),
    (f"t_s,{','.join(COLUMNS)}\n0,1,2,3,4,5,6\n0,1,2,3,4,5,6\n", 'rise'),
    (f"t_s,{','.join(COLUMNS)}\nnan,1,2,3,4,5,6\n", 'rise'),
    (f"t_s,{','.join(COLUMNS)}\n0,1,2,x,4,5,6\n", 'cannot be read'),
    (f"t_s,{','.join(COLUMNS)}\n0,1,2\n", 'line 2 has 3 cells'),
    (f"t_s,{','.join(COLUMNS)}\n0,1,2,3,4,5,6\n1,2,3,x,5,6,7\n",
     "line 3, column gyro_z_rad_s: 'x' is no number")])
def test_a_bad_imu_file_is_refused_with_the_reason(tmp_path, text, words):
    (tmp_path / 'imu.csv').write_text(text)
    with pytest.raises(SourceError, match=words):
        open_imu_file(str(tmp_path / 'imu.csv'), loop=False)


def write_e4(folder, *, compress=False):
    for stem, start, rate, samples in (
            ('BVP', 1000.0, 64, range(64 * 3)), ('EDA', 1000.0, 4, range(4 * 3)),
            ('TEMP', 1001.0, 4, range(4 * 3))):
        text = '\n'.join([f'{start}', f'{rate}.000000', *map(str, samples)]) + '\n'
        if compress:
            with gzip.open(folder / f'{stem}.csv.gz', 'wt') as stream:
                stream.write(text)
        else:
            (folder / f'{stem}.csv').write_text(text)


@pytest.mark.parametrize('compress', [False, True])
def test_an_e4_folder_keeps_its_channels_in_step(tmp_path, compress):
    write_e4(tmp_path, compress=compress)
    pieces = play(PhysioFile(str(tmp_path), loop=False), 4.0)
    by_channel = {}
    for piece in pieces:
        by_channel.setdefault(piece.channel, []).append(piece)
    bvp = np.concatenate([p.samples for p in by_channel['bvp']])
    np.testing.assert_array_equal(bvp, np.arange(192))
    # The thermometer began a second later.
    assert by_channel['skin_temperature'][0].stamp_ns == NOW_NS + SECOND_NS
    assert by_channel['skin_temperature'][0].samples[0] == 0.0
    assert by_channel['eda'][3].stamp_ns == NOW_NS + 750_000_000


def test_a_looped_e4_folder_goes_on_counting(tmp_path):
    write_e4(tmp_path)
    source = PhysioFile(str(tmp_path), loop=True)
    bvp = [p for p in play(source, 7.0) if p.channel == 'bvp']
    assert [p.first_sample for p in bvp] == [16 * i for i in range(len(bvp))]
    assert not source.finished
    assert bvp[12].samples[0] == 0.0


def test_physiology_from_csv(tmp_path):
    path = tmp_path / 'p.csv'
    path.write_text('t_s,eda,comment\n' + ''.join(f'{i / 4},{i or ""},0\n' for i in range(8)))
    pieces = play(PhysioFile(str(path), loop=False), 3.0)
    samples = np.concatenate([p.samples for p in pieces])
    assert np.isnan(samples[0])
    np.testing.assert_array_equal(samples[1:], np.arange(1, 8))
    assert pieces[0].sample_rate_hz == pytest.approx(4.0)


@pytest.mark.parametrize('text, words', [
    ('t_s,foo\n0,1\n1,2\n', 'no channel'), ('t_s,eda\n0,1\n1,2\n5,3\n', 'uniform'),
    ('eda\n1\n', 'no column t_s')])
def test_bad_physiology_is_refused(tmp_path, text, words):
    (tmp_path / 'p.csv').write_text(text)
    with pytest.raises(SourceError, match=words):
        PhysioFile(str(tmp_path / 'p.csv'), loop=False).open()


def test_a_damaged_e4_file_is_named(tmp_path):
    (tmp_path / 'EDA.csv').write_text('1000.0\n4.0\n0.1\noops\n')
    with pytest.raises(SourceError, match=r'EDA\.csv'):
        PhysioFile(str(tmp_path), loop=False).open()
    (tmp_path / 'empty').mkdir()
    with pytest.raises(SourceError, match='none of the files'):
        PhysioFile(str(tmp_path / 'empty'), loop=False).open()


def write_images(folder, count):
    for i in range(count):
        cv2.imwrite(str(folder / f'{i:03d}.png'), np.full((24, 32), 10 * i, np.uint8))


def test_a_folder_of_images_is_played_in_order(tmp_path):
    write_images(tmp_path, 5)
    source = VideoFile(str(tmp_path), rate_hz=10.0, loop=False)
    frames = play(source, 1.0)
    assert [int(f.image[0, 0]) for f in frames] == [0, 10, 20, 30, 40]
    assert [f.stamp_ns - NOW_NS for f in frames] == [i * 100_000_000 for i in range(5)]
    assert source.finished


def test_a_late_camera_drops_the_oldest(tmp_path):
    write_images(tmp_path, 5)
    source = VideoFile(str(tmp_path), rate_hz=10.0, loop=False)
    source.open()
    source.start(NOW_NS)
    frames = source.read(NOW_NS + 350_000_000)
    assert [int(f.image[0, 0]) for f in frames] == [30]
    assert source.dropped == 3


def test_an_image_that_cannot_be_read_costs_only_itself(tmp_path):
    write_images(tmp_path, 4)
    (tmp_path / '002.png').write_bytes(b'no image')
    source = VideoFile(str(tmp_path), rate_hz=10.0, loop=False)
    assert [int(f.image[0, 0]) for f in play(source, 0.1)] == [0, 10]
    with pytest.raises(SourceError, match=r'002\.png'):
        source.read(NOW_NS + 200_000_000)
    # What the node does with a lost source.
    source.close()
    assert [int(f.image[0, 0]) for f in play(source, 0.0)] == [30]


CALIBRATION = """
image_width: 640
image_height: 480
camera_matrix: {rows: 3, cols: 3, data: [500, 0, 320, 0, 501, 240, 0, 0, 1]}
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [-0.1, 0.02, 0.001, 0.002, 0]}
rectification_matrix: {rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}
projection_matrix: {rows: 3, cols: 4, data: [480, 0, 322, 0, 0, 485, 239, 0, 0, 0, 1, 0]}
"""


def test_a_calibration_of_ros_is_read_as_it_is(tmp_path):
    (tmp_path / 'c.yaml').write_text(CALIBRATION)
    found = read_calibration(str(tmp_path / 'c.yaml'), 'calibration_path')
    assert (found.width, found.height, found.distortion_model) == (640, 480, 'plumb_bob')
    assert found.d == (-0.1, 0.02, 0.001, 0.002, 0.0)
    assert (found.k[0], found.k[4], found.p[0], found.p[2]) == (500.0, 501.0, 480.0, 322.0)


def test_a_calibration_of_opencv_is_read(tmp_path):
    path = str(tmp_path / 'c.yml')
    storage = cv2.FileStorage(path, cv2.FILE_STORAGE_WRITE)
    storage.write('calibration_time', 'today')
    storage.write('image_width', 320)
    storage.write('image_height', 240)
    storage.write('camera_matrix', np.array([[200.0, 0, 160], [0, 201, 120], [0, 0, 1]]))
    storage.write('distortion_coefficients', np.array([[0.1, 0.2, 0, 0, 0, 0.3, 0, 0]]))
    storage.release()
    found = read_calibration(path, 'calibration_path')
    assert found.distortion_model == 'rational_polynomial'
    assert found.d[5] == 0.3
    assert found.p[:4] == (200.0, 0.0, 160.0, 0.0)


@pytest.mark.parametrize('old, new, words', [
    ('image_width: 640', 'image_width: wide', 'image_width'),
    ('camera_matrix', 'camera_matrices', "'camera_matrix' is missing"),
    ('[500, 0,', '[', "'camera_matrix' has 7 numbers"),
    ('[500, 0,', '[-500, 0,', 'focal lengths'),
    ('plumb_bob', 'fisheye', "'fisheye'"),
    ('0.002, 0]', '0.002, .nan]', 'not finite'),
    ('[-0.1, 0.02, 0.001, 0.002, 0]', '[-0.1]', 'no 1 distortion'),
    ('image_width', '- [', 'does not fit')])
def test_a_bad_calibration_is_refused_with_the_entry(tmp_path, old, new, words):
    assert CALIBRATION.count(old)
    (tmp_path / 'c.yaml').write_text(CALIBRATION.replace(old, new))
    with pytest.raises(SourceError, match=words) as refusal:
        read_calibration(str(tmp_path / 'c.yaml'), 'calibration_path')
    assert "parameter 'calibration_path'" in str(refusal.value)


PCD = """# .PCD v0.7
VERSION 0.7
FIELDS x y z _ intensity
SIZE 4 4 4 1 4
TYPE F F F U F
COUNT 1 1 1 4 1
WIDTH 2
HEIGHT 1
VIEWPOINT 0 0 0 1 0 0 0
POINTS 2
DATA {}
"""


def write_pcd(path, points, kind='binary'):
    head = PCD.format(kind).encode()
    if kind == 'ascii':
        rows = [f'{x} {y} {z} 0 0 0 0 9.5' for x, y, z in points]
        path.write_bytes(head + '\n'.join(rows).encode())
        return
    layout = np.dtype([('xyz', '<f4', 3), ('pad', 'u1', 4), ('intensity', '<f4')])
    rows = np.zeros(len(points), layout)
    rows['xyz'] = points
    path.write_bytes(head + rows.tobytes())


@pytest.mark.parametrize('kind', ['ascii', 'binary'])
def test_a_folder_of_clouds_is_played_in_order(tmp_path, kind):
    clouds = [np.array([[i, 2.0, 3.5], [np.nan, 5.0, 6.0]], np.float32) for i in range(3)]
    for i, cloud in enumerate(clouds):
        write_pcd(tmp_path / f'{i}.pcd', cloud, kind)
    items = play(open_depth_file(str(tmp_path), loop=False, rate_hz=10.0), 1.0)
    assert [stamp - NOW_NS for stamp, _, _ in items] == [0, 100_000_000, 200_000_000]
    for (_, _, found), cloud in zip(items, clouds, strict=True):
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, cloud)


def test_a_damaged_cloud_costs_only_itself(tmp_path):
    for i in range(3):
        write_pcd(tmp_path / f'{i}.pcd', np.full((2, 3), i, np.float32))
    damaged = (tmp_path / '1.pcd').read_bytes()[:-5]
    (tmp_path / '1.pcd').write_bytes(damaged)
    source = open_depth_file(str(tmp_path), loop=False, rate_hz=10.0)
    play(source, 0.0)
    with pytest.raises(SourceError, match=r'1\.pcd.*ends early'):
        source.read(NOW_NS + 100_000_000)
    source.start(NOW_NS + SECOND_NS)
    assert [row[0, 0] for _, _, row in source.read(NOW_NS + SECOND_NS)] == [2.0]


def test_whoever_reads_late_gets_what_was_before_a_damaged_cloud(tmp_path):
    for i in range(3):
        write_pcd(tmp_path / f'{i}.pcd', np.full((2, 3), i, np.float32))
    (tmp_path / '1.pcd').write_bytes((tmp_path / '1.pcd').read_bytes()[:-5])
    source = open_depth_file(str(tmp_path), loop=False, rate_hz=10.0)
    source.start(NOW_NS)
    until_ns = NOW_NS + SECOND_NS
    assert [row[0, 0] for _, _, row in source.read(until_ns)] == [0.0]
    with pytest.raises(SourceError, match=r'1\.pcd.*ends early'):
        source.read(until_ns)
    assert [row[0, 0] for _, _, row in source.read(until_ns)] == [2.0]


def test_clouds_of_different_sizes_share_an_archive(tmp_path):
    xyz = np.arange(15.0).reshape(5, 3)
    np.savez(tmp_path / 'd.npz', xyz=xyz, count=[2, 0, 3], t_s=[0.0, 0.1, 0.5])
    items = play(open_depth_file(str(tmp_path / 'd.npz'), loop=False, rate_hz=1.0), 1.0)
    assert [len(row) for _, _, row in items] == [2, 0, 3]
    np.testing.assert_array_equal(items[2][2], xyz[2:])
    assert items[2][0] == NOW_NS + SECOND_NS // 2


@pytest.mark.parametrize('arrays, words', [
    ({'points': np.zeros((2, 3, 3))}, "no array 'xyz'"), ({'xyz': np.zeros((2, 3, 4))}, 'xyz is'),
    ({'xyz': np.zeros((2, 3))}, 'xyz is'), ({'xyz': np.zeros((2, 3)), 'count': [1]}, 'count'),
    ({'xyz': np.zeros((2, 3, 3)), 't_s': [0.0]}, 't_s has 1'),
    ({'xyz': np.zeros((2, 3, 3)), 't_s': [1.0, 0.0]}, 'rise'),
    ({'xyz': np.zeros((0, 3, 3))}, 'no rows'), ({'xyz': np.array(['a'])}, 'cannot be used')])
def test_bad_clouds_are_refused(tmp_path, arrays, words):
    np.savez(tmp_path / 'd.npz', **arrays)
    with pytest.raises(SourceError, match=words):
        open_depth_file(str(tmp_path / 'd.npz'), loop=False, rate_hz=10.0)


@pytest.mark.parametrize('old, new, words', [
    ('FIELDS x y z _', 'FIELDS a b c _', 'no fields x, y and z'),
    ('DATA binary', 'DATA binary_compressed', 'sizes do not fit'),
    ('DATA binary', 'DATA base64', "'base64'"),
    ('SIZE 4', 'SIZE 3', 'do not fit together'), ('POINTS 2', 'POINTS 9', 'ends early'),
    ('POINTS 2', 'POINTS -1', '-1 points'), ('POINTS 2', 'POINTS two', 'no POINTS'),
    ('VERSION', 'DATA', 'no fields'), ('\n', ' ', 'no PCD header')])
def test_a_bad_pcd_file_is_refused_with_the_reason(tmp_path, old, new, words):
    write_pcd(tmp_path / 'a.pcd', np.zeros((2, 3)))
    content = (tmp_path / 'a.pcd').read_bytes().replace(old.encode(), new.encode())
    (tmp_path / 'a.pcd').write_bytes(content)
    with pytest.raises(SourceError, match=words):
        open_depth_file(str(tmp_path / 'a.pcd'), loop=False, rate_hz=10.0)


def test_a_pcd_file_of_garbage_is_refused_and_never_worse(tmp_path):
    write_pcd(tmp_path / 'a.pcd', np.ones((2, 3)))
    whole = (tmp_path / 'a.pcd').read_bytes()
    dice = random.Random(1)
    refused = 0
    for _ in range(500):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        (tmp_path / 'a.pcd').write_bytes(damaged[:dice.randint(1, 2 * len(damaged))])
        try:
            assert read_pcd(tmp_path / 'a.pcd').shape[1] == 3
        except ValueError:
            refused += 1
    assert refused > 100


def lens(tmp_path, text=CALIBRATION):
    (tmp_path / 'c.yaml').write_text(text)
    return read_calibration(str(tmp_path / 'c.yaml'), 'calibration_path')


def test_depth_images_become_points_where_the_lens_says(tmp_path):
    camera = DepthToPoints(lens(tmp_path), scale_m=0.001, step=10)
    world = np.array([[0.2, -0.1, 0.8], [-0.3, 0.25, 1.2], [0.0, 0.0, 0.5]])
    known = lens(tmp_path)
    pixels, _ = cv2.projectPoints(
        world, np.zeros(3), np.zeros(3), np.array(known.k).reshape(3, 3), np.array(known.d))
    depth = np.zeros((480, 640), np.uint16)
    for (x, y), (_, _, z) in zip(pixels[:, 0], world, strict=True):
        # A patch around the pixel, so that the grid of steps meets it.
        depth[int(y) - 5:int(y) + 6, int(x) - 5:int(x) + 6] = round(1000.0 * z)
    folder = tmp_path / 'depth'
    folder.mkdir()
    cv2.imwrite(str(folder / '0.png'), depth)
    (_, _, points), = play(
        open_depth_file(str(folder), loop=False, rate_hz=10.0, camera=camera), 0.0)
    assert points.dtype == np.float32
    assert 3 <= len(points) <= 12
    for point in world:
        # Half a patch of pixels at a focal length of 500.
        assert np.linalg.norm(points - point, axis=1).min() < 10.0 / 500.0 * point[2]


def test_depth_images_that_do_not_fit_are_refused(tmp_path):
    camera = DepthToPoints(lens(tmp_path), scale_m=0.001, step=4)
    folder = tmp_path / 'depth'
    folder.mkdir()
    for image, words in (
            (np.zeros((48, 64), np.uint16), 'the calibration is for 640 x 480'),
            (np.zeros((480, 640, 3), np.uint8), 'uint8')):
        cv2.imwrite(str(folder / '0.png'), image)
        with pytest.raises(SourceError, match=words):
            open_depth_file(str(folder), loop=False, rate_hz=10.0, camera=camera)
    with pytest.raises(SourceError, match="parameter 'calibration_path' is empty"):
        open_depth_file(str(folder), loop=False, rate_hz=10.0)
    (folder / '0.png').unlink()
    with pytest.raises(SourceError, match=r'no \.pcd and no \.png'):
        open_depth_file(str(folder), loop=False, rate_hz=10.0)


def test_face_weights_come_from_a_table_or_all_together(tmp_path):
    (tmp_path / 'f.csv').write_text(
        't_s,JawOpen,eyeBlinkLeft,lower_confidence\n0,0.5,0.25,0.9\n0.1,,1,\n')
    items = play(open_face_file(str(tmp_path / 'f.csv'), loop=False), 1.0)
    first, second = items[0][2], items[1][2]
    assert (first[INDEX['jawOpen']], first[INDEX['eyeBlinkLeft']]) == (0.5, 0.25)
    assert np.isnan(second[INDEX['jawOpen']])
    assert (first[53], np.isnan(first[52])) == (0.9, True)
    weights = np.random.default_rng(1).random((3, 52))
    np.savez(tmp_path / 'f.npz', t_s=[0.0, 0.1, 0.2], weights=weights)
    items = play(open_face_file(str(tmp_path / 'f.npz'), loop=False), 1.0)
    np.testing.assert_array_equal(np.stack([row[:52] for _, _, row in items]), weights)


def test_bad_face_files_are_refused(tmp_path):
    (tmp_path / 'a.csv').write_text('t_s,grin\n0,1\n')
    (tmp_path / 'b.csv').write_text('jawOpen\n1\n')
    np.savez(tmp_path / 'c.npz', t_s=[0.0], weights=np.zeros((1, 51)))
    np.savez(tmp_path / 'd.npz', weights=np.zeros((1, 52)))
    (tmp_path / 'e.npz').write_bytes(b'PK no zip')
    for name, words in (
            ('a.csv', 'no face shape'), ('b.csv', 'no column t_s'), ('c.npz', '51'),
            ('d.npz', 'no t_s'), ('e.npz', 'cannot be read')):
        with pytest.raises(SourceError, match=words):
            open_face_file(str(tmp_path / name), loop=False)


def test_a_video_is_played_at_its_own_rate_and_looped(tmp_path):
    path = tmp_path / 'v.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 20.0, (64, 48))
    for i in range(10):
        writer.write(np.full((48, 64, 3), 20 * i, np.uint8))
    writer.release()
    frames = play(VideoFile(str(path), rate_hz=0.0, loop=True), 1.0, steps=20)
    assert len(frames) >= 20
    steps = np.diff([f.stamp_ns for f in frames])
    np.testing.assert_allclose(steps, 50_000_000, atol=1)
    assert abs(int(frames[12].image[0, 0, 0]) - int(frames[2].image[0, 0, 0])) < 3


def test_what_is_no_video_is_refused(tmp_path):
    (tmp_path / 'v.mp4').write_bytes(b'no video')
    with pytest.raises(SourceError, match='no video'):
        VideoFile(str(tmp_path / 'v.mp4'), rate_hz=0.0, loop=True).open()
    (tmp_path / 'none').mkdir()
    with pytest.raises(SourceError, match='no images'):
        VideoFile(str(tmp_path / 'none'), rate_hz=10.0, loop=True).open()
    write_images(tmp_path, 1)
    with pytest.raises(SourceError, match='rate_hz'):
        VideoFile(str(tmp_path), rate_hz=0.0, loop=True).open()


def test_gaze_from_csv_and_from_a_pupil_tracker(tmp_path):
    (tmp_path / 'g.csv').write_text('t_s,azimuth_deg,left_openness\n0,1.5,1\n0.01,,0.1\n')
    items = play(open_gaze_file(str(tmp_path / 'g.csv'), loop=False, rate_hz=1.0, eye='left'), 1)
    assert items[0][2]['azimuth_deg'] == 1.5
    assert np.isnan(items[1][2]['azimuth_deg'])
    assert items[1][2]['left_openness'] == 0.1
    np.savez(tmp_path / 'g.npz', xy=np.array([[0.4, 0.6], [0.1, 0.2]]), confidence=[0.9, 0.0])
    source = open_gaze_file(str(tmp_path / 'g.npz'), loop=False, rate_hz=200.0, eye='right')
    items = play(source, 1)
    assert items[1][0] - items[0][0] == 5_000_000
    assert items[0][2]['right_pupil_x'] == 0.4
    assert np.isnan(items[1][2]['right_pupil_x'])
    assert np.isnan(items[0][2]['left_pupil_x'])


def test_bad_gaze_files_are_refused(tmp_path):
    np.savez(tmp_path / 'g.npz', xy=np.zeros((3, 3)))
    (tmp_path / 'h.npz').write_bytes(b'PK no zip')
    (tmp_path / 'g.csv').write_text('t_s,speed\n0,1\n')
    for name in ('g.npz', 'h.npz', 'g.csv'):
        with pytest.raises(SourceError, match='path'):
            open_gaze_file(str(tmp_path / name), loop=False, rate_hz=1.0, eye='left')


def test_headset_rows(tmp_path):
    path = tmp_path / 'h.csv'
    path.write_text('t_s,fit,eye_calibration\n0,not_worn,none\n0.5,good,fine\n')
    items = play(open_headset_file(str(path), loop=False), 1.0)
    assert [row for _, _, row in items] == [(1, 1), (2, 3)]
    path.write_text('t_s,fit,eye_calibration\n0,splendid,none\n')
    with pytest.raises(SourceError, match='splendid'):
        open_headset_file(str(path), loop=False)


@pytest.mark.parametrize('make', [
    lambda path: AudioFile(path, chunk_s=0.04, loop=True, mono=True).open(),
    lambda path: VideoFile(path, rate_hz=30.0, loop=True).open(),
    lambda path: PhysioFile(path, loop=True).open(),
    lambda path: open_imu_file(path, loop=True),
    lambda path: open_gaze_file(path, loop=True, rate_hz=200.0, eye='left'),
    lambda path: open_headset_file(path, loop=True),
    lambda path: open_depth_file(path, loop=True, rate_hz=10.0),
    lambda path: open_face_file(path, loop=True)])
def test_a_missing_file_is_named_with_its_parameter(make):
    with pytest.raises(SourceError, match="parameter 'path': there is no '/nowhere/x'"):
        make('/nowhere/x')
    with pytest.raises(SourceError, match="parameter 'path' is empty"):
        make('')


def test_a_missing_camera_is_named():
    with pytest.raises(SourceError, match="parameter 'device'"):
        VideoDevice('/dev/video-that-is-not', rate_hz=30.0, width=0, height=0).open()
