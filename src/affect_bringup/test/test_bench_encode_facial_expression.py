# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the bench of the facial expression encoder shows, counts, and says without recordings."""

from affect_bringup.bench import encode_facial_expression as bench
from affect_encoders.encoder import CATEGORIES
from affect_encoders.facial_expression import actions
import cv2
import numpy as np
import pytest


@pytest.fixture
def faces(tmp_path, monkeypatch):
    """Write noisy pictures; the first two of `test` are in `train` as well."""
    rng = np.random.default_rng(0)
    pictures = [cv2.GaussianBlur(rng.integers(0, 256, (48, 48), dtype=np.uint8), (0, 0), 3.0)
                for _ in range(34)]
    words = sorted(bench.WORDS)
    (tmp_path / 'fer2013').mkdir()
    for name, chosen in (('test', pictures[:14]), ('train', pictures[:2] + pictures[14:])):
        packed = [cv2.imencode('.png', picture)[1] for picture in chosen]
        np.savez(
            tmp_path / 'fer2013' / f'fer2013_{name}.npz', jpeg=np.concatenate(packed),
            offset=np.cumsum([0, *map(len, packed)]),
            label=np.array([words[i % 7] for i in range(len(chosen))]))
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))


def test_rows_are_named_and_their_figures_are_shares(faces):
    rows = {row.name.removeprefix(bench.PREFIX): row for row in bench.recording_rows(placed=2)}
    assert set(rows) == set(bench._NAMES)
    assert all(0.0 <= row.value <= 1.0 for row in rows.values())
    assert '2 pictures that its training split contains: 12' in rows['accuracy'].how
    assert rows['trusted_upright'].value < 0.2


def test_without_recordings_the_reason_stands_instead(tmp_path, monkeypatch):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    rows = bench.recording_rows()
    assert [row.value for row in rows] == [None] * len(bench._NAMES)
    assert all('AFFECT_DATA' in row.how for row in rows)


def test_the_read_out_of_a_smile_is_right():
    weights = np.full((4, 52), 0.05)
    weights[:2, [23, 24, 47, 48]] = 0.8
    weights[3] = np.nan
    labels = np.array([CATEGORIES.index(name) for name in ('happy', 'happy', 'neutral', 'sad')])
    whole, lower = bench.head_rows(weights, labels)
    assert whole.value == lower.value == 1.0
    assert whole.how.startswith('all weights; 3 of 4')


def test_covers_hide_their_half_only():
    picture = np.random.default_rng(1).integers(0, 256, (48, 48), dtype=np.uint8)
    rng = np.random.default_rng(2)
    below, above = bench.below_headset(picture, rng), bench.above_mask(picture, rng)
    np.testing.assert_array_equal(below[27:], picture[27:])
    np.testing.assert_array_equal(above[:27], picture[:27])
    assert np.mean(below[:27] == picture[:27]) < 0.05
    assert np.mean(above[27:] == picture[27:]) < 0.05


def test_mean_recall_counts_every_category_alike():
    labels = np.array([0, 0, 0, 0, 2])
    assert bench._uar(np.array([0, 0, 0, 0, 0]), labels) == 0.5
    assert bench._uar(np.array([0, 0, 2, 2, -1]), labels) == 0.25
    assert bench._accuracy(np.array([0, 0, 0, 0, 0]), labels) == 0.8


def test_shapes_of_the_upper_face_are_those_hidden_below_a_headset():
    assert actions.UPPER[[41, 42, 43]].all() and not actions.UPPER[[17, 23, 24]].any()
