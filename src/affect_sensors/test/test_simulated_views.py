# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What cameras see of the simulated wearer: where geometry says, and moved by the wearer."""

from itertools import pairwise
import math
import re

from affect_msgs.msg import FaceTracking
from affect_sensors.blendshapes import INDEX
from affect_sensors.blendshapes import NAMES
from affect_sensors.simulation import geometry
from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.affect_trajectory import ScriptError
from affect_sensors.simulation.body import SimulatedBody
from affect_sensors.simulation.depth_cloud import DepthCloudRenderer
from affect_sensors.simulation.eye_image import EyeRenderer
from affect_sensors.simulation.eye_look import EyeLook
from affect_sensors.simulation.face import face_shape
from affect_sensors.simulation.face_weights import FaceWeights
from affect_sensors.simulation.pupil_light_reflex import LATENCY_S
from affect_sensors.simulation.pupil_light_reflex import lit_pupil_mm
from affect_sensors.simulation.pupil_light_reflex import steady_pupil_mm
from affect_sensors.simulation.scene import LoomingBall
from affect_sensors.simulation.scene import SimulatedScene
from affect_sensors.simulation.wearer import shared_wearer
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.simulation.world_image import WorldRenderer
import cv2
import numpy as np
import pytest

TODAY_S = 1_763_800_000
STRAIGHT = np.eye(3)
VIEWS = {
    'left eye': lambda w, t, i: w.eye_image('left', t, i),
    'right eye': lambda w, t, i: w.eye_image('right', t, i),
    'world': lambda w, t, i: w.world_image(t, i),
    'cloud': lambda w, t, i: w.cloud(t, i),
    'face weights': lambda w, t, i: w.face_weights(t, i),
}


def constant(seed=1, **affect):
    """Return a trajectory that stays where it is."""
    point = {'at_s': 0.0, 'valence': 0.0, 'arousal': 0.0, 'stress': 0.2, **affect}
    return AffectTrajectory(seed, {'duration_s': 10.0, 'points': [point]})


@pytest.mark.parametrize('view', VIEWS)
def test_a_view_does_not_depend_on_what_was_seen_before(view):
    look = VIEWS[view]
    alone = look(SimulatedWearer(3), TODAY_S + 5.0, 50)
    runner = SimulatedWearer(3)
    for i in range(12):
        look(runner, TODAY_S - 40.0 + 7.0 * i, i)
    np.testing.assert_array_equal(look(runner, TODAY_S + 5.0, 50), alone)


@pytest.mark.parametrize('view', VIEWS)
def test_another_seed_is_another_person(view):
    one, other = (VIEWS[view](SimulatedWearer(seed), TODAY_S, 0) for seed in (1, 2))
    assert not np.array_equal(one, other)


def test_between_two_samples_the_eyes_are_between_them():
    wearer = SimulatedWearer(3)
    k = TODAY_S * 120 + 50
    before, after = wearer.eyes.samples(k, k + 2)
    assert wearer.eyes.at(k / 120.0) == before
    part = wearer.eyes.at((k + 0.25) / 120.0)
    for name in part.dtype.names:
        assert part[name] == pytest.approx(0.75 * before[name] + 0.25 * after[name], rel=1e-6)


def pupil_ellipse(image):
    """Return centre, longer and shorter axis in pixels of what is dark; glints are bridged."""
    y, x = np.nonzero(cv2.GaussianBlur(image, (3, 3), 0) < 60)
    hull = cv2.convexHull(np.stack([x, y], axis=-1).astype(np.int32))
    centre, axes, _ = cv2.fitEllipse(hull)
    # The hull joins the centres of the outermost pixels.
    return np.array(centre), max(axes) + 1.0, min(axes) + 1.0


