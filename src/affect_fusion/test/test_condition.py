# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0

import math

from affect_fusion import condition
from affect_fusion.condition import wearer_condition
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

NAN = float('nan')

CALM_EYES = {'perclos': 0.03, 'blink_duration': 0.15, 'fixation_share': 0.85,
             'pursuit_share': 0.05, 'valid_share': 0.98}
CALM_BODY = {'heart_rate_change': 0.0, 'scr_rate': 2.0, 'motion': 0.1, 'rmssd_change': 0.0,
             'pulse_correlation': 0.95, 'interval_coverage': 0.95}
GOOD = {'eye_movement': 0.9, 'physiology': 0.9, 'eye_expression': 0.9, 'voice': 0.9}


def indices(eyes=None, body=None, qualities=GOOD, **more):
    return wearer_condition(
        {'eye_movement': {**CALM_EYES, **(eyes or {})},
         'physiology': {**CALM_BODY, **(body or {})}, **more}, qualities)


def test_nothing_known_is_nan_with_a_reason_for_every_index():
    found = wearer_condition({}, {})
    assert set(found) == {'stress', 'fatigue', 'cognitive_load', 'attention'}
    for index in found.values():
        assert math.isnan(index.value)
        assert index.reason
        assert index.evidence_names == ()
        assert math.isnan(index.evidence_age_s)


def test_a_calm_wearer_is_low_on_all_but_attention():
    found = indices()
    assert found['stress'].value == 0.0
    assert found['fatigue'].value == pytest.approx(0.03 / 0.15)
    assert found['cognitive_load'].value == 0.0
    assert found['attention'].value == pytest.approx(0.9)


@pytest.mark.parametrize(('index', 'change'), [
    ('stress', {'body': {'heart_rate_change': 15.0}}),
    ('stress', {'body': {'scr_rate': 15.0}}),
    ('stress', {'voice': {'voice_stress': 0.7}}),
    ('fatigue', {'eyes': {'main_sequence_change': -0.06}}),
    ('fatigue', {'eyes': {'perclos': 0.12}}),
    ('fatigue', {'eyes': {'blink_duration': 0.4}}),
    ('cognitive_load', {'body': {'rmssd_change': -0.5}}),
    ('cognitive_load', {'eye_expression': {'pupil_change': 0.3}}),
    ('attention', {'eyes': {'fixation_share': 0.94}}),
    ('attention', {'eyes': {'pursuit_share': 0.1}}),
])
def test_each_input_raises_its_index_and_no_other(index, change):
    before, after = indices(), indices(**change)
    assert after[index].value > before[index].value
    for name in set(before) - {index}:
        assert after[name].value == before[name].value


def test_the_upper_anchors_give_one():
    found = indices({'perclos': 0.15}, {'heart_rate_change': 20.0, 'scr_rate': 20.0,
                                        'rmssd_change': -math.log(2.0)})
    assert found['fatigue'].value == pytest.approx(1.0)
    assert found['stress'].value == pytest.approx(1.0)
    assert found['cognitive_load'].value == pytest.approx(1.0)


def test_exertion_takes_the_heart_out_of_stress():
    running = indices(body={'heart_rate_change': 40.0, 'motion': 6.0})
    assert running['stress'].value == 0.0
    alone = indices(body={'heart_rate_change': 40.0, 'motion': 6.0, 'scr_rate': NAN})
    assert math.isnan(alone['stress'].value)
    assert 'exertion' in alone['stress'].reason


def test_unclear_pulse_gives_no_load_from_variability():
    index = indices(body={'rmssd_change': -0.6, 'pulse_correlation': 0.5})['cognitive_load']
    assert math.isnan(index.value)
    assert 'unclear' in index.reason


def test_eyes_that_are_not_tracked_give_no_attention():
    index = indices({'valid_share': 0.2})['attention']
    assert math.isnan(index.value)
    assert 'half of the samples' in index.reason


@pytest.mark.parametrize('quality', [0.0, 0.1, NAN])
def test_a_modality_of_low_quality_is_not_listened_to(quality):
    found = indices(qualities={'eye_movement': quality, 'physiology': quality})
    for index in found.values():
        assert math.isnan(index.value)
        assert 'quality' in index.reason


def test_lids_of_the_eye_expression_serve_when_gaze_has_none():
    found = indices({'perclos': NAN, 'blink_duration': NAN}, eye_expression={'perclos': 0.075})
    assert found['fatigue'].value == pytest.approx(0.5)
    assert found['fatigue'].evidence_names == ('eye_expression/perclos',)


def test_lost_pupils_without_lids_are_no_fatigue():
    found = indices({'perclos': NAN, 'blink_duration': 0.5})
    assert math.isnan(found['fatigue'].value)
    assert 'no lids' in found['fatigue'].reason


def test_evidence_has_names_values_units_and_the_newest_age():
    found = wearer_condition(
        {'eye_movement': CALM_EYES, 'physiology': CALM_BODY}, GOOD,
        ages_s={'eye_movement': 0.2, 'physiology': 1.5})
    for index in found.values():
        n = len(index.evidence_names)
        assert n == len(index.evidence_values) == len(index.evidence_units) > 0
        assert index.status == condition.STATUS_UNVALIDATED
        assert index.formula
    stress = found['stress']
    assert stress.evidence_names[:2] == ('physiology/heart_rate_change', 'physiology/scr_rate')
    assert stress.evidence_units[:2] == ('1/min', '1/min')
    assert stress.evidence_age_s == 1.5
    assert found['fatigue'].evidence_age_s == 0.2


NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([
    *CALM_EYES, *CALM_BODY, 'pupil_change', 'voice_stress', 'main_sequence_change']), NUMBERS),
       st.dictionaries(st.sampled_from(sorted(GOOD)), NUMBERS))
def test_any_numbers_give_an_index_within_0_and_1_or_nan_with_a_reason(values, qualities):
    found = wearer_condition(dict.fromkeys(GOOD, values), qualities)
    for index in found.values():
        if math.isnan(index.value):
            assert index.reason
        else:
            assert 0.0 <= index.value <= 1.0
            assert not index.reason
