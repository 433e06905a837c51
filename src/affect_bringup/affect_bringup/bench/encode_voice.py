# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
How near the voice encoder comes to openSMILE's eGeMAPSv02, and what it makes of unseen people.

openSMILE may be used for research only and is no dependency: AFFECT_OPENSMILE_PYTHON names a
Python that has `opensmile` and `soundfile` (a throw-away environment); without, its rows are
empty.
"""

import json
import os
from pathlib import Path
import random
import subprocess
import tempfile
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import Encoding
from affect_encoders.voice import VoiceEncoder
from affect_encoders.voice.analyser import VoiceAnalyser
from affect_encoders.voice.features import COLUMN
from affect_encoders.voice.features import describe
from affect_encoders.voice.features import functionals
import numpy as np
from scipy.signal import lfilter
from scipy.stats import rankdata
import soundfile

CLIPS = 100
RATE_HZ = 16000
HELD_OUT_ACTORS = (23, 24)
# Least correlation that is asked for; others are told beside.
ASKED = {
    'F0semitoneFrom27.5Hz': 0.95, 'loudness': 0.95, 'HNRdBACF': 0.85, 'jitterLocal': 0.85,
    'shimmerLocaldB': 0.85, 'alphaRatio': 0.85, 'hammarbergIndex': 0.85, 'slope0-500': 0.85,
    'slope500-1500': 0.85, 'F1frequency': 0.85, 'F2frequency': 0.85, 'F3frequency': 0.85}
ALSO = ('spectralFlux', 'mfcc1', 'mfcc2', 'mfcc3', 'mfcc4', 'logRelF0-H1-H2', 'logRelF0-H1-A3',
        'F1bandwidth', 'F2bandwidth', 'F3bandwidth')
# Peterson & Barney (J. Acoust. Soc. Am. 24, 1952): mean resonances of ten vowels of men.
VOWELS_HZ = (
    (270, 2290, 3010), (390, 1990, 2550), (530, 1840, 2480), (660, 1720, 2410), (730, 1090, 2440),
    (570, 840, 2410), (440, 1020, 2240), (300, 870, 2240), (640, 1190, 2390), (490, 1350, 1690))
_EDGE = 8  # frames at either end: openSMILE fills its buffers there
_PEER = """
import json, sys, time
import numpy, opensmile, soundfile
job = json.load(sys.stdin)
kinds = [opensmile.FeatureLevel.LowLevelDescriptors, opensmile.FeatureLevel.Functionals]
frames, clips = [opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, kind) for kind in kinds]
found, busy, heard = {}, 0.0, 0.0
for k, path in enumerate(job['files']):
    sound, rate = soundfile.read(path, dtype='float32')
    table = frames.process_signal(sound, rate)
    began = time.process_time()
    whole = clips.process_signal(sound, rate)
    busy, heard = busy + time.process_time() - began, heard + len(sound) / rate
    found[f'frames{k}'], found[f'clip{k}'] = table.to_numpy(), whole.to_numpy()[0]
numpy.savez(job['output'], names=list(table.columns), functionals=list(whole.columns),
            ms=1e3 * busy / heard, **found)
