# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""`affect-track eye` and `calibrate` on files: rows that mean what they say, errors that help."""

import csv
import json
import math

from affect_trackers.affect_track import main as affect_track
from affect_trackers.eye_tracker.blinks import mark_blinks
from affect_trackers.eye_tracker.calibrate import main as calibrate
from affect_trackers.eye_tracker.calibration_file import load_calibrations
from affect_trackers.track_error import TrackError
import cv2
from eye_drawing import draw_eye
import numpy as np
import pytest

ROW = {
    'file', 't_s', 'state', 'pupil_x', 'pupil_y', 'pupil_x_px', 'pupil_y_px', 'major_px',
    'minor_px', 'tilt_deg', 'diameter_mm', 'openness', 'squint', 'widening', 'azimuth_deg',
    'elevation_deg', 'confidence', 'blink'}


def track(capsys, *words):
    """Return exit status, rows and complaints of the command."""
    status = affect_track(['eye', '--json', *map(str, words)])
    said = capsys.readouterr()
    return status, [json.loads(line) for line in said.out.splitlines()], said.err


@pytest.fixture
def blinking(tmp_path):
    """Give an array of an eye that blinks for a tenth of a second."""
    eyes = [draw_eye(lid=float(10 <= k < 13), seed=k) for k in range(20)]
    path = tmp_path / 'eye.npy'
    np.save(path, np.array(eyes))
    return path


def test_every_frame_is_a_row_and_unknown_is_null(capsys, blinking):
    status, rows, _ = track(capsys, blinking)
    assert status == 0
    assert len(rows) == 20
    assert all(set(row) == ROW for row in rows)
    assert rows[0]['state'] == 'open' and rows[11]['state'] == 'closed'
    assert rows[0]['pupil_x_px'] == pytest.approx(160.0, abs=1.5)
    assert rows[0]['pupil_x'] == pytest.approx(160.5 / 320, abs=0.005)
    assert rows[0]['major_px'] == pytest.approx(68.0, abs=3.0)
    assert rows[11]['openness'] == 0.0 and rows[11]['confidence'] == 0.0
    for name in ('pupil_x', 'pupil_x_px', 'major_px', 'diameter_mm', 'azimuth_deg'):
        assert rows[11][name] is None
    assert rows[0]['diameter_mm'] is None
    assert rows[6]['t_s'] == pytest.approx(0.2)
    assert [row['blink'] for row in rows] == [10 <= k < 13 for k in range(20)]


def test_scale_and_straight_ahead_give_millimetres_and_degrees(capsys, blinking):
    _, rows, _ = track(
        capsys, blinking, '--mm-per-px', 0.1, '--straight-ahead', 130, 120, '--rate-hz', 60)
    assert rows[0]['diameter_mm'] == pytest.approx(6.8, abs=0.2)
    assert rows[0]['azimuth_deg'] == pytest.approx(16.7, abs=0.8)
    assert rows[6]['t_s'] == pytest.approx(0.1)


def test_a_video_and_a_folder_show_the_same(capsys, tmp_path):
    places = np.linspace(120.0, 200.0, 8)
    folder = tmp_path / 'eyes'
    folder.mkdir()
    writer = cv2.VideoWriter(
        str(tmp_path / 'eye.avi'), cv2.VideoWriter.fourcc(*'MJPG'), 25.0, (320, 240))
    for k, x in enumerate(places):
        image = draw_eye(x=x, seed=k)
        cv2.imwrite(str(folder / f'{k}.png'), image.astype(np.uint16) << 4 if k % 2 else image)
        writer.write(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))
    writer.release()
    status, rows, _ = track(capsys, tmp_path / 'eye.avi', folder)
    assert status == 0
    found = np.array([row['pupil_x_px'] for row in rows]).reshape(2, 8)
    np.testing.assert_allclose(found, [places, places], atol=1.5)
    assert rows[7]['t_s'] == pytest.approx(0.28)
    assert rows[9]['image'] == '1.png'


def test_what_can_not_be_tracked_is_named_and_the_rest_is_tracked(capsys, blinking, tmp_path):
    text, tiny = tmp_path / 'text.mp4', tmp_path / 'tiny.png'
    text.write_text('no video')
    cv2.imwrite(str(tiny), np.zeros((20, 20), np.uint8))
    status, rows, complaints = track(capsys, text, tiny, tmp_path / 'absent.mp4', blinking)
    assert status == 1
    assert len(rows) == 20
    assert 'text.mp4' in complaints and 'absent.mp4' in complaints
    assert '20 x 20' in complaints


@pytest.mark.parametrize('words, said', [
    (('--calibration', 'absent.yaml'), 'absent.yaml'), (('--overlay', 'sheet.gif'), '.png'),
    (('--overlay', 'nowhere/sheet.png'), 'nowhere')])
def test_options_that_can_not_be_used_are_refused(capsys, blinking, words, said):
    status, rows, complaints = track(capsys, blinking, *words)
    assert (status, rows) == (2, [])
    assert said in complaints


