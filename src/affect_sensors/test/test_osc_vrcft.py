# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the parameters of VRCFaceTracking say about face and eyes."""

import math

from affect_sensors.blendshapes import NAMES
from affect_sensors.face_shapes.unified_expressions import UNIFIED_EXPRESSIONS
from affect_sensors.osc.osc_gaze import osc_gaze_row
from affect_sensors.osc.osc_packet import OscMessage
from affect_sensors.osc.vrcft_parameters import LEGACY_PARAMETERS
from affect_sensors.osc.vrcft_parameters import PARAMETERS
from affect_sensors.osc.vrcft_state import VrcftState
import numpy as np
import pytest

PREFIX = '/avatar/parameters/'


class Listening:
    """A state and the complaints that it made."""

    def __init__(self, **options):
        self.complaints = []
        self.state = VrcftState(lambda *what: self.complaints.append(what), **options)

    def tell(self, **values):
        """Tell parameters of the second generation."""
        for name, value in values.items():
            assert self.state.take(OscMessage(f'{PREFIX}v2/{name}', (value,)))
        return self

    def hear(self, address, *arguments):
        return self.state.take(OscMessage(address, arguments))

    @property
    def weights(self):
        """Return the known weights of ARKit by name."""
        values = UNIFIED_EXPRESSIONS.to_arkit(self.state.shapes()).tolist()
        return {n: v for n, v in zip(NAMES, values, strict=True) if not math.isnan(v)}

    @property
    def gaze(self):
        """Return the known fields of the gaze sample."""
        row = osc_gaze_row(self.state)
        if row is None:
            return None
        return {name: float(row[name]) for name in row.dtype.names if not np.isnan(row[name])}


@pytest.fixture
def heard():
    """Give a state to talk to."""
    return Listening()


def test_nothing_is_known_before_the_first_message(heard):
    assert heard.weights == {}
    assert heard.gaze is None


def test_a_told_shape_is_observed_and_the_others_are_not(heard):
    heard.tell(JawOpen=0.4)
    assert heard.weights == {'jawOpen': pytest.approx(0.4)}
    heard.tell(TongueOut=0.0)
    assert heard.weights == {'jawOpen': pytest.approx(0.4), 'tongueOut': 0.0}


@pytest.mark.parametrize('address', [
    '/avatar/parameters/v2/JawOpen', '/avatar/parameters/FT/v2/JawOpen',
    '/avatar/parameters/My/Avatar/FT/v2/JawOpen', '/FT/v2/JawOpen', '/v2/JawOpen', '/JawOpen',
    '/avatar/parameters/JawOpen', '/avatar/parameters/FT/JawOpen'])
def test_prefixes_and_folders_of_avatars_are_looked_through(heard, address):
    assert heard.hear(address, 0.25)
    assert heard.weights == {'jawOpen': pytest.approx(0.25)}


def test_a_value_holds_until_it_is_told_anew(heard):
    heard.tell(JawOpen=0.4)
    for _ in range(100):
        heard.tell(MouthPressLeft=0.1)
    assert heard.weights['jawOpen'] == pytest.approx(0.4)
    heard.tell(JawOpen=0.6)
    assert heard.weights['jawOpen'] == pytest.approx(0.6)


