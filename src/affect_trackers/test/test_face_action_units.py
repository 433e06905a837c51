# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Weights become action units, and what was not seen stays unknown."""

from affect_trackers.face_tracker import blendshapes as arkit
from affect_trackers.face_tracker.action_units import action_units
from affect_trackers.face_tracker.action_units import NAMES
import numpy as np
import pytest


def units(**shapes):
    """Return the units of a face at rest but for some shapes (by ARKit's names), by name."""
    weights = np.zeros(arkit.SHAPES)
    for name, value in shapes.items():
        weights[arkit.NAMES.index(name)] = value
    return dict(zip(NAMES, action_units(weights).tolist(), strict=True))


@pytest.mark.parametrize(('shapes', 'raised'), [
    ({'mouthSmileLeft': 1.0, 'mouthSmileRight': 1.0, 'cheekSquintLeft': 1.0,
      'cheekSquintRight': 1.0}, {'AU06', 'AU12'}),
    ({'browInnerUp': 1.0, 'browOuterUpLeft': 1.0, 'browOuterUpRight': 1.0}, {'AU01', 'AU02'}),
    ({'browDownLeft': 1.0, 'browDownRight': 1.0}, {'AU04'}),
    ({'mouthFrownLeft': 1.0, 'mouthFrownRight': 1.0}, {'AU15'}),
    ({'jawOpen': 1.0}, {'AU25', 'AU26'}),
    ({'jawOpen': 1.0, 'mouthClose': 1.0}, {'AU26'}),
    ({'mouthUpperUpLeft': 1.0, 'mouthUpperUpRight': 1.0}, {'AU10', 'AU25'}),
    ({'mouthPressLeft': 1.0, 'mouthPressRight': 1.0}, {'AU24'}),
    ({'mouthPressLeft': 1.0, 'mouthPressRight': 1.0, 'mouthPucker': 1.0},
     {'AU18', 'AU23', 'AU24'}),
    ({'eyeBlinkLeft': 1.0, 'eyeBlinkRight': 1.0}, {'AU43'}),
    ({}, set())])
def test_shapes_raise_their_units_and_no_others(shapes, raised):
    assert {name for name, value in units(**shapes).items() if value > 0.0} == raised


def test_one_side_is_half_of_a_unit():
    assert units(mouthSmileLeft=1.0)['AU12'] == 0.5


def test_what_was_not_seen_is_unknown_and_one_seen_side_stands_for_both():
    found = units(mouthDimpleLeft=np.nan, mouthDimpleRight=np.nan, eyeBlinkLeft=np.nan,
                  eyeBlinkRight=0.8, mouthFunnel=np.nan, mouthClose=np.nan)
    assert np.isnan(found['AU14'])
    assert np.isnan(found['AU25'])
    assert found['AU43'] == 0.8
    assert found['AU26'] == 0.0


def test_many_faces_at_once_are_as_each_by_itself():
    weights = np.random.default_rng(0).uniform(0.0, 1.0, (3, 4, arkit.SHAPES))
    together = action_units(weights)
    assert together.shape == (3, 4, len(NAMES))
    assert ((together >= 0.0) & (together <= 1.0)).all()
    np.testing.assert_array_equal(together[1, 2], action_units(weights[1, 2]))
    with pytest.raises(ValueError, match='must be 52'):
        action_units(np.zeros(51))