@pytest.mark.parametrize('name', ['sheet.png', 'drawn.avi'])
def test_an_overlay_shows_the_pupil(capsys, blinking, tmp_path, name):
    track(capsys, blinking, '--overlay', tmp_path / name)
    if name.endswith('.png'):
        drawn = cv2.imread(str(tmp_path / name))[:180, :240]
        drawn = cv2.resize(drawn, (320, 240))
    else:
        _, drawn = cv2.VideoCapture(str(tmp_path / name)).read()
    green = (drawn[:, :, 1].astype(int) - drawn[:, :, 2]) > 60
    down, right = np.nonzero(green[:200])
    assert (right.mean(), down.mean()) == pytest.approx((160.0, 120.0), abs=14.0)


def states(text, step_s=0.1):
    names = {'o': 'open', 'c': 'closed', 'u': 'unknown'}
    rows = [{'t_s': step_s * k, 'state': names[letter]} for k, letter in enumerate(text)]
    return ''.join(
        '?' if row['blink'] is None else 'b' if row['blink'] else '-'
        for row in mark_blinks(rows))


@pytest.mark.parametrize('seen, marked', [
    ('ooccoo', '--bb--'), ('occcccccoo', '----------'), ('ccoo', '----'), ('oocc', '----'),
    ('ocuo', '--?-'), ('ococo', '-b-b-'), ('', '')])
def test_a_blink_is_a_short_closure_between_two_sights(seen, marked):
    assert states(seen) == marked


NINE = [(a, e) for a in (-12.0, 0.0, 12.0) for e in (-8.0, 0.0, 8.0)]


def pupil_px(azimuth_deg, elevation_deg):
    a, e = np.radians([azimuth_deg, elevation_deg])
    return 160.0 + 150.0 * math.cos(e) * math.sin(a), 120.0 - 150.0 * math.sin(e)


def write(path, head, rows):
    with path.open('w', newline='') as file:
        csv.writer(file).writerows([head, *rows])
    return path


def test_a_table_of_pupils_calibrates_and_the_tracker_uses_it(capsys, tmp_path, blinking):
    table = write(
        tmp_path / 'pupils.csv', ('pupil_x_px', 'pupil_y_px', 'azimuth_deg', 'elevation_deg'),
        [(*pupil_px(*target), *target) for target in NINE for _ in range(10)]
        + [('', '', 0.0, 0.0)])
    out = tmp_path / 'w1.yaml'
    for side in ('left', 'right'):
        assert calibrate(
            [str(table), '--size', '320x240', '--out', str(out), '--side', side]) == 0
    assert set(load_calibrations(out)) == {'left', 'right'}
    capsys.readouterr()
    _, rows, _ = track(capsys, blinking, '--calibration', out, '--side', 'right')
    assert rows[0]['azimuth_deg'] == pytest.approx(0.0, abs=0.5)


def test_images_and_their_targets_calibrate(capsys, tmp_path):
    images = [
        draw_eye(*pupil_px(*target), radius=28.0, seed=k) for target in NINE for k in range(24)]
    np.save(tmp_path / 'eye.npy', np.array(images))
    targets = write(
        tmp_path / 'targets.csv', ('t_s', 'azimuth_deg', 'elevation_deg'),
        [(1.2 * k, *target) for k, target in enumerate(NINE)])
    status = calibrate([
        str(tmp_path / 'eye.npy'), '--targets', str(targets), '--rate-hz', '20', '--out',
        str(tmp_path / 'w1.yaml')])
    assert status == 0, capsys.readouterr().err
    found = load_calibrations(tmp_path / 'w1.yaml')['left']
    assert found.targets == 9 and found.unseen_deg < 1.0
    x, y = pupil_px(6.0, -4.0)
    assert found.direction((x + 0.5) / 320, (y + 0.5) / 240) == pytest.approx(
        (6.0, -4.0), abs=0.6)


@pytest.mark.parametrize('rows, head, said', [
    ([(1, 2, 0, 0)] * 30, 'pupil_x_px,pupil_y_px,azimuth_deg,elevation_deg', '1 of 1 targets'),
    ([(1, 2, 0, 0)], 'x,y,azimuth_deg,elevation_deg', 'no column pupil_x_px, pupil_y_px'),
    ([(1, 'left', 0, 0)], 'pupil_x_px,pupil_y_px,azimuth_deg,elevation_deg', 'line 2')])
def test_what_gives_no_calibration_is_said_and_nothing_is_written(
        capsys, tmp_path, rows, head, said):
    table = write(tmp_path / 'pupils.csv', head.split(','), rows)
    out = tmp_path / 'w1.yaml'
    assert calibrate([str(table), '--size', '320x240', '--out', str(out)]) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_rows_that_wait_for_the_end_of_a_blink_are_told_when_the_file_breaks_off():
    def rows():
        yield {'t_s': 0.0, 'state': 'open'}
        yield {'t_s': 0.1, 'state': 'closed'}
        raise TrackError('breaks off')

    told = []
    with pytest.raises(TrackError, match='breaks off'):
        told.extend(row['state'] for row in mark_blinks(rows()))
    assert told == ['open', 'closed']
