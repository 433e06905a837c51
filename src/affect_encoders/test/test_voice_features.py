# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Descriptors and functionals of sounds whose properties are known."""

from affect_encoders.voice.features import COLUMN
from affect_encoders.voice.features import describe
from affect_encoders.voice.features import FEATURES
from affect_encoders.voice.features import functionals
from affect_encoders.voice.features import PitchState
from affect_encoders.voice.features import SLOPE_OF_LEVEL
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest
from voice_signals import pulses
from voice_signals import RATE_HZ
from voice_signals import vowel

NAMES = [feature.name for feature in FEATURES]


def descriptors(samples):
    none = np.zeros(len(samples), dtype=bool)
    return describe(samples.astype(np.float32), none, none)[0]


def median(samples, name):
    return float(np.nanmedian(descriptors(samples)[:, COLUMN[name]]))


def mean(samples, name):
    return float(np.nanmean(descriptors(samples)[:, COLUMN[name]]))


def tone(hz, seconds=1.0, amplitude=0.3):
    return amplitude * np.sin(2.0 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)


@pytest.mark.parametrize('hz', [70.0, 100.0, 155.0, 220.0, 330.0, 523.25, 700.0])
@pytest.mark.parametrize('sound', [tone, lambda hz: pulses(hz, 1.0)])
def test_pitch_of_tones_and_voices_is_right_to_a_tenth_of_a_semitone(hz, sound):
    expected = 12.0 * np.log2(hz / 27.5)
    assert median(sound(hz), 'F0semitoneFrom27.5Hz') == pytest.approx(expected, abs=0.1)


def test_an_octave_up_is_twelve_semitones():
    low, high = (median(pulses(hz, 1.0), 'F0semitoneFrom27.5Hz') for hz in (110.0, 220.0))
    assert high - low == pytest.approx(12.0, abs=0.1)


QUICK = settings(max_examples=5, deadline=None)


@QUICK
@given(hz=st.floats(70.0, 700.0), amplitude=st.floats(0.02, 0.9))
def test_pitch_of_any_tone_is_right(hz, amplitude):
    expected = 12.0 * np.log2(hz / 27.5)
    assert median(tone(hz, 0.4, amplitude), 'F0semitoneFrom27.5Hz') == pytest.approx(
        expected, abs=0.1)


@QUICK
@given(hz=st.floats(85.0, 250.0), jitter=st.floats(0.005, 0.03), seed=st.integers(0, 99))
def test_jitter_is_what_was_put_in(hz, jitter, seed):
    # Waveform matching sees whole periods, and what rings on of the one before: it tells less.
    value = mean(pulses(hz, 2.0, jitter=jitter, seed=seed), 'jitterLocal')
    assert value == pytest.approx(jitter, rel=0.45)


def test_a_steady_voice_has_hardly_any_jitter_or_shimmer():
    steady = pulses(125.0, 1.0)
    assert median(steady, 'jitterLocal') < 0.003
    assert median(steady, 'shimmerLocaldB') < 0.1


@QUICK
@given(hz=st.floats(85.0, 250.0), shimmer_db=st.floats(0.3, 2.0), seed=st.integers(0, 99))
def test_shimmer_is_what_was_put_in(hz, shimmer_db, seed):
    value = mean(pulses(hz, 2.0, shimmer_db=shimmer_db, seed=seed), 'shimmerLocaldB')
    assert value == pytest.approx(shimmer_db, rel=0.4)


@QUICK
@given(ratio_db=st.floats(4.0, 20.0))
def test_harmonics_to_noise_ratio_is_the_one_mixed(ratio_db):
    # Boersma 1993: for white noise added to a periodic sound, r / (1 - r) is the energy ratio.
    voice = tone(200.0)
    noise = np.random.default_rng(1).standard_normal(len(voice))
    noise *= np.sqrt(np.mean(voice ** 2) / np.mean(noise ** 2) / 10.0 ** (ratio_db / 10.0))
    assert median(voice + noise, 'harmonicsToNoiseRatio') == pytest.approx(ratio_db, abs=1.5)


def test_louder_is_louder_and_nothing_else():
    quiet = pulses(140.0, 1.0)
    louder = 2.0 * quiet
    assert median(louder, 'level') - median(quiet, 'level') == pytest.approx(6.02, abs=0.01)
    assert median(louder, 'loudness') / median(quiet, 'loudness') == pytest.approx(
        2.0 ** 0.66, rel=0.01)  # power to the 0.33
    for name in ('F0semitoneFrom27.5Hz', 'jitterLocal', 'HNRdBACF', 'alphaRatio', 'mfcc1',
                 'hammarbergIndex', 'F1frequency', 'teagerAreaBand1', 'shimmerLocaldB',
                 'logRelF0-H1-H2'):
        assert median(louder, name) == pytest.approx(median(quiet, name), rel=0.02, abs=1e-3), name


