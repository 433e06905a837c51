# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated wearer's voice: what is said and how follows what is felt."""

from collections import Counter
from itertools import pairwise
import shutil

from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.script import ScriptError
from affect_sensors.simulation.source_filter import analyse
from affect_sensors.simulation.source_filter import Manner
from affect_sensors.simulation.source_filter import synthesise
from affect_sensors.simulation.utterance_files import categories
from affect_sensors.simulation.utterance_files import FOLDER
from affect_sensors.simulation.utterance_files import path_of
from affect_sensors.simulation.utterance_files import sound_of
from affect_sensors.simulation.utterance_files import VOICES
from affect_sensors.simulation.voice import SimulatedVoice
from affect_sensors.simulation.wearer import SimulatedWearer
import numpy as np
import pytest
import soundfile

RATE_HZ = 16000


def voice_of(seed=1, **affect):
    """Return the voice of a wearer whose affect stays where it is."""
    point = {'at_s': 0.0, 'valence': 0.0, 'arousal': 0.0, 'stress': 0.2, **affect}
    return SimulatedVoice(
        seed, AffectTrajectory(seed, {'duration_s': 10.0, 'points': [point]}))


def speech_of(voice, blocks=range(10)):
    """Return the sound of every utterance, float64."""
    said = [voice.utterance(block) for block in blocks]
    return [
        voice.samples(
            round(s.start_s * RATE_HZ), round((s.start_s + s.duration_s) * RATE_HZ),
        ).astype(np.float64) for s in said if s is not None]


def pitch_hz(sound):
    """Median over voiced frames of YIN's estimate (de Cheveigne & Kawahara, JASA 2002)."""
    found = []
    lags = np.arange(1, 270)
    for first in range(0, len(sound) - 1100, 1600):
        difference = np.array([
            np.sum((sound[first:first + 800] - sound[first + k:first + k + 800]) ** 2)
            for k in lags])
        normal = difference * lags / np.maximum(np.cumsum(difference), 1e-12)
        low = np.flatnonzero(normal[31:] < 0.15)
        if len(low):
            lag = 31 + int(low[0])
            while lag + 1 < len(normal) and normal[lag + 1] < normal[lag]:
                lag += 1
            found.append(RATE_HZ / lags[lag])
    return float(np.median(found))


@pytest.mark.parametrize('seed', [1, 2])
def test_arousal_raises_pitch_loudness_and_brightness(seed):
    calm, excited = (
        np.concatenate(speech_of(voice_of(seed, arousal=a, valence=-0.5))) for a in (-0.8, 0.8))
    assert pitch_hz(excited) > 1.2 * pitch_hz(calm)
    assert excited.std() > 2.0 * calm.std()

    def bright_share(sound):
        power = np.abs(np.fft.rfft(sound)) ** 2
        hz = np.fft.rfftfreq(len(sound), 1.0 / RATE_HZ)
        return power[(hz > 1000.0) & (hz < 5000.0)].sum() / power[(hz > 50.0)].sum()
    assert bright_share(excited) > bright_share(calm)


def test_stress_makes_periods_and_their_heights_uneven():
    speech = analyse(sound_of('slt', categories()[0], 1))

    def unevenness(**manner):
        """Change of length and height from period to period where there is voice."""
        rng = np.random.default_rng(0)
        found = analyse(synthesise(speech, Manner(**manner), rng))
        both = found.voiced[1:] & found.voiced[:-1]
        steps = np.diff(found.marks)[both].astype(float)
        heights = np.array([
            np.abs(found.source[max(m - 20, 0):m + 20]).max() for m in found.marks])[1:][both]
        return [
            float(np.median(np.abs(np.diff(v)) / v[1:])) for v in (steps, heights)]
    even, uneven = unevenness(), unevenness(jitter=0.03, shimmer=0.25)
    assert uneven[0] > 1.3 * even[0]
    assert uneven[1] > 1.2 * even[1]


@pytest.mark.parametrize('seed', [1, 2])
def test_stress_raises_the_pitch_of_the_same_words(seed):
    calm, tense = (voice_of(seed, stress=s) for s in (0.0, 1.0))
    assert [calm.utterance(b).text for b in range(10) if calm.utterance(b)] == [
        tense.utterance(b).text for b in range(10) if tense.utterance(b)]
    assert pitch_hz(np.concatenate(speech_of(tense))) > 1.04 * pitch_hz(
        np.concatenate(speech_of(calm)))


