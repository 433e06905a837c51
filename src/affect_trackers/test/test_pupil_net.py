# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The network's guess is near, whatever the light and size, and eyes disturbed are found, too."""

from affect_trackers.eye_tracker.arc import find_arc
from affect_trackers.eye_tracker.pupil import EyeOpening
from affect_trackers.eye_tracker.pupil import find_pupil
from affect_trackers.eye_tracker.pupil_follower import PupilFollower
from affect_trackers.eye_tracker.pupil_net import PupilNet
from affect_trackers.eye_tracker.pupil_net import shared_pupil_net
from affect_trackers.eye_tracker.rim import Rim
from affect_trackers.eye_tracker.training.random_eye import draw_random_eye
import cv2
from eye_drawing import disturb
from eye_drawing import DISTURBANCES
from eye_drawing import draw_eye
import numpy as np
import pytest
from safetensors.numpy import save_file


def places(count, seed=5):
    rng = np.random.default_rng(seed)
    return [
        (rng.uniform(90, 230), rng.uniform(90, 150), rng.uniform(20, 42)) for _ in range(count)]


@pytest.mark.parametrize('lid', [0.0, 0.3, 0.5])
def test_the_guess_is_near_the_pupil_behind_a_lid(lid):
    for seed, (x, y, radius) in enumerate(places(30)):
        guess = shared_pupil_net().guess(draw_eye(x, y, radius, lid=lid, seed=seed))
        assert guess.probability > 0.5
        assert np.hypot(guess.x * 320 - 0.5 - x, guess.y * 240 - 0.5 - y) < 0.5 * radius
        assert 0.6 < guess.radius * 240 / radius < 1.5


def test_of_shut_lids_the_network_says_that_there_is_no_pupil():
    probabilities = [
        shared_pupil_net().guess(draw_eye(x, y, radius, lid=1.0, seed=seed)).probability
        for seed, (x, y, radius) in enumerate(places(50))]
    assert np.mean(np.array(probabilities) < 0.5) >= 0.98


@pytest.mark.parametrize('size', [(96, 72), (192, 144), (640, 480), (400, 400), (320, 180)])
def test_size_and_shape_of_the_image_do_not_matter(size):
    image = cv2.resize(draw_eye(x=200.0, y=100.0), size, interpolation=cv2.INTER_AREA)
    guess = shared_pupil_net().guess(image)
    assert (guess.x, guess.y) == pytest.approx((200.5 / 320, 100.5 / 240), abs=0.03)


@pytest.mark.parametrize('gain, lift', [(0.25, 0.0), (0.5, 60.0), (1.2, 0.0)])
def test_light_does_not_matter(gain, lift):
    dim = np.clip(gain * draw_eye(x=140.0) + lift, 0, 255).astype(np.uint8)
    guess = shared_pupil_net().guess(dim)
    assert guess.probability > 0.9
    assert guess.x == pytest.approx(140.5 / 320, abs=0.02)


def test_other_weights_are_refused(tmp_path):
    save_file({'kernel': np.zeros(3)}, tmp_path / 'other.safetensors')
    with pytest.raises(KeyError):
        PupilNet(tmp_path / 'other.safetensors')
    with pytest.raises(OSError):
        PupilNet(tmp_path / 'absent.safetensors')
    (tmp_path / 'rubbish.safetensors').write_bytes(b'no weights')
    with pytest.raises(ValueError, match='rubbish'):
        PupilNet(tmp_path / 'rubbish.safetensors')


@pytest.mark.parametrize('kind', DISTURBANCES)
@pytest.mark.parametrize('lid, least', [(0.0, 0.97), (0.3, 0.75)])
def test_a_disturbed_eye_has_its_pupil(kind, lid, least):
    """With bounds below what was measured on these drawings (0.82 at the worst, from the side)."""
    good = []
    for seed, (x, y, radius) in enumerate(places(40)):
        image, x, y = disturb(draw_eye(x, y, radius, lid=lid, seed=seed), x, y, radius, kind, seed)
        found = find_pupil(image)
        good.append(
            found.opening is EyeOpening.OPEN
            and np.hypot(found.x * 320 - 0.5 - x, found.y * 240 - 0.5 - y) < 5.0)
    assert np.mean(good) >= least


@pytest.mark.parametrize('kind', DISTURBANCES)
def test_a_disturbed_shut_eye_is_shut(kind):
    """Measured 1.0, of most, and 0.95 under the reflections of glasses."""
    shut = []
    for seed, (x, y, radius) in enumerate(places(40)):
        image, *_ = disturb(draw_eye(x, y, radius, lid=1.0, seed=seed), x, y, radius, kind, seed)
        shut.append(find_pupil(image).opening is not EyeOpening.OPEN)
    assert np.mean(shut) >= (0.9 if kind == 'reflections' else 0.97)


