# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How well the speech encoder hears feelings in words, on texts that no weight has met."""

from collections.abc import Sequence
import csv
import os
from pathlib import Path
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_encoders.encoder import CATEGORIES
from affect_encoders.speech.features import agreement
from affect_encoders.speech.goemotions import estimate_of
from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.goemotions import TO_CATEGORIES
from affect_encoders.speech.minimal_pairs import IRONIC
from affect_encoders.speech.minimal_pairs import judged
from affect_encoders.speech.model import SpeechModel
from affect_encoders.speech.text import read
from affect_encoders.speech.text import spoken
from affect_encoders.voice import VoiceEncoder
import numpy as np
from scipy.stats import rankdata
from scipy.stats import spearmanr
import soundfile

_ISEAR = {'joy': 'happy', 'fear': 'fearful', 'anger': 'angry', 'sadness': 'sad',
          'disgust': 'disgusted'}
_ACTED = {'01': 'neutral', '03': 'happy', '04': 'sad', '05': 'angry', '06': 'fearful',
          '07': 'disgusted', '08': 'surprised'}
_HELD_OUT_ACTORS = (23, 24)
_ABSENT = 'no recordings: set AFFECT_DATA'


def rows(comments: int | None = None) -> list[BenchRow]:
    """Measure everything; ``comments`` of each split (default: all)."""
    model = SpeechModel()
    return [*goemotions_rows(model, comments), *isear_rows(model, comments),
            *eevr_rows(model), *pair_rows(model), *agreement_rows(model)]


def goemotions_rows(model: SpeechModel, comments: int | None = None) -> list[BenchRow]:
    """Return F1 over 28 labels with thresholds tuned on dev, and milliseconds per utterance."""
    root = _data() / 'goemotions' / 'goemotions'
    if not root.is_dir():
        return [BenchRow('encode_speech/goemotions_macro_f1', None, '', _ABSENT)]
    splits = {name: _comments(root / f'{name}.tsv', comments) for name in ('dev', 'test')}
    found = []
    for name, change in (('written', str), ('spoken', spoken)):
        guesses, spent_ms = {}, []
        for split, (texts, _) in splits.items():
            probabilities = []
            for text in texts:
                text = change(text)
                began_s = time.perf_counter()
                probabilities.append(model(read(text))[1])
                spent_ms.append(1e3 * (time.perf_counter() - began_s))
            guesses[split] = np.array(probabilities)
        truth = splits['test'][1]
        said = guesses['test'] > _thresholds(guesses['dev'], splits['dev'][1])
        hits = (said & truth).sum(axis=0)
        both = said.sum(axis=0) + truth.sum(axis=0)
        how = (f'{len(truth)} test comments as {name}, thresholds from the development comments; '
               'floors as written: logistic regression on n-grams .459 / .534, '
               'BERT .46 (Demszky et al. 2020)')
        found += [
            BenchRow(f'encode_speech/goemotions_macro_f1_{name}',
                     round(float(np.mean(2.0 * hits / np.maximum(both, 1))), 3), 'F1', how),
            BenchRow(f'encode_speech/goemotions_micro_f1_{name}',
                     round(float(2.0 * hits.sum() / both.sum()), 3), 'F1', how)]
    found += [BenchRow(
        f'encode_speech/utterance_ms_p{percent}',
        round(float(np.percentile(spent_ms, percent)), 2), 'ms',
        f'{len(spent_ms)} comments as spoken, read once each, one thread', budget)
        for percent, budget in ((50, 5.0), (99, 15.0))]
    return found


def isear_rows(model: SpeechModel, reports: int | None = None) -> list[BenchRow]:
    """Return the mean recall of five emotions in reports of events, which taught nothing."""
    path = _data() / 'isear' / 'isear.csv'
    if not path.is_file():
        return [BenchRow('encode_speech/isear_uar', None, '', _ABSENT)]
    columns = [CATEGORIES.index(category) for category in _ISEAR.values()]
    right: dict[str, list[bool]] = {name: [] for name in _ISEAR}
    with path.open(encoding='latin-1', newline='') as file:
        asked = [row for row in csv.reader(file, delimiter='|', quoting=csv.QUOTE_NONE)
                 if row[36] in _ISEAR][:reports]
    for row in asked:
        estimate = estimate_of(model(read(row[40].replace('\u00e1 ', '')))[1])
        best = columns[int(np.argmax(estimate.probabilities[columns]))]
        right[row[36]].append(CATEGORIES[best] == _ISEAR[row[36]])
    return [BenchRow(
        'encode_speech/isear_uar',
        round(float(np.mean([np.mean(each) for each in right.values() if each])), 3), 'recall',
        f'{len(asked)} reports of five emotions, none of them trained on; chance 0.2')]