@pytest.mark.parametrize(('parameter', 'value', 'expected'), [
    ('MouthSmileLeft', 0.7, {'mouthSmileLeft': 0.7}),
    ('SmileFrownLeft', 0.7, {'mouthSmileLeft': 0.7, 'mouthFrownLeft': 0.0}),
    ('SmileFrownLeft', -0.7, {'mouthSmileLeft': 0.0, 'mouthFrownLeft': 0.7}),
    ('SmileFrown', -0.5, {'mouthSmileLeft': 0.0, 'mouthSmileRight': 0.0,
                          'mouthFrownLeft': 0.5, 'mouthFrownRight': 0.5}),
    ('SmileSadRight', -0.5, {'mouthSmileRight': 0.0, 'mouthFrownRight': 0.5}),
    ('BrowExpressionRight', 0.6, {'browOuterUpRight': 0.6, 'browDownRight': 0.0}),
    ('BrowExpression', -0.4, {'browOuterUpLeft': 0.0, 'browOuterUpRight': 0.0,
                              'browInnerUp': 0.0, 'browDownLeft': 0.4, 'browDownRight': 0.4}),
    ('BrowInnerUp', 0.3, {'browInnerUp': 0.3}),
    ('JawX', 0.5, {'jawRight': 0.5, 'jawLeft': 0.0}),
    ('JawX', -0.5, {'jawRight': 0.0, 'jawLeft': 0.5}),
    ('JawZ', 0.5, {'jawForward': 0.5}),
    ('MouthX', -0.5, {'mouthLeft': 0.5, 'mouthRight': 0.0}),
    ('CheekPuffSuck', 0.8, {'cheekPuff': 0.8}),
    ('CheekPuffSuck', -0.8, {'cheekPuff': 0.0}),
    ('LipPucker', 0.8, {'mouthPucker': 0.8}),
    ('LipFunnel', 0.8, {'mouthFunnel': 0.8}),
    ('LipSuckUpper', 0.8, {'mouthRollUpper': 0.8}),
    ('LipSuck', 0.8, {'mouthRollUpper': 0.8, 'mouthRollLower': 0.8}),
    ('LipSuckFunnelUpper', 0.8, {'mouthRollUpper': 0.8}),
    ('MouthClosed', 0.3, {'mouthClose': 0.3}),
    ('MouthRaiserLower', 0.3, {'mouthShrugLower': 0.3}),
    ('MouthOpen', 0.2, {'mouthUpperUpLeft': 0.2, 'mouthUpperUpRight': 0.2,
                        'mouthLowerDownLeft': 0.2, 'mouthLowerDownRight': 0.2}),
    ('EyeSquint', 0.2, {'eyeSquintLeft': 0.2, 'eyeSquintRight': 0.2}),
    ('EyeOpenLeft', 0.2, {'eyeBlinkLeft': 0.8}),
    ('EyeClosed', 0.2, {'eyeBlinkLeft': 0.2, 'eyeBlinkRight': 0.2}),
    ('EyeLidLeft', 0.375, {'eyeBlinkLeft': 0.5, 'eyeWideLeft': 0.0}),
    ('EyeLidLeft', 0.75, {'eyeBlinkLeft': 0.0, 'eyeWideLeft': 0.0}),
    ('EyeLidRight', 1.0, {'eyeBlinkRight': 0.0, 'eyeWideRight': 1.0}),
    # x is to the wearer's right: in for the left eye.
    ('EyeLeftX', 0.5, {'eyeLookInLeft': 0.5, 'eyeLookOutLeft': 0.0}),
    ('EyeX', -0.5, {'eyeLookInLeft': 0.0, 'eyeLookOutLeft': 0.5, 'eyeLookInRight': 0.5,
                    'eyeLookOutRight': 0.0}),
    ('EyeRightY', 0.5, {'eyeLookUpRight': 0.5, 'eyeLookDownRight': 0.0}),
])
def test_what_a_parameter_says(heard, parameter, value, expected):
    heard.tell(**{parameter: value})
    assert heard.weights == pytest.approx(expected)


@pytest.mark.parametrize('address', [
    'MouthPout', 'LeftEyeWiden', 'BrowsInnerUp', 'MouthUpper', 'PuffSuckLeft', 'EyesX',
    'LeftEyeLid', 'RightEyeLidExpandedSqueeze', 'EyesSqueeze'])
def test_the_first_generation_has_names_of_its_own(heard, address):
    assert heard.hear(PREFIX + address, 0.5)
    assert np.nanmax(heard.state.shapes()) > 0.0
    assert not heard.state.take(OscMessage(f'{PREFIX}v2/{address}', (0.5,)))


def test_a_squeezed_eye_of_the_first_generation(heard):
    heard.hear(PREFIX + 'LeftEyeLidExpandedSqueeze', -0.4)
    assert heard.weights == pytest.approx(
        {'eyeBlinkLeft': 1.0, 'eyeWideLeft': 0.0, 'eyeSquintLeft': 0.4})