"""


def rows(clips: int = CLIPS) -> list[BenchRow]:
    """Measure everything about the voice encoder."""
    with tempfile.TemporaryDirectory() as folder:
        found = _clips(clips)
        vowels = _vowels(Path(folder))
        peer, why = _peer([*found, *vowels], Path(folder))
        return [*_agreement_rows(found, peer, why), *_formant_rows(vowels, len(found), peer, why),
                *_cost_rows(found, peer, why), *people_rows()]


def people_rows() -> list[BenchRow]:
    """Return the mean recall over the two actors that the weights never met, both ways."""
    name = 'encode_voice/uar_of_actors_23_24'
    folder = _speech()
    paths = [path for actor in HELD_OUT_ACTORS
             for path in sorted(folder.glob(f'actor_{actor:02d}/*.flac'))]
    if not paths:
        return [BenchRow(name, None, 'UAR', 'no recordings: set AFFECT_DATA')]
    encoder = VoiceEncoder()
    results: dict[bool, list[tuple[str, int]]] = {False: [], True: []}
    for actor in HELD_OUT_ACTORS:
        own = [path for path in paths if path.parent.name == f'actor_{actor:02d}']
        at_ease = [path for path in own if _fields(path)[2] == '01' and _fields(path)[4] == '01']
        encoder.forget_wearer()
        neutral = [_encoded(encoder, path) for path in at_ease]
        for is_enrolled in (False, True):
            if is_enrolled:
                encoder.enroll(neutral)
            for path in own:
                if path not in at_ease:
                    guess = _encoded(encoder, path).estimate.probabilities
                    results[is_enrolled].append(
                        (CATEGORIES[int(_fields(path)[2]) - 1], int(np.argmax(guess))))
    measured = []
    for is_enrolled, pairs in results.items():
        recall = [np.mean([CATEGORIES[guess] == label for label, guess in pairs if label == name_])
                  for name_ in CATEGORIES]
        measured.append(BenchRow(
            name + ('_enrolled' if is_enrolled else ''), round(float(np.mean(recall)), 3), 'UAR',
            f'{len(pairs)} clips at their ends, shipped weights, eight categories, chance 0.125; '
            + ("the actor's two neutral clips of statement 1 enrolled, the rest judged"
               if is_enrolled else 'nobody enrolled, the same clips')))
    return measured


def _speech() -> Path:
    return Path(os.environ.get('AFFECT_DATA', Path('..', 'shared', 'data')), 'ravdess', 'speech')


def _fields(path: Path) -> list[str]:
    return path.stem.split('-')


def _encoded(encoder: VoiceEncoder, path: Path) -> Encoding:
    """Return the encoding at the end of a clip that stands for itself."""
    encoder.reset()
    samples, rate_hz = soundfile.read(path, dtype='float32')
    encoder.push(samples, rate_hz, 0.0)
    return encoder.encode(len(samples) / rate_hz)


def _clips(count: int) -> list[Path]:
    paths = sorted(_speech().glob('*/*.flac'))
    # The next 60 of this order chose what tracks the pitch.
    random.Random(0).shuffle(paths)
    return paths[:count]


def _vowels(folder: Path) -> list[Path]:
    """Write vowels of known resonances, of four voices each; women's tracts are 17 % shorter."""
    paths = []
    for f0_hz, factor in ((90.0, 1.0), (120.0, 1.0), (180.0, 1.15), (240.0, 1.17)):
        for resonances in VOWELS_HZ:
            source = np.zeros(12001)
            place = np.arange(0.0, 12000.0, RATE_HZ / f0_hz)
            whole = place.astype(int)
            source[whole] += 1.0 - (place - whole)
            source[whole + 1] += place - whole
            voice = np.diff(lfilter([1.0], [1.0, -1.87, 0.873], source), prepend=0.0)
            for hz, bandwidth_hz in zip((*resonances, 3500.0, 4500.0),
                                        (60.0, 90.0, 130.0, 180.0, 250.0), strict=True):
                radius = np.exp(-np.pi * bandwidth_hz / RATE_HZ)
                angle = 2.0 * np.pi * factor * hz / RATE_HZ
                voice = lfilter([1.0], [1.0, -2.0 * radius * np.cos(angle), radius ** 2], voice)
            voice = 0.3 * voice / np.max(np.abs(voice))
            voice = voice + 1e-4 * np.random.default_rng(0).standard_normal(len(voice))
            name = '_'.join(f'{factor * hz:.0f}' for hz in resonances)
            paths.append(folder / f'{name}_{f0_hz:.0f}.wav')
            soundfile.write(paths[-1], voice, RATE_HZ, subtype='FLOAT')
    return paths


