# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From recordings to the records of one bag."""

from collections.abc import Iterator
from dataclasses import dataclass
import heapq
from pathlib import Path
from typing import Any

from affect_learning.session import ceap360vr
from affect_learning.session import fer2013
from affect_learning.session import oemc_hmr
from affect_learning.session import ravdess
from affect_learning.session import stress_predict
from affect_learning.session import watch_emotion
from affect_learning.session.bag import qos
from affect_learning.session.bag import Record
from affect_learning.session.data_root import SessionError
from affect_learning.session.face_check import check_faces
from affect_learning.session.face_check import FaceCheck
from affect_learning.session.session_messages import SessionMessages
import numpy as np
from rosbags.typesys.store import Typestore

MAX_SECONDS = 1800.0
COMPOSITE = (
    'A composite: every stream is of another person in another situation. It proves that the '
    'graph works; no accuracy may be quoted from it. The voice of actors 23 and 24 and the '
    'faces are unseen by the shipped weights; the people of gaze, motion and physiology were used '
    'to fit the feature standardisation.')
FITTED = ' (used to fit the feature standardisation)'

_VIDEO = qos(2, reliable=False)
_LATCHED = qos(1, latched=True)
TOPICS = {
    'hmd/microphone/audio': ('affect_msgs/msg/AudioChunk', qos(100)),
    'hmd/face_camera/image': ('sensor_msgs/msg/Image', _VIDEO),
    'hmd/gaze/sample': ('affect_msgs/msg/GazeSample', qos(400)),
    'hmd/imu/data': ('sensor_msgs/msg/Imu', qos(48)),
    'hmd/physiology/chunk': ('affect_msgs/msg/PhysioChunk', qos(24)),
    'hmd/headset/status': ('affect_msgs/msg/HeadsetStatus', _LATCHED),
    'ground_truth/voice': ('affect_msgs/msg/GroundTruth', _LATCHED),
    'ground_truth/face': ('affect_msgs/msg/GroundTruth', _LATCHED),
    'ground_truth/gaze': ('affect_msgs/msg/GroundTruth', _LATCHED),
    'ground_truth/pupil': ('affect_msgs/msg/GroundTruth', _LATCHED),
    'ground_truth/head_motion': ('affect_msgs/msg/GroundTruth', _LATCHED),
    'ground_truth/physiology': ('affect_msgs/msg/GroundTruth', _LATCHED),
}
"""Type and offered QoS by relative topic name."""


@dataclass(frozen=True)
class SessionInfo:
    """What went into a session: people by stream, and how usable the faces are."""

    seconds: float
    seed: int
    people: dict[str, str]
    faces: dict[str, Any]


def session_topics(namespace: str) -> dict[str, tuple[str, Any]]:
    """Return TOPICS with absolute names under a namespace ('' or '/' is none)."""
    prefix = '/' + namespace.strip('/') if namespace.strip('/') else ''
    return {f'{prefix}/{topic}': kind for topic, kind in TOPICS.items()}


def compose(
    root: Path, seconds: float, typestore: Typestore, *, seed: int = 0, actor: int = 23,
    namespace: str = '',
) -> tuple[SessionInfo, Iterator[Record]]:
    """
    Read the recordings and return what they are and the bag's records in order of time.

    The same seed, data and arguments give the same messages, byte for byte. Stamps count from
    1 700 000 000 s. A record's time is when a live sensor would have had the message to give: the
    end of a chunk, the stamp of everything else.

    :raises SessionError: data is missing or damaged, or an argument is out of range.
    """
    if not (1.0 <= seconds <= MAX_SECONDS):
        raise SessionError(f'--seconds is {seconds:g}; it must be from 1 to {MAX_SECONDS:g}')
    if seed < 0:
        raise SessionError(f'--seed is {seed}; it must not be negative')

    def stream(number: int) -> np.random.Generator:
        # One generator per stream: a change in one data set leaves the others as they were.
        return np.random.default_rng([seed, number])

    voice = ravdess.compose_voice(root, seconds, stream(0), actor)
    faces = fer2013.compose_faces(root, seconds, stream(1), voice.labels)
    gaze = oemc_hmr.compose_gaze(root, seconds, stream(2))
    pupil = ceap360vr.compose_pupil(root, seconds, stream(3), oemc_hmr.RATE_HZ)
    motion = watch_emotion.compose_motion(root, seconds, stream(4))
    physiology = stress_predict.compose_physiology(root, seconds, stream(5))

    info = SessionInfo(
        seconds, seed,
        {
            'voice': f'ravdess {voice.labels[0].person}' + (
                ' (unseen)' if actor in ravdess.HELD_OUT_ACTORS
                else ' (the shipped voice weights learned from this actor)'),
            'face': f'fer2013, {len(faces.images)} unnamed people (test split, unseen)',
            'gaze': 'oemc_hmr ' + ', '.join(gaze.people) + FITTED,
            'pupil': 'ceap360vr ' + ', '.join(pupil.people),
            'head_motion': (
                'watch_emotion ' + ', '.join(motion.people) + ' (wrist, no gravity)' + FITTED),
            'physiology': f'stress_predict {physiology.person}' + FITTED,
        },
        _face_figures(faces, check_faces(faces.images)))
    messages = SessionMessages(typestore, namespace)
    records = heapq.merge(
        messages.audio(voice),
        messages.images(faces),
        messages.gaze(gaze, pupil),
        messages.imu(motion),
        messages.physiology(physiology),
        messages.headset_status(seconds),
        messages.labels('ground_truth/voice', voice.labels),
        messages.labels('ground_truth/face', faces.labels),
        messages.labels('ground_truth/gaze', gaze.labels),
        messages.labels('ground_truth/pupil', pupil.labels),
        messages.labels('ground_truth/head_motion', motion.labels),
        messages.labels('ground_truth/physiology', physiology.labels),
        key=lambda record: (record.at_ns, record.topic))
    return info, records


def _face_figures(faces: fer2013.Faces, check: FaceCheck) -> dict[str, Any]:
    """Return shares of frames (not of stills), as the face encoder will meet them."""
    return {
        'frames': len(faces.index),
        'stills': len(faces.images),
        'frontal_face_share': (
            None if check.found is None else round(float(check.found[faces.index].mean()), 3)),
        'contrast_share': round(float(check.contrast[faces.index].mean()), 3),
        'method': check.method,
    }