@pytest.mark.parametrize('table', [PARAMETERS, LEGACY_PARAMETERS], ids=['v2', 'first'])
def test_every_parameter_moves_what_it_tells_and_stays_in_range(table):
    prefix = PREFIX + ('v2/' if table is PARAMETERS else '')
    for name in table:
        for value in (-1.0, -0.5, 0.0, 0.3, 1.0):
            heard = Listening()
            assert heard.hear(prefix + name, value), name
            shapes = heard.state.shapes()
            assert ((shapes >= 0.0) & (shapes <= 1.0) | np.isnan(shapes)).all(), name
        told = heard.state.shapes()[np.isfinite(heard.state.shapes())]
        if 'Pupil' in name:
            assert len(told) == 0
        elif table[name].kind == 'open':
            assert set(told) == {0.0}, name
        else:
            assert told.max() == 1.0, name


def test_the_most_specific_parameter_is_believed_in_any_order(heard):
    told = [
        ('SmileSad', -0.9), ('SmileFrownLeft', 0.3), ('MouthFrownLeft', 0.1), ('SmileSad', 0.8)]
    for order in (told, told[::-1]):
        heard = Listening()
        for name, value in order:
            heard.tell(**{name: value})
        assert heard.weights['mouthSmileLeft'] == pytest.approx(0.3)
        assert heard.weights['mouthFrownLeft'] == pytest.approx(0.1)


def test_the_second_generation_is_believed_before_the_first(heard):
    heard.hear(PREFIX + 'JawOpen', 0.1)   # SRanipal's: less what the lips close
    heard.tell(JawOpen=0.6)
    heard.hear(PREFIX + 'JawOpen', 0.2)
    assert heard.weights == pytest.approx({'jawOpen': 0.6})


def test_a_bool_of_a_float_parameter_says_nothing_new(heard):
    """With all parameters enabled VRCFaceTracking sends both under one address."""
    heard.tell(JawOpen=0.6)
    heard.tell(JawOpen=False)
    assert heard.weights == pytest.approx({'jawOpen': 0.6})
    assert heard.complaints == []


@pytest.mark.parametrize('bits', [1, 2, 3, 4])
@pytest.mark.parametrize('value', [0.0, 0.12, 0.5, 0.77, 1.0, -0.3, -1.0])
def test_values_in_bits_are_put_together(heard, bits, value):
    """Bits as VRCFaceTracking makes them (BinaryBaseParameter): |value| * 2^n, rounded down."""
    whole = min(int(abs(value) * 2**bits), 2**bits - 1)
    for i in reversed(range(bits)):
        assert heard.hear(f'{PREFIX}FT/v2/JawX{2**i}', bool(whole >> i & 1))
    heard.hear(f'{PREFIX}FT/v2/JawXNegative', value < 0.0)
    made = heard.weights['jawRight'] - heard.weights['jawLeft']
    assert made == pytest.approx(value, abs=2.0**-bits)
    assert (made == value) == (abs(value) in (0.0, 1.0))
    assert heard.complaints == []


def test_bits_are_no_value_until_the_lower_ones_are_told(heard):
    heard.hear(f'{PREFIX}v2/JawOpen4', True)
    heard.hear(f'{PREFIX}v2/JawOpen2', True)
    assert heard.weights == {}
    heard.hear(f'{PREFIX}v2/JawOpen1', False)
    assert heard.weights == pytest.approx({'jawOpen': 6 / 7})


def test_a_float_is_believed_before_its_bits(heard):
    heard.tell(JawOpen=0.6)
    heard.hear(f'{PREFIX}v2/JawOpen1', True)
    assert heard.weights == pytest.approx({'jawOpen': 0.6})


def test_gaze_is_in_degrees_to_the_left_and_up(heard):
    heard.tell(EyeLeftX=-1.0, EyeLeftY=0.0, EyeRightX=0.0, EyeRightY=0.5)
    gaze = heard.gaze
    assert gaze['left_azimuth_deg'] == pytest.approx(45.0)
    assert gaze['left_elevation_deg'] == pytest.approx(0.0)
    assert gaze['right_azimuth_deg'] == pytest.approx(0.0)
    assert gaze['right_elevation_deg'] == pytest.approx(math.degrees(math.atan(0.5)))
    assert gaze['azimuth_deg'] == pytest.approx(22.5)
    assert 'vergence_distance_m' not in gaze
    assert 'left_pupil_diameter_mm' not in gaze


