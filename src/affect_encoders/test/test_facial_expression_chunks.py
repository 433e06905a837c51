# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""However early inputs arrive before their tick, and in whatever portions, the answer is one."""

from affect_encoders.facial_expression import actions
from affect_encoders.facial_expression import FacialExpressionEncoder
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest
from test_facial_expression_encoder import drawn_face
from test_facial_expression_encoder import EVERYTHING

TICKS_S = 10.0 + 0.1 * np.arange(1, 9)
PICTURES_S = 10.0 + 0.037 * np.arange(20)
WEIGHTS_S = 10.0 + 0.031 * np.arange(25)
RNG = np.random.default_rng(7)
WEIGHTS = RNG.uniform(0.0, 1.0, (len(WEIGHTS_S), actions.SHAPES))
FACES = [drawn_face(mouth=int(k)) for k in RNG.integers(-6, 7, len(PICTURES_S))]


def inputs(with_pictures):
    """Return what arrives, in the order of its stamps: stamp, and what to do."""
    items = [(t, lambda e, t=t, w=w: e.push_weights(w, EVERYTHING, 1.0, 1.0, t))
             for t, w in zip(WEIGHTS_S.tolist(), WEIGHTS, strict=True)]
    if with_pictures:
        items += [(t, lambda e, t=t, f=f: e.push_image(f, t))
                  for t, f in zip(PICTURES_S.tolist(), FACES, strict=True)]
    return sorted(items, key=lambda item: item[0])


def run(encoder, with_pictures, ahead):
    """Return the encodings when input k comes ``ahead[k]`` seconds before it must."""
    encoder.reset()
    waiting = inputs(with_pictures)
    encodings = []
    for tick_s in TICKS_S:
        while waiting and waiting[0][0] <= tick_s + ahead[len(waiting) % len(ahead)]:
            waiting.pop(0)[1](encoder)
        encodings.append(encoder.encode(tick_s))
    return encodings


@pytest.fixture(scope='module')
def straight():
    encoder = FacialExpressionEncoder()
    return encoder, {kind: run(encoder, kind, [0.0]) for kind in (False, True)}


@settings(max_examples=15, deadline=None)
@given(st.booleans(), st.lists(st.floats(0.0, 2.0), min_size=1, max_size=6))
def test_portions_do_not_matter(straight, with_pictures, ahead):
    encoder, expected = straight
    for one, other in zip(
            run(encoder, with_pictures, ahead), expected[with_pictures], strict=True):
        np.testing.assert_array_equal(one.embedding, other.embedding)
        np.testing.assert_array_equal(one.features, other.features)
        np.testing.assert_array_equal(
            one.estimate.probabilities, other.estimate.probabilities)
        assert (one.quality, one.reason, one.window_start_s, one.evidence_end_s) == (
            other.quality, other.reason, other.window_start_s, other.evidence_end_s)
