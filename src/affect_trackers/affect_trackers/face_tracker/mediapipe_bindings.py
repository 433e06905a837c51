# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The part of MediaPipe that runs graphs, without the rest of the package."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import importlib
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version
import importlib.util
import os
from pathlib import Path
import sys
import types
from typing import Any

VERSION = '0.10.14'
"""The last one whose wheel holds the models; its low-level interface is used, so it is pinned."""

INSTALL = f'pip install --no-deps mediapipe=={VERSION} && pip install protobuf==4.25.9'

_PACKAGES = (
    'mediapipe', 'mediapipe.python', 'mediapipe.framework', 'mediapipe.framework.formats')
_NOISE = (b'XNNPACK delegate', b'absl::InitializeLog', b'inference_feedback_manager',
          b'face_landmarks_detector', b'gl_context')


class MediaPipeError(RuntimeError):
    """MediaPipe is missing or unfit; the text says what to install."""


@dataclass(frozen=True)
class Bindings:
    """The extension module and the two message types that are read."""

    core: Any
    detection: Any
    landmarks: Any


def load() -> Bindings:
    """
    Import MediaPipe's graph runner.

    The package's own ``__init__`` imports every task it has, and with them matplotlib, and jax and
    sounddevice where present: a second of processor time and 100 MB for drawing and audio. So its
    packages are stood in for by empty ones while the extension module is imported.

    :raises MediaPipeError: it is not installed, or another version.
    """
    try:
        found = version('mediapipe')
    except PackageNotFoundError:
        raise MediaPipeError(f'mediapipe is not installed: {INSTALL}') from None
    if found != VERSION:
        raise MediaPipeError(f'mediapipe is {found}, not {VERSION}: {INSTALL}')
    spec = importlib.util.find_spec('mediapipe')
    root = Path(str(spec.origin)).parent if spec is not None else Path()
    stand_ins = [name for name in _PACKAGES if name not in sys.modules]
    try:
        for name in stand_ins:
            package = types.ModuleType(name)
            package.__path__ = [str(root.joinpath(*name.split('.')[1:]))]
            sys.modules[name] = package
        core = importlib.import_module('mediapipe.python._framework_bindings')
        detection = importlib.import_module('mediapipe.framework.formats.detection_pb2')
        landmark = importlib.import_module('mediapipe.framework.formats.landmark_pb2')
    except ImportError as error:
        raise MediaPipeError(f'mediapipe does not load ({error}): {INSTALL}') from error
    finally:
        # Whoever wants the whole package later shall get it.
        for name in stand_ins:
            sys.modules.pop(name, None)
    core.resource_util.set_resource_dir(str(root.parent))
    return Bindings(core, detection.Detection, landmark.NormalizedLandmarkList)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep MediaPipe's start-up notices off stderr; what others write meanwhile comes through."""
    sys.stderr.flush()
    kept = os.dup(2)
    aside = os.memfd_create('stderr')
    os.dup2(aside, 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.lseek(aside, 0, os.SEEK_SET)
        with os.fdopen(aside, 'rb') as written:
            for line in written:
                if not any(noise in line for noise in _NOISE):
                    os.write(2, line)
        os.close(kept)
