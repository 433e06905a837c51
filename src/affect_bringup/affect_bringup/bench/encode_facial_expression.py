# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the facial expression encoder gets right, trusts, and takes, on faces it has not met."""

from collections.abc import Sequence
import itertools
import os
from pathlib import Path
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_encoders.encoder import CATEGORIES
from affect_encoders.encoder import Encoding
from affect_encoders.facial_expression import FacialExpressionEncoder
from affect_encoders.facial_expression.encoder import BATCH
from affect_encoders.facial_expression.features import FaceCrop
from affect_encoders.facial_expression.model import FaceModel
from affect_encoders.facial_expression.picture_judge import PictureJudge
from affect_encoders.facial_expression.weights_head import WeightsHead
import cv2
import numpy as np
import torch

PREFIX = 'encode_facial_expression/'
PUBLISHED = (
    'published on the official test split, not measured here: VGG19 .731 and ResNet18 .730 '
    '(public re-implementations), people .65 (Goodfellow et al. 2013)')
WORDS = {'angry': 'angry', 'disgust': 'disgusted', 'fear': 'fearful', 'happy': 'happy',
         'neutral': 'neutral', 'sad': 'sad', 'surprise': 'surprised'}
TRUSTED = 0.3
NOWHERE = 'no recordings: set AFFECT_DATA to a folder with fer2013/'
_NAMES = (
    'accuracy_official', 'uar_official', 'accuracy', 'uar', 'uar_pixels_lda', 'calibration_error',
    'uar_lower_half', 'uar_upper_half', 'trusted_upright', 'trusted_upside_down',
    'found_in_photographs', 'agreement_in_photographs')


def rows() -> list[BenchRow]:
    """Measure all: about two minutes of one core."""
    threads, cv_threads = torch.get_num_threads(), cv2.getNumThreads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        return [*cost_rows(), *recording_rows(), *tracked_rows()]
    finally:
        torch.set_num_threads(threads)
        cv2.setNumThreads(cv_threads)


def cost_rows(looks: int = 200) -> list[BenchRow]:
    """Return what a crop takes live, and what pictures take when many come at once."""
    encoder, rng = FacialExpressionEncoder(), np.random.default_rng(0)
    crops = rng.integers(0, 256, (looks, 48, 48), dtype=np.uint8)
    times_ms = []
    for k, crop in enumerate(crops):
        encoder.push_image(crop, 0.1 * k)
        began = time.thread_time()
        encoder.encode(0.1 * k)
        times_ms.append(1e3 * (time.thread_time() - began))
    many = [cv2.GaussianBlur(crop, (0, 0), 2.0) for crop in crops]
    judge = PictureJudge(FaceModel())
    frames = [FaceCrop(picture, 1.0) for picture in many]
    judge(frames[:2])
    began = time.thread_time()
    for start in range(0, len(frames), BATCH):
        judge(frames[start:start + BATCH])
    each_ms = 1e3 * (time.thread_time() - began) / len(frames)
    own = "the thread's own time: what else runs does not count"
    how = f'{looks} crops of 48 pixels, one thread, both mirror images; '
    return [
        BenchRow(PREFIX + 'tick_ms_median', _round(np.median(times_ms)), 'ms', how + own, 10.0),
        BenchRow(PREFIX + 'tick_ms_p99', _round(np.percentile(times_ms, 99)), 'ms', how + own,
                 15.0),
        BenchRow(PREFIX + 'crops_per_s', round(1e3 / each_ms, 1), '1/s',
                 how + f'in batches of {BATCH}, as files go; {own}')]


def recording_rows(most: int | None = None, placed: int = 150) -> list[BenchRow]:
    """Return rows from FER2013's test split (its first ``most``), ``placed`` in photographs."""
    try:
        test, labels = read_split('test', most)
        train, train_labels = read_split('train', most and 20 * most)
    except OSError:
        return [BenchRow(PREFIX + name, None, '', NOWHERE) for name in _NAMES]
    encoder = FacialExpressionEncoder()
    seen = {picture.tobytes() for picture in train}
    fresh = np.array([picture.tobytes() not in seen for picture in test])
    whole = encoder.encode_pictures(list(test))
    answers = _answers(whole)
    protocol = (
        f'FER2013 test, {len(test)} crops as a file each; a picture without an answer is wrong')
    fewer = (f'FER2013 test less the {int((~fresh).sum())} pictures that its training split '
             f'contains: {int(fresh.sum())}')
    found = [
        BenchRow(PREFIX + 'accuracy_official', _accuracy(answers, labels), '1',
                 f'{protocol}. {PUBLISHED}', None, most=False),
        BenchRow(PREFIX + 'uar_official', _uar(answers, labels), '1', protocol, None, most=False),
        BenchRow(PREFIX + 'accuracy', _accuracy(answers[fresh], labels[fresh]), '1', fewer, None,
                 most=False),
        BenchRow(PREFIX + 'uar', _uar(answers[fresh], labels[fresh]), '1', fewer, None,
                 most=False),
        BenchRow(PREFIX + 'uar_pixels_lda', _uar(
            _pixels_lda(train[:8000], train_labels[:8000], test)[fresh], labels[fresh]), '1',
            f'floor: linear discriminants of 24 x 24 pixels of 8000 training pictures; {fewer}',
            None, most=False),
        BenchRow(PREFIX + 'calibration_error', _calibration_error(
            [whole[i] for i in np.flatnonzero(fresh)], labels[fresh]), '1',
            f'expected calibration error of the likeliest, 15 bins (Guo et al. 2017); {fewer}')]
    pictures, truth = test[fresh], labels[fresh]
    rng = np.random.default_rng(0)
    for name, covered, what in (
            ('uar_lower_half', [below_headset(p, rng) for p in pictures],
             'a drawn headset from the top to row 26 of 48 (not the one of training)'),
            ('uar_upper_half', [above_mask(p, rng) for p in pictures],
             'a drawn mask from row 27 of 48 down')):
        encodings = encoder.encode_pictures(covered)
        told = np.mean([e.quality > 0.0 and feature(encoder, e, 'visible_share') < 1.0
                        for e in encodings])
        found.append(BenchRow(
            PREFIX + name, _uar(_answers(encodings), truth), '1',
            f'{what}, told as such in {told:.2f} of them; {fewer}', None, most=False))
    return [*found, *_trust_rows(encoder, pictures, whole, fresh, placed)]


