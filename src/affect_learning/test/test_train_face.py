# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the training of the face may and may not look at."""

from affect_learning import train_face
import numpy as np
import pytest
import torch


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (20, 48, 48), dtype=np.uint8)


def test_repeats_and_pictures_of_other_splits_are_left_out(images):
    pictures = np.concatenate([images, images[:5], images[7:8]])
    rows = train_face.unseen_rows(pictures, images[3:4], images[9:11])
    assert rows.tolist() == [i for i in range(20) if i not in (3, 9, 10)]


def test_random_views_keep_the_shape_and_differ_every_time(images):
    generator = torch.Generator().manual_seed(0)
    tensor = train_face.to_tensor(images)
    first = train_face.random_view(tensor, generator)
    assert first.shape == (20, 1, 40, 40)
    assert not torch.equal(first, train_face.random_view(tensor, generator))


def test_not_faces_are_as_many_and_standardised(images):
    tensor = train_face.to_tensor(np.concatenate([images, images[:15]]))
    others = train_face.not_faces(tensor, torch.Generator().manual_seed(0))
    assert others.shape == tensor.shape
    torch.testing.assert_close(others.mean((1, 2, 3)), torch.zeros(35), atol=1e-4, rtol=0)
    torch.testing.assert_close(others[:5], tensor[:5].flip(2), atol=1e-2, rtol=1e-2)


def test_the_temperature_undoes_a_known_one():
    generator = torch.Generator().manual_seed(0)
    logits = 2.0 * torch.randn(20000, 7, generator=generator)
    labels = torch.multinomial(torch.softmax(logits, 1), 1, generator=generator)[:, 0]
    assert train_face.fit_temperature(3.0 * logits, labels) == pytest.approx(3.0, rel=0.05)


def test_calibration_error_of_known_confidence():
    probabilities = np.tile([0.75, 0.25], (1000, 1))
    labels = (np.arange(1000) % 4 == 0).astype(int)
    assert train_face.calibration_error(probabilities, labels) == pytest.approx(0.0, abs=1e-9)
    assert train_face.calibration_error(probabilities, np.ones(1000, int)) == pytest.approx(0.75)