@pytest.mark.parametrize('lid_grey', [80, 150, 200])
@pytest.mark.parametrize('size, radius', [((320, 240), 60), ((400, 400), 40), ((96, 72), 9)])
def test_the_disc_that_an_arched_lid_leaves_is_no_ellipse(size, radius, lid_grey):
    """A pupil of which three tenths are hidden is nearly an ellipse: its middle is too low."""
    columns, rows = size
    for seed in range(5):
        rng = np.random.default_rng(seed)
        x, y = rng.uniform(0.4, 0.6) * columns, rng.uniform(0.45, 0.6) * rows
        image = np.full((rows, columns), 150.0, np.float32)
        cv2.circle(image, (round(x), round(y)), 2 * radius, 100, -1)
        cv2.circle(image, (round(16 * x), round(16 * y)), 16 * radius, 20, -1, cv2.LINE_AA, 4)
        across = np.arange(columns)
        edge = y - 0.4 * radius + 0.15 / radius * (across - x) ** 2
        image[np.arange(rows)[:, None] < edge] = lid_grey
        image = cv2.GaussianBlur(image, (0, 0), 1.0) + rng.normal(0.0, 3.0, (rows, columns))
        found = find_pupil(np.clip(image, 0, 255).astype(np.uint8))
        assert found.opening is EyeOpening.OPEN
        assert found.x * columns - 0.5 == pytest.approx(x, abs=0.12 * radius)
        assert found.y * rows - 0.5 == pytest.approx(y, abs=0.12 * radius)


def test_a_pupil_seen_from_the_side_keeps_its_shape_behind_a_lid():
    good = []
    for seed, (x, y, radius) in enumerate(places(30)):
        follower = PupilFollower()
        for k in range(4):
            follower.find(k / 60.0, disturb(
                draw_eye(x, y, radius, seed=seed + k), x, y, radius, 'from the side')[0])
        image, at_x, at_y = disturb(
            draw_eye(x, y, radius, lid=0.5, seed=seed), x, y, radius, 'from the side')
        found = follower.find(0.08, image)
        good.append(
            found.opening is EyeOpening.OPEN and found.minor / found.major < 0.85
            and np.hypot(found.x * 320 - 0.5 - at_x, found.y * 240 - 0.5 - at_y) < 5.0)
    assert np.mean(good) >= 0.8


def test_half_a_rim_mends_what_is_expected():
    image = draw_eye(x=150.0, y=120.0, radius=34.0, lid=0.5, glint=False)
    arc = find_arc(image, 153.0, 116.0, 32.0)
    assert (arc.x, arc.y) == pytest.approx((150.0, 120.0), abs=3.0)
    assert 0.2 < arc.seen < 0.8
    blank = find_arc(np.full((240, 320), 120, np.uint8), 153.0, 116.0, 32.0)
    assert (blank.x, blank.y, blank.major, blank.seen) == (153.0, 116.0, 64.0, 0.0)


def test_a_known_rim_gives_size_and_shape():
    image = np.full((240, 320), 150, np.uint8)
    cv2.ellipse(image, ((160.0, 120.0), (80.0, 56.0), 90.0), 20, -1, cv2.LINE_AA)
    image[:110] = 150
    known = Rim(0.0, 0.0, 80.0, 56.0, 90.0, 1.0, 20.0, 150.0)
    arc = find_arc(image, 163.0, 115.0, 33.0, known)
    assert (arc.x, arc.y) == pytest.approx((160.0, 120.0), abs=1.5)
    assert arc.major == pytest.approx(80.0, abs=3.0)
    assert arc.minor / arc.major == pytest.approx(0.7)


def test_drawn_eyes_are_what_they_say():
    rng = np.random.default_rng(4)
    free = [draw_random_eye(rng, 160, 120, 0.0) for _ in range(20)]
    darker = []
    for eye in free:
        assert eye.image.shape == (120, 160) and eye.image.dtype == np.uint8
        x, y = round(eye.x), round(eye.y)
        if 0 <= x < 160 and 0 <= y < 120:
            darker.append(eye.image[y, x] < np.median(eye.image))
    assert np.mean(darker) > 0.8
    kinds = [draw_random_eye(rng, 160, 120).cover for _ in range(200)]
    assert 0.2 < np.mean([cover == 1.0 for cover in kinds]) < 0.4
    assert np.isnan(kinds).any()
