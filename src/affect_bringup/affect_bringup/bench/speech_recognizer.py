# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How well speech is found and understood, by the parts that the live node is made of."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
import os
from pathlib import Path
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_bringup.bench.sounds import add_noise
from affect_bringup.bench.sounds import area_under_curve
from affect_bringup.bench.sounds import babble
from affect_bringup.bench.sounds import NOISES
from affect_bringup.bench.sounds import RATE_HZ
from affect_bringup.bench.sounds import word_errors
from affect_sensors.simulation.utterance_files import categories
from affect_sensors.simulation.utterance_files import sound_of
from affect_sensors.simulation.utterance_files import VOICES
from affect_trackers.speech_recognizer.pocketsphinx_recognizer import PocketsphinxRecognizer
from affect_trackers.speech_recognizer.recognizer import Word
from affect_trackers.speech_recognizer.segmenter import Segmenter
from affect_trackers.speech_recognizer.transcriber import Transcriber
from affect_trackers.speech_recognizer.transcriber import Utterance
from affect_trackers.speech_recognizer.voice_activity import FRAME_SAMPLES
from affect_trackers.speech_recognizer.voice_activity import VoiceActivity
import numpy as np
from pocketsphinx import Decoder
import soundfile

SNR_DB = 5.0
HELD_OUT_ACTORS = (23, 24)
# The other half, actors 4k+1 and 4k+2, chose how the recogniser is set.
TEST_ACTORS = tuple(k for k in range(1, 25) if k % 4 in (0, 3))
_SENTENCES = {'01': 'kids are talking by the door', '02': 'dogs are sitting by the door'}
_LEVEL = 10.0 ** (-26.0 / 20.0)  # of full scale, that of ITU-T P.56's nominal speech
_ROOM = 10.0 ** (-66.0 / 20.0)
_PAUSE_S = (0.8, 2.0)
_MIN_CONFIDENCE = 0.2
_CHUNK = 640


@dataclass(frozen=True)
class Said:
    """A sentence, float64 [n] at 16 kHz, and its words."""

    sound: np.ndarray
    text: str


def synthetic(voice: str) -> list[Said]:
    """Return the 32 sentences of a synthetic voice (Flite)."""
    return [
        Said(sound_of(voice, category, k), sentence)
        for category in categories() for k, sentence in enumerate(category.sentences)]


def acted(actors: Sequence[int], clips_each: int | None = None) -> list[Said]:
    """Return clips of RAVDESS (Livingstone & Russo, PLOS ONE 2018); none without recordings."""
    folder = Path(os.environ.get('AFFECT_DATA', Path('..', 'shared', 'data')), 'ravdess', 'speech')
    rng = np.random.default_rng(0)
    found = []
    for actor in actors:
        paths = sorted(folder.glob(f'actor_{actor:02d}/*.flac'))
        if clips_each is not None:
            paths = [paths[k] for k in sorted(rng.permutation(len(paths))[:clips_each])]
        found += [
            Said(soundfile.read(path)[0], _SENTENCES[path.stem.split('-')[4]]) for path in paths]
    return found


