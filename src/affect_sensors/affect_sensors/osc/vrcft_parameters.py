# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
The parameters that VRCFaceTracking sends to avatars, by name.

After its definitions (UnifiedExpressionsParameters and UnifiedSimpleExpressions of
VRCFaceTracking 5, EyeTrackingParams and LipShapeMerger for the first generation). The first
generation has no ``v2/`` before its names, and some of its names mean another thing: its shapes
are those of Vive's SRanipal.

An avatar gets what it has parameters for, and among those only what changes. What no avatar can
ask for is not sent: without VRChat, switch on "Force Relevancy" in VRCFaceTracking.
"""

from affect_sensors.face_shapes.unified_expressions import NAMES
from affect_sensors.osc.vrcft_parameter import VrcftParameter

GAZE_SLOTS = ('EyeLeftX', 'EyeLeftY', 'EyeRightX', 'EyeRightY')
"""Tangents of the angle by that of the range: x positive to the wearer's right, y up."""
PUPIL_SLOTS = ('PupilDiameterLeft', 'PupilDiameterRight')
"""Millimetres."""
SLOTS = (*NAMES, *GAZE_SLOTS, *PUPIL_SLOTS)
SLOT = {name: i for i, name in enumerate(SLOTS)}
LEGACY_RANK = 1000
"""The first generation is believed where the second one says nothing."""

_ENUMERATION = NAMES[NAMES.index('EyeSquintRight'):]
"""The shapes of which each has a parameter of its own."""


def _both(name: str) -> tuple[str, ...]:
    return name + 'Left', name + 'Right'


def _four(name: str) -> tuple[str, ...]:
    return (*_both(name + 'Upper'), *_both(name + 'Lower'))


_SMILE_LEFT = ('MouthCornerPullLeft', 'MouthCornerSlantLeft')
_SMILE_RIGHT = ('MouthCornerPullRight', 'MouthCornerSlantRight')
_BROW_DOWN_LEFT = ('BrowLowererLeft', 'BrowPinchLeft')
_BROW_DOWN_RIGHT = ('BrowLowererRight', 'BrowPinchRight')
_BROW_UP_LEFT = ('BrowOuterUpLeft', 'BrowInnerUpLeft')
_BROW_UP_RIGHT = ('BrowOuterUpRight', 'BrowInnerUpRight')

_SIGNLESS = {
    'EyeWide': _both('EyeWide'),
    'EyeSquint': _both('EyeSquint'),
    'EyesSquint': _both('EyeSquint'),
    'EyeClosedLeft': ('EyeClosedLeft',),
    'EyeClosedRight': ('EyeClosedRight',),
    'EyeClosed': _both('EyeClosed'),
    'BrowUpLeft': _BROW_UP_LEFT,
    'BrowUpRight': _BROW_UP_RIGHT,
    'BrowUp': (*_BROW_UP_LEFT, *_BROW_UP_RIGHT),
    'BrowDownLeft': _BROW_DOWN_LEFT,
    'BrowDownRight': _BROW_DOWN_RIGHT,
    'BrowDown': (*_BROW_DOWN_LEFT, *_BROW_DOWN_RIGHT),
    'BrowInnerUp': _both('BrowInnerUp'),
    'BrowOuterUp': _both('BrowOuterUp'),
    'CheekSquint': _both('CheekSquint'),
    'CheekSuck': _both('CheekSuck'),
    'LipSuckUpper': _both('LipSuckUpper'),
    'LipSuckLower': _both('LipSuckLower'),
    'LipSuck': _four('LipSuck'),
    'LipFunnelUpper': _both('LipFunnelUpper'),
    'LipFunnelLower': _both('LipFunnelLower'),
    'LipFunnel': _four('LipFunnel'),
    'LipPuckerUpper': _both('LipPuckerUpper'),
    'LipPuckerLower': _both('LipPuckerLower'),
    'LipPuckerLeft': ('LipPuckerUpperLeft', 'LipPuckerLowerLeft'),
    'LipPuckerRight': ('LipPuckerUpperRight', 'LipPuckerLowerRight'),
    'LipPucker': _four('LipPucker'),
    'MouthUpperUp': _both('MouthUpperUp'),
    'MouthLowerDown': _both('MouthLowerDown'),
    'MouthOpen': (*_both('MouthUpperUp'), *_both('MouthLowerDown')),
    'MouthStretch': _both('MouthStretch'),
    'MouthTightener': _both('MouthTightener'),
    'MouthPress': _both('MouthPress'),
    'MouthDimple': _both('MouthDimple'),
    'NoseSneer': _both('NoseSneer'),
    'MouthSmileLeft': _SMILE_LEFT,
    'MouthSmileRight': _SMILE_RIGHT,
    # The greater one of frown and stretch: which of them it was is lost; sadness is the frown.
    'MouthSadLeft': ('MouthFrownLeft',),
    'MouthSadRight': ('MouthFrownRight',),
}

