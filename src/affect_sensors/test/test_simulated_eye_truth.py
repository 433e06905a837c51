# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The truth of a drawn eye is what its image shows, at any size and under any lid."""

from dataclasses import replace
from itertools import pairwise
import math

from affect_sensors.simulation import geometry
from affect_sensors.simulation.eye_image import EyeRenderer
from affect_sensors.simulation.eye_look import EyeLook
from affect_sensors.simulation.eye_truth import eye_truth
from affect_sensors.simulation.eye_truth import with_lid_cover
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.simulated_camera import SimulatedCamera
from affect_sensors.sources.source import SourceError
import cv2
import numpy as np
import pytest

SIZES = [(192, 144), (320, 240), (640, 480)]
LOOKS = [
    EyeLook(openness=1.4), EyeLook(18.0, 0.0, 4.5, openness=1.4),
    EyeLook(-18.0, 6.0, 5.0, openness=1.4), EyeLook(10.0, -10.0, 3.0, openness=1.4)]


def dark(image, truth):
    """Return the mask of what is dark round the pupil; glints are bridged."""
    x, y = (round(v) for v in truth.centre_px)
    half = round(0.75 * truth.longer_axis_px)
    mask = np.zeros(image.shape, bool)
    window = (slice(max(y - half, 0), y + half + 1), slice(max(x - half, 0), x + half + 1))
    seen = cv2.GaussianBlur(image, (3, 3), 0)[window] < 60
    kernel = np.ones((2 * round(0.1 * truth.longer_axis_px) + 3,) * 2, np.uint8)
    mask[window] = cv2.morphologyEx(seen.astype(np.uint8), cv2.MORPH_CLOSE, kernel) > 0
    return mask


@pytest.mark.parametrize('size', SIZES)
@pytest.mark.parametrize('side', ['left', 'right'])
def test_the_ellipse_is_where_the_image_has_it(side, size):
    renderer = EyeRenderer(2, side, size)
    for look in LOOKS:
        truth = eye_truth(look, side, size)
        image = renderer.draw(look)
        assert image.shape == size[::-1]
        y, x = np.nonzero(dark(image, truth))
        hull = cv2.convexHull(np.stack([x, y], axis=-1).astype(np.int32))
        centre, axes, angle = cv2.fitEllipse(hull)
        scale = size[0] / 192.0
        np.testing.assert_allclose(centre, truth.centre_px, atol=0.5 * max(scale, 1.0))
        # The hull joins the centres of the outermost pixels.
        assert max(axes) + 1.0 == pytest.approx(truth.longer_axis_px, abs=1.2 * scale)
        assert min(axes) + 1.0 == pytest.approx(truth.shorter_axis_px, abs=1.2 * scale)
        if truth.shorter_axis_px < 0.96 * truth.longer_axis_px:
            # OpenCV's angle is that of its second axis less 90 degrees.
            longer_deg = angle + (90.0 if axes[1] >= axes[0] else 0.0)
            off = (longer_deg - truth.angle_deg + 90.0) % 180.0 - 90.0
            assert abs(off) < 12.0


@pytest.mark.parametrize('size', SIZES)
@pytest.mark.parametrize('side', ['left', 'right'])
@pytest.mark.parametrize('cover', [0.3, 0.5, 0.8])
def test_lids_cover_the_share_of_the_pupil_that_was_asked_for(side, size, cover):
    renderer = EyeRenderer(3, side, size)
    for look in LOOKS:
        covered = with_lid_cover(look, cover, side, size)
        truth = eye_truth(covered, side, size)
        assert truth.lid_cover == pytest.approx(cover, abs=2e-3)
        assert not truth.is_closed
        y, x = np.mgrid[0:size[1], 0:size[0]]
        x0, y0 = truth.centre_px
        near = np.hypot(x - x0, y - y0) < 0.5 * truth.longer_axis_px
        area = 0.25 * math.pi * truth.longer_axis_px * truth.shorter_axis_px
        # Darker than any lash.
        visible = np.count_nonzero((renderer.draw(covered) < 38) & near) / area
        # Lashes are not counted, glints are bright, the rim is blurred.
        assert 1.0 - cover - 0.25 < visible < 1.0 - cover + 0.03


