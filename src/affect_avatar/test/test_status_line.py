# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the status block says, and what it does with what is missing or odd."""

import math
from types import SimpleNamespace

from affect_avatar.status_line import format_status
from affect_avatar.status_line import interval
from affect_avatar.status_line import quality_bar
from affect_avatar.status_line import refresh
import pytest

NAN = math.nan


def contribution(modality, state, quality, weight, age):
    return SimpleNamespace(
        modality=modality, state=state, quality=quality, weight=weight, evidence_age_s=age)


def emotion(**fields):
    affect = SimpleNamespace(
        probabilities=[0.1, NAN, 0.7, 0.2, 0, 0, 0, 0], valence=0.4, arousal=-0.1,
        valence_variance=0.01, arousal_variance=0.04)
    state = {
        'affect': affect, 'validity': 2, 'reason': '', 'latency_s': 0.042, 'contributions': [
            contribution('voice', 2, 0.8, 0.9, 0.3),
            contribution('eye_movement', 1, 0.0, 0.1, NAN),
            contribution('physiology', 0, NAN, 0.0, NAN)]}
    return SimpleNamespace(**{**state, **fields})


def condition():
    def index(value, deviation=NAN):
        return SimpleNamespace(value=value, standard_deviation=deviation)
    return SimpleNamespace(
        stress=index(0.31, 0.1), fatigue=index(NAN), cognitive_load=index(0.5),
        attention=index(NAN))


def safety(**fields):
    status = {'state': 1, 'reasons': [], 'active_alarms': 0, 'unacknowledged_alarms': 0}
    return SimpleNamespace(**{**status, **fields})


def test_a_valid_state_is_all_there():
    block = format_status(emotion(), condition(), safety())
    assert 'VALID' in block and 'latency 42 ms' in block
    assert 'happy 0.70, sad 0.20, neutral 0.10' in block
    assert '+0.40 [+0.24, +0.56]' in block  # 1.645 * 0.1
    assert '-0.10 [-0.43, +0.23]' in block  # 1.645 * 0.2
    assert 'stress 0.31±0.10' in block and 'fatigue ?' in block
    assert 'safety    OK' in block


def test_dead_alive_and_evidence_are_told_apart():
    lines = {line.split()[0]: line for line in format_status(emotion()).split('\n')}
    assert 'evidence' in lines['voice'] and '########..' in lines['voice']
    assert '0.3 s old' in lines['voice']
    assert 'alive' in lines['eye_movement'] and '..........' in lines['eye_movement']
    assert 'dead' in lines['physiology'] and '??????????' in lines['physiology']


def test_nothing_yet_is_said():
    block = format_status()
    assert block.count('none yet') == 3


def test_unknown_numbers_are_not_drawn_as_zero():
    unknown = SimpleNamespace(
        probabilities=[NAN] * 8, valence=NAN, arousal=NAN, valence_variance=NAN,
        arousal_variance=NAN)
    block = format_status(emotion(affect=unknown, validity=0, reason='no modality', latency_s=NAN))
    assert 'UNKNOWN' in block and 'no modality' in block
    assert 'emotion   unknown' in block and 'valence   unknown' in block
    assert '0.00' not in block.split('\n')[1] + block.split('\n')[2]


@pytest.mark.parametrize(('quality', 'bar'), [
    (0.0, '..........'), (0.01, '#.........'), (0.5, '#####.....'), (1.0, '##########'),
    (7.0, '##########'), (-1.0, '..........'), (NAN, '??????????')])
def test_quality_bars(quality, bar):
    assert quality_bar(quality) == bar


def test_an_interval_is_cut_to_the_scale():
    assert interval(0.9, 1.0) == '+0.90 [-0.74, +1.00]'
    assert 'unknown' in interval(0.9, -1.0)


def test_lines_keep_to_the_width_and_cannot_move_the_cursor():
    block = format_status(emotion(reason='x' * 500 + '\x1b[2J\n'), width=60)
    assert all(len(line) <= 60 for line in block.split('\n'))
    assert '\x1b' not in block
    assert format_status(emotion(reason='bad\nreason')).count('\n') == (
        format_status(emotion()).count('\n'))


def test_a_number_that_no_constant_has_is_shown_as_such():
    assert '?9' in format_status(emotion(validity=9))


def test_refreshing_goes_up_by_the_lines_of_before():
    assert refresh('a\nb').startswith('\x1b[2Ka\n')
    assert refresh('c', 'a\nb').startswith('\x1b[2A')
