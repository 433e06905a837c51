# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The real voice activity and recogniser on synthetic speech and on sound without words."""

from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.voice import SimulatedVoice
from affect_trackers.speech_recognizer.pocketsphinx_recognizer import PocketsphinxRecognizer
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.segmenter import Segmenter
from affect_trackers.speech_recognizer.transcriber import Transcriber
from affect_trackers.speech_recognizer.voice_activity import VoiceActivity
import numpy as np
import pytest

RATE_HZ = 16000
SECONDS = 16


@pytest.fixture(scope='module')
def wearer():
    """Return a calm and pleased wearer's voice."""
    point = {'at_s': 0.0, 'valence': 0.7, 'arousal': 0.2, 'stress': 0.1}
    return SimulatedVoice(1, AffectTrajectory(1, {'duration_s': 10.0, 'points': [point]}))


@pytest.fixture(scope='module')
def models():
    return PocketsphinxRecognizer(), VoiceActivity()


@pytest.fixture(scope='module')
def said(wearer, models):
    """Return what was recognised of the wearer, finally."""
    return transcribe(models, wearer.samples(0, SECONDS * RATE_HZ))


def transcribe(models, sound, **settings):
    recognizer, activity = models
    transcriber = Transcriber(recognizer, activity, Segmenter(), **settings)
    chunks = np.array_split(np.asarray(sound, np.float32), len(sound) // 640)
    starts = np.cumsum([0] + [len(chunk) for chunk in chunks[:-1]]) / RATE_HZ
    found = [
        u for chunk, start in zip(chunks, starts, strict=True)
        for u in transcriber.push(chunk, RATE_HZ, start)]
    return [u for u in [*found, *transcriber.end()] if u.is_final]


def word_errors(wanted, found):
    """Levenshtein's distance of words."""
    row = list(range(len(found) + 1))
    for i, word in enumerate(wanted, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(found, 1):
            before, row[j] = row[j], min(
                row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def test_each_utterance_is_found_where_it_was_said(wearer, said):
    true = [u for block in range(SECONDS // 4) if (u := wearer.utterance(block)) is not None]
    assert len(true) >= 2
    assert len(said) == len(true)
    for one, other in zip(said, true, strict=True):
        assert one.start_s == pytest.approx(other.start_s, abs=0.15)
        assert one.duration_s == pytest.approx(other.duration_s, abs=0.3)


def test_most_words_of_a_synthetic_voice_are_right(wearer, said):
    wanted = ' '.join(
        u.text for block in range(SECONDS // 4) if (u := wearer.utterance(block)) is not None)
    found = [word.text for u in said for word in u.words]
    # Over ten minutes and two voices .15 to .19 are wrong; these are a dozen words.
    assert word_errors(wanted.split(), found) < 0.4 * len(wanted.split())


def test_speech_played_backwards_is_trusted_less(models, wearer, said):
    backwards = transcribe(models, wearer.samples(0, SECONDS * RATE_HZ)[::-1].copy())
    assert len(backwards) == len(said)
    worst, best = min(u.confidence for u in said), max(
        (u.confidence for u in backwards if u.words), default=0.0)
    assert best < worst


def test_words_follow_each_other_inside_the_utterance(said):
    for utterance in said:
        starts = [word.start_s for word in utterance.words]
        assert starts == sorted(starts)
        assert starts[0] >= 0.0
        assert utterance.words[-1].end_s <= utterance.duration_s + 1e-9
        assert all(0.0 <= word.confidence <= 1.0 for word in utterance.words)
        assert not any(c in word.text for word in utterance.words for c in '<>[]()')


def sounds_without_words():
    rng = np.random.default_rng(1)
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    chord = sum(np.sin(2.0 * np.pi * hz * t) for hz in (220.0, 277.2, 329.6, 440.0))
    return {
        'silence': np.zeros(len(t)),
        'noise': rng.normal(0.0, 0.1, len(t)),
        'hum': 0.2 * np.sin(2.0 * np.pi * 50.0 * t),
        'music': 0.05 * chord * (1.0 + 0.5 * np.sin(4.0 * np.pi * t)),
        'clicks': 0.8 * (rng.random(len(t)) < 0.0005),
    }


@pytest.mark.parametrize('name', sounds_without_words())
def test_no_words_are_invented_for_sound_that_is_no_speech(models, name):
    assert transcribe(models, sounds_without_words()[name], min_confidence=0.2) == []


def test_a_folder_that_is_no_model_is_refused_with_what_it_lacks(tmp_path):
    with pytest.raises(RecognizerError, match='no folder'):
        PocketsphinxRecognizer(str(tmp_path / 'absent'))
    with pytest.raises(RecognizerError, match='acoustic model'):
        PocketsphinxRecognizer(str(tmp_path))


def test_a_file_that_is_no_network_is_refused(tmp_path):
    path = tmp_path / 'network.onnx'
    path.write_bytes(b'nothing')
    with pytest.raises(RecognizerError, match='Silero'):
        VoiceActivity(str(path))
