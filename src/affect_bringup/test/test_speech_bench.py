# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The bench of speech measures what it says."""

from affect_bringup.bench import sounds
from affect_bringup.bench.speech_recognizer import RATE_HZ
from affect_bringup.bench.speech_recognizer import stream_of
from affect_bringup.bench.speech_recognizer import synthetic
from affect_bringup.bench.speech_recognizer import voice_activity_rows
import numpy as np
import pytest


def test_the_area_under_the_curve_is_that_of_all_pairs():
    score = np.array([0.1, 0.4, 0.4, 0.8, 0.9, 0.2])
    truth = np.array([False, False, True, True, False, True])
    pairs = [(s > n) + 0.5 * (s == n) for s in score[truth] for n in score[~truth]]
    assert sounds.area_under_curve(score, truth) == pytest.approx(np.mean(pairs))


@pytest.mark.parametrize('heard, errors', [
    ('a b c', 0), ('a c', 1), ('a x b c', 1), ('', 3), ('x y z w', 4)])
def test_word_errors_are_missed_made_up_and_confused_ones(heard, errors):
    assert sounds.word_errors(['a', 'b', 'c'], heard.split()) == errors


@pytest.mark.parametrize('name', sounds.NOISES)
def test_noise_is_as_far_below_speech_as_asked(name):
    rng = np.random.default_rng(0)
    count = 4 * RATE_HZ
    speech = np.where(np.arange(count) < count // 2, rng.standard_normal(count), 0.0)
    noisy = sounds.add_noise(
        speech, sounds.NOISES[name](count, rng), np.arange(count) < count // 2, 5.0)
    ratio = np.mean(speech[:count // 2] ** 2) / np.mean((noisy - speech) ** 2)
    assert 10.0 * np.log10(ratio) == pytest.approx(5.0, abs=0.3)


def test_pauses_are_known_to_hold_no_speech_and_sentences_to_hold_some():
    said = synthetic('slt')[:3]
    sound, known = stream_of(said, np.random.default_rng(0))
    assert len(known) == len(sound) // 512
    speech_s = 0.032 * np.count_nonzero(known == 1.0)
    assert speech_s == pytest.approx(sum(len(s.sound) for s in said) / RATE_HZ, rel=0.25)
    loud = np.mean(sound.reshape(-1, 512) ** 2, axis=1)
    assert loud[known == 1.0].mean() > 1000.0 * loud[known == 0.0].mean()


def test_voice_activity_is_measured_without_recordings_too(monkeypatch, tmp_path):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    rows = {row.name: row for row in voice_activity_rows(voices_each=3)}
    assert rows['speech/voice_activity_auc/synthetic_clean'].value > 0.97
    assert rows['speech/voice_activity_auc/ravdess'].value is None
    assert 'AFFECT_DATA' in rows['speech/voice_activity_auc/ravdess'].how
