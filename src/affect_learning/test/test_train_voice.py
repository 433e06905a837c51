# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the training of the voice may and may not look at."""

from affect_encoders.voice import VoiceEncoder
from affect_encoders.voice.model import INPUTS
from affect_learning import train_voice
import numpy as np
import pytest


@pytest.fixture
def data(monkeypatch):
    """Eight actors whose categories show in the first features."""
    monkeypatch.setattr(train_voice, 'EPOCHS', 150)
    generator = np.random.default_rng(0)
    category = np.tile(np.arange(8), 40)
    features = generator.standard_normal((len(category), len(INPUTS))).astype(np.float32)
    features[np.arange(len(category)), category] += 4.0
    return {'features': features, 'category': category,
            'actor': np.repeat(np.arange(17, 25), 40), 'view': np.zeros(len(category), int),
            'end': np.ones(len(category), bool)}


def test_what_shows_in_the_features_is_learned_and_carries_over_to_new_actors(data):
    logits = train_voice.out_of_fold(data, np.ones(320, bool), 0)
    assert train_voice.report(logits, data['category'])['uar'] > 0.5  # chance: 0.125


def test_labels_of_a_folds_own_actors_do_not_reach_its_predictions(data):
    everyone = np.ones(320, bool)
    first = train_voice.out_of_fold(data, everyone, 0)
    fold = (data['actor'] - 1) // train_voice.FOLD_ACTORS == 4
    changed = {**data, 'category': np.where(fold, 0, data['category'])}
    second = train_voice.out_of_fold(changed, everyone, 0)
    np.testing.assert_array_equal(first[fold], second[fold])
    assert not np.array_equal(first[~fold], second[~fold])


def test_held_out_actors_do_not_reach_the_shipped_weights(data, tmp_path):
    held = np.isin(data['actor'], train_voice.HELD_OUT_ACTORS)
    embeddings = []
    for name, features in (('a', data['features']),
                           ('b', np.where(held[:, None], 99.0, data['features']))):
        path = tmp_path / f'{name}.safetensors'
        noisy = {**data, 'features': features.astype(np.float32)}
        # The report needs rows of another view.
        noisy['view'] = (np.arange(320) // 8) % 2
        train_voice.train(noisy, path, 0)
        encoder = VoiceEncoder(weights=path)
        embeddings.append(encoder._model(data['features'][0])[0])
    np.testing.assert_array_equal(*embeddings)


def test_a_microphone_changes_the_sound_but_not_its_length_or_bounds():
    clip = np.sin(np.arange(16000) / 20.0).astype(np.float32)
    heard = train_voice.through_microphone(clip, 16000, np.random.default_rng(0))
    assert heard.shape == clip.shape
    assert np.abs(heard).max() <= 1.0
    assert not np.allclose(heard, clip, atol=0.01)


def test_a_silent_clip_gives_one_unknown_row():
    rows = train_voice.moments(np.zeros(16000, np.float32), 16000)
    assert rows.shape == (1, len(INPUTS))
    assert np.isnan(rows).all()
