# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The face tracker's figures are what they say they are; nothing is timed here."""

from affect_bringup.bench.face_tracker import auc_rows
from affect_bringup.bench.face_tracker import fer_rows
import numpy as np
import pytest


def test_a_weight_that_tells_an_emotion_has_an_area_of_one_and_noise_a_half():
    labels = np.repeat(['happy', 'neutral'], 400)
    weights = np.zeros((800, 52))
    weights[:400, 23:25] = 0.5
    weights[:, 47:49] = np.random.default_rng(0).uniform(size=(800, 1))
    rows = {row.name: row for row in auc_rows(weights, labels)}
    assert rows['face_tracker/auc_AU12_happy'].value == 1.0
    assert rows['face_tracker/auc_AU6_happy'].value == pytest.approx(0.5, abs=0.06)
    assert rows['face_tracker/auc_AU4_angry'].value is None


def test_without_recordings_the_rows_say_so(monkeypatch, tmp_path):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    rows = fer_rows(None, 3)
    assert [row.value for row in rows] == [None] * len(rows)
    assert all('AFFECT_DATA' in row.how for row in rows)