_SIGNED = {
    'BrowExpressionLeft': (_BROW_UP_LEFT, _BROW_DOWN_LEFT),
    'BrowExpressionRight': (_BROW_UP_RIGHT, _BROW_DOWN_RIGHT),
    'BrowExpression': (
        (*_BROW_UP_LEFT, *_BROW_UP_RIGHT), (*_BROW_DOWN_LEFT, *_BROW_DOWN_RIGHT)),
    'JawX': (('JawRight',), ('JawLeft',)),
    'JawZ': (('JawForward',), ('JawBackward',)),
    'CheekPuffSuckLeft': (('CheekPuffLeft',), ('CheekSuckLeft',)),
    'CheekPuffSuckRight': (('CheekPuffRight',), ('CheekSuckRight',)),
    'CheekPuffSuck': (_both('CheekPuff'), _both('CheekSuck')),
    'MouthUpperX': (('MouthUpperRight',), ('MouthUpperLeft',)),
    'MouthLowerX': (('MouthLowerRight',), ('MouthLowerLeft',)),
    'MouthX': (('MouthUpperRight', 'MouthLowerRight'), ('MouthUpperLeft', 'MouthLowerLeft')),
    'LipSuckFunnelUpper': (_both('LipSuckUpper'), _both('LipFunnelUpper')),
    'LipSuckFunnelLower': (_both('LipSuckLower'), _both('LipFunnelLower')),
    **{f'LipSuckFunnel{lip}{side}': ((f'LipSuck{lip}{side}',), (f'LipFunnel{lip}{side}',))
       for lip in ('Upper', 'Lower') for side in ('Left', 'Right')},
    'MouthTightenerStretch': (_both('MouthTightener'), _both('MouthStretch')),
    'MouthTightenerStretchLeft': (('MouthTightenerLeft',), ('MouthStretchLeft',)),
    'MouthTightenerStretchRight': (('MouthTightenerRight',), ('MouthStretchRight',)),
    'MouthCornerYLeft': (('MouthCornerSlantLeft',), ('MouthFrownLeft',)),
    'MouthCornerYRight': (('MouthCornerSlantRight',), ('MouthFrownRight',)),
    'MouthCornerY': (_both('MouthCornerSlant'), _both('MouthFrown')),
    'SmileFrownLeft': (_SMILE_LEFT, ('MouthFrownLeft',)),
    'SmileFrownRight': (_SMILE_RIGHT, ('MouthFrownRight',)),
    'SmileFrown': ((*_SMILE_LEFT, *_SMILE_RIGHT), _both('MouthFrown')),
    'SmileSadLeft': (_SMILE_LEFT, ('MouthFrownLeft',)),
    'SmileSadRight': (_SMILE_RIGHT, ('MouthFrownRight',)),
    'SmileSad': ((*_SMILE_LEFT, *_SMILE_RIGHT), _both('MouthFrown')),
    'TongueX': (('TongueRight',), ('TongueLeft',)),
    'TongueY': (('TongueUp',), ('TongueDown',)),
    'TongueArchY': (('TongueCurlUp',), ('TongueBendDown',)),
    'TongueShape': (('TongueFlat',), ('TongueSquish',)),
}

_LEGACY_SIGNLESS = {
    'LeftEyeWiden': ('EyeWideLeft',),
    'RightEyeWiden': ('EyeWideRight',),
    'EyeWiden': _both('EyeWide'),
    'LeftEyeSqueeze': ('EyeSquintLeft',),
    'RightEyeSqueeze': ('EyeSquintRight',),
    'EyesSqueeze': _both('EyeSquint'),
    'BrowsInnerUp': _both('BrowInnerUp'),
    'BrowsOuterUp': _both('BrowOuterUp'),
    'BrowsDown': (*_BROW_DOWN_LEFT, *_BROW_DOWN_RIGHT),
    'CheeksSquint': _both('CheekSquint'),
    'MouthApeShape': ('MouthClosed',),
    'MouthPout': _four('LipPucker'),
    'MouthUpperOverturn': _both('LipFunnelUpper'),
    'MouthLowerOverturn': _both('LipFunnelLower'),
    'MouthUpperInside': _both('LipSuckUpper'),
    'MouthLowerInside': _both('LipSuckLower'),
    'MouthLowerOverlay': ('MouthRaiserLower',),
}

_LEGACY_SIGNED = {
    'MouthUpper': _SIGNED['MouthUpperX'],
    'MouthLower': _SIGNED['MouthLowerX'],
    'PuffSuckLeft': _SIGNED['CheekPuffSuckLeft'],
    'PuffSuckRight': _SIGNED['CheekPuffSuckRight'],
    'PuffSuck': _SIGNED['CheekPuffSuck'],
}