def test_no_cover_and_full_cover():
    for look in LOOKS:
        for side in ('left', 'right'):
            clear = with_lid_cover(replace(look, openness=0.3), 0.0, side)
            assert eye_truth(clear, side).lid_cover == 0.0
            # Lids that are clear of the pupil stay where they are.
            assert with_lid_cover(look, 0.0, side) == look
            shut = with_lid_cover(look, 1.0, side)
            assert eye_truth(shut, side).is_closed
            assert eye_truth(shut, side).lid_cover == 1.0


def test_cover_falls_as_the_lid_rises():
    covers = [
        eye_truth(EyeLook(pupil_mm=4.0, openness=o), 'left').lid_cover
        for o in np.linspace(0.0, 1.2, 60)]
    assert covers[0] == 1.0
    assert covers[-1] == 0.0
    assert all(later <= earlier for earlier, later in pairwise(covers))
    # The documented case: a pupil of 4 mm is behind the lids at an openness of 0.2.
    assert eye_truth(EyeLook(pupil_mm=4.0, openness=0.2), 'left').is_closed


def test_the_longer_axis_stands_across_the_way_the_eye_turned():
    assert eye_truth(EyeLook(20.0, 0.0), 'left').angle_deg == pytest.approx(90.0)
    assert eye_truth(EyeLook(0.0, 20.0), 'left').angle_deg == pytest.approx(0.0, abs=1e-9)
    look = EyeLook(20.0, 0.0, 4.0)
    truth = eye_truth(look, 'right')
    assert truth.longer_axis_px == pytest.approx(4.0 / geometry.EYE_MM_PER_PX)
    assert truth.shorter_axis_px == pytest.approx(
        truth.longer_axis_px * math.cos(math.radians(20.0)))


def test_sizes_show_one_eye():
    for look in LOOKS:
        small = EyeRenderer(4, 'left').draw(look).astype(float)
        large = EyeRenderer(4, 'left', (384, 288)).draw(look)
        halved = cv2.warpAffine(
            cv2.GaussianBlur(large, (3, 3), 0), np.diag([2.0, 2.0, 0.0])[:2], (192, 144),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP).astype(float)
        assert np.corrcoef(small.ravel(), halved.ravel())[0, 1] > 0.95


@pytest.mark.parametrize('size', [(192, 192), (0, 0), (-192, -144)])
def test_a_size_of_other_proportions_is_refused(size):
    with pytest.raises(ValueError, match='192 x 144'):
        EyeRenderer(1, 'left', size)
    with pytest.raises(ValueError, match='192 x 144'):
        eye_truth(EyeLook(), 'left', size)


def test_no_such_eye_and_no_such_cover():
    with pytest.raises(ValueError, match="'middle'"):
        eye_truth(EyeLook(), 'middle')
    with pytest.raises(ValueError, match=r'1\.5'):
        with_lid_cover(EyeLook(), 1.5, 'left')


def test_the_wearer_tells_the_truth_of_its_images():
    wearer = SimulatedWearer(5)
    closed = 0
    for k in range(0, 1200, 7):
        t = 40.0 + k / 60.0
        truth = wearer.eye_truth('right', t, size=(320, 240))
        image = wearer.eye_image('right', t, k, size=(320, 240))
        x, y = (round(v) for v in truth.centre_px)
        if truth.lid_cover == 0.0:
            assert image[y, x] < 70
        if truth.is_closed:
            closed += 1
            assert image[y, x] > 30 or truth.lid_cover == 1.0
    assert closed > 1


def test_an_eye_camera_gives_images_of_the_size_that_is_asked_for():
    wearer = SimulatedWearer(5)
    camera = SimulatedCamera('left_eye', wearer, t0_ns=0, rate_hz=60.0, size=(320, 240))
    camera.start(0)
    (frame,) = camera.read(10_000_000)
    np.testing.assert_array_equal(
        frame.image, wearer.eye_image('left', 0.0, 0, size=(320, 240)))


@pytest.mark.parametrize('camera, size, words', [
    ('left_eye', (100, 100), "'width' and 'height'"), ('face', (640, 480), 'face camera')])
def test_a_size_that_a_camera_has_not_is_refused(camera, size, words):
    with pytest.raises(SourceError, match=words):
        SimulatedCamera(camera, SimulatedWearer(5), t0_ns=0, rate_hz=30.0, size=size)
