# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Names, groups and poses."""

from affect_avatar.avatar import blendshapes
from affect_avatar.avatar.blendshapes import emotion_pose
from affect_avatar.avatar.blendshapes import INDEX
import numpy as np
import pytest

HAPPY, SAD, ANGRY, FEARFUL, DISGUSTED, SURPRISED = 2, 3, 4, 5, 6, 7


def test_names_are_in_the_order_of_the_message():
    message = pytest.importorskip('affect_msgs.msg').FaceTracking
    for name, index in INDEX.items():
        constant = ''.join('_' + c if c.isupper() else c.upper() for c in name)
        assert getattr(message, constant) == index
    assert blendshapes.COUNT == 52


def test_prototypes_cover_the_categories_of_the_message():
    message = pytest.importorskip('affect_msgs.msg').AffectEstimate
    assert (message.HAPPY, message.SAD, message.ANGRY) == (HAPPY, SAD, ANGRY)
    assert (message.FEARFUL, message.DISGUSTED, message.SURPRISED) == (
        FEARFUL, DISGUSTED, SURPRISED)
    assert set(blendshapes.PROTOTYPES) == set(range(8))


def test_every_shape_belongs_to_exactly_one_group():
    lids = blendshapes.BLINK | blendshapes.LOOK
    total = lids.astype(int) + blendshapes.UPPER + blendshapes.LOWER
    assert (total == 1).all()


@pytest.mark.parametrize(('category', 'moves', 'keeps'), [
    (HAPPY, ['mouthSmileLeft', 'mouthSmileRight', 'cheekSquintLeft'], ['mouthFrownLeft']),
    (SAD, ['browInnerUp', 'mouthFrownLeft', 'browDownLeft'], ['mouthSmileLeft', 'jawOpen']),
    (ANGRY, ['browDownLeft', 'eyeSquintRight', 'mouthPressLeft'], ['browInnerUp']),
    (FEARFUL, ['browInnerUp', 'eyeWideLeft', 'mouthStretchRight'], ['mouthSmileLeft']),
    (DISGUSTED, ['noseSneerLeft', 'mouthFrownLeft'], ['jawOpen', 'browInnerUp']),
    (SURPRISED, ['browInnerUp', 'browOuterUpLeft', 'jawOpen'], ['browDownLeft']),
])
def test_an_emotion_moves_its_action_units_and_no_others(category, moves, keeps):
    pose = emotion_pose(category, 1.0)
    assert all(pose[INDEX[name]] > 0.2 for name in moves)
    assert all(pose[INDEX[name]] == 0.0 for name in keeps)


@pytest.mark.parametrize('category', range(8))
def test_poses_scale_with_intensity_and_stay_in_range(category):
    full = emotion_pose(category, 1.0)
    np.testing.assert_allclose(emotion_pose(category, 0.5), 0.5 * full)
    np.testing.assert_array_equal(emotion_pose(category, 0.0), np.zeros(52))
    np.testing.assert_array_equal(emotion_pose(category, 7.0), full)
    assert full.min() >= 0 and full.max() <= 1
    left = [full[INDEX[name]] for name in blendshapes.NAMES if name.endswith('Left')]
    right = [full[INDEX[name.replace('Left', 'Right')]]
             for name in blendshapes.NAMES if name.endswith('Left')]
    if category != 0:
        assert left == right


def test_neutral_is_no_pose():
    assert not emotion_pose(0, 1.0).any()


@pytest.mark.parametrize(('category', 'intensity'), [(8, 1.0), (255, 1.0), (2, float('nan'))])
def test_impossible_poses_are_refused(category, intensity):
    with pytest.raises(ValueError, match=r'category|NaN'):
        emotion_pose(category, intensity)
