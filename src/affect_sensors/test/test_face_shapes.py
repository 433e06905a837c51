# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Headsets' face shapes in ARKit's terms: complete, in range, the right side, the right sign."""

import itertools
import re

from affect_sensors.blendshapes import INDEX
from affect_sensors.blendshapes import NAMES
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.face_shapes import ShapeSet
from affect_sensors.face_shapes.shape_set import mean
import numpy as np
import pytest

EVERY = pytest.mark.parametrize('shapes', SHAPE_SETS.values(), ids=SHAPE_SETS)


def pose(shapes: ShapeSet, **weights: float) -> dict[str, float]:
    """Return ARKit's weights of a pose of the device, by name."""
    values = np.zeros(len(shapes))
    for name, weight in weights.items():
        values[shapes.index[name]] = weight
    return dict(zip(NAMES, shapes.to_arkit(values).tolist(), strict=True))


def moved(weights: dict[str, float]) -> dict[str, float]:
    return {name: weight for name, weight in weights.items() if weight > 0.0}


@pytest.mark.parametrize(('name', 'count'), [
    ('ARKit', 52),
    ('XR_ML_facial_expression', 46),    # openxr.h: XR_FACIAL_BLEND_SHAPE_TONGUE_OUT_ML = 45
    ('XR_FB_face_tracking2', 70),       # openxr.h: XR_FACE_EXPRESSION2_COUNT_FB = 70
    ('unified_expressions', 102),       # 88 of the enumeration and 14 of the eyes
])
def test_the_sets_are_as_large_as_their_source_says(name, count):
    assert len(SHAPE_SETS[name].names) == count == len(set(SHAPE_SETS[name].names))


@pytest.mark.parametrize(('name', 'at'), [
    # Values of the enumerations in openxr.h (OpenXR 1.1).
    ('XR_ML_facial_expression', {
        'BROW_LOWERER_L': 0, 'CHIN_RAISER': 4, 'EYES_CLOSED_L': 7, 'JAW_DROP': 11,
        'LIP_CORNER_PULLER_R': 17, 'LIP_SUCK_RT': 31, 'LIPS_TOWARD': 34, 'TONGUE_OUT': 45}),
    ('XR_FB_face_tracking2', {
        'CHEEK_PUFF_L': 2, 'CHIN_RAISER_T': 9, 'EYES_LOOK_RIGHT_L': 18, 'JAW_DROP': 24,
        'LIP_CORNER_PULLER_L': 32, 'LIPS_TOWARD': 50, 'MOUTH_RIGHT': 54,
        'UPPER_LIP_RAISER_R': 62, 'TONGUE_OUT': 68, 'TONGUE_RETREAT': 69}),
])
def test_the_order_is_that_of_openxr(name, at):
    assert {shape: SHAPE_SETS[name].index[shape] for shape in at} == at


@EVERY
def test_each_shape_of_arkit_is_made_or_the_reason_is_told(shapes):
    assert set(shapes.parts) | set(shapes.not_given) == set(NAMES)
    assert not set(shapes.parts) & set(shapes.not_given)
    assert all(shapes.not_given.values())
    known = np.isfinite(shapes.to_arkit(np.zeros(len(shapes))))
    assert {name for name, is_known in zip(NAMES, known, strict=True) if is_known} == set(
        shapes.parts)


def test_meta_and_unified_expressions_give_all_of_arkit():
    assert not SHAPE_SETS['XR_FB_face_tracking2'].not_given
    assert not SHAPE_SETS['unified_expressions'].not_given
    assert len(SHAPE_SETS['XR_ML_facial_expression'].not_given) == 15


@EVERY
def test_any_input_gives_weights_in_range(shapes):
    random = np.random.default_rng(3)
    known = [INDEX[name] for name in shapes.parts]
    for values in (*random.uniform(0.0, 1.0, (50, len(shapes))),
                   random.uniform(-5.0, 5.0, len(shapes)), np.ones(len(shapes)),
                   np.full(len(shapes), np.inf), np.full(len(shapes), -np.inf)):
        weights = shapes.to_arkit(values)[known]
        assert ((weights >= 0.0) & (weights <= 1.0)).all()
    np.testing.assert_allclose(shapes.to_arkit(np.ones(len(shapes)))[known], 1.0)


@EVERY
def test_no_weight_falls_when_an_input_rises(shapes):
    random = np.random.default_rng(4)
    for i in range(len(shapes)):
        values = random.uniform(0.0, 1.0, len(shapes))
        low, high = values.copy(), values.copy()
        low[i], high[i] = 0.1, 0.9
        rise = shapes.to_arkit(high) - shapes.to_arkit(low)
        assert not (rise < 0.0).any()


