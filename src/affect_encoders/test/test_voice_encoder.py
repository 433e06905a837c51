# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The voice encoder as a node uses it: chunks in, encodings at ticks out."""

import time

from affect_encoders.encoder import CATEGORIES
from affect_encoders.voice import VoiceEncoder
from affect_encoders.voice.encoder import HALF_LIFE_S
from affect_encoders.voice.model import INPUTS
from affect_encoders.voice.model import MODEL
from affect_encoders.voice.model import standardise
from affect_encoders.voice.model import tensor_shapes
from affect_encoders.voice.model import VERSION
from affect_encoders.voice.model import VoiceModel
from affect_encoders.voice.model import VoiceNetwork
from affect_encoders.voice.model import WEIGHTS
from affect_encoders.weights_file import load_weights
import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.signal import resample_poly
import torch
from voice_signals import RATE_HZ
from voice_signals import speech_like

HOP_S = 0.1
START_S = 1000.0


@pytest.fixture(scope='module', autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def play(samples, rate_hz=RATE_HZ, chunk=None, *, encoder=None, start_s=START_S, extra_s=0.0):
    """Feed chunks as they would arrive, and return the encodings of all ticks."""
    encoder = encoder or VoiceEncoder()
    chunk = chunk or len(samples)
    encodings, sent = [], 0
    for k in range(1, round((len(samples) / rate_hz + extra_s) / HOP_S) + 1):
        tick_s = start_s + k * HOP_S
        while sent < len(samples) and (chunk == len(samples)
                                       or start_s + sent / rate_hz < tick_s + 0.03):
            encoder.push(samples[sent:sent + chunk], rate_hz, start_s + sent / rate_hz)
            sent += chunk
        encodings.append(encoder.encode(tick_s))
    return encodings


def assert_same(left, right):
    assert len(left) == len(right)
    for a, b in zip(left, right, strict=True):
        np.testing.assert_array_equal(a.embedding, b.embedding)
        np.testing.assert_array_equal(a.features, b.features)
        np.testing.assert_array_equal(a.estimate.probabilities, b.estimate.probabilities)
        assert (a.quality, a.reason) == (b.quality, b.reason)
        np.testing.assert_equal(
            (a.window_start_s, a.evidence_end_s), (b.window_start_s, b.evidence_end_s))


def feature(encoding, name):
    names = list(VoiceEncoder().info.feature_names)
    return float(encoding.features[names.index(name)])


@pytest.mark.parametrize('rate_hz', [8000, 16000, 44100, 48000])
@pytest.mark.parametrize('chunk_s', [0.001, 0.02, 0.0333, 1.0])
def test_the_size_of_chunks_changes_nothing(rate_hz, chunk_s):
    samples = resample_poly(speech_like(2.0), rate_hz // 100, RATE_HZ // 100).astype(np.float32)
    whole = play(samples, rate_hz)
    assert whole[-1].quality > 0.0
    assert_same(play(samples, rate_hz, round(chunk_s * rate_hz)), whole)


def test_what_comes_after_the_tick_changes_nothing():
    samples = speech_like(3.0)
    other = samples.copy()
    other[2 * RATE_HZ:] = 0.8
    assert_same(play(samples)[:20], play(other)[:20])
    assert not np.array_equal(play(samples)[-1].features, play(other)[-1].features)


def test_silence_has_quality_zero_and_says_why():
    encoding = play(np.zeros(2 * RATE_HZ, dtype=np.float32))[-1]
    assert encoding.quality == 0.0
    assert encoding.reason == 'no voiced speech'
    assert np.isnan(encoding.embedding).all()
    assert np.isnan(encoding.estimate.probabilities).all()
    assert np.isnan(encoding.evidence_end_s)


def test_nothing_at_all_is_no_voiced_speech():
    assert VoiceEncoder().encode(5.0).reason == 'no voiced speech'


def test_speech_gives_probabilities_valence_and_arousal():
    encoding = play(speech_like(3.0))[-1]
    assert encoding.quality > 0.7
    assert encoding.estimate.probabilities.shape == (len(CATEGORIES),)
    assert encoding.estimate.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert -1.0 <= encoding.estimate.valence <= 1.0
    assert encoding.estimate.valence_variance > 0.0
    assert encoding.estimate.arousal_variance > 0.0
    assert START_S <= encoding.window_start_s < encoding.evidence_end_s <= START_S + 3.0
    assert np.isfinite(encoding.embedding).all()
    assert encoding.embedding.dtype == encoding.features.dtype == np.float32


def test_after_speech_the_numbers_hold_and_the_quality_halves_per_half_life():
    samples = np.concatenate([speech_like(2.0), np.zeros(8 * RATE_HZ, dtype=np.float32)])
    encodings = play(samples)
    early, later = encodings[30], encodings[30 + round(HALF_LIFE_S / HOP_S)]
    assert later.quality == pytest.approx(early.quality / 2.0, rel=1e-6)
    np.testing.assert_array_equal(early.features, later.features)
    np.testing.assert_array_equal(early.embedding, later.embedding)
    assert early.evidence_end_s == later.evidence_end_s < START_S + 2.1
    assert later.reason.startswith('held since')


def test_quality_falls_to_zero_long_after_speech():
    assert play(speech_like(1.0), extra_s=20.0)[-1].quality == 0.0


@pytest.mark.parametrize(('name', 'change'), [
    ('F0semitoneFrom27.5Hz_sma3nz_amean', lambda: speech_like(3.0, f0_hz=250.0)),
    ('loudness_sma3_amean', lambda: 2.0 * speech_like(3.0)),
    ('equivalentSoundLevel_dBp', lambda: 2.0 * speech_like(3.0)),
])
def test_higher_and_louder_speech_raise_their_features(name, change):
    before, after = play(speech_like(3.0))[-1], play(change())[-1]
    assert feature(after, name) > feature(before, name)


def test_breath_noise_lowers_the_harmonics_to_noise_ratio_and_the_quality():
    noise = 0.03 * np.random.default_rng(5).standard_normal(3 * RATE_HZ).astype(np.float32)
    before, after = play(speech_like(3.0))[-1], play(speech_like(3.0) + noise)[-1]
    name = 'HNRdBACF_sma3nz_amean'
    assert feature(after, name) < feature(before, name)
    assert after.quality < before.quality


def test_a_tone_a_melody_and_noise_are_not_trusted():
    time_s = np.arange(3 * RATE_HZ) / RATE_HZ
    tone = 0.3 * np.sin(2.0 * np.pi * 220.0 * time_s)
    notes = 220.0 * 2.0 ** (np.floor(4.0 * time_s) % 5.0 / 12.0)
    melody = 0.3 * np.sin(2.0 * np.pi * np.cumsum(notes) / RATE_HZ)
    for sound in (tone, melody):
        encoding = play(sound.astype(np.float32))[-1]
        assert encoding.quality < 0.1
        assert encoding.reason in ('steady tone, not speech', 'too regular for a voice')
    noise = 0.1 * np.random.default_rng(6).standard_normal(3 * RATE_HZ)
    assert play(noise.astype(np.float32))[-1].quality == 0.0


@pytest.mark.parametrize(('spoil', 'reason'), [
    (lambda x: np.clip(30.0 * x, -1.0, 1.0), 'clipped'),
    (lambda x: np.where((np.arange(len(x)) // 1600) % 3 == 0, np.nan, x), 'gaps in the sound'),
    (lambda x: 0.002 * x, 'too quiet'),
    (lambda x: x[:RATE_HZ * 2 // 5], 'little voiced speech'),
])
def test_bad_sound_lowers_the_quality_and_says_why(spoil, reason):
    good = speech_like(3.0)
    bad = play(spoil(good).astype(np.float32))[-1]
    assert bad.quality < 0.5 * play(good)[-1].quality
    assert bad.reason in (reason, 'no voiced speech')
    assert reason == 'too quiet' or bad.reason == reason


def test_unknown_samples_are_unknown_and_not_silence():
    samples = speech_like(2.0)
    encoding = play(np.full_like(samples, np.nan))[-1]
    assert encoding.quality == 0.0
    assert encoding.reason == 'no voiced speech'
    wild = samples.copy()
    wild[100:200] = np.inf
    wild[300:400] = -1e30
    assert np.isfinite(play(wild)[-1].embedding).all()


def test_reset_forgets():
    encoder = VoiceEncoder()
    play(speech_like(2.0), encoder=encoder)
    encoder.reset()
    assert encoder.encode(START_S).quality == 0.0
    assert_same(play(speech_like(2.0, seed=3), encoder=encoder), play(speech_like(2.0, seed=3)))


def test_time_must_not_go_back_without_reset():
    encoder = VoiceEncoder()
    encoder.encode(10.0)
    with pytest.raises(ValueError, match='reset'):
        encoder.encode(9.0)


def test_a_gap_is_not_spoken_over():
    first, second = speech_like(1.0), speech_like(1.0, seed=4)
    encoder = VoiceEncoder()
    encoder.push(first, RATE_HZ, START_S)
    encoder.push(second, RATE_HZ, START_S + 1.7)
    encoding = encoder.encode(START_S + 1.6)
    assert encoding.evidence_end_s <= START_S + 1.0
    assert encoder.encode(START_S + 2.7).evidence_end_s > START_S + 2.0


def test_overlapping_and_repeated_chunks_count_once():
    samples = speech_like(2.0)
    encoder = VoiceEncoder()
    for at in range(0, len(samples), 1600):
        encoder.push(samples[max(0, at - 800):at + 1600], RATE_HZ,
                     START_S + max(0, at - 800) / RATE_HZ)
        encoder.push(samples[at:at + 1600], RATE_HZ, START_S + at / RATE_HZ)
    assert encoder.dropped_chunks == len(samples) // 1600
    encodings = [encoder.encode(START_S + k * HOP_S) for k in range(1, 21)]
    assert_same(encodings, play(samples))


def test_a_late_chunk_is_dropped_and_counted():
    samples = speech_like(2.0)
    encoder = VoiceEncoder()
    encoder.push(samples, RATE_HZ, START_S)
    encoder.encode(START_S + 1.0)
    encoder.push(samples[:1600], RATE_HZ, START_S + 0.5)
    assert encoder.dropped_chunks == 1


def test_one_stamp_from_the_future_does_not_deafen():
    samples = speech_like(2.0)
    encoder = VoiceEncoder()
    encoder.push(samples[:1600], RATE_HZ, START_S)
    encoder.encode(START_S + 0.1)
    encoder.push(samples[1600:3200], RATE_HZ, START_S + 3600.0)
    for at in range(3200, len(samples), 1600):
        encoder.push(samples[at:at + 1600], RATE_HZ, START_S + at / RATE_HZ)
    assert encoder.dropped_chunks == 1
    assert encoder.encode(START_S + 2.0).quality > 0.3


def test_small_errors_of_stamps_are_not_gaps():
    samples = speech_like(2.0)
    encoder = VoiceEncoder()
    shake = np.random.default_rng(7).uniform(-0.008, 0.008, 100)
    for k, at in enumerate(range(0, len(samples), 320)):
        shift_s = 0.0 if k == 0 else shake[k]
        encoder.push(samples[at:at + 320], RATE_HZ, START_S + at / RATE_HZ + shift_s)
    encodings = [encoder.encode(START_S + k * HOP_S) for k in range(1, 21)]
    assert_same(encodings, play(samples))


def test_the_sample_rate_may_change_in_mid_stream():
    samples = speech_like(4.0)
    encoder = VoiceEncoder()
    half = len(samples) // 2
    encoder.push(samples[:half], RATE_HZ, START_S)
    encoder.push(resample_poly(samples[half:], 3, 1).astype(np.float32), 48000, START_S + 2.0)
    encoding = encoder.encode(START_S + 4.0)
    name = 'F0semitoneFrom27.5Hz_sma3nz_percentile50.0'
    assert feature(encoding, name) == pytest.approx(feature(play(samples)[-1], name), abs=0.5)
    assert encoding.evidence_end_s > START_S + 3.5


@pytest.mark.parametrize(('arguments', 'message'), [
    ((np.zeros((10, 2), np.float32), 16000, 0.0), 'mono'),
    ((np.zeros(10, np.float32), 4000, 0.0), 'sample rate'),
    ((np.zeros(10, np.float32), 96000, 0.0), 'sample rate'),
    ((np.zeros(10, np.float32), 16000, float('nan')), 'not a time'),
    ((np.zeros(121 * 8000, np.float32), 8000, 0.0), 'at most'),
])
def test_bad_input_is_refused_in_words(arguments, message):
    encoder = VoiceEncoder()
    with pytest.raises(ValueError, match=message):
        encoder.push(*arguments)
    encoder.push(speech_like(2.0), RATE_HZ, START_S)
    assert encoder.encode(START_S + 2.0).quality > 0.0


def test_empty_chunks_are_nothing():
    encoder = VoiceEncoder()
    encoder.push(np.zeros(0, np.float32), RATE_HZ, START_S)
    assert encoder.encode(START_S + 1.0).quality == 0.0


def test_sound_that_is_never_asked_for_does_not_pile_up():
    encoder = VoiceEncoder()
    second = speech_like(1.0)
    for k in range(200):
        encoder.push(second, RATE_HZ, START_S + k)
    started = time.process_time()
    encoding = encoder.encode(START_S + 200.0)
    assert time.process_time() - started < 20.0
    assert encoding.quality > 0.5
    assert encoding.evidence_end_s > START_S + 199.0


def test_info_describes_what_comes_out():
    info = VoiceEncoder().info
    encoding = play(speech_like(3.0))[-1]
    assert len(encoding.features) == len(info.features)
    assert len(encoding.embedding) == info.embedding_dimension
    known = np.isfinite(encoding.features)
    assert known.mean() > 0.9
    for value, spec in zip(encoding.features, info.features, strict=True):
        assert not np.isfinite(value) or spec.low - 1e-6 <= value <= spec.high + 1e-6, spec.name


@pytest.mark.parametrize('is_enrolled', [False, True])
def test_the_live_model_computes_what_was_trained(is_enrolled):
    tensors, _ = load_weights(
        WEIGHTS, model=MODEL, version=VERSION, inputs=INPUTS, shapes=tensor_shapes())
    scaling = [tensors.pop(name) for name in ('mean', 'scale', 'own_scale')]
    temperature, at_ease = tensors.pop('temperature'), tensors.pop('neutral')
    network = VoiceNetwork()
    network.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    network.eval()
    model = VoiceModel()
    neutral = at_ease * np.float32(1.05) if is_enrolled else None
    for seed in range(5):
        features = at_ease * np.random.default_rng(seed).normal(1.0, 0.3, len(INPUTS))
        features = features.astype(np.float32)
        features[seed] = np.nan
        with torch.inference_mode():
            trained, logits = network(torch.from_numpy(standardise(
                features[None], *scaling, neutral)))
        embedding, estimate = model(features, neutral)
        np.testing.assert_allclose(embedding, trained[0].numpy(), atol=1e-5)
        np.testing.assert_allclose(
            estimate.probabilities,
            torch.softmax(logits[0] / float(temperature[int(is_enrolled)]), 0).numpy(), atol=1e-5)


def test_how_loud_the_microphone_is_changes_hardly_anything_but_loudness():
    room = 0.002 * np.random.default_rng(8).standard_normal(3 * RATE_HZ).astype(np.float32)
    soft, loud = (play(gain * (speech_like(3.0) + room))[-1] for gain in (0.4, 1.0))
    level_db = [feature(each, 'equivalentSoundLevel_dBp') for each in (soft, loud)]
    assert level_db[1] - level_db[0] == pytest.approx(7.96, abs=0.5)
    # Frames at the edge of the noise may count as voiced in one and not in the other.
    np.testing.assert_allclose(
        soft.estimate.probabilities, loud.estimate.probabilities, atol=0.1)
    assert soft.estimate.arousal == pytest.approx(loud.estimate.arousal, abs=0.1)


def test_a_wearer_with_a_high_voice_is_compared_with_themselves():
    at_ease, tense = speech_like(4.0, f0_hz=240.0), speech_like(4.0, f0_hz=310.0, seed=1)
    encoder = VoiceEncoder()
    neutral = play(at_ease, encoder=encoder)[19::5]
    before = neutral[-1]
    encoder.enroll(neutral)
    encoder.reset()
    calm = play(at_ease, encoder=encoder)[-1]
    assert not np.array_equal(calm.embedding, before.embedding)
    np.testing.assert_array_equal(calm.features[:-1], before.features[:-1])
    assert feature(calm, 'voice_stress') < 0.15
    encoder.reset()
    assert feature(play(tense, encoder=encoder)[-1], 'voice_stress') > 0.2 + feature(
        calm, 'voice_stress')
    encoder.forget_wearer()
    encoder.reset()
    assert_same(play(at_ease, encoder=encoder), play(at_ease))
    encoder.enroll(neutral)
    encoder.enroll(())
    encoder.reset()
    assert_same(play(at_ease, encoder=encoder), play(at_ease))


def test_silence_teaches_no_neutral_and_does_not_undo_one():
    encoder = VoiceEncoder()
    neutral = play(speech_like(3.0), encoder=encoder)[-1:]
    encoder.enroll(neutral)
    encoder.reset()
    enrolled = play(speech_like(3.0), encoder=encoder)[-1]
    with pytest.raises(ValueError, match='no voiced speech'):
        encoder.enroll(play(np.zeros(RATE_HZ, np.float32)))
    encoder.reset()
    assert_same(play(speech_like(3.0), encoder=encoder)[-1:], [enrolled])


def siren(time_s):
    return np.sin(2.0 * np.pi * np.cumsum(700.0 + 300.0 * np.sin(np.pi * time_s)) / RATE_HZ)


def violin(time_s):
    notes = 220.0 * 2.0 ** (np.array([0, 4, 7, 12, 7, 4])[(4.0 * time_s).astype(int) % 6] / 12.0)
    phase = 2.0 * np.pi * np.cumsum(
        notes * (1.0 + 0.012 * np.sin(2.0 * np.pi * 5.5 * time_s))) / RATE_HZ
    return sum(0.7 ** k * np.sin(k * phase) for k in range(1, 9))


def chords(time_s):
    fade = np.exp(-6.0 * (time_s % 0.5))
    return fade * sum(np.sin(k * 2.0 * np.pi * hz * time_s) / k
                      for hz in (220.0, 277.0, 330.0) for k in range(1, 6))


def engine(time_s):
    noise = np.random.default_rng(0).standard_normal(len(time_s))
    return 0.1 * noise + sum(
        0.9 ** k * np.sin(2.0 * np.pi * 85.0 * k * time_s) for k in range(1, 9))


def wind(time_s):
    noise = np.random.default_rng(0).standard_normal(len(time_s))
    return lfilter([1.0], [1.0, -1.94, 0.942], noise)


@pytest.mark.parametrize('sound', [siren, violin, chords, engine, wind])
def test_sounds_that_are_no_speech_are_not_trusted_and_say_why(sound):
    samples = sound(np.arange(4 * RATE_HZ) / RATE_HZ)
    encoding = play((0.2 * samples / np.abs(samples).max()).astype(np.float32))[-1]
    assert encoding.quality < 0.2
    assert encoding.reason in (
        'no voiced speech', 'little voiced speech', 'noisy', 'steady tone, not speech',
        'too regular for a voice', 'no pauses, not speech')
