# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The pupil is found where it is, and nowhere else."""

import os
from pathlib import Path

from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import find_pupil
from affect_trackers.eye_tracker.pupil import LEAST_CONFIDENCE
from affect_trackers.eye_tracker.pupil_follower import PupilFollower
from affect_trackers.eye_tracker.usual_opening import UsualOpening
import cv2
from eye_drawing import draw_eye
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest


def error_px(found, x, y):
    return float(np.hypot(found.x * 320 - 0.5 - x, found.y * 240 - 0.5 - y))


@pytest.mark.parametrize('lid, within_px, share', [
    (0.0, 1.5, 0.99), (0.3, 5.0, 0.97), (0.5, 5.0, 0.9)])
def test_the_centre_is_found(lid, within_px, share):
    """Within bounds measured on these drawings (p99 of the error: 0.4, 3.5 and 4.6 pixels)."""
    rng = np.random.default_rng(5)
    good = []
    for seed in range(100):
        x, y, radius = rng.uniform(90, 230), rng.uniform(90, 160), rng.uniform(22, 42)
        found = find_pupil(draw_eye(x, y, radius, lid=lid, seed=seed))
        good.append(found.opening is EyeOpening.OPEN and error_px(found, x, y) < within_px)
    assert np.mean(good) >= share


def test_the_size_is_found():
    small, large = (find_pupil(draw_eye(radius=r)) for r in (24.0, 40.0))
    assert small.major * 240 == pytest.approx(48.0, abs=3.0)
    assert large.major * 240 == pytest.approx(80.0, abs=3.0)
    assert large.minor / large.major == pytest.approx(0.92, abs=0.05)


def test_right_and_down_are_right_and_down():
    middle = find_pupil(draw_eye())
    right, down = find_pupil(draw_eye(x=200.0)), find_pupil(draw_eye(y=150.0))
    assert right.x > middle.x + 0.1
    assert abs(right.y - middle.y) < 0.02
    assert down.y > middle.y + 0.1


def test_a_closed_eye_is_closed():
    found = [find_pupil(draw_eye(lid=1.0, seed=seed)) for seed in range(50)]
    assert np.mean([f.opening is EyeOpening.CLOSED for f in found]) >= 0.98
    assert all(np.isnan(f.x) and f.confidence == 0.0 for f in found)


@pytest.mark.parametrize('grey', [0, 8, 128, 255])
def test_an_image_that_says_nothing_is_unknown_and_not_closed(grey):
    rng = np.random.default_rng(1)
    image = np.clip(rng.normal(grey, 2.0, (240, 320)), 0, 255).astype(np.uint8)
    assert find_pupil(image).opening is EyeOpening.UNKNOWN


@pytest.mark.parametrize('shape', [(240, 320), (144, 192), (32, 48), (600, 800)])
def test_noise_has_no_pupil_and_is_no_shut_eye(shape):
    image = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert find_pupil(image).opening is EyeOpening.UNKNOWN


def test_a_covered_pupil_is_less_certain():
    free, covered = find_pupil(draw_eye()), find_pupil(draw_eye(lid=0.4))
    assert free.confidence > 0.9
    assert LEAST_CONFIDENCE <= covered.confidence < free.confidence


def test_a_lowered_lid_lessens_the_aperture():
    free, covered = find_pupil(draw_eye()), find_pupil(draw_eye(lid=0.3))
    assert covered.aperture < free.aperture - 0.1


@pytest.mark.parametrize('size', [(192, 144), (320, 240), (640, 480), (400, 400)])
def test_any_size_of_image_will_do(size):
    image = cv2.resize(draw_eye(x=200.0, y=100.0), size, interpolation=cv2.INTER_AREA)
    found = find_pupil(image)
    assert found.x == pytest.approx(200.0 / 320, abs=0.015)
    assert found.y == pytest.approx(100.0 / 240, abs=0.02)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(32, 300), st.integers(32, 700), st.integers(0, 2**32 - 1),
    st.sampled_from(['noise', 'blobs', 'saturated', 'torn', 'turned', 'lines']))