@pytest.mark.parametrize('side', ['left', 'right'])
@pytest.mark.parametrize('seed', [1, 2])
def test_the_pupil_is_where_the_geometry_says_and_as_large(side, seed):
    renderer = EyeRenderer(seed, side)
    for azimuth, elevation, diameter in (
            (0.0, 0.0, 5.0), (18.0, 0.0, 4.5), (-18.0, 4.0, 5.0), (5.0, -8.0, 4.5)):
        # Lids and lashes are out of the way, so that what is dark is the pupil.
        image = renderer.draw(EyeLook(azimuth, elevation, diameter, openness=1.3))
        x, y = (round(v) for v in geometry.pupil_px(azimuth, elevation))
        window = image[y - 24:y + 24, x - 24:x + 24]
        centre, longer, shorter = pupil_ellipse(window)
        np.testing.assert_allclose(
            centre + np.array([x - 24, y - 24]), geometry.pupil_px(azimuth, elevation), atol=0.4)
        assert longer * geometry.EYE_MM_PER_PX == pytest.approx(diameter, abs=0.15)
        # A disc that is turned away is an ellipse.
        flat = math.cos(math.radians(azimuth)) * math.cos(math.radians(elevation))
        assert shorter / longer == pytest.approx(flat, abs=0.03)


def test_looking_to_the_wearers_left_moves_the_pupil_to_the_images_right():
    (x0, y0), (left, _), (_, up) = (
        geometry.pupil_px(*look) for look in ((0.0, 0.0), (10.0, 0.0), (0.0, 10.0)))
    assert left > x0
    assert up < y0


def test_the_glints_move_less_than_the_pupil():
    renderer = EyeRenderer(1, 'left')

    def glints(azimuth):
        bright = (renderer.draw(EyeLook(azimuth)) > 195).astype(np.uint8)
        count, _, _, centres = cv2.connectedComponentsWithStats(bright)
        assert count == 3  # what is not bright, and two light sources
        return centres[1:, 0].mean()
    moved = glints(12.0) - glints(0.0)
    pupil = geometry.pupil_px(12.0, 0.0)[0] - geometry.pupil_px(0.0, 0.0)[0]
    assert moved == pytest.approx(5.7 / 10.45 * pupil, abs=1.0)


def test_lids_cover_the_pupil_step_by_step():
    renderer = EyeRenderer(1, 'right')
    visible = []
    for openness in (1.0, 0.6, 0.5, 0.4, 0.2, 0.0):
        image = renderer.draw(EyeLook(pupil_mm=3.6, openness=openness))
        visible.append(int(np.count_nonzero(image[60:100, 80:112] < 32)))
    assert visible[0] > 300
    assert all(more > less for more, less in pairwise(visible[:5]))
    assert visible[-2:] == [0, 0]


def test_squinting_lifts_the_lower_lid():
    renderer = EyeRenderer(1, 'left')

    def lower_lid(squint):
        column = renderer.draw(EyeLook(squint=squint, openness=1.0 - 0.2 * squint))[:, 94:99]
        # From the iris down to the lid's edge it becomes brighter, at the edge darker.
        rows = column.astype(float).mean(axis=1)[88:125]
        return 88 + int(np.argmax(np.diff(rows)))
    assert lower_lid(0.0) - lower_lid(1.0) == pytest.approx(2.3 / geometry.EYE_MM_PER_PX, abs=3)


def test_the_eye_image_shows_the_pupil_of_the_moment():
    wearer = SimulatedWearer(4)
    for k in range(0, 600, 40):
        t = TODAY_S + k / 60.0
        look = wearer.eyes.at(t)
        if look['openness'] < 0.75:
            continue
        turn = math.degrees(math.atan(0.0315 / float(look['distance_m'])))
        x, y = geometry.pupil_px(float(look['azimuth_deg']) - turn, float(look['elevation_deg']))
        image = wearer.eye_image('left', t, k)
        assert image[round(y), round(x)] < 60
        edge = round(0.5 * float(look['left_pupil_mm']) / geometry.EYE_MM_PER_PX)
        assert image[round(y), round(x) - edge - 4] > 60


def test_the_steady_pupil_is_that_of_the_published_formula():
    # Watson & Yellott (2012): 7.75 mm in the dark, 2 mm at most light, half way where
    # (luminance * area / 846) ** 0.41 = 2.
    half = 846.0 * 2.0 ** (1.0 / 0.41) / 1500.0
    found = steady_pupil_mm(np.array([1e-9, half, 1e12]))
    np.testing.assert_allclose(found, [7.75, 4.875, 2.0], atol=0.02)