def _peer(files: list[Path], folder: Path) -> tuple[dict[str, np.ndarray] | None, str]:
    python = os.environ.get('AFFECT_OPENSMILE_PYTHON')
    if not python:
        return None, 'openSMILE not at hand: AFFECT_OPENSMILE_PYTHON names no Python that has it'
    output = folder / 'peer.npz'
    try:
        subprocess.run(
            [python, '-c', _PEER], check=True, capture_output=True, text=True, timeout=600.0,
            input=json.dumps({
                'files': [str(path.resolve()) for path in files], 'output': str(output)}),
            env={**os.environ, 'OMP_NUM_THREADS': '1', 'PYTHONPATH': ''})
    except (OSError, subprocess.SubprocessError) as error:
        last = (getattr(error, 'stderr', '') or str(error)).strip().splitlines()[-1:]
        return None, f'openSMILE could not be run by {python}: {"".join(last)}'
    with np.load(output) as file:
        return dict(file), ''


def _own(path: Path) -> np.ndarray:
    samples, _ = soundfile.read(path, dtype='float32')
    nothing = np.zeros(len(samples), dtype=bool)
    return describe(samples, nothing, nothing)[0]


def _smoothed(values: np.ndarray) -> np.ndarray:
    padded = np.pad(values, ((1, 1), (0, 0)), constant_values=np.nan)
    stack = np.stack([padded[:-2], values, padded[2:]])
    known = np.isfinite(stack)
    total = np.where(known, stack, 0.0).sum(axis=0)
    return np.where(np.isfinite(values), total / np.maximum(known.sum(axis=0), 1), np.nan)


def _agreement_rows(
        found: list[Path], peer: dict[str, np.ndarray] | None, why: str) -> list[BenchRow]:
    if not found or peer is None:
        reason = why if found else 'no recordings: set AFFECT_DATA'
        return [BenchRow(f'encode_voice/opensmile_correlation/{name}', None, 'r', reason, least,
                         most=False) for name, least in ASKED.items()]
    names = [str(name).split('_sma3')[0].replace('Loudness', 'loudness')
             for name in peer['names']]
    pitch = names.index('F0semitoneFrom27.5Hz')
    pairs: dict[str, list[np.ndarray]] = {name: [] for name in (*ASKED, *ALSO)}
    own_clips, peer_clips = [], []
    for k, path in enumerate(found):
        own, theirs = _own(path), peer[f'frames{k}']
        own_clips.append(_functionals(own))
        peer_clips.append(peer[f'clip{k}'])
        smooth = _smoothed(own)
        live = VoiceAnalyser.voiced_of(own)
        for name, collected in pairs.items():
            # openSMILE's frames of 20 ms, and its periods, start where those of 60 ms start.
            late = (0 if 'F0' in name or name == 'HNRdBACF'
                    else 3 if name in ('jitterLocal', 'shimmerLocaldB') else 2)
            index = np.arange(_EDGE, min(len(own), len(theirs)) - _EDGE)
            left = smooth[index, COLUMN[name]]
            right = theirs[index + late]
            both = np.isfinite(left) & live[index] & (right[:, pitch] > 0.0)
            if name in ('jitterLocal', 'shimmerLocaldB'):
                both &= right[:, names.index(name)] != 0.0  # not measured yet
            collected.append(np.stack([left[both], right[both, names.index(name)]]))
    clip_names = [str(name) for name in peer['functionals']]
    own_table, peer_table = np.array(own_clips)[:, :len(clip_names)], np.array(peer_clips)
    result = []
    for name, collected in pairs.items():
        left, right = np.concatenate(collected, axis=1)
        whole = _clip_correlation(name, clip_names, own_table, peer_table)
        result.append(BenchRow(
            f'encode_voice/opensmile_correlation/{name}',
            round(float(np.corrcoef(left, right)[0, 1]), 3), 'r',
            f'{len(left)} frames voiced for both of {len(found)} clips; by rank '
            f'{np.corrcoef(rankdata(left), rankdata(right))[0, 1]:.3f}; medians '
            f'{np.median(left):.4g} and {np.median(right):.4g}; means over clips (functionals): '
            + whole, ASKED.get(name), most=False))
    return result


def _functionals(own: np.ndarray) -> np.ndarray:
    """Return functionals of a whole clip, as openSMILE takes them, by the voicing that is live."""
    return functionals(own, VoiceAnalyser.voiced_of(own))