def test_whatever_the_image_there_is_an_answer_and_it_is_in_range(rows, columns, seed, kind):
    rng = np.random.default_rng(seed)
    image = cv2.resize(draw_eye(seed=seed), (columns, rows), interpolation=cv2.INTER_AREA)
    if kind == 'noise':
        image = rng.integers(0, 256, (rows, columns), dtype=np.uint8)
    elif kind == 'blobs':
        image = cv2.resize(
            rng.integers(0, 256, (6, 8), dtype=np.uint8), (columns, rows),
            interpolation=cv2.INTER_CUBIC)
    elif kind == 'saturated':
        image = np.where(image > rng.integers(20, 200), 255, image).astype(np.uint8)
    elif kind == 'torn':
        image = np.roll(image, columns // 3, axis=1) if rng.random() < 0.5 else np.concatenate(
            [image[rows // 2:], image[:rows // 2]])
    elif kind == 'turned':
        image = np.ascontiguousarray(np.rot90(image, rng.integers(1, 4)))
    else:
        image[::2] = 255
    follower = PupilFollower()
    for found in (find_pupil(image), follower.find(0.0, image), follower.find(0.02, image)):
        numbers = [found.x, found.y, found.major, found.minor, found.upper, found.lower]
        if found.opening is EyeOpening.OPEN:
            assert LEAST_CONFIDENCE <= found.confidence <= 1.0
            assert 0.0 <= found.x <= 1.0 and 0.0 <= found.y <= 1.0
            assert 0.0 < found.minor <= found.major <= 0.8
            assert 0.0 <= found.upper <= 1.0 and 0.0 <= found.lower <= 1.0
        else:
            assert np.all(np.isnan(numbers))


def test_a_strip_is_no_eye_and_no_error():
    assert find_pupil(np.tile(np.arange(4096) % 251, (32, 1)).astype(np.uint8)).opening in (
        EyeOpening.CLOSED, EyeOpening.UNKNOWN)


@pytest.mark.parametrize('image', [
    np.zeros((240, 320, 3), np.uint8), np.zeros((240, 320)), np.zeros((8, 8), np.uint8)])
def test_what_is_no_grey_image_is_refused(image):
    with pytest.raises(ValueError, match='grey uint8'):
        find_pupil(image)


def test_openness_is_one_for_the_usual_aperture():
    usual = UsualOpening()
    for i in range(2000):
        blinking = i % 200 < 10
        usual.openness(i / 60.0, 0.1 if blinking else 0.5)
    assert usual.openness(2000 / 60.0, 0.5) == pytest.approx(1.0, abs=0.1)
    assert usual.openness(2001 / 60.0, 0.25) == pytest.approx(0.5, abs=0.06)
    assert np.isnan(usual.openness(2002 / 60.0, float('nan')))
    usual.forget()
    assert usual.openness(0.0, 0.2) == 1.0


@pytest.mark.data
def test_a_real_eye_has_a_pupil():
    data = Path(os.environ.get('AFFECT_DATA', Path(__file__).parents[4] / 'shared' / 'data'))
    path = data / 'eye_video' / 'vog_demo.mp4'
    if not path.exists():
        pytest.skip(f'needs {path} (set AFFECT_DATA)')
    video, opening = cv2.VideoCapture(str(path)), []
    while True:
        good, image = video.read()
        if not good:
            break
        opening.append(find_pupil(image[:, :, 0].copy()).opening)
    lit = [o for o in opening if o is not EyeOpening.UNKNOWN]
    # By eye: 18 frames are black (calibration of the lamp), three show a blink.
    assert len(opening) - len(lit) == pytest.approx(17, abs=3)
    assert np.mean([o is EyeOpening.OPEN for o in lit]) > 0.98
