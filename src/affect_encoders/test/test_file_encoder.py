# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Encoders on files and arrays: the same as live, whatever way the numbers are written down."""

import gzip
import json

import affect_encoders
from affect_encoders.eye_expression import EyeExpressionEncoder
from affect_encoders.eye_expression.features import COLUMNS
from affect_encoders.files.arkit import NAMES
from affect_encoders.files.input_error import InputError
from affect_encoders.files.table import plain_name
from affect_encoders.head_motion import HeadMotionEncoder
from affect_encoders.physiology import PhysiologyEncoder
from affect_encoders.voice import VoiceEncoder
from affect_msgs.msg import FaceTracking
from cloud_signals import cloud
import cv2
from encode_inputs import face_picture
from encode_inputs import gaze
from encode_inputs import imu
from encode_inputs import PHYSIO_HZ
from encode_inputs import pulse
from encode_inputs import write_csv
import numpy as np
import pytest
from scipy.signal import resample_poly
import soundfile
from voice_signals import RATE_HZ
from voice_signals import speech_like


@pytest.fixture(scope='module')
def voice():
    return affect_encoders.load('voice')


@pytest.fixture(scope='module')
def head():
    return affect_encoders.load('head_motion')


def same(first, second, tolerance=1e-5):
    np.testing.assert_allclose(
        first.features, second.features, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(
        first.embedding, second.embedding, rtol=tolerance, atol=tolerance)
    assert first.quality == pytest.approx(second.quality, abs=tolerance)


def test_ticks_are_those_of_a_live_encoder_of_head_motion(head):
    m = imu()
    turns, forces = (np.stack([m[f'{k}{a}'] for a in 'xyz'], axis=1) for k in 'wa')
    live = HeadMotionEncoder()
    ticks = head.encode_ticks(
        {'t_s': m['t'], 'gyro': turns, 'acc': forces}, hop_s=0.5)
    assert len(ticks) == 23
    done = 0
    for tick in ticks:
        now = int(np.searchsorted(m['t'], tick['t_s'], side='right'))
        # Live, samples come one by one or in odd chunks.
        for first in range(done, now, 7):
            part = slice(first, min(first + 7, now))
            live.push(m['t'][part], turns[part], forces[part])
        done = now
        same(tick, live.encode(tick['t_s']), 1e-6)


def test_ticks_are_those_of_a_live_voice(voice):
    sound = speech_like(3.0)
    live = VoiceEncoder()
    done = 0
    for tick in voice.encode_ticks(sound, 0.5, RATE_HZ):
        while done < round(tick['t_s'] * RATE_HZ):
            live.push(sound[done:done + 320], RATE_HZ, done / RATE_HZ)
            done += 320
        same(tick, live.encode(tick['t_s']), 1e-5)


def test_ticks_are_those_of_a_live_wrist_band():
    p = pulse(40.0)
    live = PhysiologyEncoder()
    done = 0
    for tick in affect_encoders.load('physiology').encode_ticks(
            {'t_s': p['t'], 'bvp': p['bvp']}, hop_s=5.0):
        now = int(np.searchsorted(p['t'], tick['t_s'], side='right'))
        live.push('bvp', p['bvp'][done:now], PHYSIO_HZ, p['t'][done])
        done = now
        same(tick, live.encode(tick['t_s']), 1e-6)


def test_times_of_a_recording_are_kept(head):
    m = imu(5.0)
    columns = {'gyro': np.stack([m[f'w{a}'] for a in 'xyz'], axis=1)}
    ticks = head.encode_ticks({'timestamp': m['t'] + 1.7e9, **columns}, hop_s=1.0)
    assert [tick['t_s'] for tick in ticks] == [1.7e9 + k for k in (1, 2, 3, 4)]


@pytest.mark.parametrize(('names', 'scale'), [
    (['t', 'wx', 'wy', 'wz', 'ax', 'ay', 'az'], (1.0, 1.0, 1.0)),
    (['time_ms', 'gyro_x_deg_s', 'gyro_y_deg_s', 'gyro_z_deg_s', 'accel_x_g', 'accel_y_g',
      'accel_z_g'], (1e3, np.degrees(1.0), 1.0 / 9.80665)),
    (['Timestamp [ns]', 'Gyro X [°/s]', 'Gyro Y [°/s]', 'Gyro Z [°/s]', 'Acc X [m/s²]',
      'Acc Y [m/s²]', 'Acc Z [m/s²]'], (1e9, np.degrees(1.0), 1.0)),
    (['timestamp', 'gyrX', 'gyrY', 'gyrZ', 'accX', 'accY', 'accZ'],
     (1e3, np.degrees(1.0), 1.0 / 9.80665)),
    (['t_us', 'angular_velocity.x', 'angular_velocity.y', 'angular_velocity.z',
      'linear_acceleration.x', 'linear_acceleration.y', 'linear_acceleration.z'],
     (1e6, 1.0, 1.0))])
@pytest.mark.parametrize('form', ['csv', 'gz', 'semicolon', 'tsv', 'jsonl', 'npz'])
def test_inertial_samples_under_many_names_and_units(tmp_path, head, names, scale, form):
    m = imu(6.0)
    columns = dict(zip(names, (
        column * scale[0 if i == 0 else 1 if i < 4 else 2]
        for i, column in enumerate(m.values())), strict=True))
    path = tmp_path / f'imu.{ {"gz": "csv", "semicolon": "csv"}.get(form, form)}'
    if form == 'npz':
        np.savez(path, **columns)
    elif form == 'jsonl':
        path.write_text('\n'.join(
            json.dumps(dict(zip(columns, row, strict=True)))
            for row in zip(*(c.tolist() for c in columns.values()), strict=True)))
    else:
        write_csv(path, columns, delimiter={'semicolon': ';', 'tsv': '\t'}.get(form, ','),
                  decimal=',' if form == 'semicolon' else '.')
    if form == 'gz':
        packed = path.with_suffix('.csv.gz')
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    turns, forces = (np.stack([m[f'{k}{a}'] for a in 'xyz'], axis=1) for k in 'wa')
    expected = head.encode({'t_s': m['t'], 'gyro_rad_s': turns, 'acc_m_s2': forces})
    same(head.encode(path), expected, 2e-3)


@pytest.mark.parametrize(('name', 'plain'), [
    ('EDA_uS', 'eda_us'), ('leftPupilDiameter_mm', 'left_pupil_diameter_mm'),
    ('Gaze X [deg]', 'gaze_x_deg'), ('GSR (µS)', 'gsr_us'), ('timestamp [ns]', 'timestamp_ns'),
    ('acc/m/s^2', 'acc_m_s2'), ('BVP', 'bvp'), (' t_s ', 't_s')])
def test_names_of_columns_are_compared_in_a_plain_form(name, plain):
    assert plain_name(name) == plain


@pytest.mark.parametrize(('content', 'said'), [
    ('', 'no row'), ('t_s,azimuth_deg,elevation_deg\n', 'no row'),
    ('t_s,azimuth_deg,elevation_deg\n0,1,1\n0.1,left,1\n', "line 3, column azimuth_deg: 'left'"),
    ('t_s,azimuth_deg,elevation_deg\n0,1,1\n0.1\n', 'line 3 has 1 cells'),
    ('azimuth_deg,elevation_deg\n1,1\n2,2\n', '--rate-hz'),
    ('t_s,pressure\n0,1\n', 'pressure; give gaze'),
    ('0,1,1\n0.1,1,1\n', 'first line names no columns'),
    ('t_s,gaze_x,gaze_y\n0,800,600\n0.1,810,600\n0.2,900,500\n', '--px-per-deg'),
    ('t_s,azimuth_deg,elevation_deg\n0,1,1\n1e15,1,1\n', 'are its times in seconds'),
    ('t_s,azimuth_deg,elevation_rad\n0,1,1\n', 'different units'),
    ('\x00\x01', 'no text')])
def test_what_is_wrong_with_a_table_is_told(tmp_path, content, said):
    path = tmp_path / 'gaze.csv'
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        affect_encoders.load('eye_movement').encode(path)


def test_gaps_and_doubled_rows_of_a_table_are_no_matter(tmp_path, head):
    m = imu(6.0)
    columns = {'t_s': m['t'], **{f'gyro_{a}_rad_s': m[f'w{a}'].copy() for a in 'xyz'}}
    columns['gyro_x_rad_s'][::50] = np.nan
    path = write_csv(tmp_path / 'imu.csv', columns)
    lines = path.read_text().splitlines()
    doubled = tmp_path / 'doubled.csv'
    doubled.write_text('\n'.join(
        [lines[0], *(line for k, line in enumerate(lines[1:]) for _ in range(1 + (k % 9 == 0)))]))
    same(head.encode(doubled), head.encode(path), 1e-6)


def test_rows_of_our_own_eye_tracker_are_gone_by_their_pupils_when_it_knows_no_angles(tmp_path):
    g = gaze()
    path = tmp_path / 'eye.jsonl'
    path.write_text('\n'.join(json.dumps({
        't_s': t, 'state': 'open', 'pupil_x': 0.5 + x / 90.0, 'pupil_y': 0.5 + y / 90.0,
        'pupil_x_px': 100.0 + x, 'pupil_y_px': 50.0 + y, 'azimuth_deg': None,
        'elevation_deg': None, 'openness': 1.0, 'confidence': 0.9})
        for t, x, y in zip(*(column.tolist() for column in g.values()), strict=True)))
    encoder = affect_encoders.load('eye_movement')
    result = encoder.encode(path)
    same(result, encoder.encode({
        't_s': g['t'], 'x_norm': 0.5 + g['azimuth'] / 90.0, 'y_norm': 0.5 + g['elevation'] / 90.0,
        'confidence': np.full(g['t'].size, 0.9)}), 1e-4)
    assert result.quality > 0.5


@pytest.mark.parametrize('columns', [
    lambda g: {'t': g['t'], 'azimuth_rad': np.radians(g['azimuth']),
               'elevation_rad': np.radians(g['elevation'])},
    lambda g: {'Timestamp [ns]': g['t'] * 1e9 + 1.7e18, 'azimuth [deg]': g['azimuth'],
               'elevation [deg]': g['elevation'], 'gaze x [px]': g['azimuth'] * 20.0 + 600.0,
               'gaze y [px]': g['elevation'] * 20.0 + 400.0},
    lambda g: {'t': g['t'], 'x': g['azimuth'], 'y': g['elevation']},
    lambda g: {'t': g['t'], 'left_azimuth_deg': np.full(g['t'].size, np.nan),
               'left_elevation_deg': np.full(g['t'].size, np.nan),
               'right_azimuth_deg': g['azimuth'], 'right_elevation_deg': g['elevation']},
    lambda g: {'time': g['t'] * 1e3, 'gaze_direction': np.stack([
        np.tan(np.radians(g['azimuth'])),
        np.tan(np.radians(g['elevation'])) / np.cos(np.radians(g['azimuth'])),
        np.ones(g['t'].size)], axis=1)}])
def test_gaze_under_many_names_and_units(columns):
    g = gaze()
    encoder = affect_encoders.load('eye_movement')
    expected = encoder.encode(
        {'t_s': g['t'], 'azimuth_deg': g['azimuth'], 'elevation_deg': g['elevation']})
    same(encoder.encode(columns(g)), expected, 5e-2)


def test_a_table_of_several_recordings_is_refused(tmp_path):
    g = gaze()
    twice = {'t_s': np.tile(g['t'], 2), 'azimuth_deg': np.tile(g['azimuth'], 2),
             'elevation_deg': np.tile(g['elevation'], 2)}
    with pytest.raises(InputError, match='goes back at row 1441'):
        affect_encoders.load('eye_movement').encode(write_csv(tmp_path / 'two.csv', twice))


def test_lids_and_pupils_are_read_into_the_eye_they_belong_to(tmp_path):
    t = gaze()['t']
    path = write_csv(tmp_path / 'eyes.csv', {
        'time': t, 'right_pupil_diameter_mm': 4.0 + 0.1 * np.sin(t),
        'left_openness': 0.9 + 0.05 * np.sin(t), 'confidence': np.full(t.size, 0.8),
        'luminance': np.full(t.size, 0.3)})
    columns = np.full((2, t.size, len(COLUMNS)), np.nan)
    columns[0, :, COLUMNS.index('openness')] = 0.9 + 0.05 * np.sin(t)
    columns[1, :, COLUMNS.index('pupil_mm')] = 4.0 + 0.1 * np.sin(t)
    columns[:, :, COLUMNS.index('confidence')] = 0.8
    live = EyeExpressionEncoder()
    ticks = affect_encoders.load('eye_expression').encode_ticks(path, hop_s=5.0)
    done = 0
    for tick in ticks:
        now = int(np.searchsorted(t, tick['t_s'], side='right'))
        live.push(t[done:now], columns[0, done:now], columns[1, done:now])
        live.push_luminance(t[done:now], np.full(now - done, 0.3))
        done = now
        same(tick, live.encode(tick['t_s']), 1e-3)


@pytest.mark.parametrize('subtype', ['PCM_U8', 'PCM_16', 'PCM_24', 'PCM_32', 'FLOAT', 'DOUBLE'])
def test_sound_of_any_width_says_the_same(tmp_path, voice, subtype):
    sound = speech_like(2.0)
    soundfile.write(tmp_path / 'a.wav', np.stack([sound, sound], axis=1), RATE_HZ, subtype)
    expected = voice.encode(sound, RATE_HZ)
    found = voice.encode(tmp_path / 'a.wav')
    pitch = voice.info.feature_names.index('F0semitoneFrom27.5Hz_sma3nz_amean')
    # Eight bits hear noise where the syllables fade: half a semitone.
    assert found.features[pitch] == pytest.approx(
        expected.features[pitch], abs=0.5 if subtype == 'PCM_U8' else 0.1)
    assert found.quality > 0.5 * expected.quality


@pytest.mark.parametrize(('up', 'down'), [(1, 2), (441, 320), (441, 160), (3, 1), (6, 1), (12, 1)])
def test_sound_of_any_rate_has_the_same_pitch(voice, up, down):
    sound = speech_like(2.0)
    other = resample_poly(sound, up, down)
    pitch = voice.info.feature_names.index('F0semitoneFrom27.5Hz_sma3nz_amean')
    expected = voice.encode(sound, RATE_HZ)
    found = voice.encode(other, RATE_HZ * up / down)
    assert found.features[pitch] == pytest.approx(expected.features[pitch], abs=0.2)


def test_a_sound_file_that_breaks_off_tells_and_gives_what_it_has(tmp_path, voice):
    soundfile.write(tmp_path / 'whole.wav', speech_like(3.0), RATE_HZ)
    content = (tmp_path / 'whole.wav').read_bytes()
    (tmp_path / 'cut.wav').write_bytes(content[:2 * len(content) // 3])
    result, = voice.encode_each([tmp_path / 'cut.wav'])
    assert 'breaks off after 2.0 of 3.0 s' in result.error
    assert result.quality > 0.0
    assert result['error'] == result.error


@pytest.mark.parametrize('samples', [
    np.zeros((2, 3, 4)), np.array(['a']), np.full(RATE_HZ, 3e4, np.float32), np.zeros(0)])
def test_samples_that_are_no_sound_are_refused(voice, samples):
    with pytest.raises(InputError):
        voice.encode(samples, RATE_HZ)
    with pytest.raises(InputError, match='Hz'):
        voice.encode(np.zeros(4000), 4000)
    with pytest.raises(InputError, match='rate'):
        voice.encode(np.zeros(4000))


def ply(points, kind, endian='<'):
    head = (f'ply\nformat {kind} 1.0\ncomment made by a test\nelement vertex {len(points)}\n'
            'property float x\nproperty float y\nproperty float z\nproperty uchar red\n'
            'element face 0\nproperty list uchar int vertex_indices\nend_header\n').encode()
    if kind == 'ascii':
        return head + '\n'.join(f'{x:.9g} {y:.9g} {z:.9g} 7' for x, y, z in points).encode()
    rows = np.zeros(len(points), dtype=[(a, endian + 'f4') for a in 'xyz'] + [('red', 'u1')])
    for i, axis in enumerate('xyz'):
        rows[axis] = points[:, i]
    return head + rows.tobytes()


def pcd(points, kind):
    head = ('# .PCD v0.7\nVERSION 0.7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F U\n'
            f'COUNT 1 1 1 1\nWIDTH {len(points)}\nHEIGHT 1\nPOINTS {len(points)}\n'
            f'DATA {kind}\n').encode()
    if kind == 'ascii':
        return head + '\n'.join(f'{x:.9g} {y:.9g} {z:.9g} 7' for x, y, z in points).encode()
    rows = np.zeros(len(points), dtype=[(a, '<f4') for a in 'xyz'] + [('rgb', '<u4')])
    for i, axis in enumerate('xyz'):
        rows[axis] = points[:, i]
    return head + rows.tobytes()


@pytest.mark.parametrize('form', [
    'a.ply', 'b.ply', 'c.ply', 'a.pcd', 'b.pcd', 'a.npy', 'a.npz', 'a.csv', 'a.xyz'])
def test_clouds_of_any_form_say_the_same(tmp_path, form):
    points = cloud(points=1500).astype(np.float32)
    path = tmp_path / form
    if form == 'a.npy':
        np.save(path, points)
    elif form == 'a.npz':
        np.savez(path, points=points)
    elif form == 'a.csv':
        write_csv(path, dict(zip('xyz', points.astype(float).T, strict=True)))
    elif form == 'a.xyz':
        path.write_text('\n'.join(f'{x:.9g} {y:.9g} {z:.9g}' for x, y, z in points))
    else:
        path.write_bytes({
            'a.ply': lambda: ply(points, 'ascii'),
            'b.ply': lambda: ply(points, 'binary_little_endian'),
            'c.ply': lambda: ply(points, 'binary_big_endian', '>'),
            'a.pcd': lambda: pcd(points, 'ascii'), 'b.pcd': lambda: pcd(points, 'binary')}[form]())
    body = affect_encoders.load('body_expression', axes='link')
    same(body.encode(path), body.encode(points), 1e-4)


@pytest.mark.parametrize('content', [
    ply(cloud(points=500), 'binary_little_endian')[:-4], pcd(cloud(points=500), 'binary')[:-4],
    pcd(cloud(points=500), 'binary_compressed'), b'ply\nend_header\n', b'', b'ply'])
def test_clouds_that_end_early_are_refused(tmp_path, content):
    path = tmp_path / f'cloud.{"ply" if content.startswith(b"ply") else "pcd"}'
    path.write_bytes(content)
    with pytest.raises(InputError):
        affect_encoders.load('body_expression').encode(path)


def test_clouds_with_a_time_each_are_one_recording_in_which_things_move():
    body = affect_encoders.load('body_expression', axes='link')
    clouds = np.stack([cloud(
        ((0.5 + 0.02 * k, 0.25, -0.35), (0.5, -0.25, -0.35)), points=2000)[:800]
        for k in range(15)])
    result = body.encode({'xyz': clouds, 't_s': np.arange(15) / 10.0})
    motion = result['features']['quantity_of_motion']
    assert motion > body.encode({
        'xyz': clouds[:1].repeat(15, axis=0) + 1e-3 * np.arange(15)[:, None, None],
        't_s': np.arange(15) / 10.0})['features']['quantity_of_motion']


def test_pictures_of_any_kind_say_the_same_and_are_judged_together(tmp_path):
    face = face_picture()
    kinds = {
        'grey.png': face, 'colour.png': cv2.cvtColor(face, cv2.COLOR_GRAY2BGR),
        'alpha.png': cv2.cvtColor(face, cv2.COLOR_GRAY2BGRA),
        'deep.png': face.astype(np.uint16) * 257, 'plain.bmp': face, 'loss.tiff': face}
    for name, picture in kinds.items():
        assert cv2.imwrite(str(tmp_path / name), picture)
    encoder = affect_encoders.load('facial_expression')
    results = encoder.encode([tmp_path / name for name in kinds])
    for result in results[1:]:
        same(result, results[0], 2e-2)
    same(encoder.encode(face), results[0], 2e-2)
    assert len(encoder.encode(np.stack([face, face]))) == 2
    np.save(tmp_path / 'faces.npy', np.stack([face, face, face]))
    assert [r['input'][-2:] for r in encoder.encode(tmp_path / 'faces.npy')] == ['#0', '#1', '#2']


def test_a_picture_that_was_cut_off_is_told(tmp_path):
    whole = cv2.imencode('.jpg', face_picture(90))[1].tobytes()
    (tmp_path / 'cut.jpg').write_bytes(whole[:len(whole) // 2])
    with pytest.raises(InputError, match='cut off'):
        affect_encoders.load('scene').encode(tmp_path / 'cut.jpg')


def test_a_picture_too_small_is_unknown_and_no_error(tmp_path):
    cv2.imwrite(str(tmp_path / 'one.png'), np.zeros((1, 1), np.uint8))
    for modality in ('facial_expression', 'scene'):
        result = affect_encoders.load(modality).encode(tmp_path / 'one.png')
        assert result.quality == 0.0
        assert result['reason']
        assert not result.error


def test_pictures_that_follow_one_another_are_a_recording(tmp_path):
    rng = np.random.default_rng(0)
    wide = cv2.resize(rng.integers(0, 255, (60, 90, 3), dtype=np.uint8), (360, 240))
    for k in range(12):
        cv2.imwrite(str(tmp_path / f'{k}.png'), wide[:, 4 * k:4 * k + 300])
    still = affect_encoders.load('scene').encode(tmp_path)
    assert len(still) == 12
    assert still[0]['features']['flow_speed'] is None
    moving = affect_encoders.load('scene', is_sequence=True, rate_hz=10.0).encode(tmp_path)
    assert moving['features']['flow_speed'] > 0.0


def test_weights_of_the_face_are_found_by_their_names(tmp_path):
    encoder = affect_encoders.load('facial_expression')
    weights = np.zeros((30, len(NAMES)))
    weights[:, [NAMES.index('mouthSmileLeft'), NAMES.index('mouthSmileRight')]] = 0.8
    weights[:, [NAMES.index('cheekSquintLeft'), NAMES.index('cheekSquintRight')]] = 0.6
    t = np.arange(30) / 30.0
    path = write_csv(tmp_path / 'weights.csv', {
        't_s': t, **{name[0].upper() + name[1:]: weights[:, i] for i, name in enumerate(NAMES)}})
    result = encoder.encode(path)
    assert result['estimate']['probabilities']['happy'] > 0.5
    same(encoder.encode({'t_s': t, 'weights': weights}), result, 1e-4)
    percent = write_csv(tmp_path / 'percent.csv', {'t_s': t, 'jawOpen': np.full(30, 40.0)})
    with pytest.raises(InputError, match='divide percent'):
        encoder.encode(percent)


def test_shapes_are_in_the_order_of_the_message():
    constants = {
        getattr(FaceTracking, name): name for name in dir(FaceTracking)
        if name.startswith(('EYE_', 'JAW_', 'MOUTH_', 'BROW_', 'CHEEK_', 'NOSE_', 'TONGUE_'))}
    assert [constants[i].replace('_', '').lower() for i in range(52)] == [
        name.lower() for name in NAMES]


def test_a_folder_and_the_files_of_a_wrist_band_are_read_as_it_writes_them(tmp_path):
    p = pulse(40.0)
    folder = tmp_path / 'S01'
    folder.mkdir()
    samples = '\n'.join(f'{v:.3f}' for v in p['bvp'])
    (folder / 'BVP.csv').write_text(f'1500000000.00\n{PHYSIO_HZ:.6f}\n{samples}\n')
    temperature = '\n'.join(['33.5'] * 160)
    (folder / 'TEMP.csv.gz').write_bytes(
        gzip.compress(f'1500000000.00\n4.000000\n{temperature}\n'.encode()))
    (folder / 'IBI.csv').write_text('')
    encoder = affect_encoders.load('physiology')
    result = encoder.encode(folder)
    assert result['features']['heart_rate'] == pytest.approx(75.0, abs=0.5)
    assert result['features']['skin_temperature'] == pytest.approx(33.5)
    assert [r['input'] for r in encoder.encode_each([tmp_path])] == [str(folder)]
    alone = encoder.encode(folder / 'BVP.csv')
    assert alone['features']['heart_rate'] == pytest.approx(75.0, abs=0.5)
    assert alone['features']['skin_temperature'] is None


@pytest.mark.parametrize(('columns', 'rate_hz'), [
    (lambda p: {'t_s': p['t'], 'bvp': p['bvp']}, None),
    (lambda p: {'Time (ms)': p['t'] * 1e3, 'PPG': p['bvp']}, None),
    (lambda p: {'bvp': p['bvp']}, PHYSIO_HZ),
    (lambda p: {'bvp': p['bvp'], 'fs': np.array(PHYSIO_HZ)}, None),
    (lambda p: {'bvp': p['bvp'], 'eda': 2.0 + 0.01 * np.arange(160), 'bvp_rate_hz': PHYSIO_HZ,
                'eda_fs': 4.0}, None),
    (lambda p: {'bvp': p['bvp'], 'temp': np.full(160, 33.0)}, PHYSIO_HZ),
    (lambda p: {'t': np.arange(0.8, 40.0, 0.8), 'ibi_ms': np.full(49, 800.0)}, None),
    (lambda p: {'t': np.arange(0.8, 40.0, 0.8), 'RR': np.full(49, 0.8)}, None)])
def test_heart_rate_from_many_tables(columns, rate_hz):
    result = affect_encoders.load('physiology').encode(columns(pulse(40.0)), rate_hz)
    assert result['features']['heart_rate'] == pytest.approx(75.0, abs=0.6)


def test_text_a_path_and_what_is_neither(tmp_path):
    speech = affect_encoders.load('speech')
    assert speech.encode('I am so happy').quality > 0.5
    assert speech.encode('').quality == 0.0
    (tmp_path / 'a.txt').write_text('fine\ngood\n')
    assert len(speech.encode(tmp_path / 'a.txt')) == 2
    assert len(speech.encode(['fine', 'good', ''])) == 3
    with pytest.raises(InputError, match='no such file'):
        speech.encode(str(tmp_path / 'b.txt'))
    with pytest.raises(ValueError, match='unknown modality'):
        affect_encoders.load('nose')


def test_columns_come_in_what_is_like_a_dict_and_nothing_else(head):
    m = imu(5.0)
    structured = np.zeros(m['t'].size, dtype=[(name, 'f8') for name in m])
    for name, column in m.items():
        structured[name] = column
    same(head.encode(structured), head.encode(m), 1e-6)
    with pytest.raises(InputError, match='dict of columns'):
        head.encode(np.zeros((10, 3)))


def test_recordings_are_not_gathered_before_they_are_encoded(head):
    m = imu(3.0)
    asked = []

    def inputs():
        for k in range(3):
            asked.append(k)
            yield m
    results = head.encode_each(inputs())
    next(results)
    assert asked == [0]


def test_enrolment_from_python(head):
    m = imu()
    columns = {'t_s': m['t'], 'gyro': np.stack([m[f'w{a}'] for a in 'xyz'], axis=1)}
    before = head.encode(columns)
    head.enroll(columns)
    after = head.encode(columns)
    assert abs(after.estimate.arousal) < abs(before.estimate.arousal)
    head.enroll([columns])
    assert head.encode(columns) == after
    head.enroll()
    assert head.encode(columns) == before