def _clip_correlation(
        name: str, names: list[str], own: np.ndarray, theirs: np.ndarray) -> str:
    told = []
    voiced = name.replace('slope', 'slopeV') if 'slope' in name else f'{name}V'
    for each in (f'{name}_sma3nz_amean', f'{name}_sma3_amean', f'{voiced}_sma3nz_amean'):
        if each in names:
            k = names.index(each)
            known = np.isfinite(own[:, k]) & np.isfinite(theirs[:, k])
            told.append(f'{each} {np.corrcoef(own[known, k], theirs[known, k])[0, 1]:.3f}')
    return ', '.join(told)


def _formant_rows(
        vowels: list[Path], offset: int, peer: dict[str, np.ndarray] | None,
        why: str) -> list[BenchRow]:
    """Return how far formants lie from the resonances of synthetic vowels, both ways."""
    truth = np.array([[float(hz) for hz in path.stem.split('_')[:3]] for path in vowels])
    own = np.array([[np.nanmedian(_own(path)[:, COLUMN[f'F{k}frequency']]) for k in (1, 2, 3)]
                    for path in vowels])
    result = [_formant_row('ours', own, truth)]
    if peer is None:
        return [*result, BenchRow('encode_voice/formant_error/opensmile', None, '%', why)]
    names = [str(name) for name in peer['names']]
    columns = [names.index(f'F{k}frequency_sma3nz') for k in (1, 2, 3)]
    pitch = names.index('F0semitoneFrom27.5Hz_sma3nz')
    theirs = []
    for k in range(len(vowels)):
        table = peer[f'frames{offset + k}']
        table = table[table[:, pitch] > 0.0][:, columns]
        theirs.append(np.median(table, axis=0) if len(table) else np.full(3, np.nan))
    return [*result, _formant_row('opensmile', np.array(theirs), truth)]


def _formant_row(who: str, found: np.ndarray, truth: np.ndarray) -> BenchRow:
    error = 100.0 * np.abs(found / truth - 1.0)
    each = ', '.join(f'F{k + 1} {np.nanmedian(error[:, k]):.1f}' for k in range(3))
    return BenchRow(
        f'encode_voice/formant_error/{who}', round(float(np.nanmedian(error)), 1), '%',
        f'median over {len(truth)} synthetic vowels of known resonances (Peterson & Barney 1952, '
        f'four voices of 90 to 240 Hz); {each}; {np.mean(np.isnan(found[:, 0])):.0%} not found')


def _cost_rows(
        found: list[Path], peer: dict[str, np.ndarray] | None, why: str) -> list[BenchRow]:
    """Return what a second of sound costs live: chunks of 20 ms, ten ticks a second."""
    name = 'encode_voice/cost'
    if not found:
        return [BenchRow(name, None, 'ms per s', 'no recordings: set AFFECT_DATA', 20.0)]
    encoder = VoiceEncoder()
    busy_s = heard_s = 0.0
    ticks = []
    for path in found[:40]:
        samples, rate_hz = soundfile.read(path, dtype='float32')
        encoder.reset()
        step = rate_hz // 50
        began_s = time.process_time()
        for k in range(0, len(samples), step):
            encoder.push(samples[k:k + step], rate_hz, k / rate_hz)
            if k // step % 5 == 4:
                tick_s = time.perf_counter()
                encoder.encode((k + step) / rate_hz)
                ticks.append(1e3 * (time.perf_counter() - tick_s))
        busy_s += time.process_time() - began_s
        heard_s += len(samples) / rate_hz
    result = [
        BenchRow(name, round(1e3 * busy_s / heard_s, 1), 'ms per s',
                 f'{heard_s:.0f} s of speech as the live node hears it: chunks of 20 ms, a tick '
                 'every 0.1 s, embedding and estimate included', 20.0),
        BenchRow('encode_voice/tick', round(float(np.median(ticks)), 2), 'ms',
                 f'median of {len(ticks)} ticks; p99 {np.percentile(ticks, 99):.2f} ms', 5.0)]
    return [*result, BenchRow(
        f'{name}_of_opensmile', None if peer is None else round(float(peer['ms']), 1), 'ms per s',
        why or 'eGeMAPSv02 functionals of the same clips whole, by openSMILE')]