def test_the_range_of_gaze_can_be_another():
    heard = Listening(gaze_range_deg=30.0).tell(EyeX=1.0, EyeY=0.0)
    assert heard.gaze['azimuth_deg'] == pytest.approx(-30.0)


def test_vrchats_own_eye_addresses(heard):
    assert heard.hear('/tracking/eye/LeftRightPitchYaw', 10.0, -20.0, 5.0, 15.0)
    assert heard.hear('/tracking/eye/EyesClosedAmount', 0.25)
    gaze = heard.gaze
    assert gaze['left_azimuth_deg'] == pytest.approx(20.0)
    assert gaze['right_azimuth_deg'] == pytest.approx(-15.0)
    assert gaze['left_elevation_deg'] < 0.0
    assert gaze['left_openness'] == gaze['right_openness'] == pytest.approx(0.75)
    assert heard.hear('/tracking/eye/CenterPitchYaw', -10.0, 0.0)
    assert heard.gaze['left_azimuth_deg'] == pytest.approx(20.0)   # each eye by itself says more


def test_a_centre_without_eyes_is_of_both_eyes(heard):
    heard.hear('/tracking/eye/CenterPitchYaw', -10.0, 0.0)
    assert heard.gaze['elevation_deg'] == pytest.approx(10.0)
    assert heard.gaze['azimuth_deg'] == pytest.approx(0.0)


def test_a_closed_eye_has_no_direction_and_no_pupil(heard):
    heard.tell(EyeX=0.2, EyeY=0.1, PupilDiameterLeft=0.4, EyeOpenLeft=1.0, EyeOpenRight=1.0)
    heard.tell(EyeOpenLeft=0.05)
    gaze = heard.gaze
    assert gaze['left_openness'] == pytest.approx(0.05)
    assert not [name for name in gaze if name.startswith('left_') and 'openness' not in name]
    assert gaze['azimuth_deg'] == gaze['right_azimuth_deg'] == pytest.approx(-11.3, abs=0.1)
    heard.tell(EyeOpenRight=0.0)
    assert set(heard.gaze) == {'left_openness', 'right_openness'}


def test_pupils_are_in_millimetres_or_unknown(heard):
    heard.tell(PupilDiameterLeft=0.42, PupilDiameterRight=0.0, EyeOpen=1.0)
    assert heard.gaze['left_pupil_diameter_mm'] == pytest.approx(4.2)
    assert 'right_pupil_diameter_mm' not in heard.gaze   # 0 is a tracker that does not see it
    other = Listening()
    # Stretched between the extremes of the session, by VRCFaceTracking: no length.
    assert not other.hear(PREFIX + 'v2/PupilDilation', 0.5)
    assert other.gaze is None
    other.hear(PREFIX + 'EyesPupilDiameter', 3.5)
    assert other.gaze['right_pupil_diameter_mm'] == pytest.approx(3.5)


def test_a_tracker_that_is_off_says_nothing(heard):
    heard.tell(JawOpen=0.5, EyeX=0.1, EyeY=0.0, EyeOpen=1.0)
    heard.hear(PREFIX + 'EyeTrackingActive', False)
    assert heard.gaze is None
    assert heard.weights == {'jawOpen': 0.5}
    heard.hear(PREFIX + 'EyeTrackingActive', True)
    assert heard.gaze['azimuth_deg'] < 0.0
    heard.hear(PREFIX + 'LipTrackingActive', False)
    assert 'jawOpen' not in heard.weights
    assert 'eyeBlinkLeft' in heard.weights


def test_another_avatar_begins_anew(heard):
    heard.tell(JawOpen=0.5)
    heard.hear('/avatar/change', 'avtr_x')
    assert heard.weights == {}
    heard.tell(SmileSad=0.5)
    assert heard.weights['mouthSmileLeft'] == pytest.approx(0.5)