@EVERY
def test_what_a_shape_is_made_of_moves_it_and_nothing_else_does(shapes):
    for i, native in enumerate(shapes.names):
        values = np.zeros(len(shapes))
        values[i] = 1.0
        weights = shapes.to_arkit(values)
        expected = {
            name for name, parts in shapes.parts.items() if native in dict(parts)}
        assert {name for name in NAMES if weights[INDEX[name]] > 0.0} == expected


@EVERY
def test_an_unknown_input_makes_only_its_own_shapes_unknown(shapes):
    for i, native in enumerate(shapes.names):
        values = np.full(len(shapes), 0.5)
        values[i] = np.nan
        unknown = np.isnan(shapes.to_arkit(values))
        expected = set(shapes.not_given) | {
            name for name, parts in shapes.parts.items() if native in dict(parts)}
        assert {name for name in NAMES if unknown[INDEX[name]]} == expected


@EVERY
def test_left_and_right_are_made_alike(shapes):
    def mirrored(name):
        return re.sub(
            r'Left|Right|LEFT|RIGHT|(?<=_)[LR](?=[TB]?$)', lambda found: other_side[found[0]],
            name)

    pairs = (('Left', 'Right'), ('LEFT', 'RIGHT'), ('L', 'R'))
    other_side = dict(pairs) | {right: left for left, right in pairs}
    for name, parts in shapes.parts.items():
        other = shapes.parts[mirrored(name)]
        assert {(mirrored(native), share) for native, share in parts} == set(other), name


@pytest.mark.parametrize(('name', 'corners'), [
    ('XR_ML_facial_expression', ('LIP_CORNER_PULLER_L', 'LIP_CORNER_PULLER_R')),
    ('XR_FB_face_tracking2', ('LIP_CORNER_PULLER_L', 'LIP_CORNER_PULLER_R')),
    ('unified_expressions', ('MouthCornerPullLeft', 'MouthCornerPullRight')),
])
def test_a_smile_is_a_smile_on_its_own_side(name, corners):
    shapes = SHAPE_SETS[name]
    left = moved(pose(shapes, **{corners[0]: 1.0}))
    right = moved(pose(shapes, **{corners[1]: 1.0}))
    assert list(left) == ['mouthSmileLeft'] and left['mouthSmileLeft'] >= 0.8
    assert list(right) == ['mouthSmileRight'] and right['mouthSmileRight'] >= 0.8


def test_a_look_to_the_left_is_out_for_the_left_eye_and_in_for_the_right():
    shapes = SHAPE_SETS['XR_FB_face_tracking2']
    looked = pose(shapes, EYES_LOOK_LEFT_L=0.6, EYES_LOOK_LEFT_R=0.7)
    assert moved(looked) == {'eyeLookOutLeft': 0.6, 'eyeLookInRight': 0.7}


def test_blends_are_those_of_vrcfacetracking():
    shapes = SHAPE_SETS['unified_expressions']
    made = pose(
        shapes, MouthCornerPullLeft=0.5, MouthCornerSlantLeft=1.0, BrowLowererRight=0.4,
        BrowPinchRight=0.8, LipPuckerUpperRight=1.0, CheekPuffLeft=1.0)
    assert made['mouthSmileLeft'] == pytest.approx(0.5 * 0.8 + 1.0 * 0.2)
    assert made['browDownRight'] == pytest.approx(0.4 * 0.75 + 0.8 * 0.25)
    assert made['mouthPucker'] == pytest.approx(0.25)
    assert made['cheekPuff'] == pytest.approx(0.5)


@EVERY
def test_many_frames_at_once_are_as_one_by_one(shapes):
    frames = np.random.default_rng(6).uniform(-0.1, 1.1, (4, 5, len(shapes)))
    frames[0, 0, 0] = np.nan
    together = shapes.to_arkit(frames)
    for at in np.ndindex(4, 5):
        np.testing.assert_allclose(together[at], shapes.to_arkit(frames[at]), atol=1e-12)


@EVERY
@pytest.mark.parametrize('wrong', [-1, 1])
def test_another_number_of_values_is_refused_by_name(shapes, wrong):
    with pytest.raises(ValueError, match=shapes.name):
        shapes.to_arkit(np.zeros(len(shapes) + wrong))


def test_a_table_that_does_not_fit_is_refused():
    whole = {name: mean(name) for name in NAMES}
    for parts, reason in (
            ({k: v for k, v in whole.items() if k != 'jawOpen'}, 'either made or not given'),
            (whole | {'jawOpen': (('jawOpen', 0.5),)}, 'sum to 1')):
        with pytest.raises(ValueError, match=reason):
            ShapeSet('x', NAMES, parts)
    with pytest.raises(ValueError, match='twice'):
        ShapeSet('x', (*NAMES, 'jawOpen'), whole)


def test_the_sets_do_not_share_a_name_by_accident():
    for one, other in itertools.combinations(SHAPE_SETS.values(), 2):
        assert one.names != other.names