def stream_of(said: Sequence[Said], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """
    Return sentences with pauses between, float64 [n], and for each frame what is known of it.

    The latter is float64 [n // 512]: 1 speech, 0 none, NaN where the clean sound leaves it open.
    Speech is what comes within 30 dB of a sentence's loudest tenth, with pauses of up to 0.2 s;
    none is what stays 45 dB below it; what lies between is not judged.
    """
    parts, known = [], []
    for each in said:
        count = len(each.sound) // FRAME_SAMPLES * FRAME_SAMPLES
        sound = each.sound[:count]
        db = 10.0 * np.log10(np.mean(sound.reshape(-1, FRAME_SAMPLES) ** 2, axis=1) + 1e-12)
        loudest = np.quantile(db, 0.9)
        truth = np.full(len(db), np.nan)
        truth[db < loudest - 45.0] = 0.0
        loud = np.flatnonzero(db > loudest - 30.0)
        for first, last in pairwise(loud):
            if last - first <= 7:
                truth[first:last + 1] = 1.0
        sound = sound * _LEVEL / np.sqrt(np.mean(sound[np.repeat(truth == 1.0, FRAME_SAMPLES)]**2))
        pause = int(rng.uniform(*_PAUSE_S) * RATE_HZ) // FRAME_SAMPLES
        parts += [sound, np.zeros(pause * FRAME_SAMPLES)]
        known += [truth, np.zeros(pause)]
    stream = np.concatenate(parts)
    return stream + _ROOM * rng.standard_normal(len(stream)), np.concatenate(known)


def voice_activity_rows(clips_each: int = 30, voices_each: int = 32) -> list[BenchRow]:
    """Measure the area under the curve, clean and in noise, against an energy threshold."""
    activity = VoiceActivity()
    voices = {'synthetic': [
        said for voice in VOICES for said in synthetic(voice)[:voices_each]]}
    recorded = acted(HELD_OUT_ACTORS, clips_each)
    if recorded:
        voices['ravdess'] = recorded
    rows = [] if recorded else [_absent('speech/voice_activity_auc/ravdess')]
    crowd = acted((1, 2, 5, 6, 9, 10), 4) or voices['synthetic']
    for name, said in voices.items():
        rng = np.random.default_rng(0)
        clean, known = stream_of(said, rng)
        is_judged = np.isfinite(known)
        is_speech = np.repeat(known == 1.0, FRAME_SAMPLES)
        sounds = {'clean': clean}
        for kind, make in NOISES.items():
            sounds[kind] = add_noise(clean, make(len(clean), rng), is_speech, SNR_DB)
        others = babble([each.sound for each in crowd], len(clean), rng)
        sounds['babble'] = add_noise(clean, others, is_speech, SNR_DB)
        for kind, sound in sounds.items():
            frames = sound.astype(np.float32).reshape(-1, FRAME_SAMPLES)
            activity.reset()
            began_s = time.perf_counter()
            probability = np.array([activity.probability(frame) for frame in frames])
            cost_ms = 1e3 * (time.perf_counter() - began_s) / (len(sound) / RATE_HZ)
            truth = known[is_judged] == 1.0
            area = area_under_curve(probability[is_judged], truth)
            energy = area_under_curve(np.mean(frames ** 2, axis=1)[is_judged], truth)
            rows.append(BenchRow(
                f'speech/voice_activity_auc/{name}_{kind}', round(area, 4), 'AUC',
                f'{len(truth)} frames of 32 ms, {np.mean(truth):.0%} speech'
                + ('' if kind == 'clean' else f', {SNR_DB:g} dB above the noise')
                + f'; an energy threshold {energy:.4f}; {cost_ms:.1f} ms per second of sound',
                # A crowd is speech too: how much of it the wearer's is, no detector can know.
                None if kind == 'babble' else 0.98 if kind == 'clean' else 0.94, most=False))
    return rows


def word_rows(clips_each: int = 8) -> list[BenchRow]:
    """Measure word errors, speed, delay and confidence of the default recogniser."""
    listener = _Listener()
    rows = []
    heard: list[tuple[Said, list[Utterance]]] = []
    for voice in VOICES:
        results = [(said, listener.hear(said.sound, _LEVEL)) for said in synthetic(voice)]
        rows.append(_error_row(f'speech/word_error_rate/flite_{voice}', results))
        heard += results
    recorded = acted(TEST_ACTORS, clips_each)
    results = [(said, listener.hear(said.sound)) for said in recorded]
    name = 'speech/word_error_rate/ravdess'
    rows += [_error_row(name, results), _floor_row(recorded)] if results else [_absent(name)]
    rows += _trust_rows([*heard, *results])
    rows += listener.rows()
    return rows


def noise_rows(seconds: float = 60.0) -> list[BenchRow]:
    """Measure how many words are made up for sound in which nobody speaks."""
    listener = _Listener()
    rows = []
    for kind, make in NOISES.items():
        found = listener.hear(make(round(seconds * RATE_HZ), np.random.default_rng(0)), 0.1)
        told, all_words = (
            60.0 / seconds * sum(len(each.words) for each in some)
            for some in ([each for each in found if _is_trusted(each)], found))
        rows.append(BenchRow(
            f'speech/false_words_per_minute/{kind}', round(told, 2), 'words',
            f'{seconds:g} s at -20 dB of full scale: {len(found)} utterances, '
            f'{all_words:g} words a minute if none were withheld for want of confidence', 1.0))
    return rows


def rows() -> list[BenchRow]:
    """Measure everything about speech."""
    return [*voice_activity_rows(), *word_rows(), *noise_rows()]


class _Listener:
    """The live node's chain on whole sounds; it withholds no word."""

    def __init__(self) -> None:
        self._recognizer = PocketsphinxRecognizer()
        self._activity = VoiceActivity()
        self._sound_s = self._busy_s = 0.0
        self._delays_ms: list[float] = []

    def hear(self, sound: np.ndarray, level: float | None = None) -> list[Utterance]:
        """
        Return the final utterances of a sound, with a second without any around it.

        What is brought to a ``level`` gets the noise of a quiet room; a recording has its own.
        """
        heard = np.pad(sound, RATE_HZ)
        if level is not None:
            heard = heard * level / np.sqrt(np.mean(sound ** 2))
            heard = heard + _ROOM * np.random.default_rng(0).standard_normal(len(heard))
        heard = heard.astype(np.float32)
        transcriber = Transcriber(self._recognizer, self._activity, Segmenter())
        found: list[Utterance] = []
        for k in range(0, len(heard), _CHUNK):
            began_s = time.perf_counter()
            said = list(transcriber.push(heard[k:k + _CHUNK], RATE_HZ, k / RATE_HZ))
            spent_s = time.perf_counter() - began_s
            self._busy_s += spent_s
            if any(each.is_final for each in said):
                self._delays_ms.append(1e3 * spent_s)
            found += said
        self._sound_s += len(heard) / RATE_HZ
        return [each for each in [*found, *transcriber.end()] if each.is_final]

    def rows(self) -> list[BenchRow]:
        """Return speed and delay of what was heard."""
        return [
            BenchRow(
                'speech/real_time_factor', round(self._busy_s / self._sound_s, 3),
                's of one core per s', f'{self._sound_s:.0f} s of sentences with their pauses, '
                'voice activity, partial results twice a second', 0.5),
            BenchRow(
                'speech/final_delay', round(float(np.median(self._delays_ms)), 1), 'ms',
                f'median of {len(self._delays_ms)}: the final text, after the 0.6 s of silence '
                f'that end an utterance; worst {max(self._delays_ms):.0f} ms', 500.0)]


def _is_trusted(said: Utterance) -> bool:
    return not said.confidence < _MIN_CONFIDENCE


def _words_of(found: Iterable[Utterance]) -> list[Word]:
    return [word for each in found for word in each.words]


def _error_row(name: str, results: Sequence[tuple[Said, list[Utterance]]]) -> BenchRow:
    count = sum(len(said.text.split()) for said, _ in results)
    errors, told = (
        sum(word_errors(said.text.split(), [word.text for word in _words_of(
            each for each in found if _is_trusted(each) or not is_gated)])
            for said, found in results) / count
        for is_gated in (False, True))
    return BenchRow(
        name, round(errors, 3), 'errors per word',
        f'{count} words of {len(results)} sentences; {told:.3f} with those left out that are '
        f'trusted less than {_MIN_CONFIDENCE:g} (as the node does)')


def _floor_row(recorded: Sequence[Said]) -> BenchRow:
    """Return what PocketSphinx by itself makes of whole clips, as its manual tells to use it."""
    decoder = Decoder(samprate=RATE_HZ, loglevel='FATAL')
    errors = count = 0
    for said in recorded:
        decoder.start_utt()
        pcm = np.rint(np.clip(said.sound, -1.0, 1.0) * 32767.0).astype('<i2')
        decoder.process_raw(pcm.tobytes())
        decoder.end_utt()
        best = decoder.hyp()
        errors += word_errors(said.text.split(), best.hypstr.split() if best else [])
        count += len(said.text.split())
    return BenchRow(
        'speech/word_error_rate/ravdess_floor', round(errors / count, 3), 'errors per word',
        f'the same {len(recorded)} clips by PocketSphinx as it comes: no voice activity, its own '
        'settings and running cepstral mean')


def _trust_rows(results: Sequence[tuple[Said, list[Utterance]]]) -> list[BenchRow]:
    """Return whether words that are trusted more are right more often."""
    confidence, is_right = [], []
    for said, found in results:
        words = _words_of(found)
        matcher = SequenceMatcher(
            None, said.text.split(), [word.text for word in words], autojunk=False)
        right = {
            block.b + k for block in matcher.get_matching_blocks() for k in range(block.size)}
        confidence += [word.confidence for word in words]
        is_right += [k in right for k in range(len(words))]
    trust, truth = np.array(confidence), np.array(is_right)
    fifths = np.array_split(np.argsort(trust), 5)
    apart = sum(abs(trust[k].mean() - truth[k].mean()) * len(k) for k in fifths) / len(trust)
    how = ', '.join(f'{trust[k].mean():.2f}: {truth[k].mean():.2f}' for k in fifths)
    return [
        BenchRow(
            'speech/word_confidence_auc', round(area_under_curve(trust, truth), 3), 'AUC',
            f'right words against wrong ones, {len(trust)} words', 0.75, most=False),
        BenchRow(
            'speech/word_confidence_error', round(float(apart), 3), 'share',
            f'mean distance between confidence and share of right words over fifths ({how})',
            0.15)]


def _absent(name: str) -> BenchRow:
    return BenchRow(name, None, '', 'no recordings: set AFFECT_DATA')
