# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sound to utterances: the same in any chunking, at any rate, on the stream's own clock."""

import math
import random

from affect_trackers.speech_recognizer.chunk_check import Joint
from affect_trackers.speech_recognizer.resampler import Resampler
from affect_trackers.speech_recognizer.segmenter import Segmenter
from affect_trackers.speech_recognizer.transcriber import Transcriber
import numpy as np
import pytest
from scipy.signal import resample_poly
from speech_doubles import EnergyActivity
from speech_doubles import HeardRecognizer
from speech_doubles import tones

BEGIN_S = 1000.0


def transcribe(sound, *, rate_hz=16000, chunks=(640,), recognizer=None, ppm=0.0, **settings):
    """Return all utterances of a sound that is pushed in chunks of random choice."""
    dice = random.Random(1)
    longest_s = settings.pop('max_utterance_s', 12.0)
    transcriber = Transcriber(
        recognizer or HeardRecognizer(), EnergyActivity(), Segmenter(max_utterance_s=longest_s),
        **settings)
    found, at = [], 0
    while at < len(sound):
        piece = sound[at:at + dice.choice(chunks)]
        start_s = BEGIN_S + at / rate_hz * (1.0 + ppm * 1e-6)
        found += transcriber.push(piece, rate_hz, start_s)
        at += len(piece)
    return [*found, *transcriber.end()]


SPEECH = tones(1.0, (1.5, 1.2), (0.8, 1.0))


def test_any_chunking_gives_the_same_utterances():
    def content(said):
        return [
            (u.number, u.is_final, u.duration_s, [(w.text, w.start_s, w.end_s) for w in u.words])
            for u in said]

    whole = transcribe(SPEECH, chunks=(len(SPEECH),))
    assert [u.is_final for u in whole].count(True) == 2
    pieces = transcribe(SPEECH, chunks=(1, 77, 640, 1500))
    assert content(pieces) == content(whole)
    assert [u.start_s for u in pieces] == pytest.approx([u.start_s for u in whole], abs=1e-6)


@pytest.mark.parametrize('rate_hz', [8000, 11025, 22050, 44100, 48000])
def test_any_sample_rate_gives_the_same_times(rate_hz):
    sound = resample_poly(SPEECH, rate_hz, 16000).astype(np.float32)
    expected = [u for u in transcribe(SPEECH) if u.is_final]
    found = [u for u in transcribe(sound, rate_hz=rate_hz) if u.is_final]
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.start_s == pytest.approx(other.start_s, abs=0.033)
        assert one.duration_s == pytest.approx(other.duration_s, abs=0.07)


def test_words_are_where_the_sound_was():
    first, second = (u for u in transcribe(SPEECH) if u.is_final)
    for utterance, begin_s, length_s in ((first, 1.0, 1.5), (second, 3.7, 0.8)):
        onset_s = utterance.start_s + utterance.words[0].start_s
        assert onset_s == pytest.approx(BEGIN_S + begin_s, abs=0.04)
        assert utterance.duration_s == pytest.approx(length_s, abs=0.1)


def test_a_drifting_clock_is_followed_by_the_stamps():
    sound = tones(60.0, (1.0, 1.0))
    (found,) = [u for u in transcribe(sound, ppm=1000.0) if u.is_final]
    assert found.start_s == pytest.approx(BEGIN_S + 60.06, abs=0.033)


def test_partials_grow_and_come_as_often_as_asked():
    said = transcribe(tones(1.0, (4.0, 1.0)), partial_every_s=1.0)
    lengths = [len(u.words) for u in said if not u.is_final]
    assert len(lengths) == 4
    assert lengths == sorted(set(lengths))
    assert all(math.isnan(u.confidence) for u in said if not u.is_final)


@pytest.mark.parametrize('confidence, kept', [(0.29, False), (0.31, True), (math.nan, True)])
def test_words_that_are_not_trusted_are_withheld(confidence, kept):
    recognizer = HeardRecognizer()
    recognizer.confidence = confidence
    last = transcribe(
        tones(1.0, (1.0, 1.0)), recognizer=recognizer, min_confidence=0.3)[-1]
    assert last.is_final
    assert bool(last.words) == kept
    assert last.confidence == pytest.approx(confidence, nan_ok=True)
    assert last.duration_s == pytest.approx(1.0, abs=0.1)


def test_a_monologue_of_ten_minutes_comes_out_in_pieces():
    said = transcribe(
        tones(0.5, (600.0, 1.0)), chunks=(16000,), max_utterance_s=20.0, partial_every_s=10.0)
    finals = [u for u in said if u.is_final]
    assert len(finals) == 31
    assert max(u.duration_s for u in finals) < 20.1
    assert sum(u.duration_s for u in finals) == pytest.approx(600.0, abs=1.5)
    assert [u.number for u in finals] == list(range(31))


def test_unknown_samples_are_silence():
    sound = np.concatenate([SPEECH[:40000], np.full(16000, np.nan, np.float32)])
    assert [u.is_final for u in transcribe(sound)][-1]
    assert transcribe(np.full(32000, np.nan, np.float32)) == []


@pytest.mark.parametrize('rate_hz', [8000, 44100, 48000])
def test_a_resampled_tone_keeps_its_place_and_size(rate_hz):
    resampler = Resampler(rate_hz)
    tone = np.sin(2.0 * np.pi * 440.0 * np.arange(rate_hz) / rate_hz).astype(np.float32)
    found = np.concatenate([resampler.push(p) for p in np.array_split(tone, 77)])
    assert len(found) > 15900
    expected = np.sin(2.0 * np.pi * 440.0 * np.arange(len(found)) / 16000.0)
    np.testing.assert_allclose(found[200:-200], expected[200:-200], atol=0.01)


@pytest.mark.parametrize('first_sample, start_s, is_gap, lost', [
    (640, 1000.04, False, 0), (640, 1000.09, False, 0), (1280, 1000.08, True, 640),
    (640, 1003.0, True, 0), (0, 1001.0, True, 0)])
def test_a_chunk_joins_on_or_does_not(first_sample, start_s, is_gap, lost):
    joint = Joint()
    assert joint.is_gap(0, 640, 16000, 1000.0) == (False, 0)
    assert joint.is_gap(first_sample, 640, 16000, start_s) == (is_gap, lost)
