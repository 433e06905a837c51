# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Profiles name topics of the graph, and say under which purposes they must not be recorded."""

from pathlib import Path

from affect_bringup.graph import MODALITIES
from affect_bringup.recording_profile import PURPOSES
from affect_bringup.recording_profile import read_profile
from affect_msgs.msg import Purpose
import pytest

SHIPPED = sorted((Path(__file__).resolve().parents[1] / 'profiles').glob('*.yaml'))


def test_the_names_are_those_of_the_message():
    assert [getattr(Purpose, name.upper()) for name in PURPOSES] == list(range(len(PURPOSES)))


@pytest.mark.parametrize('path', SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_profile_with_inner_states_is_closed_under_none_and_safety(path):
    profile = read_profile(path)
    has_inner_states = any(
        topic.endswith(('/embedding', '/estimate', '/emotion_state')) for topic in profile.topics)
    assert profile.allows(Purpose.RESEARCH)
    assert profile.allows(Purpose.SAFETY) is not has_inner_states
    # Before anybody said what for, nothing of the wearer but his safety is kept.
    assert profile.allows(Purpose.NONE) is (path.stem == 'safety')


def test_the_profile_embeddings_has_every_modality():
    profile = read_profile(next(path for path in SHIPPED if path.stem == 'embeddings'))
    for modality in MODALITIES:
        assert f'/affect/{modality}/embedding' in profile.topics


def test_the_topics_of_another_wearer_are_in_his_namespace():
    profile = read_profile(next(path for path in SHIPPED if path.stem == 'safety'))
    topics = profile.topics_of('w1')
    assert '/w1/affect/wearer_condition' in topics
    assert '/diagnostics' in topics
    assert profile.topics_of('') == list(profile.topics)


def test_an_unknown_purpose_allows_nothing():
    assert not any(read_profile(path).allows(99) for path in SHIPPED)


@pytest.mark.parametrize('text, complaint', [
    ('', 'must be a mapping'), ('topics: [', "can't be read"), ('topics: []', 'topics'),
    ('topics: [hmd/imu/data]', 'begin with /'), ('topics: [/a]', 'not_under_purpose'),
    ('topics: [/a]\nnot_under_purpose: [someday]', 'not_under_purpose'),
    ('topics: {a: b}\nnot_under_purpose: []', 'topics')])
def test_a_profile_that_is_none_is_named_with_what_is_wrong(tmp_path, text, complaint):
    (tmp_path / 'mine.yaml').write_text(text)
    with pytest.raises(ValueError, match=rf'mine\.yaml.*{complaint}|{complaint}.*'):
        read_profile(tmp_path / 'mine.yaml')


def test_a_missing_profile_is_named(tmp_path):
    with pytest.raises(ValueError, match=r'nothing\.yaml'):
        read_profile(tmp_path / 'nothing.yaml')
