# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Faces in videos, folders of images, images and arrays (.npy, uint8 [N, H, W]).

    affect-track face CLIP.mp4 --json
    affect-track face PHOTOS/ --stills
    affect-track face CROPS.npy --stills --crops     # pictures that a face fills

A row per picture: its time, how many faces, confidence in the upper and the lower face and what
lowers it, the 52 weights by ARKit's names, the intensities of action units (FACS), and the head's
turn. What was not seen is null.
"""

import argparse
import atexit
from collections.abc import Iterator
from functools import cache
from typing import Any

from affect_trackers.face_tracker.action_units import action_units
from affect_trackers.face_tracker.action_units import NAMES as UNITS
from affect_trackers.face_tracker.blendshapes import NAMES
from affect_trackers.face_tracker.face_image import turned
from affect_trackers.face_tracker.face_mesh import FaceMesh
from affect_trackers.face_tracker.mediapipe_bindings import MediaPipeError
from affect_trackers.face_tracker.tracker import FaceTracker
from affect_trackers.face_tracker.tracker import TrackedFace
from affect_trackers.face_tracker.tracker import UPPER_FACE
from affect_trackers.picture_files import pictures
from affect_trackers.track_error import CannotTrackError
from affect_trackers.track_error import TrackError
import cv2
import numpy as np

_CROP_PX, _MARGIN_PX = 192, 48
_LOOKS = 2  # the first finds the face, the second sees it in its place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``affect-track face``."""
    parser.add_argument(
        '--stills', action='store_true',
        help='judge each picture by itself: other people, other times; no neutral is learned')
    parser.add_argument(
        '--crops', action='store_true',
        help='a face fills each picture: enlarge it, give it a margin')
    parser.add_argument(
        '--no-neutral', action='store_true',
        help="don't learn the wearer's resting face; measure against people at large")
    parser.add_argument(
        '--upper-face', choices=UPPER_FACE, default='auto',
        help="whether brows and eyes are seen; 'hidden' below a headset (default: auto)")
    parser.add_argument(
        '--rotation-deg', type=int, choices=(0, 90, 180, 270), default=0,
        help='turn the pictures clockwise: the camera lay on its side')
    parser.add_argument(
        '--rate-hz', type=float, default=30.0,
        help='pictures a second of folders and arrays (default: 30)')


def track(path: str, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """
    Yield a row per picture of a file.

    :raises TrackError: the file can't be read.
    :raises CannotTrackError: the networks are missing.
    """
    if not options.rate_hz > 0.0:
        raise TrackError('--rate-hz must be above 0')
    try:
        mesh = _mesh()
    except MediaPipeError as error:
        raise CannotTrackError(str(error)) from error
    tracker = FaceTracker(
        mesh, upper_face=options.upper_face,
        learn_neutral=not (options.stills or options.no_neutral))
    for k, picture in enumerate(pictures(path, options.rate_hz)):
        image = with_margin(picture.image) if options.crops else picture.image
        image = turned(image, options.rotation_deg)
        if options.stills:
            tracker.forget()
            for look in range(_LOOKS):
                face = tracker.track(image, 0.01 * look, thoroughly=True)
        else:
            face = tracker.track(image, picture.t_s)
        name = {'picture': picture.name} if picture.name else {}
        time = {} if options.stills else {'t_s': round(picture.t_s, 4)}
        yield {'frame': k, **name, **time, **_row(face)}


def with_margin(crop: np.ndarray) -> np.ndarray:
    """Return a crop [H, W] or [H, W, 3] of a face, enlarged to 192 pixels, with a margin."""
    large = cv2.resize(crop, (_CROP_PX, _CROP_PX), interpolation=cv2.INTER_CUBIC)
    return cv2.copyMakeBorder(
        large, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX, cv2.BORDER_REPLICATE)


@cache
def _mesh() -> FaceMesh:
    """Load the networks, once for all files."""
    mesh = FaceMesh()
    atexit.register(mesh.close)
    return mesh


def _row(face: TrackedFace) -> dict[str, Any]:
    return {
        'faces': face.faces,
        'upper_confidence': round(face.upper_confidence, 3),
        'lower_confidence': round(face.lower_confidence, 3),
        'reason': face.reason,
        'yaw_deg': round(face.yaw_deg, 1),
        'pitch_deg': round(face.pitch_deg, 1),
        'roll_deg': round(face.roll_deg, 1),
        'action_units': dict(zip(
            UNITS, np.round(action_units(face.weights), 4).tolist(), strict=True)),
        'weights': dict(zip(NAMES, np.round(face.weights, 4).tolist(), strict=True)),
    }
