# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Meta: the 70 shapes of the OpenXR extension XR_FB_face_tracking2.

Names and order are those of XrFaceExpression2FB (openxr.h of OpenXR 1.1, less its prefix and
suffix). The first 63 are those of XR_FB_face_tracking, the rest are of the tongue.
"""

from affect_sensors.face_shapes.magic_leap import MIDDLE
from affect_sensors.face_shapes.magic_leap import SIDES
from affect_sensors.face_shapes.shape_set import mean
from affect_sensors.face_shapes.shape_set import on_both_sides
from affect_sensors.face_shapes.shape_set import ShapeSet

NAMES = (
    'BROW_LOWERER_L', 'BROW_LOWERER_R', 'CHEEK_PUFF_L', 'CHEEK_PUFF_R', 'CHEEK_RAISER_L',
    'CHEEK_RAISER_R', 'CHEEK_SUCK_L', 'CHEEK_SUCK_R', 'CHIN_RAISER_B', 'CHIN_RAISER_T',
    'DIMPLER_L', 'DIMPLER_R', 'EYES_CLOSED_L', 'EYES_CLOSED_R', 'EYES_LOOK_DOWN_L',
    'EYES_LOOK_DOWN_R', 'EYES_LOOK_LEFT_L', 'EYES_LOOK_LEFT_R', 'EYES_LOOK_RIGHT_L',
    'EYES_LOOK_RIGHT_R', 'EYES_LOOK_UP_L', 'EYES_LOOK_UP_R', 'INNER_BROW_RAISER_L',
    'INNER_BROW_RAISER_R', 'JAW_DROP', 'JAW_SIDEWAYS_LEFT', 'JAW_SIDEWAYS_RIGHT', 'JAW_THRUST',
    'LID_TIGHTENER_L', 'LID_TIGHTENER_R', 'LIP_CORNER_DEPRESSOR_L', 'LIP_CORNER_DEPRESSOR_R',
    'LIP_CORNER_PULLER_L', 'LIP_CORNER_PULLER_R', 'LIP_FUNNELER_LB', 'LIP_FUNNELER_LT',
    'LIP_FUNNELER_RB', 'LIP_FUNNELER_RT', 'LIP_PRESSOR_L', 'LIP_PRESSOR_R', 'LIP_PUCKER_L',
    'LIP_PUCKER_R', 'LIP_STRETCHER_L', 'LIP_STRETCHER_R', 'LIP_SUCK_LB', 'LIP_SUCK_LT',
    'LIP_SUCK_RB', 'LIP_SUCK_RT', 'LIP_TIGHTENER_L', 'LIP_TIGHTENER_R', 'LIPS_TOWARD',
    'LOWER_LIP_DEPRESSOR_L', 'LOWER_LIP_DEPRESSOR_R', 'MOUTH_LEFT', 'MOUTH_RIGHT',
    'NOSE_WRINKLER_L', 'NOSE_WRINKLER_R', 'OUTER_BROW_RAISER_L', 'OUTER_BROW_RAISER_R',
    'UPPER_LID_RAISER_L', 'UPPER_LID_RAISER_R', 'UPPER_LIP_RAISER_L', 'UPPER_LIP_RAISER_R',
    'TONGUE_TIP_INTERDENTAL', 'TONGUE_TIP_ALVEOLAR', 'TONGUE_FRONT_DORSAL_PALATE',
    'TONGUE_MID_DORSAL_PALATE', 'TONGUE_BACK_DORSAL_VELAR', 'TONGUE_OUT', 'TONGUE_RETREAT')

META = ShapeSet(
    'XR_FB_face_tracking2', NAMES,
    {
        **on_both_sides(SIDES, '_L', '_R'),
        **MIDDLE,
        **on_both_sides(
            {'eyeLookDown': 'EYES_LOOK_DOWN', 'eyeLookUp': 'EYES_LOOK_UP'}, '_L', '_R'),
        # Left is the wearer's left: away from the nose for the left eye, towards it for the right.
        'eyeLookOutLeft': mean('EYES_LOOK_LEFT_L'),
        'eyeLookInLeft': mean('EYES_LOOK_RIGHT_L'),
        'eyeLookInRight': mean('EYES_LOOK_LEFT_R'),
        'eyeLookOutRight': mean('EYES_LOOK_RIGHT_R'),
        'jawForward': mean('JAW_THRUST'),
        'jawLeft': mean('JAW_SIDEWAYS_LEFT'),
        'jawRight': mean('JAW_SIDEWAYS_RIGHT'),
        'mouthLeft': mean('MOUTH_LEFT'),
        'mouthRight': mean('MOUTH_RIGHT'),
        'mouthShrugLower': mean('CHIN_RAISER_B'),
        'mouthShrugUpper': mean('CHIN_RAISER_T'),
        'cheekPuff': mean('CHEEK_PUFF_L', 'CHEEK_PUFF_R'),
    })
