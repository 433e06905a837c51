# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the face tracker takes and gives, beside what it is made of and what else there is."""

from collections.abc import Callable
import os
from pathlib import Path
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_sensors.simulation.face import FaceRenderer
from affect_sensors.simulation.face import FaceShape
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_trackers.face_tracker import blendshapes as arkit
from affect_trackers.face_tracker import covers
from affect_trackers.face_tracker.face_follower import FaceFollower
from affect_trackers.face_tracker.face_mesh import FaceMesh
from affect_trackers.face_tracker.face_mesh import region_of
from affect_trackers.face_tracker.mediapipe_bindings import MediaPipeError
from affect_trackers.face_tracker.track_files import with_margin
from affect_trackers.face_tracker.tracker import FaceTracker
from affect_trackers.face_tracker.tracker import TrackedFace
import cv2
import numpy as np

_TRUSTED = 0.5
_VISOR = (-0.42, 0.36), 0.85  # from the forehead to the tip of the nose, in eye distances
_EXPECTED = (
    # what moves in an emotion (EMFACS; Ekman & Friesen, 1983), and how it is called here
    ('AU12_happy', arkit.MOUTH_SMILE, ('happy',)),
    ('AU6_happy', arkit.CHEEK_SQUINT, ('happy',)),
    ('AU4_angry', arkit.BROW_DOWN, ('angry',)),
    ('AU15_sad', arkit.MOUTH_FROWN, ('sad',)),
    ('AU1_surprise_fear', (arkit.BROW_INNER_UP,), ('surprise', 'fear')),
    ('AU2_surprise', arkit.BROW_OUTER_UP, ('surprise',)),
    ('AU5_surprise_fear', arkit.EYE_WIDE, ('surprise', 'fear')),
    ('AU9_disgust', arkit.NOSE_SNEER, ('disgust',)),
    ('AU10_disgust', arkit.MOUTH_UPPER_UP, ('disgust',)))
_AGREE = (
    *arkit.MOUTH_SMILE, *arkit.MOUTH_FROWN, arkit.JAW_OPEN, *arkit.MOUTH_LOWER_DOWN)


def face_tracker_rows(frames: int = 300, faces: int = 300) -> list[BenchRow]:
    """Measure time and faces found: ``frames`` drawn ones, ``faces`` of FER2013."""
    try:
        mesh = FaceMesh()
    except MediaPipeError as error:
        return [BenchRow('face_tracker/ms_per_frame_512x512', None, 'ms', str(error), 8.0)]
    cv2.setNumThreads(1)
    try:
        return [*time_rows(mesh, frames), *simulation_rows(mesh, frames), *fer_rows(mesh, faces)]
    finally:
        mesh.close()


def time_rows(mesh: FaceMesh, frames: int) -> list[BenchRow]:
    """Return what a frame of 512 x 512 costs: the tracker, its networks alone, OpenCV's Haar."""
    wearer = SimulatedWearer(1)
    pictures = [
        cv2.cvtColor(cv2.resize(wearer.face_image(k / 30.0, k)[:, 40:280], (512, 512)),
                     cv2.COLOR_GRAY2RGB) for k in range(min(frames, 120))]
    turn = [pictures[k % len(pictures)] for k in range(frames)]
    tracker, follower = FaceTracker(mesh), FaceFollower(mesh)
    tracker.track(pictures[0], -1.0)
    region = region_of(mesh.mesh(pictures[0], mesh.faces(pictures[0])[0]).mesh)
    ours = _times_ms(lambda k: tracker.track(turn[k], k / 30.0), frames)
    following = _times_ms(lambda k: follower.follow(turn[k], k / 30.0), frames)
    alone = _times_ms(lambda k: mesh.mesh(turn[k], region), frames)
    searching = _times_ms(
        lambda k: mesh.mesh(turn[k], mesh.faces(turn[k])[0]), min(frames, 100))
    peers = (f'FaceMesh with attention alone {np.median(alone):.2f}, detecting in each frame '
             f'{np.median(searching):.2f}, detection and mesh as used {np.median(following):.2f}')
    haar = getattr(cv2, 'data', None) and cv2.CascadeClassifier(
        str(Path(cv2.data.haarcascades) / 'haarcascade_frontalface_default.xml'))
    if haar:
        found = _times_ms(
            lambda k: haar.detectMultiScale(cv2.cvtColor(turn[k], cv2.COLOR_RGB2GRAY)),
            min(frames, 30))
        peers += f', a box from Haar cascades (OpenCV) {np.median(found):.2f}'
    nobody = np.full((512, 512, 3), 90, np.uint8)
    idle = _times_ms(lambda k: tracker.track(nobody, 1e3 + k / 30.0), min(frames, 90))
    how = f'{frames} frames of the simulated wearer, one thread; medians of peers: {peers}'
    return [
        BenchRow('face_tracker/ms_per_frame_512x512', _round(np.median(ours)), 'ms, median',
                 how, 8.0),
        BenchRow('face_tracker/ms_per_frame_512x512_p95', _round(np.percentile(ours, 95)), 'ms',
                 'of the same frames; once a second the detector looks around', None),
        BenchRow('face_tracker/ms_per_frame_nobody', _round(idle.mean()), 'ms, mean',
                 'an empty picture, at 30 Hz: the search goes on ten times a second', 8.0)]


