# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The nine modalities: which encoder, which inputs, and how long a step through a recording."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
import math
from typing import Any

from affect_encoders.encoder import Encoder
from affect_encoders.files.options import Options


@dataclass(frozen=True)
class Modality:
    """
    How a modality's encoder runs on files.

    ``module`` of ``affect_encoders.files`` whose ``reader`` gives the items of an input, and
    ``what`` there is said to whom gives it something else. ``hop_s``: the step of the ticks that
    are pooled into one encoding of a recording, no longer than what an encoder holds.
    """

    encoder: str
    module: str
    reader: str
    what: str
    hop_s: float

    def make_encoder(self, options: Options) -> Encoder:
        """Return a new encoder; OSError or ValueError when its weights can't be used."""
        package = import_module(
            f'affect_encoders.{_folder(self.encoder)}')
        settings: dict[str, Any] = {}
        if self.encoder in ('BodyExpressionEncoder', 'SceneEncoder'):
            if options.pitch_down_deg is not None:
                settings['camera_pitch_down_rad'] = math.radians(options.pitch_down_deg)
            if self.encoder == 'SceneEncoder' and options.fov_deg is not None:
                settings['horizontal_fov_deg'] = options.fov_deg
        return getattr(package, self.encoder)(**settings)

    def items(self, source: Any, name: str, options: Options) -> Iterator[Any]:
        """Yield the recordings and stills of an input; InputError when it can't be used."""
        return getattr(self._files(), self.reader)(source, name, options)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Return the endings of files that a folder is searched for."""
        return self._files().SUFFIXES

    @property
    def what_text(self) -> str:
        """Return what the modality takes, in words."""
        return getattr(self._files(), self.what)

    def _files(self) -> Any:
        return import_module(f'affect_encoders.files.{self.module}')


def _folder(encoder: str) -> str:
    return next(name for name, modality in MODALITIES.items() if modality.encoder == encoder)


MODALITIES = {
    'body_expression': Modality('BodyExpressionEncoder', 'clouds', 'recordings', 'WHAT', 1.0),
    'eye_expression': Modality(
        'EyeExpressionEncoder', 'gaze', 'expression', 'EXPRESSION_WHAT', 2.0),
    'eye_movement': Modality('EyeMovementEncoder', 'gaze', 'movement', 'MOVEMENT_WHAT', 2.0),
    'facial_expression': Modality('FacialExpressionEncoder', 'faces', 'items', 'WHAT', 0.1),
    'head_motion': Modality('HeadMotionEncoder', 'inertia', 'recordings', 'WHAT', 2.0),
    'physiology': Modality('PhysiologyEncoder', 'wrist', 'recordings', 'WHAT', 10.0),
    'scene': Modality('SceneEncoder', 'scenes', 'recordings', 'WHAT', 1.0),
    'speech': Modality('SpeechEncoder', 'texts', 'utterances', 'WHAT', 1.0),
    'voice': Modality('VoiceEncoder', 'sound', 'recordings', 'WHAT', 1.0),
}
