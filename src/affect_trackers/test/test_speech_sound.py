# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Sound before it is recognised: offsets, gaps, streams set back, and what is complained of."""

from affect_trackers.speech_recognizer.chunk_check import ChunkError
from affect_trackers.speech_recognizer.chunk_check import Joint
from affect_trackers.speech_recognizer.chunk_check import mix
from affect_trackers.speech_recognizer.high_pass import HighPass
from affect_trackers.speech_recognizer.sound_watch import SoundWatch
import numpy as np
import pytest

RATE_HZ = 16000
T = np.arange(RATE_HZ) / RATE_HZ


def test_an_offset_goes_without_a_click_and_a_voice_stays():
    voice = 0.1 * np.sin(2.0 * np.pi * 200.0 * T)
    found = HighPass(RATE_HZ).push((voice + 0.5).astype(np.float32))
    np.testing.assert_allclose(np.abs(found).max(), 0.1, atol=0.02)
    assert abs(found.mean()) < 0.01
    assert np.std(found[RATE_HZ // 2:]) == pytest.approx(np.std(voice), rel=0.05)


def test_rumble_is_weakened():
    rumble = 0.5 * np.sin(2.0 * np.pi * 10.0 * T).astype(np.float32)
    assert np.std(HighPass(RATE_HZ).push(rumble)) < 0.1 * np.std(rumble)


def test_any_chunking_is_filtered_alike():
    sound = np.random.default_rng(1).standard_normal(5000).astype(np.float32)
    whole = HighPass(RATE_HZ).push(sound)
    cut = HighPass(RATE_HZ)
    pieces = [cut.push(piece) for piece in np.split(sound, [0, 1, 2, 700, 3000])]
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-6)


def test_channels_are_averaged_unless_they_cancel():
    voice = np.sin(2.0 * np.pi * 200.0 * T).astype(np.float32)
    np.testing.assert_allclose(mix(np.stack([voice, 0.5 * voice], axis=1)), 0.75 * voice)
    np.testing.assert_allclose(mix(np.stack([voice, 0.0 * voice], axis=1)), 0.5 * voice)
    np.testing.assert_allclose(mix(np.stack([voice, -voice], axis=1)), voice)
    assert not mix(np.zeros((10, 2), np.float32)).any()


def test_a_second_publisher_is_refused_for_ever():
    joint = Joint()
    for k in range(100):
        assert joint.is_gap(640 * k, 640, RATE_HZ, 1000.0 + 0.04 * k) == (False, 0)
        with pytest.raises(ChunkError, match='overlaps'):
            joint.is_gap(640 * k, 640, RATE_HZ, 999.0 + 0.04 * k)


def test_a_stream_that_was_set_back_begins_anew_after_a_second():
    joint = Joint()
    joint.is_gap(0, 640, RATE_HZ, 1000.0)
    for k in range(25):
        with pytest.raises(ChunkError, match='overlaps'):
            joint.is_gap(640 * (k + 1), 640, RATE_HZ, 990.0 + 0.04 * k)
    assert joint.is_gap(640 * 26, 640, RATE_HZ, 991.0) == (True, 640 * 25)
    assert joint.is_gap(640 * 27, 640, RATE_HZ, 991.04) == (False, 0)


@pytest.mark.parametrize('chunk_s, silent_s, is_silent', [
    (0.04, 0.5, False), (0.04, 0.7, True), (2.0, 2.5, False), (2.0, 4.0, True)])
def test_silence_is_judged_by_the_length_of_chunks(chunk_s, silent_s, is_silent):
    watch = SoundWatch(100.0)
    watch.heard(np.zeros(round(chunk_s * RATE_HZ), np.float32), RATE_HZ, 200.0)
    assert bool(watch.silence(200.0 + silent_s)) == is_silent


def test_sound_that_never_came_is_silence():
    watch = SoundWatch(100.0)
    assert not watch.silence(100.5)
    assert 'no usable sound' in watch.silence(100.7)


@pytest.mark.parametrize('samples, rate_hz, name', [
    (np.ones(640), RATE_HZ, 'clipping'), (np.full(640, np.nan), RATE_HZ, 'unknown samples'),
    (np.zeros(320), 8000, 'sample rate')])
def test_a_complaint_is_made_and_ends_when_sound_is_good_again(samples, rate_hz, name):
    watch = SoundWatch(100.0)
    watch.heard(samples.astype(np.float32), rate_hz, 100.0)
    assert [each for each, text in watch.warnings(100.0).items() if text] == [name]
    watch.heard(np.zeros(640, np.float32), RATE_HZ, 106.0)
    assert not any(watch.warnings(106.0).values())