def simulation_rows(mesh: FaceMesh, frames: int) -> list[BenchRow]:
    """Return how many drawn faces are found, bare and under a headset."""
    wearer, rng = SimulatedWearer(2), np.random.default_rng(0)
    bare = FaceTracker(mesh)
    sure = [
        min(face.upper_confidence, face.lower_confidence) > _TRUSTED
        for face in (bare.track(wearer.face_image(k / 5.0, k), k / 5.0) for k in range(frames))]
    kept, hidden = [], []
    for seed in range(1, 6):
        drawn = FaceRenderer(seed).draw(FaceShape())
        found = FaceFollower(mesh).follow(cv2.cvtColor(drawn, cv2.COLOR_GRAY2RGB), 0.0)
        for kind in covers.UNSEEN:
            face = _still(mesh, covers.cover(drawn, found.mesh, *_VISOR, kind, rng))
            kept.append(face.lower_confidence > _TRUSTED)
            hidden.append(face.upper_confidence < _TRUSTED)
    return [
        BenchRow('face_tracker/found_simulated', _round(np.mean(sure)), 'share',
                 f'{frames} frames of a drawn wearer, both halves trusted', 0.95, most=False),
        BenchRow('face_tracker/found_simulated_under_headset', _round(np.mean(kept)), 'share',
                 f'{len(kept)} drawn faces below drawn headsets, lower half trusted; upper half '
                 f'not trusted in {np.mean(hidden):.2f}', None, most=False)]