@pytest.mark.parametrize('voice', VOICES)
@pytest.mark.parametrize('pitch, tempo', [(1.0, 1.0), (1.4, 1.0), (0.75, 1.0), (1.0, 1.25)])
def test_pitch_and_tempo_change_each_by_itself(voice, pitch, tempo):
    sound = sound_of(voice, categories()[0], 1)
    speech = analyse(sound)
    said = synthesise(speech, Manner(pitch=pitch, tempo=tempo), np.random.default_rng(0))
    assert len(said) == int(len(sound) / tempo)
    assert analyse(said).pitch_hz == pytest.approx(pitch * speech.pitch_hz, rel=0.05)
    # The level hardly changes, nor does where in the spectrum the power is: formants stay.
    assert 0.6 < said.std() < 1.4

    def spectrum(x):
        frames = np.lib.stride_tricks.sliding_window_view(x, 512)[::256] * np.hanning(512)
        power = (np.abs(np.fft.rfft(frames)) ** 2).mean(axis=0)[:128]
        # Broader than the harmonics of either voice.
        return np.log(np.convolve(power, np.hanning(17), mode='valid'))
    assert np.corrcoef(spectrum(sound), spectrum(said))[0, 1] > 0.97


def test_of_silence_and_noise_something_comes_back():
    rng = np.random.default_rng(0)
    for sound in (np.zeros(4000), 0.1 * rng.standard_normal(4000), np.zeros(7)):
        said = synthesise(analyse(sound), Manner(pitch=1.3, tempo=1.1), rng)
        assert np.isfinite(said).all()
        assert np.abs(said).max() < 10.0


def test_a_script_sets_the_words_also_over_the_edge_of_a_block(tmp_path):
    path = tmp_path / 'script.yaml'
    path.write_text(
        'duration_s: 11\nwords:\n- {at_s: 2.5, say: "I feel calm, and very peaceful."}\n'
        "- {at_s: 7.25, say: please help me i'm so scared}\n")
    wearer = SimulatedWearer(2, str(path))
    for lap in (0, 1, 7):
        begin = 11.0 * lap
        assert wearer.words(begin + 2.4) is None
        said = wearer.words(begin + 2.6)
        assert said.text == 'i feel calm and very peaceful'
        assert said.start_s == begin + 2.5
        assert wearer.words(begin + 7.3).category == 'fearful'
        sound = wearer.voice.samples(
            round(said.start_s * RATE_HZ), round((said.start_s + said.duration_s) * RATE_HZ))
        silence = wearer.voice.samples(round(begin * RATE_HZ), round((begin + 2.4) * RATE_HZ))
        # It goes on through the edge of the voice's block and is one sentence.
        halves = np.array_split(sound, 2)
        assert all(half.std() > 20.0 * silence.std() for half in halves)


@pytest.mark.parametrize('words, complaint', [
    ('[{at_s: 1, say: 3}]', "word 0: 'say' must be a text"),
    ('[{at_s: 1}]', "word 0: 'say' must be a text"),
    ('[{at_s: 1, says: hello}]', 'word 0: nobody knows says'),
    ('[{at_s: 1, say: i feel so sad and alone}, {at_s: 1.5, say: there is no hurry we have time}]',
     'word 0: saying it takes'),
    ('[{at_s: 9.5, say: i feel so sad and alone}, {at_s: 9.9, say: i feel so sad and alone}]',
     'word 0: saying it takes')])
def test_words_that_cannot_be_said_are_refused(tmp_path, words, complaint):
    path = tmp_path / 'script.yaml'
    path.write_text(f'{{duration_s: 10, words: {words}}}')
    with pytest.raises(ScriptError, match=complaint):
        SimulatedWearer(1, str(path))


def test_other_words_need_flite_and_say_so(tmp_path, monkeypatch):
    monkeypatch.setenv('PATH', str(tmp_path))
    path = tmp_path / 'script.yaml'
    path.write_text('{duration_s: 10, words: [{at_s: 1, say: an unheard of zeppelin}]}')
    with pytest.raises(ScriptError, match=r'word 0: .*zeppelin.*apt install flite'):
        SimulatedWearer(1, str(path))


