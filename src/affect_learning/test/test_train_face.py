# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the training of the face may and may not look at."""

from affect_encoders.facial_expression.model import FaceNetwork
from affect_encoders.facial_expression.model import Residual
from affect_learning import face_pictures
from affect_learning import train_face
import numpy as np
import pytest
from safetensors.numpy import save_file
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
    first = face_pictures.random_view(tensor, 40, generator)
    assert first.shape == (20, 1, 40, 40)
    assert torch.isfinite(first).all()
    assert not torch.equal(first, face_pictures.random_view(tensor, 40, generator))


def test_not_faces_are_as_many_and_standardised(images):
    tensor = train_face.to_tensor(np.concatenate([images, images[:15]]))
    others = face_pictures.not_faces(tensor, torch.Generator().manual_seed(0))
    assert others.shape == tensor.shape
    torch.testing.assert_close(others.mean((1, 2, 3)), torch.zeros(35), atol=1e-4, rtol=0)
    torch.testing.assert_close(others[:3], tensor[:3].flip(2), atol=1e-2, rtol=1e-2)


@pytest.mark.parametrize('cover, hidden, kept', [
    (face_pictures.with_visor, slice(13, 17), slice(32, 48)),
    (face_pictures.with_mask, slice(38, 39), slice(0, 22))])
def test_a_cover_hides_its_half_and_leaves_the_other(images, cover, hidden, kept):
    tensor = train_face.to_tensor(images)
    covered = cover(tensor, torch.Generator().manual_seed(1))

    def likeness(rows):
        ours, theirs = (t[:, 0, rows].flatten(1) for t in (covered, tensor))
        return torch.stack([torch.corrcoef(torch.stack(pair))[0, 1]
                            for pair in zip(ours, theirs, strict=True)])
    assert (likeness(kept) > 0.999).all()
    assert (likeness(hidden).abs() < 0.6).all()


def test_every_look_is_taught_in_its_share(images):
    tensor = train_face.to_tensor(np.concatenate([images, images]))
    pictures, looks = train_face.likeness_batch(
        tensor, tensor.roll(1, 0), torch.Generator().manual_seed(0))
    assert len(pictures) == 80
    assert torch.bincount(looks).tolist() == [40, 20, 10, 10]


def test_training_goes_on_where_version_one_was(tmp_path):
    """The same convolutions without bypasses answer the same."""
    torch.manual_seed(0)
    network = FaceNetwork().eval()
    plain = torch.nn.Sequential(*(
        layer for layer in network.trunk if not isinstance(layer, Residual)))
    tensors = {f'expression.trunk.{name}': value.numpy()
               for name, value in plain.state_dict().items() if 'tracked' not in name}
    tensors |= {f'expression.{name}': value.numpy() for name, value in network.state_dict().items()
                if not name.startswith('trunk.')}
    save_file(tensors, str(tmp_path / 'old.safetensors'))
    other = FaceNetwork().eval()
    image = torch.randn(1, 1, 40, 40)
    assert not torch.allclose(other(image)[1], network(image)[1], atol=1e-3)
    train_face.start_from(other, tmp_path / 'old.safetensors')
    torch.testing.assert_close(other(image)[1], network(image)[1])


def test_the_learning_rate_rises_and_comes_down_to_nothing():
    rates = [train_face.learning_rate(progress) for progress in np.linspace(0.0, 1.0, 101)]
    assert rates[0] == 0.0
    assert max(rates) == pytest.approx(train_face.LEARNING_RATE)
    assert rates[-1] == pytest.approx(0.0, abs=1e-9)
    assert (np.diff(rates[10:]) < 0.0).all()


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