def fer_rows(mesh: FaceMesh, count: int) -> list[BenchRow]:
    """Return what is seen in real faces (FER2013, validation split), bare and covered."""
    path = Path(os.environ.get('AFFECT_DATA', '../shared/data')) / (
        'fer2013/fer2013_validation.npz')
    try:
        with np.load(path) as file:
            data, offset, labels = file['jpeg'], file['offset'], file['label']
    except OSError:
        why = 'no recordings: set AFFECT_DATA to a folder with fer2013/'
        return [BenchRow(f'face_tracker/{name}', None, 'share', why) for name in (
            'found_fer2013', 'found_fer2013_under_headset', 'upper_hidden_fer2013',
            'lower_agreement_fer2013')]
    names, order = np.unique(labels), np.random.default_rng(0).permutation(len(labels))
    # As many of each expression: disgust is rare.
    chosen = np.concatenate([
        order[labels[order] == name][:max(count // len(names), 1)] for name in names])
    images = [
        with_margin(cv2.imdecode(data[offset[i]:offset[i + 1]], cv2.IMREAD_GRAYSCALE))
        for i in chosen]
    bare = [_still(mesh, image) for image in images]
    whole = np.array([
        min(face.upper_confidence, face.lower_confidence) > _TRUSTED for face in bare])
    detected = np.mean([any(
        region.score >= _TRUSTED for region in mesh.faces(cv2.cvtColor(
            image, cv2.COLOR_GRAY2RGB))) for image in images])
    weights = np.array([face.weights for face in bare])
    rows = [BenchRow(
        'face_tracker/found_fer2013', _round(whole.mean()), 'share',
        f'{len(images)} crops of 48 pixels, as many of each expression, both halves trusted '
        f'(BlazeFace alone sees a face in {detected:.2f}); '
        'some show drawings, text or half a face', None, most=False)]
    rows += _covered_rows(mesh, [images[i] for i in np.flatnonzero(whole)],
                          weights[whole])
    rows += auc_rows(weights[whole], labels[chosen][whole])
    return rows


def auc_rows(weights: np.ndarray, labels: np.ndarray) -> list[BenchRow]:
    """Return how weights [N, 52] tell an emotion from neutral, given labels [N] by name."""
    rows = []
    for name, shapes, emotions in _EXPECTED:
        positive, neutral = np.isin(labels, emotions), labels == 'neutral'
        chosen = positive | neutral
        value = None
        if positive.any() and neutral.any():
            score = np.nan_to_num(weights[chosen][:, list(shapes)]).mean(axis=1)
            value = _round(_area(score, positive[chosen]))
        rows.append(BenchRow(
            f'face_tracker/auc_{name}', value, 'AUC against neutral',
            f'{int(positive.sum())} against {int(neutral.sum())} faces of FER2013 (validation), '
            'resting face of people at large; chance is 0.5. Labels are what somebody saw in a '
            'web image, not coded action units', None, most=False))
    return rows


def _covered_rows(
    mesh: FaceMesh, images: list[np.ndarray], weights: np.ndarray,
) -> list[BenchRow]:
    """Return what is left of real faces below drawn headsets that no weight has seen."""
    rng = np.random.default_rng(0)
    seen, hidden, detected, before, after = [], [], [], [], []
    for k, image in enumerate(images):
        found = FaceFollower(mesh).follow(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), 0.0)
        if found.mesh is None:
            continue
        kind = covers.UNSEEN[k % len(covers.UNSEEN)]
        covered = covers.cover(image, found.mesh, *_VISOR, kind, rng)
        detected.append(any(region.score >= _TRUSTED for region in mesh.faces(
            cv2.cvtColor(covered, cv2.COLOR_GRAY2RGB))))
        face = _still(mesh, covered)
        seen.append(face.lower_confidence > _TRUSTED)
        hidden.append(face.upper_confidence < _TRUSTED)
        if seen[-1]:
            before.append(weights[k, list(_AGREE)])
            after.append(face.weights[list(_AGREE)])
    differ = np.abs(np.array(before) - np.array(after)) if before else np.full((1, 1), np.nan)
    same = np.corrcoef(np.ravel(before), np.ravel(after))[0, 1] if len(before) > 2 else np.nan
    what = (f'{len(seen)} faces of FER2013 below drawn headsets ({", ".join(covers.UNSEEN)}) '
            'from the forehead to the tip of the nose')
    return [
        BenchRow('face_tracker/found_fer2013_under_headset', _round(np.mean(seen)), 'share',
                 f'{what}, lower half trusted; BlazeFace alone finds {np.mean(detected):.2f}',
                 None, most=False),
        BenchRow('face_tracker/upper_hidden_fer2013', _round(np.mean(hidden)), 'share',
                 f'{what}, upper half not trusted', None, most=False),
        BenchRow('face_tracker/lower_agreement_fer2013', _round(same), 'correlation',
                 'smile, frown, jaw, lower lip of the same face without and with the headset '
                 f'where trusted; mean difference {differ.mean():.3f}', None, most=False)]


def _still(mesh: FaceMesh, image: np.ndarray) -> TrackedFace:
    tracker = FaceTracker(mesh, learn_neutral=False)
    for look in range(2):
        face = tracker.track(image, 0.01 * look, thoroughly=True)
    return face


def _times_ms(call: Callable[[int], object], count: int) -> np.ndarray:
    times = np.empty(count)
    for k in range(count):
        began = time.perf_counter()
        call(k)
        times[k] = time.perf_counter() - began
    return 1e3 * times


def _area(score: np.ndarray, positive: np.ndarray) -> float:
    """Return the area under the receiver operating curve, ties counted half."""
    values, at = np.unique(score, return_inverse=True)
    hits, all_of = np.bincount(at, positive, len(values)), np.bincount(at, None, len(values))
    misses = all_of - hits
    below = np.cumsum(misses) - misses
    return float((hits * (below + 0.5 * misses)).sum() / hits.sum() / misses.sum())


def _round(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None