@pytest.mark.parametrize('value', [1.5, -0.2, math.nan, math.inf, -math.inf, 1e30, 2**40])
def test_a_weight_out_of_range_is_not_observed_and_is_told(heard, value):
    heard.tell(JawOpen=0.5, MouthPressLeft=0.2)
    heard.tell(JawOpen=value)
    assert heard.weights == pytest.approx({'mouthPressLeft': 0.2})
    (source, reason, _), = heard.complaints
    assert (source, reason) == ('osc JawOpen', 'out of range')
    heard.tell(JawOpen=0.7)
    assert heard.weights['jawOpen'] == pytest.approx(0.7)


def test_a_little_overshoot_is_cut(heard):
    heard.tell(JawOpen=1.01, JawX=-1.01, MouthPressLeft=-0.01)
    assert heard.weights == {
        'jawOpen': 1.0, 'jawLeft': 1.0, 'jawRight': 0.0, 'mouthPressLeft': 0.0}
    assert heard.complaints == []


@pytest.mark.parametrize('arguments', [(), ('much',), (None,), (0.1, 0.2), ([0.5],), (b'x',)])
def test_arguments_that_are_no_number_are_told_and_change_nothing(heard, arguments):
    heard.tell(JawOpen=0.5)
    for address in ('v2/JawOpen', 'v2/JawOpen1', 'EyeTrackingActive'):
        heard.hear(PREFIX + address, *arguments)
    heard.hear('/tracking/eye/LeftRightPitchYaw', *arguments)
    assert heard.weights == {'jawOpen': 0.5}
    assert len(heard.complaints) == 4


def test_foreign_addresses_are_counted_without_filling_the_memory(heard):
    for i in range(10_000):
        assert not heard.hear(f'/avatar/parameters/Tail/{i}' + 'x' * 300, 0.5)
    assert heard.state.foreign == 10_000
    assert len(heard.state.foreign_addresses) == 5
    assert all(len(address) <= 80 for address in heard.state.foreign_addresses)
    assert len(heard.state._handlers) <= 4096
    assert heard.complaints == []


def test_a_foreign_address_writes_nothing_into_a_terminal(heard):
    heard.hear('/a\x1b[31m\nall is well', 0.5)
    assert heard.state.foreign_addresses == ['/a?[31m?all is well']
    heard.tell(JawOpen=0.5)
    assert heard.weights == {'jawOpen': 0.5}


@pytest.mark.parametrize('address', [
    '', '/', '//', 'JawOpen3', '/avatar/parameters/v2/', '/avatar/parameters/v2/Negative',
    '/avatar/parameters/v2/JawOpen3', '/avatar/parameters/v2/jawopen', '/v2',
    '/avatar/v2/Head/Yaw'])
def test_addresses_that_are_almost_one_are_foreign(heard, address):
    assert not heard.hear(address, 0.5)
    assert heard.weights == {}


def test_no_message_makes_more_than_weights_angles_and_lengths():
    """Every address with any argument, in any order."""
    random = np.random.default_rng(9)
    addresses = [
        *(f'{PREFIX}v2/{name}' for name in PARAMETERS), *(PREFIX + n for n in LEGACY_PARAMETERS),
        *(f'{PREFIX}v2/{name}{bit}' for name in PARAMETERS for bit in (1, 2, 4, 'Negative')),
        *(PREFIX + n for n in ('EyeTrackingActive', 'LipTrackingActive')), '/avatar/change',
        '/tracking/eye/LeftRightPitchYaw', '/tracking/eye/CenterPitchYaw',
        '/tracking/eye/EyesClosedAmount', '/foreign']
    values = [0.0, -0.0, 0.4, 1.0, -1.0, 1.019, -0.019, 3.0, 89.9, -89.9, 1e300, math.nan,
              math.inf, -math.inf, True, False, None, 'a', b'a', [], 2**70, 1, -1, 0]
    heard = Listening()
    for _ in range(20_000):
        arguments = random.choice(len(values), random.choice([1, 1, 1, 1, 0, 2, 4]))
        heard.hear(str(random.choice(addresses)), *(values[i] for i in arguments))
        if random.random() < 0.05:
            shapes = heard.state.shapes()
            assert ((shapes >= 0.0) & (shapes <= 1.0) | np.isnan(shapes)).all()
            for name, value in (heard.gaze or {}).items():
                limit = 90.0 if name.endswith('_deg') else 10.0 if name.endswith('_mm') else 1.0
                assert abs(value) <= limit, name
    assert heard.complaints
