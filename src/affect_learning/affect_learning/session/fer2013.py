# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Faces in the wild: FER2013 (Goodfellow et al. 2013), 48x48 grey, seven expressions.

288 of the 3589 test images are pixel-identical to a training image, so only those that occur in
neither other split are shown: no shipped weight has seen them.
"""

from dataclasses import dataclass
import hashlib
import itertools
from pathlib import Path

from affect_learning.session.data_root import need
from affect_learning.session.data_root import READ_ERRORS
from affect_learning.session.data_root import SessionError
from affect_learning.session.label import CATEGORIES
from affect_learning.session.label import Label
from affect_learning.session.label import LabelKind
import cv2
import numpy as np

DATASET = 'fer2013'
SIZE_PX = 48
RATE_HZ = 10.0
HOLD_FRAMES = 10  # one face stays for about a second


@dataclass(frozen=True)
class Split:
    """Images uint8 [N, 48, 48], labels and file names [N]."""

    images: np.ndarray
    labels: np.ndarray
    names: np.ndarray


@dataclass(frozen=True)
class Faces:
    """Frames of a session: ``images[index[i]]`` is shown at i / 10 s."""

    images: np.ndarray
    index: np.ndarray
    labels: list[Label]


def read_split(root: Path, split: str) -> Split:
    """
    Decode one official split (``train``, ``validation`` or ``test``).

    :raises SessionError: the file is missing, damaged or of another size.
    """
    path = need(root, f'fer2013/fer2013_{split}.npz')
    try:
        with np.load(path) as file:
            data, offset = file['jpeg'], file['offset']
            labels, names = file['label'], file['name']
        decoded = [cv2.imdecode(data[a:b], cv2.IMREAD_GRAYSCALE)
                   for a, b in itertools.pairwise(offset)]
        whole = [image for image in decoded if image is not None]
        if len(whole) < len(decoded):
            raise ValueError(
                f'{len(decoded) - len(whole)} of its {len(decoded)} images are damaged')
        images = np.stack(whole)
    except (*READ_ERRORS, cv2.error) as error:
        raise SessionError(f'{path} cannot be read ({error}); restore the data set') from error
    if images.shape[1:] != (SIZE_PX, SIZE_PX):
        raise SessionError(f'{path} holds images of {images.shape[1:]}, expected 48x48')
    return Split(images, labels, names)


def _digests(images: np.ndarray) -> list[bytes]:
    return [hashlib.sha1(image.tobytes(), usedforsecurity=False).digest() for image in images]


def unseen_test_faces(root: Path) -> Split:
    """Return the test split without the images that occur in the training or validation split."""
    test = read_split(root, 'test')
    seen = set(_digests(read_split(root, 'train').images))
    seen.update(_digests(read_split(root, 'validation').images))
    keep = np.array([digest not in seen for digest in _digests(test.images)], bool)
    if not keep.any():
        raise SessionError(
            'every test image of fer2013 under AFFECT_DATA also occurs in another split; restore '
            'the data set')
    return Split(test.images[keep], test.labels[keep], test.names[keep])


def expression_for(emotion: str) -> str:
    """Return FER2013's name of an emotion; it has no calm faces, neutral ones stand in."""
    wanted = CATEGORIES.get(emotion, CATEGORIES['neutral'])
    if wanted == CATEGORIES['calm']:
        wanted = CATEGORIES['neutral']
    return {0: 'neutral', 2: 'happy', 3: 'sad', 4: 'angry', 5: 'fear', 6: 'disgust',
            7: 'surprise'}[wanted]


def compose_faces(
    root: Path, seconds: float, rng: np.random.Generator, voice_labels: list[Label],
) -> Faces:
    """
    Show faces of the emotion that is being acted, a new one every second and at every change.

    The emotion of a clip lasts over the pause that follows it; before the first clip faces are
    neutral.
    """
    faces = unseen_test_faces(root)
    shelves: dict[str, np.ndarray] = {}
    count = round(seconds * RATE_HZ)
    index = np.empty(count, np.int64)
    spoken = [(label.start_s, label.label) for label in voice_labels if label.label]
    labels: list[Label] = []
    shown, turn, until, drawn = '', -1, 0, -1
    for i in range(count):
        while turn + 1 < len(spoken) and spoken[turn + 1][0] <= i / RATE_HZ:
            turn += 1
            until = i
        if i >= until:
            shown = expression_for(spoken[turn][1] if turn >= 0 else 'neutral')
            if shown not in shelves:
                found = np.flatnonzero(faces.labels == shown)
                if not len(found):
                    raise SessionError(
                        f'fer2013 under AFFECT_DATA has no unseen test face labelled {shown!r}; '
                        'restore the data set')
                shelves[shown] = rng.permutation(found)
            drawn = int(shelves[shown][0])
            shelves[shown] = np.roll(shelves[shown], -1)
            until = i + HOLD_FRAMES
            labels.append(Label(
                i / RATE_HZ, DATASET, '', LabelKind.PERCEIVED, shown,
                take=str(faces.names[drawn])))
        index[i] = drawn
    used, index = np.unique(index, return_inverse=True)
    return Faces(faces.images[used], index.reshape(-1), labels)