@pytest.mark.skipif(shutil.which('flite') is None, reason='flite is not on this host')
def test_other_words_are_said_where_flite_is(tmp_path):
    path = tmp_path / 'script.yaml'
    path.write_text('{duration_s: 10, words: [{at_s: 1, say: the zeppelin is green}]}')
    wearer = SimulatedWearer(1, str(path))
    assert wearer.words(1.2).text == 'the zeppelin is green'
    assert wearer.voice.samples(0, 3 * RATE_HZ).std() > 0.01


@pytest.mark.parametrize('valence, arousal, expected', [
    (0.8, 0.5, 'happy'), (-0.6, -0.4, 'sad'), (-0.5, 0.7, 'angry fearful'), (0.7, -0.5, 'calm')])
def test_what_is_said_follows_what_is_felt(valence, arousal, expected):
    voice = voice_of(valence=valence, arousal=arousal)
    said = Counter(
        s.category for block in range(200) if (s := voice.utterance(block)) is not None)
    assert sum(said[name] for name in expected.split()) > 0.6 * said.total()
    assert len(said) > 1


def test_a_third_of_the_time_is_speech_and_silence_is_never_long():
    voice = SimulatedVoice(1, AffectTrajectory(1))
    said = [s for block in range(500) if (s := voice.utterance(block)) is not None]
    assert 0.28 < sum(s.duration_s for s in said) / 2000.0 < 0.38
    pauses = [b.start_s - a.start_s - a.duration_s for a, b in pairwise(said)]
    assert min(pauses) > 0.3
    assert max(pauses) < 13.0


def test_loud_speech_does_not_clip_and_silence_is_quiet():
    voice = voice_of(seed=2, arousal=1.0, stress=1.0)
    sound = voice.samples(0, 200 * RATE_HZ)
    assert np.abs(sound).max() < 1.0
    silent = next(block for block in range(50) if voice.utterance(block) is None)
    quiet = sound[silent * 4 * RATE_HZ:(silent + 1) * 4 * RATE_HZ]
    assert 0.0 < np.abs(quiet).max() < 0.005


def test_two_processes_with_one_seed_hear_the_same_words():
    one, other = SimulatedWearer(3), SimulatedWearer(3)
    times = 1_763_800_000 + np.arange(0.0, 60.0, 0.5)
    said = [one.words(t) for t in times]
    assert [other.words(t) for t in reversed(times)] == said[::-1]
    assert len({s.text for s in said if s is not None}) > 3


def test_words_are_known_while_they_are_said_and_the_mouth_moves_with_them():
    voice = voice_of()
    said = next(s for block in range(10) if (s := voice.utterance(block)) is not None)
    times = said.start_s + said.duration_s * np.linspace(-0.1, 1.1, 240)
    openings = np.array([voice.mouth_opening(t) for t in times])
    inside = (times >= said.start_s) & (times < said.start_s + said.duration_s)
    for t, is_inside in zip(times, inside, strict=True):
        assert voice.words(t) == (said if is_inside else None)
    assert (openings[~inside] == 0.0).all()
    assert openings.max() == 1.0
    levels = [
        np.abs(voice.samples(int(t * RATE_HZ) - 160, int(t * RATE_HZ) + 160)).mean()
        for t in times]
    assert np.corrcoef(openings, levels)[0, 1] > 0.7


@pytest.mark.parametrize('voice', VOICES)
def test_every_sentence_is_there_and_nothing_else(voice):
    wanted = {
        path_of(voice, category, number) for category in categories()
        for number in range(len(category.sentences))}
    assert set((FOLDER / voice).iterdir()) == wanted
    for path in wanted:
        about = soundfile.info(path)
        assert (about.samplerate, about.channels) == (RATE_HZ, 1)
        # It has to fit a block of four seconds at the slowest.
        assert 0.5 < about.duration < 3.0


def test_every_category_has_three_sentences_or_more():
    assert len(categories()) == 8
    assert all(len(category.sentences) >= 3 for category in categories())