def _trust_rows(
        encoder: FacialExpressionEncoder, pictures: np.ndarray, whole: Sequence[Encoding],
        fresh: np.ndarray, placed: int) -> list[BenchRow]:
    """Return what is trusted of upright faces and of others, and what is found in photographs."""
    trusted = [whole[i].quality > TRUSTED for i in np.flatnonzero(fresh)]
    turned = encoder.encode_pictures([np.ascontiguousarray(p[::-1]) for p in pictures[:1000]])
    photographs = [photograph(p, k) for k, p in enumerate(pictures[:placed])]
    began = time.perf_counter()
    found = encoder.encode_pictures(photographs)
    each_ms = 1e3 * (time.perf_counter() - began) / max(len(photographs), 1)
    alone = _answers([whole[i] for i in np.flatnonzero(fresh)][:placed])
    there = np.array([e.quality > 0.0 for e in found])
    same = _answers(found)[there] == alone[there]
    how = f'quality above {TRUSTED}'
    return [
        BenchRow(PREFIX + 'trusted_upright', _round(np.mean(trusted)), '1',
                 f'{how}; {len(trusted)} test crops, of which some show drawings or no face',
                 None, most=False),
        BenchRow(PREFIX + 'trusted_upside_down', _round(
            np.mean([e.quality > TRUSTED for e in turned])), '1',
            f'{how}; {len(turned)} of them upside down'),
        BenchRow(PREFIX + 'found_in_photographs', _round(there.mean()), '1',
                 f'{len(found)} test faces of 60 to 200 pixels on noise of all scales of 440 x '
                 f'300; {each_ms:.0f} ms each', None, most=False),
        BenchRow(PREFIX + 'agreement_in_photographs', _round(same.mean() if there.any() else 0.0),
                 '1', 'the same category as of the crop alone, where a face was found', None,
                 most=False)]