def test_level_of_a_full_scale_sine_is_minus_three_decibels():
    assert median(tone(400.0, amplitude=1.0), 'level') == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize('resonances_hz', [
    # Peterson & Barney, J. Acoust. Soc. Am. 24, 1952: men's vowels i, I, ae, o, u.
    (270.0, 2290.0, 3010.0), (390.0, 1990.0, 2550.0), (660.0, 1720.0, 2410.0),
    (570.0, 840.0, 2410.0), (300.0, 870.0, 2240.0)])
def test_formants_of_vowels_are_their_resonances(resonances_hz):
    sound = vowel(resonances_hz, 110.0)
    for k, hz in enumerate(resonances_hz, start=1):
        assert median(sound, f'F{k}frequency') == pytest.approx(hz, rel=0.08, abs=40.0)


@pytest.mark.parametrize('second_db', [-12.0, -3.0, 6.0])
def test_the_difference_of_the_first_harmonics_is_that_put_in(second_db):
    sound = tone(200.0, amplitude=0.2) + tone(400.0, amplitude=0.2 * 10.0 ** (second_db / 20.0))
    sound = sound + tone(2400.0, amplitude=0.01)  # something for a third formant to be found at
    values = descriptors(sound)[:, COLUMN['logRelF0-H1-H2']]
    assert np.nanmedian(values) == pytest.approx(-second_db, abs=0.5)


def test_formants_are_found():
    sound = pulses(100.0, 1.0)
    assert median(sound, 'F1frequency') == pytest.approx(600.0, rel=0.08)
    assert median(sound, 'F2frequency') == pytest.approx(1500.0, rel=0.08)
    assert median(sound, 'F3frequency') == pytest.approx(2500.0, rel=0.08)


def test_spectral_balance_moves_with_the_spectrum():
    # +6 dB per octave, as from a soft to a pressed voice.
    dull = pulses(120.0, 1.0)
    bright = np.diff(dull, prepend=0.0)
    assert median(bright, 'alphaRatio') > median(dull, 'alphaRatio') + 3.0
    assert median(bright, 'hammarbergIndex') < median(dull, 'hammarbergIndex') - 3.0
    assert median(bright, 'slope500-1500') > median(dull, 'slope500-1500')
    assert median(bright, 'mfcc1') < median(dull, 'mfcc1')


def test_slopes_are_regression_slopes_in_decibel_per_hertz():
    # A click has a flat spectrum; what is left is the level, which openSMILE's slope lets in.
    click = np.zeros(RATE_HZ)
    click[480::1600] = 0.5
    quiet, loud = descriptors(click), descriptors(2.0 * click)
    frame = int(np.argmax(quiet[:, COLUMN['level']]))
    step = loud[frame, COLUMN['slope500-1500']] - quiet[frame, COLUMN['slope500-1500']]
    assert step == pytest.approx(6.02 * SLOPE_OF_LEVEL['500-1500'], rel=1e-3)
    level_db = 20.0 * np.log10(0.5)  # of each bin of a click's spectrum
    window_db = quiet[frame, COLUMN['slope500-1500']] / SLOPE_OF_LEVEL['500-1500'] - level_db
    assert -25.0 < window_db < 0.0  # where in the window the click lies


def test_flux_is_zero_in_a_steady_sound_and_large_at_a_change():
    steady = tone(400.0)  # 10 ms hold four whole periods: every frame looks the same
    assert median(steady, 'spectralFlux') < 1e-3
    change = np.concatenate([tone(400.0, 0.5), tone(2000.0, 0.5)])
    assert np.nanmax(descriptors(change)[:, COLUMN['spectralFlux']]) > 0.5


def test_teager_energy_of_a_tone_is_the_square_of_amplitude_and_sine_of_frequency():
    # Kaiser 1990: psi(A cos(w n)) = A^2 sin^2(w).
    hz, amplitude = 300.0, 0.2
    expected = 10.0 * np.log10((amplitude * np.sin(2.0 * np.pi * hz / RATE_HZ)) ** 2)
    assert median(tone(hz, amplitude=amplitude), 'teagerEnergyBand1') == pytest.approx(
        expected, abs=0.3)
    # A constant Teager profile has a triangular autocorrelation: the area is one.
    assert median(tone(hz, amplitude=amplitude), 'teagerAreaBand1') == pytest.approx(1.0, abs=0.05)


