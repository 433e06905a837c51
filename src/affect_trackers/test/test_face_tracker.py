# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face tracker on drawn faces: which action moves which weight, and what is no face."""

import json
import subprocess
import sys

from affect_sensors.simulation.wearer import SimulatedWearer
from affect_trackers import affect_track
from affect_trackers.face_tracker import blendshapes as arkit
from affect_trackers.face_tracker import covers
from affect_trackers.face_tracker.face_follower import FaceFollower
from affect_trackers.face_tracker.face_image import turned
from affect_trackers.face_tracker.face_mesh import FaceMesh
from affect_trackers.face_tracker.tracker import FaceTracker
import cv2
from face_drawing import draw_face
from face_drawing import needs_mediapipe
import numpy as np
import pytest

pytestmark = needs_mediapipe
RNG = np.random.default_rng(0)
FACE = draw_face(smile=0.5)


@pytest.fixture(scope='module')
def mesh():
    mesh = FaceMesh()
    yield mesh
    mesh.close()


@pytest.fixture
def tracker(mesh):
    return FaceTracker(mesh, learn_neutral=False)


def settle(tracker, image, frames=3):
    """Show one image for some frames at 30 a second, to a tracker that knows nothing yet."""
    tracker.forget()
    for k in range(frames):
        face = tracker.track(image, 10.0 + k / 30.0)
    return face


@pytest.mark.parametrize('seed', [1, 2, 3])
@pytest.mark.parametrize(('shape', 'rise'), [
    ({'smile': 1.0}, arkit.MOUTH_SMILE),
    ({'smile': -1.0}, arkit.MOUTH_FROWN),
    ({'jaw_open': 1.0}, (arkit.JAW_OPEN,)),
    ({'brow_raise': 1.0}, (arkit.BROW_INNER_UP, *arkit.BROW_OUTER_UP)),
    ({'brow_lower': 1.0}, arkit.BROW_DOWN),
    ({'openness': 0.0}, arkit.EYE_BLINK),
    ({'azimuth_deg': 20.0}, (arkit.EYE_LOOK_OUT[0], arkit.EYE_LOOK_IN[1])),
    ({'azimuth_deg': -20.0}, (arkit.EYE_LOOK_IN[0], arkit.EYE_LOOK_OUT[1])),
], ids=lambda value: next(iter(value)) if isinstance(value, dict) else '')
def test_an_action_raises_its_weights_and_no_opposite(tracker, seed, shape, rise):
    rest = settle(tracker, draw_face(seed)).weights
    acted = settle(tracker, draw_face(seed, **shape)).weights
    assert all(acted[i] > rest[i] + 0.25 for i in rise)
    raised = {int(i) for i in np.flatnonzero(acted > rest + 0.4)}
    # What goes along with an action, in a face or in the network's eyes.
    along = {
        'smile': {*arkit.CHEEK_SQUINT, *arkit.EYE_SQUINT},
        'jaw_open': {arkit.MOUTH_FUNNEL, *arkit.MOUTH_LOWER_DOWN},
        'azimuth_deg': {*arkit.EYE_SQUINT}}
    assert raised <= set(rise) | along.get(next(iter(shape)), set())


@pytest.mark.parametrize('seed', [1, 2])
def test_a_simulated_minute_is_followed_and_read_rightly(mesh, seed):
    wearer, tracker = SimulatedWearer(seed), FaceTracker(mesh)
    seen, truth, sure = [], [], []
    for k in range(0, 60 * 30, 6):
        face = tracker.track(wearer.face_image(k / 30.0, k), k / 30.0)
        seen.append(face.weights)
        truth.append(wearer.face_weights(k / 30.0, k))
        sure.append(min(face.upper_confidence, face.lower_confidence))
    # Asked for are 95 of 100; this simulation is found in all.
    assert np.mean(np.array(sure) > 0.5) >= 0.95
    seen, truth = np.array(seen), np.array(truth)
    for shapes, least in ((arkit.MOUTH_SMILE, 0.9), (arkit.EYE_BLINK, 0.8),
                          ((arkit.JAW_OPEN,), 0.8), (arkit.EYE_LOOK_OUT, 0.7)):
        for i in shapes:
            known = np.isfinite(seen[:, i])
            assert np.corrcoef(seen[known, i], truth[known, i])[0, 1] > least, i


