# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What trackers are told of the simulated headset is how it is."""

from pathlib import Path

from affect_sensors.simulation import geometry
from affect_sensors.simulation import pupil_light_reflex
import yaml

FOLDER = Path(__file__).resolve().parents[1] / 'config' / 'simulation'


def parameters(node):
    return yaml.safe_load((FOLDER / f'{node}.param.yaml').read_text())['/**']['ros__parameters']


def test_the_eye_tracker_knows_the_simulated_eye_cameras():
    x, y = geometry.EYE_STRAIGHT_AHEAD_PX
    assert parameters('eye_tracker') == {
        'mm_per_px': geometry.EYE_MM_PER_PX, 'image_width_px': geometry.EYE_SIZE[0],
        'eye_radius_mm': geometry.EYE_ROTATION_TO_PUPIL_MM,
        'left_straight_ahead_x_px': x, 'left_straight_ahead_y_px': y,
        'right_straight_ahead_x_px': x, 'right_straight_ahead_y_px': y}


def test_the_body_encoder_knows_the_simulated_depth_camera():
    assert parameters('body_expression_encoder') == {
        'camera_pitch_down_deg': geometry.DEPTH_PITCH_DOWN_DEG}


def test_the_eye_expression_encoder_knows_the_simulated_light():
    assert parameters('eye_expression_encoder') == {
        'peak_luminance_cd_m2': geometry.WORLD_WHITE_CD_M2,
        'field_deg2': pupil_light_reflex.FIELD_DEG2, 'stray_light': 0.0}
