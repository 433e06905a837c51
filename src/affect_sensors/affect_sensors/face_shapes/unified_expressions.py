# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Unified Expressions, the shapes of VRCFaceTracking.

Names and order are those of its enumeration UnifiedExpressions (VRCFaceTracking 5.x), preceded by
the eye shapes that the enumeration leaves to its eye data, in the order in which it names them.
What they are in ARKit follows the table "ARKit Comparison" of its documentation; the shares of the
blended ones (a smile is four fifths corner pull and one fifth corner slant) are those by which
VRCFaceTracking itself blends them.
"""

from affect_sensors.blendshapes import NAMES as ARKIT_NAMES
from affect_sensors.face_shapes.shape_set import mean
from affect_sensors.face_shapes.shape_set import Parts
from affect_sensors.face_shapes.shape_set import ShapeSet

NAMES = (
    'EyeLookOutRight', 'EyeLookInRight', 'EyeLookUpRight', 'EyeLookDownRight',
    'EyeLookOutLeft', 'EyeLookInLeft', 'EyeLookUpLeft', 'EyeLookDownLeft',
    'EyeClosedRight', 'EyeClosedLeft', 'EyeDilationRight', 'EyeDilationLeft',
    'EyeConstrictRight', 'EyeConstrictLeft',
    'EyeSquintRight', 'EyeSquintLeft', 'EyeWideRight', 'EyeWideLeft',
    'BrowPinchRight', 'BrowPinchLeft', 'BrowLowererRight', 'BrowLowererLeft',
    'BrowInnerUpRight', 'BrowInnerUpLeft', 'BrowOuterUpRight', 'BrowOuterUpLeft',
    'NasalDilationRight', 'NasalDilationLeft', 'NasalConstrictRight', 'NasalConstrictLeft',
    'CheekSquintRight', 'CheekSquintLeft', 'CheekPuffRight', 'CheekPuffLeft',
    'CheekSuckRight', 'CheekSuckLeft',
    'JawOpen', 'JawRight', 'JawLeft', 'JawForward', 'JawBackward', 'JawClench',
    'JawMandibleRaise', 'MouthClosed',
    'LipSuckUpperRight', 'LipSuckUpperLeft', 'LipSuckLowerRight', 'LipSuckLowerLeft',
    'LipSuckCornerRight', 'LipSuckCornerLeft',
    'LipFunnelUpperRight', 'LipFunnelUpperLeft', 'LipFunnelLowerRight', 'LipFunnelLowerLeft',
    'LipPuckerUpperRight', 'LipPuckerUpperLeft', 'LipPuckerLowerRight', 'LipPuckerLowerLeft',
    'MouthUpperUpRight', 'MouthUpperUpLeft', 'MouthUpperDeepenRight', 'MouthUpperDeepenLeft',
    'NoseSneerRight', 'NoseSneerLeft', 'MouthLowerDownRight', 'MouthLowerDownLeft',
    'MouthUpperRight', 'MouthUpperLeft', 'MouthLowerRight', 'MouthLowerLeft',
    'MouthCornerPullRight', 'MouthCornerPullLeft', 'MouthCornerSlantRight',
    'MouthCornerSlantLeft', 'MouthFrownRight', 'MouthFrownLeft',
    'MouthStretchRight', 'MouthStretchLeft', 'MouthDimpleRight', 'MouthDimpleLeft',
    'MouthRaiserUpper', 'MouthRaiserLower', 'MouthPressRight', 'MouthPressLeft',
    'MouthTightenerRight', 'MouthTightenerLeft',
    'TongueOut', 'TongueUp', 'TongueDown', 'TongueRight', 'TongueLeft', 'TongueRoll',
    'TongueBendDown', 'TongueCurlUp', 'TongueSquish', 'TongueFlat', 'TongueTwistRight',
    'TongueTwistLeft',
    'SoftPalateClose', 'ThroatSwallow', 'NeckFlexRight', 'NeckFlexLeft')

_BLENDED: dict[str, Parts] = {
    'mouthClose': mean('MouthClosed'),
    'mouthFunnel': mean(
        'LipFunnelUpperRight', 'LipFunnelUpperLeft', 'LipFunnelLowerRight', 'LipFunnelLowerLeft'),
    'mouthPucker': mean(
        'LipPuckerUpperRight', 'LipPuckerUpperLeft', 'LipPuckerLowerRight', 'LipPuckerLowerLeft'),
    'mouthRollLower': mean('LipSuckLowerRight', 'LipSuckLowerLeft'),
    'mouthRollUpper': mean('LipSuckUpperRight', 'LipSuckUpperLeft'),
    'mouthShrugLower': mean('MouthRaiserLower'),
    'mouthShrugUpper': mean('MouthRaiserUpper'),
    'browInnerUp': mean('BrowInnerUpRight', 'BrowInnerUpLeft'),
    'cheekPuff': mean('CheekPuffRight', 'CheekPuffLeft'),
}
for _side in ('Left', 'Right'):
    _BLENDED['eyeBlink' + _side] = mean('EyeClosed' + _side)
    _BLENDED['mouth' + _side] = mean('MouthUpper' + _side, 'MouthLower' + _side)
    _BLENDED['mouthSmile' + _side] = (
        ('MouthCornerPull' + _side, 0.8), ('MouthCornerSlant' + _side, 0.2))
    _BLENDED['browDown' + _side] = (('BrowLowerer' + _side, 0.75), ('BrowPinch' + _side, 0.25))

UNIFIED_EXPRESSIONS = ShapeSet(
    'unified_expressions', NAMES,
    {name: _BLENDED.get(name) or mean(name[0].upper() + name[1:]) for name in ARKIT_NAMES})