def test_size_tilt_and_place_of_the_face_matter_little(tracker):
    def placed(scale, angle, dx, dy):
        turn = cv2.getRotationMatrix2D((160, 120), angle, scale)
        turn[:, 2] += dx, dy
        return cv2.warpAffine(FACE, turn, (320, 240), borderMode=cv2.BORDER_REPLICATE)
    plain = settle(tracker, FACE).weights
    for how in ((0.8, 0.0, 0.0, 0.0), (1.0, 20.0, 0.0, 0.0), (0.8, -15.0, 30.0, -15.0)):
        other = settle(tracker, placed(*how)).weights
        for i in (*arkit.MOUTH_SMILE, arkit.JAW_OPEN, *arkit.EYE_BLINK, arkit.BROW_INNER_UP):
            assert other[i] == pytest.approx(plain[i], abs=0.25)


def test_what_no_landmark_shows_is_never_given(tracker):
    face = settle(tracker, FACE)
    assert np.isnan(face.weights[list(arkit.NEVER_OBSERVED)]).all()
    assert face.observed.sum() == arkit.SHAPES - len(arkit.NEVER_OBSERVED)
    known = face.weights[face.observed]
    assert ((known >= 0.0) & (known <= 1.0)).all()


def test_closed_eyes_look_nowhere(tracker):
    face = settle(tracker, draw_face(openness=0.0, azimuth_deg=15.0))
    looks = [*arkit.EYE_LOOK_DOWN, *arkit.EYE_LOOK_IN, *arkit.EYE_LOOK_OUT, *arkit.EYE_LOOK_UP]
    assert np.isnan(face.weights[looks]).all()
    assert (face.weights[list(arkit.EYE_BLINK)] > 0.8).all()


def upside_down():
    return np.ascontiguousarray(FACE[::-1, ::-1])


def torn():
    image = FACE.copy()
    image[120:] = np.roll(FACE[120:], 90, axis=1)
    return image


NO_FACE = {
    'blank': lambda: np.full((240, 320), 90, np.uint8),
    'black': lambda: np.zeros((240, 320), np.uint8),
    'white': lambda: np.full((240, 320), 255, np.uint8),
    'noise': lambda: RNG.integers(0, 256, (240, 320), dtype=np.uint8),
    'dark': lambda: FACE // 20,
    'two grey levels': lambda: np.where(FACE > 110, 255, 0).astype(np.uint8),
    'overexposed': lambda: np.clip(FACE.astype(int) * 6, 0, 255).astype(np.uint8),
    'on its side': lambda: np.ascontiguousarray(np.rot90(FACE)),
    'a crop of 48 pixels': lambda: cv2.resize(
        FACE[40:230, 65:255], (48, 48), interpolation=cv2.INTER_AREA),
    'out of focus': lambda: cv2.GaussianBlur(FACE, (0, 0), 8.0),
    'the smallest image': lambda: np.ascontiguousarray(FACE[:32, :32]),
}


@pytest.mark.parametrize('name', NO_FACE)
def test_what_is_no_usable_face_gives_no_weights_and_a_reason(tracker, name):
    face = settle(tracker, NO_FACE[name]())
    assert not face.observed.any()
    assert max(face.upper_confidence, face.lower_confidence) < 0.2
    assert face.reason


def test_upside_down_and_half_torn_pictures_are_not_trusted(tracker):
    assert max(settle(tracker, upside_down()).upper_confidence,
               settle(tracker, upside_down()).lower_confidence) < 0.5
    face = settle(tracker, torn())
    assert face.lower_confidence < 0.2
    assert np.isnan(face.weights[arkit.JAW_OPEN])