def _slots(names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(SLOT[name] for name in names)


def _parameter(
    plus: tuple[str, ...], minus: tuple[str, ...] = (), *, legacy: bool = False, **rest,
) -> VrcftParameter:
    rank = len(plus) + len(minus) + LEGACY_RANK * legacy
    return VrcftParameter(_slots(plus), _slots(minus), rank=rank, **rest)


def _shapes(
    signless: dict[str, tuple[str, ...]],
    signed: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], *, legacy: bool = False,
) -> dict[str, VrcftParameter]:
    return {
        **{name: _parameter(plus, legacy=legacy) for name, plus in signless.items()},
        **{name: _parameter(*both, legacy=legacy) for name, both in signed.items()}}


_SINGLE = {name: (name,) for name in _ENUMERATION}

PARAMETERS: dict[str, VrcftParameter] = {
    **_shapes(_SINGLE | _SIGNLESS, _SIGNED),
    'EyeOpenLeft': _parameter(('EyeClosedLeft',), kind='open'),
    'EyeOpenRight': _parameter(('EyeClosedRight',), kind='open'),
    'EyeOpen': _parameter(_both('EyeClosed'), kind='open'),
    'EyeLidLeft': _parameter(
        ('EyeClosedLeft', 'EyeWideLeft'), kind='lid', wide_from=0.75),
    'EyeLidRight': _parameter(
        ('EyeClosedRight', 'EyeWideRight'), kind='lid', wide_from=0.75),
    'EyeLid': _parameter(
        (*_both('EyeClosed'), *_both('EyeWide')), kind='lid', wide_from=0.75),
    'EyeLeftX': _parameter(('EyeLeftX',), kind='gaze'),
    'EyeLeftY': _parameter(('EyeLeftY',), kind='gaze'),
    'EyeRightX': _parameter(('EyeRightX',), kind='gaze'),
    'EyeRightY': _parameter(('EyeRightY',), kind='gaze'),
    'EyeX': _parameter(('EyeLeftX', 'EyeRightX'), kind='gaze'),
    'EyeY': _parameter(('EyeLeftY', 'EyeRightY'), kind='gaze'),
    # A tenth of the diameter, so that it fits [0, 1]. PupilDilation is none: it is stretched
    # between the least and the greatest diameter since VRCFaceTracking started.
    'PupilDiameterLeft': _parameter(('PupilDiameterLeft',), kind='pupil', pupil_unit_mm=10.0),
    'PupilDiameterRight': _parameter(('PupilDiameterRight',), kind='pupil', pupil_unit_mm=10.0),
    'PupilDiameter': _parameter(PUPIL_SLOTS, kind='pupil', pupil_unit_mm=10.0),
}
"""Second generation: what follows ``v2/`` in an address."""

LEGACY_PARAMETERS: dict[str, VrcftParameter] = {
    **_shapes(_SINGLE | _SIGNLESS | _LEGACY_SIGNLESS, _SIGNED | _LEGACY_SIGNED, legacy=True),
    'LeftEyeLid': _parameter(('EyeClosedLeft',), kind='open', legacy=True),
    'RightEyeLid': _parameter(('EyeClosedRight',), kind='open', legacy=True),
    'CombinedEyeLid': _parameter(_both('EyeClosed'), kind='open', legacy=True),
    'LeftEyeLidExpanded': _parameter(
        ('EyeClosedLeft', 'EyeWideLeft'), kind='lid', wide_from=0.8, legacy=True),
    'RightEyeLidExpanded': _parameter(
        ('EyeClosedRight', 'EyeWideRight'), kind='lid', wide_from=0.8, legacy=True),
    'EyeLidExpanded': _parameter(
        (*_both('EyeClosed'), *_both('EyeWide')), kind='lid', wide_from=0.8, legacy=True),
    'LeftEyeLidExpandedSqueeze': _parameter(
        ('EyeClosedLeft', 'EyeWideLeft'), ('EyeSquintLeft',), kind='lid', wide_from=0.8,
        legacy=True),
    'RightEyeLidExpandedSqueeze': _parameter(
        ('EyeClosedRight', 'EyeWideRight'), ('EyeSquintRight',), kind='lid', wide_from=0.8,
        legacy=True),
    'EyeLidExpandedSqueeze': _parameter(
        (*_both('EyeClosed'), *_both('EyeWide')), _both('EyeSquint'), kind='lid', wide_from=0.8,
        legacy=True),
    'LeftEyeX': _parameter(('EyeLeftX',), kind='gaze', legacy=True),
    'LeftEyeY': _parameter(('EyeLeftY',), kind='gaze', legacy=True),
    'RightEyeX': _parameter(('EyeRightX',), kind='gaze', legacy=True),
    'RightEyeY': _parameter(('EyeRightY',), kind='gaze', legacy=True),
    'EyesX': _parameter(('EyeLeftX', 'EyeRightX'), kind='gaze', legacy=True),
    'EyesY': _parameter(('EyeLeftY', 'EyeRightY'), kind='gaze', legacy=True),
    'EyesPupilDiameter': _parameter(PUPIL_SLOTS, kind='pupil', legacy=True),
}
"""First generation."""
