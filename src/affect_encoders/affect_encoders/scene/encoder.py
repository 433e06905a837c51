# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The scene encoder: pictures of the world camera and inertial samples in, an encoding out."""

from dataclasses import dataclass
import math

from affect_encoders.encoder import decayed
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.feature_projection import FeatureProjection
from affect_encoders.frame_encoder import FrameEncoder
from affect_encoders.head_rotation import pitched_down
from affect_encoders.scene import features as scene
from affect_encoders.scene import model
import numpy as np

HALF_LIFE_S = 1.0
LOWEST_QUALITY = 0.01
LEAST_STEP_S = 0.06
LONGEST_STEP_S = 0.5

WITHOUT_ROTATION = 0.8
WITHOUT_COLOUR = 0.8
UNFOLLOWED = 0.5
LEAST_EXPOSURE = 0.1

DEFAULT_FOV_DEG = 70.0
"""From left to right, as of the simulated headset."""


@dataclass
class _Step:
    """A picture, the points followed to it, and what they say (None until a tick asks)."""

    look: scene.PictureLook
    tracks: scene.Tracks | None
    focal: float
    before_s: float
    flow: scene.Flow | None = None
    has_rotation: bool = False


class SceneEncoder(FrameEncoder[_Step]):
    """
    Pictures of a camera that looks ahead or below, and inertial samples of the headset.

    Points are followed when a picture is pushed, so that a tick costs little.
    """

    def __init__(
            self, *, horizontal_fov_deg: float = DEFAULT_FOV_DEG,
            camera_pitch_down_rad: float = 0.0,
            projection: FeatureProjection | None = None) -> None:
        """
        Make an encoder for a camera of a field of view that looks so far below straight ahead.

        :raises ValueError: the field of view is not between 1 and 179 degrees
        """
        names = tuple(spec.name for spec in scene.FEATURES)
        super().__init__(
            'picture', projection or FeatureProjection.load('scene', names),
            least_step_s=LEAST_STEP_S, window_s=scene.WINDOW_S)
        self.info = EncoderInfo(
            modality='scene',
            model_id='scene-rule/0.1.0',
            embedding_dimension=self._projection.dimension,
            features=scene.FEATURES,
            quality_half_life_s=HALF_LIFE_S,
            quality_meaning=(
                'Share of pixels that are not clipped (full at half; at least '
                f'{LEAST_EXPOSURE:g}, which is that of a picture of one single colour), times the '
                f'share of rows that hold a picture, times {WITHOUT_COLOUR:g} without colour, '
                f'{WITHOUT_ROTATION:g} without a gyroscope and {UNFOLLOWED:g} when the picture '
                f'does not follow from the one before; halved for every {HALF_LIFE_S:g} s since '
                'the last picture that differs from the one before.'),
            training_data=self._projection.training_data,
            label_kind='rule')
        if not _is_field(horizontal_fov_deg):
            raise ValueError(f'field of view of {horizontal_fov_deg} degrees: give 1 to 179')
        self._mount = pitched_down(camera_pitch_down_rad)
        self._focal = 0.5 / math.tan(math.radians(0.5 * horizontal_fov_deg))

    def set_focal_length(self, focal: float) -> None:
        """
        Take the camera's focal length divided by the width of its picture, from now on.

        :raises ValueError: the field of view would not be between 1 and 179 degrees
        """
        if not (focal > 0.0 and _is_field(math.degrees(2.0 * math.atan(0.5 / focal)))):
            raise ValueError(
                f'focal length of {focal} widths: give one of a field of view of 1 to 179 degrees')
        self._focal = focal

    def push_image(self, image: np.ndarray, stamp_s: float) -> None:
        """
        Take a picture uint8 [H, W] or [H, W, 3] (blue, green, red) exposed at ``stamp_s``.

        Above 16 pictures a second the surplus is not used; the size may change at any time.

        :raises ValueError: a wrong type or shape, or a stamp that is not finite
        """
        if not self._gate.take(stamp_s):
            return
        look = scene.look_at(image, stamp_s)
        self._newest_s = stamp_s
        before = self._steps[-1].look if self._steps else None
        tracks = None
        if before is not None and before.grey.shape == look.grey.shape:
            if np.array_equal(before.grey, look.grey) and before.luminance == look.luminance:
                return
            if stamp_s - before.stamp_s <= LONGEST_STEP_S:
                tracks = scene.track(before, look)
        self._steps.append(_Step(
            look, tracks, self._focal, before.stamp_s if before is not None else math.nan))

    def encode(self, tick_s: float) -> Encoding:
        steps = self._window(tick_s)
        if not steps:
            return self._nothing()
        for step in steps:
            if step.tracks is not None and step.flow is None:
                rotation = self._head.between(step.before_s, step.look.stamp_s)
                step.has_rotation = rotation is not None
                if rotation is not None:
                    rotation = self._mount.T @ rotation @ self._mount
                step.flow = scene.flow(step.tracks, step.focal, rotation)
        named = _features(steps)
        quality, reason = self._quality(steps, tick_s)
        if quality < LOWEST_QUALITY:
            return self.no_evidence(reason)
        return self._encoding(
            steps, named, quality, reason, model.estimate(named, self._projection))

    def _quality(self, steps: list[_Step], tick_s: float) -> tuple[float, str]:
        step = steps[-1]
        look, tracks, flow = step.look, step.tracks, step.flow
        reasons = []
        quality = 1.0
        if look.clipped > scene.FULL_EXPOSURE:
            quality = max((1.0 - look.clipped) / scene.FULL_EXPOSURE, LEAST_EXPOSURE)
            reasons.append('the picture is dark' if look.is_dark else 'the picture is saturated')
        elif look.empty == 1.0:
            quality = LEAST_EXPOSURE
            reasons.append('the picture is of one single colour: is the camera covered?')
        if scene.EMPTY_ROWS < look.empty < 1.0:
            quality *= 1.0 - look.empty
            reasons.append('the frame is torn: its last rows are empty')
        if tracks is not None and tracks.found < scene.LEAST_TRACKED:
            quality *= UNFOLLOWED
            reasons.append('the picture does not follow from the one before: torn, or a cut')
        if math.isnan(look.saturation):
            quality *= WITHOUT_COLOUR
            reasons.append('a camera without colour')
        if flow is not None and not step.has_rotation:
            quality *= WITHOUT_ROTATION
            reasons.append('head rotation unknown and not removed from the flow')
        age = tick_s - look.stamp_s
        if age > HALF_LIFE_S:
            reasons.insert(0, self._age_reason(look.stamp_s))
        return decayed(quality, age, HALF_LIFE_S), reasons[0] if reasons else ''


def _is_field(degrees: float) -> bool:
    return 1.0 <= degrees <= 179.0


def _features(steps: list[_Step]) -> dict[str, float]:
    luminance = [s.look.luminance for s in steps]
    flows = [s.flow for s in steps if s.flow is not None]
    return {
        'luminance': luminance[-1],
        'luminance_sd': float(np.std(luminance)),
        'contrast': _mean([s.look.contrast for s in steps]),
        'brightness': _mean([s.look.brightness for s in steps]),
        'saturation': _mean([s.look.saturation for s in steps]),
        'colourfulness': _mean([s.look.colourfulness for s in steps]),
        'flow_speed': _mean([f.speed for f in flows]),
        'flow_less_rotation': _mean([f.less_rotation for f in flows]),
        'looming': _mean([f.looming for f in flows]),
        'looming_max': max(_known([f.local_looming for f in flows]), default=math.nan)}


def _known(values: list[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _mean(values: list[float]) -> float:
    known = _known(values)
    return sum(known) / len(known) if known else math.nan
