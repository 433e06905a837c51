# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The eye expression encoder as a ROS node."""

import math
from typing import Any

from affect_encoders.encoder_node import EncoderNode
from affect_encoders.eye_expression.encoder import EyeExpressionEncoder
from affect_encoders.eye_expression.encoder import FIELD_DEG2
from affect_encoders.eye_expression.encoder import PEAK_LUMINANCE_CD_M2
from affect_encoders.eye_expression.encoder import STRAY_LIGHT
from affect_encoders.eye_expression.pupil_light import REFERENCE_AGE
from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import ModalityInfo
from affect_node import LATCHED
from affect_node import run
from affect_node import STATE
from affect_node import stream
import numpy as np

_TOPIC = 'hmd/gaze/sample'
_SCENE_TOPIC = 'affect/scene/embedding'
_PUPIL_MM = (0.5, 12.0)
_SEEN_ENOUGH = 0.1
_MOST_SCHEMAS = 32


class EyeExpressionNode(EncoderNode):
    """`hmd/gaze/sample` and the scene's luminance in, `affect/eye_expression/...` out."""

    modality = 'eye_expression'

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._light: dict[str, float] = {
            'peak_luminance_cd_m2': self.declare(
                'peak_luminance_cd_m2', PEAK_LUMINANCE_CD_M2,
                'Luminance of white in what the wearer sees, cd/m^2.', low=0.1, high=1e5),
            'stray_light': self.declare(
                'stray_light', STRAY_LIGHT,
                'Share of that luminance that is there when the picture is black.',
                low=0.0, high=1.0),
            'field_deg2': self.declare(
                'field_deg2', FIELD_DEG2, 'Area of the lit field, square degrees.',
                low=10.0, high=20000.0),
            'age_years': self.declare(
                'age_years', REFERENCE_AGE, "The wearer's age: pupils narrow with it.",
                low=16.0, high=100.0)}

    def make_encoder(self) -> EyeExpressionEncoder:
        """Return the encoder."""
        return EyeExpressionEncoder(**self._light)

    def subscribe_inputs(self) -> None:
        """Subscribe to lids and pupils, to the scene's luminance and to the headset's fit."""
        self._samples: list[tuple[float, ...]] = []
        self._luminance: list[tuple[float, float]] = []
        self._places: dict[str, int] = {}
        self._fit = HeadsetStatus.FIT_UNKNOWN
        self.subscribe(GazeSample, _TOPIC, self._on_gaze, stream(200.0))
        self.subscribe(ModalityEmbedding, _SCENE_TOPIC, self._on_scene, STATE)
        self.subscribe(
            ModalityInfo, 'affect/scene/info', self._on_scene_info, LATCHED, while_inactive=True)
        self.subscribe(
            HeadsetStatus, 'hmd/headset/status', self._on_status, LATCHED, while_inactive=True)

    def withheld(self) -> str:
        """Nothing is inferred from the eyes of a headset that is not worn."""
        return 'headset not worn' if self._fit == HeadsetStatus.FIT_NOT_WORN else ''

    def flush(self) -> None:
        """Push the samples since the last tick at once: one call a tick, not one a sample."""
        if self._samples:
            samples = np.array(self._samples)
            self._samples.clear()
            self.encoder.push(samples[:, 0], samples[:, 1:6], samples[:, 6:11])
        if self._luminance:
            t, luminance = np.array(self._luminance).T
            self._luminance.clear()
            self.encoder.push_luminance(t, luminance)

    def _on_status(self, message: HeadsetStatus) -> None:
        self._fit = message.fit

    def _on_gaze(self, message: GazeSample) -> None:
        stamp_s = self.accept_stamp(_TOPIC, message.header.stamp)
        if stamp_s is None:
            return
        left, right = _numbers(message.left), _numbers(message.right)
        for pupil_mm in (left[3], right[3]):
            if not (math.isnan(pupil_mm) or _PUPIL_MM[0] <= pupil_mm <= _PUPIL_MM[1]):
                self.diagnostics.reject(
                    _TOPIC, 'no pupil diameter',
                    f'{pupil_mm:g}: send millimetres, NaN where unknown')
                return
        self._samples.append((stamp_s, *left, *right))

    def _on_scene_info(self, message: ModalityInfo) -> None:
        names = list(message.feature_names)
        if len(self._places) >= _MOST_SCHEMAS:
            self._places.clear()
        self._places[message.schema_id] = (
            names.index('luminance') if 'luminance' in names else -1)
        if 'luminance' not in names:
            self.diagnostics.reject(
                'affect/scene/info', "no feature 'luminance'",
                'pupils stay uncorrected; publish relative luminance under this name')

    def _on_scene(self, message: ModalityEmbedding) -> None:
        stamp_s = self.accept_stamp(_SCENE_TOPIC, message.header.stamp)
        if stamp_s is None:
            return
        place = self._places.get(message.schema_id)
        if place is None:
            self.diagnostics.count('scene embeddings before their info')
        elif 0 <= place < len(message.features):
            if message.quality > _SEEN_ENOUGH:
                self._luminance.append((stamp_s, message.features[place]))
        elif place >= 0:
            self.diagnostics.reject(
                _SCENE_TOPIC, 'fewer features than its info names',
                f'{len(message.features)}: send every feature, NaN where unknown')


def _numbers(eye: EyeState) -> tuple[float, ...]:
    """Return an eye as the encoder's columns; a shut one has no pupil whatever it says."""
    if eye.state == EyeState.STATE_CLOSED:
        return (0.0, eye.squint, math.nan, math.nan, eye.confidence)
    return (eye.openness, eye.squint, eye.widening, eye.pupil_diameter_mm, eye.confidence)


def main(args=None) -> int:
    """Run the node."""
    return run(EyeExpressionNode, args)
