# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Track faces in files: the code of the live node, one JSON object per picture.

    python -m affect_trackers.face_tracker.track_files PICTURE.png ...
    python -m affect_trackers.face_tracker.track_files --crops CROPS.npy     # uint8 [N, H, W]

Each picture is judged by itself, against the resting face of people at large. ``--crops`` is for
pictures that a face fills: they are enlarged and given a margin, as the networks expect.
"""

import argparse
from collections.abc import Iterator
import json
from pathlib import Path
import sys

from affect_trackers.face_tracker.face_mesh import FaceMesh
from affect_trackers.face_tracker.mediapipe_bindings import MediaPipeError
from affect_trackers.face_tracker.tracker import FaceTracker
import cv2
import numpy as np

_CROP_PX, _MARGIN_PX = 192, 48
_LOOKS = 2  # the first finds the face, the second sees it in its place


def with_margin(crop: np.ndarray) -> np.ndarray:
    """Return a crop [H, W] or [H, W, 3] of a face, enlarged to 192 pixels, with a margin."""
    large = cv2.resize(crop, (_CROP_PX, _CROP_PX), interpolation=cv2.INTER_CUBIC)
    return cv2.copyMakeBorder(
        large, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX, cv2.BORDER_REPLICATE)


def pictures(path: Path) -> Iterator[tuple[str, np.ndarray | None]]:
    """Yield the name and picture of each in a file; RGB or grey, None when unreadable."""
    if path.suffix == '.npy':
        stack = np.load(path, mmap_mode='r')
        for i in range(len(stack)):
            yield f'{path}[{i}]', np.ascontiguousarray(stack[i])
        return
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    yield str(path), None if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def main(args: list[str] | None = None) -> int:
    """Run the command; 1 when a file could not be read, 2 when nothing can be tracked here."""
    parser = argparse.ArgumentParser(description='Faces in files to ARKit weights, as JSON.')
    parser.add_argument('files', nargs='+', type=Path, help='images, or .npy of uint8 [N, H, W]')
    parser.add_argument('--crops', action='store_true', help='a face fills each picture')
    given = parser.parse_args(args)
    try:
        mesh = FaceMesh()
    except MediaPipeError as error:
        print(error, file=sys.stderr)
        return 2
    tracker = FaceTracker(mesh, learn_neutral=False)
    status = 0
    try:
        for path in given.files:
            for name, image in pictures(path):
                if image is None:
                    print(f'{name}: no readable image', file=sys.stderr)
                    status = 1
                    continue
                print(json.dumps(_row(tracker, name, image, crops=given.crops)))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        status = 1
    finally:
        mesh.close()
    return status


def _row(tracker: FaceTracker, name: str, image: np.ndarray, *, crops: bool) -> dict:
    tracker.forget()
    picture = with_margin(image) if crops else image
    for look in range(_LOOKS):
        face = tracker.track(picture, 0.01 * look)
    return {
        'input': name, 'faces': face.faces, 'reason': face.reason,
        'upper_confidence': round(face.upper_confidence, 3),
        'lower_confidence': round(face.lower_confidence, 3),
        'weights': [None if np.isnan(w) else round(float(w), 4) for w in face.weights]}


if __name__ == '__main__':
    sys.exit(main())