def test_noise_has_no_pitch_and_silence_has_no_anything():
    noise = 0.1 * np.random.default_rng(2).standard_normal(2 * RATE_HZ)
    assert np.mean(np.isfinite(descriptors(noise)[:, COLUMN['F0semitoneFrom27.5Hz']])) < 0.02
    silence = descriptors(np.zeros(RATE_HZ))
    assert np.isnan(silence[:, COLUMN['F0semitoneFrom27.5Hz']]).all()
    assert silence[:, COLUMN['level']].max() <= -99.0


def test_frames_that_hold_unknown_samples_are_unknown():
    sound = pulses(120.0, 1.0).astype(np.float32)
    unknown = np.zeros(len(sound), dtype=bool)
    unknown[8000:8160] = True
    rows, _ = describe(np.where(unknown, np.float32(0), sound), unknown, np.zeros_like(unknown))
    touched = [i for i in range(len(rows)) if i * 160 < 8160 and i * 160 + 960 > 8000]
    assert np.isnan(rows[touched][:, COLUMN['loudness']]).all()
    assert np.isfinite(np.delete(rows, touched, axis=0)[1:, COLUMN['loudness']]).all()


def test_too_few_samples_make_no_frame():
    rows, pitch = describe(np.zeros(959, np.float32), np.zeros(959, bool), np.zeros(959, bool),
                           pitch=PitchState(last=5.0))
    assert rows.shape == (0, len(COLUMN))
    assert pitch.last == 5.0


def functional(samples):
    rows = descriptors(samples)
    voiced = np.isfinite(rows[:, COLUMN['F0semitoneFrom27.5Hz']])
    return dict(zip(NAMES, functionals(rows, voiced).tolist(), strict=True))


def test_functionals_of_a_glide_have_its_slope_and_range():
    time_s = np.arange(RATE_HZ) / RATE_HZ
    rising = functional(pulses(100.0 * 2.0 ** time_s, 1.0))  # one octave in one second
    assert rising['F0semitoneFrom27.5Hz_sma3nz_meanRisingSlope'] == pytest.approx(12.0, rel=0.15)
    assert rising['F0semitoneFrom27.5Hz_sma3nz_pctlrange0-2'] == pytest.approx(7.0, rel=0.1)
    middle = 12.0 * np.log2(100.0 * 2.0 ** 0.5 / 27.5)
    assert rising['F0semitoneFrom27.5Hz_sma3nz_percentile50.0'] == pytest.approx(middle, abs=0.3)


def test_segments_are_counted_and_measured():
    rows = descriptors(pulses(130.0, 2.0))[:180]
    voiced = (np.arange(180) // 30) % 2 == 0  # 0.3 s on, 0.3 s off, three times
    values = dict(zip(NAMES, functionals(rows, voiced).tolist(), strict=True))
    assert values['VoicedSegmentsPerSec'] == pytest.approx(3.0 / 1.8)
    assert values['MeanVoicedSegmentLengthSec'] == pytest.approx(0.3)
    assert values['StddevVoicedSegmentLengthSec'] == pytest.approx(0.0, abs=1e-6)
    assert values['MeanUnvoicedSegmentLength'] == pytest.approx(0.3)


def test_names_are_those_of_opensmile():
    # The 88 of eGeMAPSv02 come first; a few of each kind, by their names in its output.
    assert NAMES[87] == 'equivalentSoundLevel_dBp'
    assert set(NAMES[:88]) >= {
        'F0semitoneFrom27.5Hz_sma3nz_stddevFallingSlope', 'loudness_sma3_pctlrange0-2',
        'mfcc4_sma3_stddevNorm', 'HNRdBACF_sma3nz_amean', 'logRelF0-H1-A3_sma3nz_stddevNorm',
        'F2amplitudeLogRelF0_sma3nz_amean', 'slopeV500-1500_sma3nz_stddevNorm',
        'slopeUV0-500_sma3nz_amean', 'spectralFluxUV_sma3nz_amean', 'loudnessPeaksPerSec'}


def test_syllables_are_peaks_of_loudness():
    rows = descriptors(pulses(130.0, 3.0) * np.sin(2.0 * np.pi * 2.0 * np.arange(48000) / RATE_HZ))
    voiced = np.ones(len(rows), dtype=bool)
    values = dict(zip(NAMES, functionals(rows, voiced).tolist(), strict=True))
    assert values['loudnessPeaksPerSec'] == pytest.approx(4.0, abs=0.4)


def test_functionals_of_nothing_are_unknown_not_zero():
    values = functional(np.zeros(RATE_HZ))
    assert np.isnan(values['F0semitoneFrom27.5Hz_sma3nz_amean'])
    assert np.isnan(values['jitterLocal_sma3nz_amean'])


def test_names_are_unique():
    assert len(set(NAMES)) == len(NAMES)
