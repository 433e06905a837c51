# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Magic Leap 2: the 46 shapes of the OpenXR extension XR_ML_facial_expression.

Names and order are those of XrFacialBlendShapeML (openxr.h of OpenXR 1.1, less its prefix and
suffix). Most are action units of the Facial Action Coding System (Ekman, Friesen & Hager, FACS,
2002) by name, and meet ARKit's shapes by the muscle that both move.
"""

from affect_sensors.face_shapes.shape_set import mean
from affect_sensors.face_shapes.shape_set import on_both_sides
from affect_sensors.face_shapes.shape_set import ShapeSet

NAMES = (
    'BROW_LOWERER_L', 'BROW_LOWERER_R', 'CHEEK_RAISER_L', 'CHEEK_RAISER_R', 'CHIN_RAISER',
    'DIMPLER_L', 'DIMPLER_R', 'EYES_CLOSED_L', 'EYES_CLOSED_R', 'INNER_BROW_RAISER_L',
    'INNER_BROW_RAISER_R', 'JAW_DROP', 'LID_TIGHTENER_L', 'LID_TIGHTENER_R',
    'LIP_CORNER_DEPRESSOR_L', 'LIP_CORNER_DEPRESSOR_R', 'LIP_CORNER_PULLER_L',
    'LIP_CORNER_PULLER_R', 'LIP_FUNNELER_LB', 'LIP_FUNNELER_LT', 'LIP_FUNNELER_RB',
    'LIP_FUNNELER_RT', 'LIP_PRESSOR_L', 'LIP_PRESSOR_R', 'LIP_PUCKER_L', 'LIP_PUCKER_R',
    'LIP_STRETCHER_L', 'LIP_STRETCHER_R', 'LIP_SUCK_LB', 'LIP_SUCK_LT', 'LIP_SUCK_RB',
    'LIP_SUCK_RT', 'LIP_TIGHTENER_L', 'LIP_TIGHTENER_R', 'LIPS_TOWARD',
    'LOWER_LIP_DEPRESSOR_L', 'LOWER_LIP_DEPRESSOR_R', 'NOSE_WRINKLER_L', 'NOSE_WRINKLER_R',
    'OUTER_BROW_RAISER_L', 'OUTER_BROW_RAISER_R', 'UPPER_LID_RAISER_L', 'UPPER_LID_RAISER_R',
    'UPPER_LIP_RAISER_L', 'UPPER_LIP_RAISER_R', 'TONGUE_OUT')

SIDES = {
    'eyeBlink': 'EYES_CLOSED',               # AU 43 and 45
    'eyeSquint': 'LID_TIGHTENER',            # AU 7
    'eyeWide': 'UPPER_LID_RAISER',           # AU 5
    'mouthSmile': 'LIP_CORNER_PULLER',       # AU 12
    'mouthFrown': 'LIP_CORNER_DEPRESSOR',    # AU 15
    'mouthDimple': 'DIMPLER',                # AU 14
    'mouthStretch': 'LIP_STRETCHER',         # AU 20
    'mouthPress': 'LIP_PRESSOR',             # AU 24
    'mouthLowerDown': 'LOWER_LIP_DEPRESSOR',  # AU 16
    'mouthUpperUp': 'UPPER_LIP_RAISER',      # AU 10
    'browDown': 'BROW_LOWERER',              # AU 4
    'browOuterUp': 'OUTER_BROW_RAISER',      # AU 2
    'cheekSquint': 'CHEEK_RAISER',           # AU 6
    'noseSneer': 'NOSE_WRINKLER',            # AU 9
}
"""What Magic Leap and Meta call alike, by side."""

MIDDLE = {
    'jawOpen': mean('JAW_DROP'),             # AU 26 and 27
    # AU 8, the lips brought together while the jaw is open: what Apple calls mouthClose.
    'mouthClose': mean('LIPS_TOWARD'),
    'mouthFunnel': mean(                     # AU 22
        'LIP_FUNNELER_LB', 'LIP_FUNNELER_LT', 'LIP_FUNNELER_RB', 'LIP_FUNNELER_RT'),
    'mouthPucker': mean('LIP_PUCKER_L', 'LIP_PUCKER_R'),      # AU 18
    'mouthRollLower': mean('LIP_SUCK_LB', 'LIP_SUCK_RB'),     # AU 28
    'mouthRollUpper': mean('LIP_SUCK_LT', 'LIP_SUCK_RT'),
    'browInnerUp': mean('INNER_BROW_RAISER_L', 'INNER_BROW_RAISER_R'),  # AU 1
    'tongueOut': mean('TONGUE_OUT'),         # AU 19
}
"""What they call alike and ARKit does not divide into sides."""

_GAZE = 'the eyes of Magic Leap 2 are told by its gaze tracker, not as shapes'
_JAW = 'no shape for a jaw that moves forward or sideways'
_SIDEWAYS = 'no shape for a mouth that moves sideways'

MAGIC_LEAP = ShapeSet(
    'XR_ML_facial_expression', NAMES,
    {
        **on_both_sides(SIDES, '_L', '_R'),
        **MIDDLE,
        'mouthShrugLower': mean('CHIN_RAISER'),  # AU 17: the mentalis lifts the lower lip
    },
    {
        **{f'eyeLook{way}{side}': _GAZE
           for way in ('Down', 'In', 'Out', 'Up') for side in ('Left', 'Right')},
        'jawForward': _JAW, 'jawLeft': _JAW, 'jawRight': _JAW,
        'mouthLeft': _SIDEWAYS, 'mouthRight': _SIDEWAYS,
        'mouthShrugUpper': 'one chin raiser for both lips; the upper one only follows',
        'cheekPuff': 'no shape for blown-up cheeks',
    })
