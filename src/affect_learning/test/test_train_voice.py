# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the training of the voice may and may not look at."""

from affect_encoders.voice import VoiceEncoder
from affect_encoders.voice.features import FEATURES
from affect_learning import train_voice
import numpy as np
import pytest

SHOWN = [feature.name for feature in FEATURES].index('F1frequency_sma3nz_amean')


@pytest.fixture
def data(monkeypatch):
    """Eight actors whose categories show in the first features."""
    monkeypatch.setattr(train_voice, 'EPOCHS', 60)
    monkeypatch.setattr(train_voice, 'BATCH', 32)
    generator = np.random.default_rng(0)
    category = np.tile(np.arange(8), 40)
    features = generator.standard_normal((len(category), len(FEATURES))).astype(np.float32)
    # The first eight formant columns: raw numbers, whatever the level.
    features[np.arange(len(category)), SHOWN + category] += 4.0
    return {'features': features, 'category': category,
            'actor': np.repeat(np.arange(17, 25), 40), 'view': np.zeros(len(category), int),
            'end': np.ones(len(category), bool),
            'statement': 1 + np.arange(len(category)) // 8 % 2}


def test_what_shows_in_the_features_is_learned_and_carries_over_to_new_actors(data):
    alone, enrolled = train_voice.out_of_fold(data, np.ones(320, bool), 0)
    assert train_voice.report(alone, data['category'])['uar'] > 0.5  # chance: 0.125
    rest = ~train_voice.is_enrolment(data, train_voice.ENROLLED_STATEMENT)
    assert np.isnan(enrolled[~rest]).all()  # nobody is judged by what they were enrolled with
    assert train_voice.report(enrolled[rest], data['category'][rest])['uar'] > 0.5


def test_labels_of_a_folds_own_actors_do_not_reach_its_predictions(data):
    everyone = np.ones(320, bool)
    first, _ = train_voice.out_of_fold(data, everyone, 0)
    fold = (data['actor'] - 1) // train_voice.FOLD_ACTORS == 4
    changed = {**data, 'category': np.where(fold, 0, data['category'])}
    second, _ = train_voice.out_of_fold(changed, everyone, 0)
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
        noisy['view'] = (np.arange(320) // 16) % 2
        train_voice.train(noisy, path, 0)
        encoder = VoiceEncoder(weights=path)
        embeddings.append(encoder._model(data['features'][0])[0])
    np.testing.assert_array_equal(*embeddings)


def test_an_own_neutral_is_of_the_same_actor_view_and_statement(data):
    neutral = train_voice.own_neutral(data, 1)
    told = (data['actor'] == 18) & train_voice.is_enrolment(data, 1)
    np.testing.assert_allclose(
        neutral[data['actor'] == 18][0], data['features'][told].mean(axis=0), rtol=1e-5)
    assert set(data['category'][told]) == {0}


def test_another_room_and_person_change_the_sound_within_bounds():
    clip = np.sin(np.arange(16000) / 20.0).astype(np.float32)
    generator = np.random.default_rng(0)
    room = train_voice.Room.drawn(generator)
    heard = room.heard(clip, 16000, generator)
    assert len(heard) == pytest.approx(16000 / float(room.speed), abs=2)
    assert np.abs(heard).max() <= 1.0
    assert not np.allclose(heard[:10000], clip[:10000], atol=0.01)


def test_a_silent_clip_gives_one_unknown_row():
    rows = train_voice.moments(np.zeros(16000, np.float32), 16000)
    assert rows.shape == (1, len(FEATURES))
    assert np.isnan(rows).all()