def under_headset(**shape):
    image = draw_face(**shape)
    image[72:128, 70:250] = 25
    return image


def test_under_a_headset_the_lower_face_is_still_read(tracker):
    rest, smile = settle(tracker, under_headset()), settle(tracker, under_headset(smile=1.0))
    for face in (rest, smile):
        assert face.upper_confidence < 0.2 < 0.5 < face.lower_confidence
        assert np.isnan(face.weights[arkit.UPPER]).all()
        assert face.reason == 'upper face covered'
    assert all(smile.weights[i] > rest.weights[i] + 0.3 for i in arkit.MOUTH_SMILE)


def landmarks(mesh, image):
    return FaceFollower(mesh).follow(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), 0.0).mesh


@pytest.mark.parametrize('kind', covers.UNSEEN)
def test_any_headset_hides_the_upper_face_and_leaves_the_mouth(mesh, tracker, kind):
    def look(**shape):
        drawn = draw_face(2, **shape)
        return settle(tracker, covers.cover(
            drawn, landmarks(mesh, drawn), (-0.42, 0.3), 0.85, kind, np.random.default_rng(3)),
            frames=30)
    rest, smile = look(), look(smile=1.0)
    for face in (rest, smile):
        assert face.upper_confidence < 0.2 < 0.5 < face.lower_confidence
        assert face.reason == 'upper face covered'
        assert np.isnan(face.weights[arkit.UPPER]).all()
    assert all(smile.weights[i] > rest.weights[i] + 0.25 for i in arkit.MOUTH_SMILE)


@pytest.mark.parametrize('kind', covers.UNSEEN)
def test_any_mask_hides_the_mouth_and_leaves_the_brows(mesh, tracker, kind):
    def look(**shape):
        drawn = draw_face(2, **shape)
        return settle(tracker, covers.cover(
            drawn, landmarks(mesh, drawn), (0.5, 1.3), 0.6, kind, np.random.default_rng(3)))
    rest, raised = look(), look(brow_raise=1.0)
    for face in (rest, raised):
        assert face.lower_confidence < 0.2 < 0.5 < face.upper_confidence
        assert np.isnan(face.weights[~arkit.UPPER]).all()
    assert raised.weights[arkit.BROW_INNER_UP] > rest.weights[arkit.BROW_INNER_UP] + 0.25


def test_a_camera_on_its_side_is_told_of(tracker):
    for quarters, degrees in ((1, 90), (2, 180), (3, 270)):
        lying = np.ascontiguousarray(np.rot90(FACE, quarters))
        face = settle(tracker, lying)
        # In a face upside down the network sees one, which is not trusted.
        assert f'rotation_deg {degrees}' in face.reason or (
            degrees == 180 and not face.observed.any())
        upright = settle(tracker, turned(lying, degrees))
        assert upright.lower_confidence > 0.5


def test_a_covered_mouth_is_unknown_and_the_brows_are_not(tracker):
    masked = draw_face(brow_raise=1.0)
    masked[150:235, 90:230] = 60
    face = settle(tracker, masked)
    assert np.isnan(face.weights[~arkit.UPPER]).all()
    assert face.weights[arkit.BROW_INNER_UP] > 0.3


def test_who_mounts_the_camera_may_say_that_the_upper_face_is_hidden(mesh):
    face = settle(FaceTracker(mesh, upper_face='hidden'), FACE)
    assert face.upper_confidence == 0.0
    assert np.isnan(face.weights[arkit.UPPER]).all()
    assert face.lower_confidence > 0.5
    with pytest.raises(ValueError, match='upper_face'):
        FaceTracker(mesh, upper_face='sometimes')


def test_a_face_that_goes_is_gone_at_once_and_found_again(tracker):
    assert settle(tracker, FACE).observed.any()
    nobody = tracker.track(np.full((240, 320), 90, np.uint8), 10.2)
    assert (nobody.faces, nobody.reason) == (0, 'no face')
    assert not nobody.observed.any()
    assert tracker.track(FACE, 10.3).observed.any()