def test_the_pupil_answers_light_late_and_dark_slowly():
    t = np.arange(0.0, 6.0, 1.0 / 120.0)
    brighter = lit_pupil_mm(lambda s: np.where(s < 2.0, 5.0, 200.0), t)
    darker = lit_pupil_mm(lambda s: np.where(s < 2.0, 200.0, 5.0), t)
    before = t < 2.0 + LATENCY_S - 0.05
    assert np.ptp(brighter[before]) < 1e-6
    assert brighter[-1] < brighter[0] - 1.0

    def half_time(pupil):
        part = (pupil - pupil[0]) / (pupil[-1] - pupil[0])
        return t[np.argmax(part > 0.5)]
    assert half_time(darker) > half_time(brighter) + 0.2


def test_the_wearers_pupil_follows_the_light_of_the_scene():
    wearer = SimulatedWearer(2)
    wearer.affect = constant(2)
    pupil = wearer.eyes.samples(TODAY_S * 120, (TODAY_S + 240) * 120)['left_pupil_mm']
    t = TODAY_S + np.arange(len(pupil)) / 120.0
    light = np.log(wearer.scene.luminance_cd_m2(t - 0.5))
    assert np.corrcoef(pupil, light)[0, 1] < -0.9


def luminance(image):
    """Return the mean luminance that an image of the world camera shows, cd/m^2."""
    return geometry.WORLD_WHITE_CD_M2 * np.mean((image / 255.0) ** geometry.WORLD_GAMMA)


@pytest.mark.parametrize('seed', [1, 2, 3])
def test_the_world_image_tells_the_luminance_of_the_scene(seed):
    renderer = WorldRenderer(seed)
    shown = [luminance(renderer.draw(STRAIGHT, cd)) for cd in (4.0, 20.0, 100.0)]
    # A part of the room is seen, which is brighter or darker than the whole.
    part = shown[1] / 20.0
    assert 0.6 < part < 1.6
    assert shown[0] / 4.0 == pytest.approx(part, rel=0.15)
    assert shown[2] / 100.0 == pytest.approx(part, rel=0.15)


