# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the states of the modalities make of a result."""

import math
from types import SimpleNamespace

from affect_fusion.assessment import estimate_stream
from affect_fusion.assessment import estimates
from affect_fusion.assessment import features
from affect_fusion.assessment import judge_condition
from affect_fusion.assessment import judge_emotion
from affect_fusion.assessment import ModalityState
from affect_fusion.assessment import report
from affect_fusion.assessment import Validity
from affect_fusion.checks import Checked
from affect_fusion.checks import embedding_complaint
from affect_fusion.fusion import fuse
from affect_fusion.tick_set import StreamState
from affect_fusion.tick_set import TickSet
from affect_msgs.msg import EmotionState
from affect_msgs.msg import ModalityContribution
from affect_msgs.msg import WearerCondition
from affect_node.latency_window import LatencyWindow
import pytest

TICK = 5_000_000_000
MODALITIES = ('face', 'voice')


def embedding(quality=0.8, end_ns=4_900_000_000, values=(1.0, 2.0), reason=''):
    end = SimpleNamespace(sec=end_ns // 10**9, nanosec=end_ns % 10**9)
    return SimpleNamespace(
        modality='face', quality=quality, evidence_end=end, features=list(values), model_id='m',
        reason=reason, embedding=[0.0], schema_id='s')


def estimate(valence=0.5):
    return SimpleNamespace(
        probabilities=[0.125] * 8, valence=valence, valence_variance=0.1, arousal=math.nan,
        arousal_variance=math.nan, quality=0.8)


def assess(messages, late=()):
    states = {}
    for modality in MODALITIES:
        for stream in (modality, estimate_stream(modality)):
            here = StreamState.EVIDENCE if stream in messages else StreamState.DEAD
            states[stream] = StreamState.LATE if stream in late else here
    tick_set = TickSet(TICK, messages, states, complete=not late)
    return [report(tick_set, modality) for modality in MODALITIES]


def whole(quality=0.8):
    messages = {}
    for modality in MODALITIES:
        messages[modality] = Checked(embedding(quality), '')
        messages[estimate_stream(modality)] = Checked(estimate(), '')
    return messages


def test_the_numbers_are_those_of_the_messages():
    for state in ModalityState:
        assert getattr(ModalityContribution, f'STATE_{state.name}') == state
    for validity in Validity:
        assert getattr(EmotionState, f'VALIDITY_{validity.name}') == validity
        assert getattr(WearerCondition, f'VALIDITY_{validity.name}') == validity


def test_evidence_has_an_age_and_none_has_none():
    with_end, without = (
        assess({'face': Checked(embedding(end_ns=end), '')})[0] for end in (4_900_000_000, 0))
    assert with_end.evidence_age_s == pytest.approx(0.1)
    assert math.isnan(without.evidence_age_s)


def test_weak_evidence_degrades():
    for quality, validity in ((0.8, Validity.VALID), (0.05, Validity.DEGRADED)):
        reports = assess(whole(quality))
        verdict = judge_emotion(reports, fuse(estimates(reports)))
        assert verdict.validity == validity
    assert 'weak evidence' in verdict.reason and verdict.missing == ()


def test_an_estimate_that_is_late_degrades_by_name():
    messages = whole()
    del messages['voice/estimate']
    reports = assess(messages, late=('voice/estimate',))
    verdict = judge_emotion(reports, fuse(estimates(reports)))
    assert (verdict.validity, verdict.reason) == (Validity.DEGRADED, 'late: voice')


def test_a_modality_that_gives_no_estimates_degrades_nothing_while_others_do():
    messages = whole()
    del messages['voice/estimate']
    reports = assess(messages)
    verdict = judge_emotion(reports, fuse(estimates(reports)))
    assert verdict.validity == Validity.VALID
    del messages['face/estimate']
    reports = assess(messages)
    verdict = judge_emotion(reports, fuse(estimates(reports)))
    assert verdict.validity == Validity.UNKNOWN
    assert verdict.reason == 'no estimate that can be used from face, voice'


def test_a_rejected_estimate_leaves_the_embedding_for_the_condition():
    messages = whole()
    messages['face/estimate'] = Checked(estimate(valence=7.0), 'valence 7 is outside [-1, 1]')
    reports = assess(messages)
    assert reports[0].state == ModalityState.REJECTED
    assert 'face' not in estimates(reports)
    assert features(reports, {'face': ['a', 'b']}) == {'face': {'a': 1.0, 'b': 2.0}}
    messages['face'] = Checked(embedding(), 'quality is NaN')
    assert features(assess(messages), {'face': ['a', 'b']}) == {}


def test_features_renamed_in_the_meantime_are_not_mixed_up():
    reports = assess(whole())
    assert features(reports, {'face': ['a', 'b', 'c'], 'voice': ['a', 'b']}).keys() == {'voice'}
    assert features(reports, {}) == {}


def test_a_condition_without_any_index_is_unknown_and_says_why():
    assert judge_condition(assess({}), 0).reason.startswith('no modality is alive')
    idle = {m: Checked(embedding(0.0, reason='eye shut'), '') for m in MODALITIES}
    assert judge_condition(assess(idle), 0).reason == (
        'no evidence: face (eye shut), voice (eye shut)')
    verdict = judge_condition(assess(whole()), 0)
    assert verdict.validity == Validity.UNKNOWN and 'no index' in verdict.reason
    assert judge_condition(assess(whole()), 1).validity == Validity.VALID


def test_without_info_only_a_giant_is_refused():
    message = embedding()
    assert embedding_complaint(message, 'face', None) == ''
    message.embedding = [0.0] * 70_000
    assert 'no ModalityInfo' in embedding_complaint(message, 'face', None)
    assert "modality 'face'" in embedding_complaint(message, 'voice', None)


def test_percentiles_are_those_of_the_latest():
    window = LatencyWindow(100)
    assert math.isnan(window.percentile_ms(50))
    for k in range(1, 301):
        window.add(k * 1e-3)
    assert window.percentile_ms(50) == pytest.approx(250.0)
    assert window.percentile_ms(95) == pytest.approx(295.0)
    assert window.percentile_ms(100) == pytest.approx(300.0)
