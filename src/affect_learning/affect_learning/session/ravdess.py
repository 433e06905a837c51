# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Acted speech: RAVDESS (Livingstone & Russo 2018, CC BY-NC-SA 4.0), 16 kHz mono FLAC.

File names: 03-01-EMOTION-INTENSITY-STATEMENT-REPETITION-ACTOR.
"""

from dataclasses import dataclass
from pathlib import Path

from affect_learning.session.data_root import need
from affect_learning.session.data_root import SessionError
from affect_learning.session.label import Label
from affect_learning.session.label import LabelKind
import numpy as np
import soundfile

DATASET = 'ravdess'
RATE_HZ = 16000
HELD_OUT_ACTORS = (23, 24)  # not in the shipped voice weights: for the demo and the bench
EMOTIONS = {
    1: 'neutral', 2: 'calm', 3: 'happy', 4: 'sad', 5: 'angry', 6: 'fearful', 7: 'disgust',
    8: 'surprised'}
PAUSE_S = (1.0, 3.0)
MAX_NOISE = 1e-3  # -60 dBFS: a pause must not be taken for speech


@dataclass(frozen=True)
class Clip:
    """One recording and what its name says."""

    path: Path
    emotion: str
    intensity: int
    statement: int
    repetition: int
    actor: int


@dataclass(frozen=True)
class Voice:
    """Sound of a session: ``samples`` float32 [N] at 16 kHz, and the acted emotion over time."""

    samples: np.ndarray
    labels: list[Label]
    actor: int


def parse_name(path: Path) -> Clip:
    """
    Read a clip's emotion, intensity, statement, repetition and actor off its name.

    :raises ValueError: it is not a RAVDESS speech clip's name.
    """
    fields = path.stem.split('-')
    if len(fields) != 7 or not all(field.isdigit() for field in fields):
        raise ValueError(f'{path.name} is not named like a RAVDESS clip (seven numbers)')
    _, _, emotion, intensity, statement, repetition, actor = map(int, fields)
    if emotion not in EMOTIONS:
        raise ValueError(f'{path.name}: there is no emotion {emotion}')
    return Clip(path, EMOTIONS[emotion], intensity, statement, repetition, actor)


def list_clips(root: Path, actor: int) -> list[Clip]:
    """
    Return an actor's clips in the order of their names.

    :raises SessionError: the folder is missing or empty.
    """
    folder = need(root, f'ravdess/speech/actor_{actor:02d}')
    clips = [parse_name(path) for path in sorted(folder.glob('*.flac'))]
    if not clips:
        raise SessionError(f'{folder} holds no .flac clips; restore the data set')
    return clips


def read_clip(clip: Clip) -> np.ndarray:
    """
    Return a clip's samples, float32 [N] in [-1, 1].

    :raises SessionError: it cannot be read or is not 16 kHz.
    """
    try:
        samples, rate = soundfile.read(clip.path, dtype='float32', always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise SessionError(
            f'{clip.path} cannot be read ({error}); restore the data set') from error
    if rate != RATE_HZ:
        raise SessionError(f'{clip.path} has {rate} Hz instead of {RATE_HZ}; resample it')
    return samples[:, 0]


def clip_order(clips: list[Clip], rng: np.random.Generator):
    """Yield clips for ever, in blocks that hold each emotion once, in a random order."""
    shelves = {
        emotion: [clip for clip in clips if clip.emotion == emotion]
        for emotion in EMOTIONS.values()}
    present = [emotion for emotion, shelf in shelves.items() if shelf]
    queues: dict[str, list[Clip]] = {emotion: [] for emotion in present}
    while True:
        for i in rng.permutation(len(present)):
            queue = queues[present[i]]
            if not queue:
                shelf = shelves[present[i]]
                queue.extend(shelf[j] for j in rng.permutation(len(shelf)))
            yield queue.pop()


def noise_floor(samples: np.ndarray) -> float:
    """Return the RMS of the quietest tenth of the 20 ms frames, at most -60 dBFS."""
    frames = samples[:len(samples) // 320 * 320].reshape(-1, 320)
    if not len(frames):
        return 0.0
    return min(float(np.quantile(np.sqrt(np.mean(frames**2, axis=1)), 0.1)), MAX_NOISE)


def compose_voice(
    root: Path, seconds: float, rng: np.random.Generator, actor: int,
) -> Voice:
    """
    Lay an actor's clips on a time line, with pauses of noise at the clips' own noise floor.

    The last clip is cut where the session ends. A label starts with its clip; an empty one
    starts with each pause.
    """
    order = clip_order(list_clips(root, actor), rng)
    total = round(seconds * RATE_HZ)
    person = f'actor_{actor:02d}'
    samples = np.empty(total, np.float32)
    labels, at = [], 0
    clip = next(order)
    sound = read_clip(clip)
    while at < total:
        labels.append(Label(at / RATE_HZ, DATASET, person, LabelKind.ACTED))
        pause = min(round(rng.uniform(*PAUSE_S) * RATE_HZ), total - at)
        samples[at:at + pause] = noise_floor(sound) * rng.standard_normal(pause)
        at += pause
        if at >= total:
            break
        labels.append(Label(
            at / RATE_HZ, DATASET, person, LabelKind.ACTED, clip.emotion,
            stimulus=f'statement_{clip.statement:02d}', take=clip.path.stem))
        sound = sound[:total - at]
        samples[at:at + len(sound)] = sound
        at += len(sound)
        clip = next(order)
        sound = read_clip(clip)
    return Voice(samples, labels, actor)