def tracked_rows(count: int = 350) -> list[BenchRow]:
    """Return what the read-out of our own tracker's weights gets right, as many of each class."""
    from affect_trackers.face_tracker.face_mesh import FaceMesh
    from affect_trackers.face_tracker.mediapipe_bindings import MediaPipeError
    from affect_trackers.face_tracker.track_files import with_margin
    from affect_trackers.face_tracker.tracker import FaceTracker
    names = ('uar_tracked_whole', 'uar_tracked_lower_half')
    try:
        test, labels = read_split('test', None)
        train, _ = read_split('train', None)
        mesh = FaceMesh()
    except OSError:
        return [BenchRow(PREFIX + name, None, '1', NOWHERE) for name in names]
    except MediaPipeError as error:
        return [BenchRow(PREFIX + name, None, '1', str(error)) for name in names]
    seen = {picture.tobytes() for picture in train}
    fresh = np.array([i for i, p in enumerate(test) if p.tobytes() not in seen])
    order = np.random.default_rng(0).permutation(fresh)
    chosen = np.concatenate([
        order[labels[order] == i][:count // len(WORDS)] for i in range(len(CATEGORIES))])
    tracked = []
    for i in chosen:
        tracker, picture = FaceTracker(mesh, learn_neutral=False), with_margin(test[i])
        for look in range(2):  # the first finds the face, the second sees it in its place
            face = tracker.track(picture, 0.01 * look, thoroughly=True)
        tracked.append(face.weights)
    mesh.close()
    return head_rows(np.array(tracked, dtype=np.float64), labels[chosen])


def head_rows(weights: np.ndarray, labels: np.ndarray) -> list[BenchRow]:
    """Return the rows of the read-out for weights [N, 52] of faces with labels [N]."""
    from affect_encoders.facial_expression.actions import UPPER
    head = WeightsHead()
    seen = np.array([head.part(row) == 'whole' for row in weights])
    how = (f'{int(seen.sum())} of {len(seen)} FER2013 test pictures, as many of each expression, '
           'that our face tracker saw whole (and that are not in the training split)')
    found = []
    for name, hidden, what in (('uar_tracked_whole', np.zeros(52, bool), 'all weights'),
                               ('uar_tracked_lower_half', UPPER, 'weights of the lower face')):
        answers = np.array([
            int(np.nanargmax(head(np.where(hidden, np.nan, row)))) for row in weights[seen]])
        found.append(BenchRow(
            PREFIX + name, _uar(answers, labels[seen]), '1', f'{what}; {how}', None, most=False))
    return found


def read_split(name: str, most: int | None) -> tuple[np.ndarray, np.ndarray]:
    """
    Return pictures uint8 [N, 48, 48] and categories [N] of one of FER2013's splits.

    :raises OSError: it is not there
    """
    folder = Path(os.environ.get('AFFECT_DATA', Path('..', 'shared', 'data')), 'fer2013')
    with np.load(folder / f'fer2013_{name}.npz') as file:
        data, offset, labels = file['jpeg'], file['offset'], file['label'][:most]
    images = [cv2.imdecode(data[a:b], cv2.IMREAD_GRAYSCALE)
              for a, b in itertools.islice(itertools.pairwise(offset), most)]
    return np.stack(images), np.array([CATEGORIES.index(WORDS[str(word)]) for word in labels])


def below_headset(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a crop with a drawn headset from the top to row 26: shaded, with a strap."""
    covered = picture.copy()
    shade = rng.integers(10, 245)
    rows = np.linspace(-20.0, 20.0, 27)[:, None] + rng.normal(0.0, 4.0, (27, 48))
    covered[:27] = np.clip(shade + rows, 0, 255)
    cv2.rectangle(covered, (0, 8), (47, 11), int(255 - shade), -1)
    return covered


def above_mask(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a crop with a drawn mask from row 27 down, with folds."""
    covered = picture.copy()
    folds = 12.0 * np.sin(np.arange(21) * 1.3)[:, None] + rng.normal(0.0, 3.0, (21, 48))
    covered[27:] = np.clip(rng.integers(60, 245) + folds, 0, 255)
    return covered


def photograph(face: np.ndarray, seed: int) -> np.ndarray:
    """Return uint8 [300, 440] with a face crop of some size somewhere on noise of all scales."""
    rng = np.random.default_rng(seed)
    wall = sum(2.0 ** k * cv2.resize(
        rng.normal(size=(300 >> k, 440 >> k)), (440, 300), interpolation=cv2.INTER_CUBIC)
        for k in range(2, 6))
    picture = cv2.normalize(wall, None, 20, 235, cv2.NORM_MINMAX).astype(np.uint8)
    size = int(rng.integers(60, 200))
    left, top = (int(rng.integers(10, room - size - 10)) for room in (440, 300))
    picture[top:top + size, left:left + size] = cv2.resize(
        face, (size, size), interpolation=cv2.INTER_CUBIC)
    return picture


def feature(encoder: FacialExpressionEncoder, encoding: Encoding, name: str) -> float:
    """Return a feature by its name."""
    return float(encoding.features[encoder.info.feature_names.index(name)])


def _answers(encodings: Sequence[Encoding]) -> np.ndarray:
    """Return the likeliest category [N], -1 where there is none."""
    return np.array([
        int(np.nanargmax(e.estimate.probabilities))
        if np.isfinite(e.estimate.probabilities).any() else -1 for e in encodings], dtype=int)


def _pixels_lda(train: np.ndarray, labels: np.ndarray, test: np.ndarray) -> np.ndarray:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    def pixels(pictures: np.ndarray) -> np.ndarray:
        small = np.array([cv2.resize(p, (24, 24), interpolation=cv2.INTER_AREA).ravel()
                          for p in pictures], dtype=np.float64)
        return (small - small.mean(axis=1, keepdims=True)) / np.maximum(
            small.std(axis=1, keepdims=True), 1.0)
    model = LinearDiscriminantAnalysis(solver='lsqr', shrinkage=0.1)
    return model.fit(pixels(train), labels).predict(pixels(test))


def _calibration_error(encodings: Sequence[Encoding], labels: np.ndarray) -> float:
    answers = _answers(encodings)
    known = answers >= 0
    sure = np.array([np.nanmax(e.estimate.probabilities) for e, k in zip(
        encodings, known, strict=True) if k])
    right = (answers == labels)[known]
    bins = np.minimum((15 * sure).astype(int), 14)
    return _round(sum(abs(right[bins == b].mean() - sure[bins == b].mean()) * np.mean(bins == b)
                      for b in np.unique(bins)))


def _accuracy(answers: np.ndarray, labels: np.ndarray) -> float:
    return _round(np.mean(answers == labels))


def _uar(answers: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean recall over the categories that occur."""
    return _round(np.mean([np.mean(answers[labels == c] == c) for c in np.unique(labels)]))


def _round(value: float) -> float:
    return round(float(value), 4)