@pytest.mark.parametrize('yaw_deg, pitch_deg', [(2.0, 0.0), (0.0, 1.5), (-3.0, -1.0)])
def test_the_world_moves_against_the_head(yaw_deg, pitch_deg):
    renderer = WorldRenderer(1)
    turned = geometry.rotation(0.0, math.radians(pitch_deg), math.radians(yaw_deg))
    before, after = (
        cv2.cvtColor(renderer.draw(head, 100.0, frame=frame), cv2.COLOR_BGR2GRAY).astype(
            np.float32) for frame, head in enumerate((STRAIGHT, turned)))
    window = cv2.createHanningWindow((320, 240), cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(before, after, window)
    # Turning left shifts the picture to the right, nose down shifts it up.
    assert dx == pytest.approx(
        geometry.WORLD_FOCAL_PX * math.tan(math.radians(yaw_deg)), abs=0.7)
    assert dy == pytest.approx(
        -geometry.WORLD_FOCAL_PX * math.tan(math.radians(pitch_deg)), abs=0.7)


def test_a_ball_that_comes_closer_grows_as_its_distance_says():
    renderer = WorldRenderer(1)
    bare = renderer.draw(STRAIGHT, 60.0).astype(int)

    def area(distance):
        ball = LoomingBall(6.0, 3.0, distance, 0.2, 1.0, 0.3)
        image = renderer.draw(STRAIGHT, 60.0, ball=ball).astype(int)
        y, x = np.nonzero(np.abs(image - bare).sum(axis=2) > 3)
        return len(x), x.mean(), y.mean()
    (far, _, _), (near, x, y) = area(4.0), area(1.0)
    assert near / far == pytest.approx(16.0, rel=0.3)
    # To the wearer's left and up is left and up in the image.
    focal = geometry.WORLD_FOCAL_PX
    assert x == pytest.approx(159.5 - focal * math.tan(math.radians(6.0)), abs=3.0)
    assert y == pytest.approx(119.5 - focal * math.tan(math.radians(3.0)), abs=3.0)


def test_something_looms_now_and_then_and_more_often_under_stress():
    def share(stress):
        scene = SimulatedScene(1, constant(stress=stress))
        return np.mean([scene.looming(i / 5.0) is not None for i in range(6000)])
    calm, tense = share(0.0), share(1.0)
    assert 0.01 < calm < 0.12
    assert tense > 1.5 * calm


def test_what_looms_comes_closer_until_it_is_here():
    scene = SimulatedScene(1, constant(stress=1.0))
    seen = [(i / 50.0, scene.looming(i / 50.0)) for i in range(50 * 600)]
    approaches = 0
    for (t0, one), (t1, other) in pairwise(seen):
        if one is not None and other is not None:
            speed = (one.distance_m - other.distance_m) / (t1 - t0)
            assert one.distance_m / speed == pytest.approx(one.time_to_contact_s, rel=1e-6)
        elif one is not None:
            approaches += 1
            assert one.distance_m < 0.7
    assert approaches > 10


def test_a_pleasant_scene_is_more_colourful(tmp_path):
    def saturation(valence):
        script = tmp_path / f'{valence}.yaml'
        script.write_text(f'{{duration_s: 9, points: [{{at_s: 0, valence: {valence}}}]}}')
        image = SimulatedWearer(1, str(script)).world_image(TODAY_S)
        return cv2.cvtColor(image, cv2.COLOR_BGR2HSV)[:, :, 1].mean()
    assert saturation(0.9) > 1.3 * saturation(-0.9)


def poses(seconds=60, **affect):
    body = SimulatedBody(1, constant(**affect))
    return body.samples(0, 60 * seconds)


def test_arousal_makes_gestures_larger_quicker_and_higher():
    calm, lively = poses(arousal=-0.8), poses(arousal=0.8)
    for hand in (slice(7, 10), slice(16, 19)):
        def speed(rows, hand=hand):
            return 60.0 * np.linalg.norm(np.diff(rows[:, hand], axis=0), axis=1).mean()
        assert speed(lively) > 2.0 * speed(calm)
        assert lively[:, hand].std(axis=0).sum() > 1.5 * calm[:, hand].std(axis=0).sum()
        assert lively[:, hand][:, 2].mean() > calm[:, hand][:, 2].mean() + 0.05


def test_the_trunk_leans_towards_what_pleases():
    assert poses(valence=0.8)[:, 0].mean() > poses(valence=-0.8)[:, 0].mean() + 0.05


def test_bones_keep_their_length_and_sides_mirror():
    rows = poses(arousal=0.9)[:, 1:].reshape(-1, 6, 3)
    for shoulder, elbow, hand in ((0, 1, 2), (3, 4, 5)):
        upper = np.linalg.norm(rows[:, elbow] - rows[:, shoulder], axis=1)
        fore = np.linalg.norm(rows[:, hand] - rows[:, elbow], axis=1)
        np.testing.assert_allclose(upper, 0.28, atol=1e-9)
        np.testing.assert_allclose(fore, 0.30, atol=0.02)
    assert (rows[:, 0, 1] > 0.0).all()
    assert (rows[:, 3, 1] < 0.0).all()


def test_the_cloud_is_of_the_size_of_the_reference_load_and_in_range():
    wearer = SimulatedWearer(1)
    counts = []
    for i in range(0, 300, 10):
        cloud = wearer.cloud(TODAY_S + i, i)
        counts.append(len(cloud))
        assert cloud.dtype == np.float32
        assert np.isfinite(cloud).all()
        assert cloud[:, 2].min() > 0.1
        assert cloud[:, 2].max() < 2.6
    assert 3000 < np.mean(counts) < 5000


def test_the_hands_are_in_the_cloud_where_the_body_has_them():
    wearer = SimulatedWearer(1)
    rotation = geometry.optical_from_hmd(geometry.DEPTH_PITCH_DOWN_DEG)
    seen = 0
    for i in range(0, 120, 7):
        t = TODAY_S + i
        points = (wearer.body_points(t) - geometry.DEPTH_POSITION_M) @ rotation.T
        cloud = wearer.cloud(t, i)
        for hand in (points[2], points[5]):
            if hand[2] > 0.25 and abs(hand[0]) < hand[2] and abs(hand[1]) < hand[2]:
                near = np.linalg.norm(cloud - hand, axis=1) < 0.12
                assert np.count_nonzero(near) > 100
                seen += 1
    assert seen > 10


def test_turning_the_head_turns_the_cloud_and_nothing_else():
    pose = SimulatedBody(1, constant()).pose(3.0)
    renderer = DepthCloudRenderer(1)
    turn = geometry.rotation(0.0, 0.0, math.radians(15.0))
    to_optical = geometry.optical_from_hmd(geometry.DEPTH_PITCH_DOWN_DEG)

    def hands(head):
        """Return the hands' middle in the camera's frame and in the one that does not turn."""
        cloud = renderer.draw(pose, head)
        points = (cloud @ to_optical + geometry.DEPTH_POSITION_M) @ head.T
        # Before the trunk and above the floor.
        chosen = (points[:, 0] > 0.22) & (points[:, 2] > -1.0)
        assert np.count_nonzero(chosen) > 300
        return cloud[chosen].mean(axis=0), points[chosen].mean(axis=0)
    (straight_seen, straight), (turned_seen, turned) = hands(STRAIGHT), hands(turn)
    # Looking to the left, one's own hands are further to the right.
    assert turned_seen[0] > straight_seen[0] + 0.04
    np.testing.assert_allclose(turned, straight, atol=0.02)


def test_the_names_of_shapes_are_those_of_the_message():
    assert len(NAMES) == 52
    for i, name in enumerate(NAMES):
        constant_name = re.sub('([A-Z])', r'_\1', name).upper()
        assert getattr(FaceTracking, constant_name) == i


def weights(seed=1, **shape):
    options = {k: shape.pop(k) for k in ('usual_openness', 'squint', 'widening') if k in shape}
    found = FaceWeights(seed).weights(face_shape(
        shape.pop('valence', 0.0), shape.pop('arousal', 0.0), **shape), **options)
    return {name: float(found[i]) for name, i in INDEX.items()}


@pytest.mark.parametrize('shape, rises', [
    ({'valence': 0.9}, ['mouthSmileLeft', 'mouthSmileRight', 'cheekSquintLeft']),
    ({'valence': -0.9}, ['mouthFrownLeft', 'mouthFrownRight', 'browDownLeft']),
    ({'arousal': 0.9}, ['browInnerUp', 'browOuterUpLeft', 'jawOpen']),
    ({'valence': -0.9, 'arousal': -0.8}, ['browInnerUp', 'mouthFrownLeft']),
    ({'speaking': 1.0}, ['jawOpen']),
    ({'openness': 0.1}, ['eyeBlinkLeft', 'eyeBlinkRight']),
    ({'azimuth_deg': 15.0}, ['eyeLookOutLeft', 'eyeLookInRight']),
    ({'azimuth_deg': -15.0}, ['eyeLookInLeft', 'eyeLookOutRight']),
    ({'elevation_deg': 12.0}, ['eyeLookUpLeft', 'eyeLookUpRight']),
    ({'elevation_deg': -12.0}, ['eyeLookDownLeft', 'eyeLookDownRight']),
    ({'squint': 0.5}, ['eyeSquintLeft']), ({'widening': 0.5}, ['eyeWideRight'])])
def test_what_moves_in_the_face_moves_its_weights(shape, rises):
    rest, moved = weights(), weights(**shape)
    changed = {name for name in NAMES if moved[name] > rest[name] + 0.15}
    assert set(rises) <= changed
    assert all(0.0 <= v <= 1.0 for v in moved.values())
    # Nobody looks both ways, or smiles and frowns.
    for pair in (('mouthSmileLeft', 'mouthFrownLeft'), ('eyeLookInLeft', 'eyeLookOutLeft'),
                 ('eyeLookUpLeft', 'eyeLookDownLeft')):
        assert not changed >= set(pair)


def test_sensors_of_a_process_share_a_wearer_and_an_edited_script_is_another(tmp_path):
    assert shared_wearer(91) is shared_wearer(91)
    assert shared_wearer(91) is not shared_wearer(92)
    script = tmp_path / 's.yaml'
    script.write_text('{duration_s: 10, points: [{at_s: 0, valence: 0.5}]}')
    first = shared_wearer(91, str(script))
    script.write_text('{duration_s: 10, points: [{at_s: 0, valence: -0.25}]}')
    second = shared_wearer(91, str(script))
    at = np.array([1.0])
    assert (float(first.affect.at(at).valence[0]), float(second.affect.at(at).valence[0])) == (
        0.5, -0.25)
    with pytest.raises(ScriptError):
        shared_wearer(91, str(tmp_path / 'none.yaml'))