def eevr_rows(model: SpeechModel) -> list[BenchRow]:
    """Return rank correlations with what people said they felt in VR."""
    path = _data() / 'eevr' / 'Textdata.csv'
    if not path.is_file():
        return [BenchRow('encode_speech/eevr_valence', None, '', _ABSENT)]
    with path.open(encoding='utf-8-sig', newline='') as file:
        told = list(csv.DictReader(file))
    heard = [estimate_of(model(read(row['Text Description']))[1]) for row in told]
    return [BenchRow(
        f'encode_speech/eevr_{name}', round(float(spearmanr(
            [getattr(estimate, name) for estimate in heard],
            [float(row[name.capitalize()]) for row in told]).statistic), 3), 'Spearman r',
        f'{len(told)} descriptions of VR films, felt {name}; none of them trained on')
        for name in ('valence', 'arousal')]


def pair_rows(model: SpeechModel) -> list[BenchRow]:
    """Return the share of hand-written sentences that are heard as they are meant."""
    def valence(text: str) -> float:
        words = read(text)
        return estimate_of(model(words)[1], words.emphasis).valence
    results = dict(judged(valence))
    plain = [is_right for text, is_right in results.items() if text not in IRONIC]
    return [
        BenchRow('encode_speech/minimal_pairs', round(float(np.mean(plain)), 3), 'share right',
                 f'{len(plain)} sentences and pairs: denial, idioms, degree, mixed feelings; '
                 'written by the author of the training sentences'),
        BenchRow('encode_speech/irony', round(float(np.mean([results[t] for t in IRONIC])), 3),
                 'share right', f'{len(IRONIC)} sentences; not expected of words alone')]


def agreement_rows(model: SpeechModel, each: int = 40) -> list[BenchRow]:
    """
    Return how well ``voice_agreement`` tells matched words and voices from mismatched ones.

    No recording here is ironic by design: comments of one category and acted voices are put
    together, of the same category or of another one.
    """
    name = 'encode_speech/voice_agreement_auc'
    texts = _data() / 'goemotions' / 'goemotions' / 'test.tsv'
    clips = [path for actor in _HELD_OUT_ACTORS for path in sorted(
        (_data() / 'ravdess' / 'speech').glob(f'actor_{actor:02d}/*.flac'))
        if path.stem.split('-')[2] in _ACTED]
    if not texts.is_file() or not clips:
        return [BenchRow(name, None, '', _ABSENT)]
    comments, truth = _comments(texts, None)
    words: dict[str, list[np.ndarray]] = {category: [] for category in _ACTED.values()}
    for text, labels in zip(comments, truth, strict=True):
        found = np.flatnonzero(labels @ TO_CATEGORIES)
        if len(found) == 1 and len(words[CATEGORIES[found[0]]]) < each:
            words[CATEGORIES[found[0]]].append(
                estimate_of(model(read(spoken(text)))[1]).probabilities)
    scores, is_match = [], []
    encoder = VoiceEncoder()
    for path in clips:
        heard = _voice(encoder, path)
        if heard is None:
            continue
        for category, said in words.items():
            for probabilities in said:
                scores.append(agreement(probabilities, heard))
                is_match.append(category == _ACTED[path.stem.split('-')[2]])
    match = np.array(is_match)
    ranks = rankdata(scores)
    area = (ranks[match].sum() - match.sum() * (match.sum() + 1) / 2) / (
        match.sum() * float((~match).sum()))
    return [BenchRow(
        name, round(float(area), 3), 'AUC',
        f'{len(clips)} clips of actors 23 and 24 with {each} test comments of each of '
        f'{len(words)} categories: same category against another; chance 0.5. The pairs are put '
        'together: irony itself is not measured')]


def _voice(encoder: VoiceEncoder, path: Path) -> np.ndarray | None:
    sound, rate_hz = soundfile.read(path, dtype='float32')
    encoder.reset()
    encoder.push(sound, rate_hz, 0.0)
    best = None
    for tick_s in np.arange(0.5, len(sound) / rate_hz, 0.25):
        encoding = encoder.encode(float(tick_s))
        if encoding.quality > 0.0 and (best is None or encoding.quality >= best.quality):
            best = encoding
    return None if best is None else best.estimate.probabilities


def _comments(path: Path, count: int | None) -> tuple[list[str], np.ndarray]:
    lines = path.read_text(encoding='utf-8').splitlines()[1:]
    parts = [line.split('\t') for line in lines[:count]]
    return [part[0] for part in parts], np.array([
        np.isin(np.arange(len(LABELS)), [int(k) for k in part[1].split(',')]) for part in parts])


def _thresholds(probabilities: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the threshold of each label with the best F1, float64 [28]."""
    found = np.full(len(LABELS), 0.5)
    for k in range(len(LABELS)):
        order: Sequence[int] = np.argsort(-probabilities[:, k], kind='stable')
        f1 = 2.0 * np.cumsum(truth[order, k]) / (
            np.arange(1, len(order) + 1) + truth[:, k].sum())
        best = int(np.argmax(f1))
        following = order[min(best + 1, len(order) - 1)]
        found[k] = (probabilities[order[best], k] + probabilities[following, k]) / 2.0
    return found


def _data() -> Path:
    return Path(os.environ.get('AFFECT_DATA', Path('..', 'shared', 'data')))