def test_colour_is_taken_as_well_as_grey(tracker):
    grey = settle(tracker, FACE).weights
    colour = settle(tracker, np.repeat(FACE[:, :, None], 3, axis=2)).weights
    np.testing.assert_allclose(colour, grey, atol=1e-6)


def test_one_wearers_resting_face_becomes_neutral(mesh):
    brows = draw_face(brow_raise=0.4)
    before = settle(FaceTracker(mesh, learn_neutral=False), brows)
    tracker = FaceTracker(mesh)
    after = settle(tracker, brows, frames=300)
    i = arkit.BROW_INNER_UP
    assert before.weights[i] > 0.1
    assert after.weights[i] < 0.5 * before.weights[i]
    up = tracker.track(draw_face(brow_raise=1.0), 20.1)
    assert up.weights[i] > after.weights[i] + 0.2


def test_loading_the_networks_brings_neither_drawing_nor_audio_nor_noise():
    code = (
        'import sys\n'
        'from affect_trackers.face_tracker.face_mesh import FaceMesh\n'
        'mesh = FaceMesh()\n'
        "print(sorted({'jax', 'matplotlib', 'sounddevice', 'mediapipe'} & set(sys.modules)))\n"
        'mesh.close()\n')
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == '[]'
    assert done.stderr == ''


def test_a_picture_that_the_networks_can_not_use_spoils_no_later_one():
    face = cv2.cvtColor(FACE, cv2.COLOR_GRAY2RGB)
    mesh = FaceMesh()
    try:
        region, *_ = mesh.faces(face)
        with pytest.raises(RuntimeError):
            mesh.faces(np.empty((0, 640, 3), np.uint8))
        assert mesh.faces(face) == [region]
        assert mesh.mesh(face, region) is not None
    finally:
        mesh.close()


def test_files_are_tracked_by_the_same_code(tmp_path, capsys, tracker):
    smile = tmp_path / 'smile.png'
    cv2.imwrite(str(smile), draw_face(smile=1.0))
    crops = tmp_path / 'crops.npy'
    np.save(crops, np.stack([
        cv2.resize(draw_face(smile=s)[30:235, 60:260], (48, 48), interpolation=cv2.INTER_AREA)
        for s in (-1.0, 1.0)]))
    rubbish = tmp_path / 'rubbish.png'
    rubbish.write_bytes(b'no picture')
    assert affect_track.main(['face', '--stills', str(smile), str(rubbish), '--json']) == 1
    heard = capsys.readouterr()
    assert 'rubbish.png: no readable image' in heard.err
    row = json.loads(heard.out)
    live = settle(tracker, draw_face(smile=1.0), frames=2).weights
    assert list(row['weights']) == list(arkit.NAMES)
    assert row['weights']['mouthSmileLeft'] == pytest.approx(
        live[arkit.MOUTH_SMILE[0]], abs=1e-3)
    assert row['weights']['tongueOut'] is None
    assert affect_track.main(['face', '--stills', '--crops', '--json', str(crops)]) == 0
    frown, smile_crop = (
        json.loads(line)['weights'] for line in capsys.readouterr().out.splitlines())
    assert smile_crop['mouthSmileLeft'] > frown['mouthSmileLeft'] + 0.3


def test_a_video_is_tracked_as_one_wearer(tmp_path, capsys):
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 10.0, (320, 240))
    for k in range(20):
        image = FACE if k < 15 else np.full_like(FACE, 90)
        writer.write(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))
    writer.release()
    assert affect_track.main(['face', '--json', str(path)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row['t_s'] for row in rows] == pytest.approx([0.1 * k for k in range(20)])
    assert all(row['weights']['jawOpen'] is not None for row in rows[:15])
    assert all(set(row['weights'].values()) == {None} for row in rows[15:])
    assert rows[15]['reason'] == 'no face'
