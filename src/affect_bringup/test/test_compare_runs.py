# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What counts as the same input of fusion, and what is said of bags that can't be compared."""

from affect_bringup import compare_runs
from affect_bringup.compare_runs import _what_counts
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import ModalityEmbedding
import pytest


def embedding(**changes):
    return ModalityEmbedding(**{
        'modality': 'voice', 'embedding': [1.0, float('nan')], 'features': [2.0],
        'quality': 0.5, 'reason': 'so', **changes})


def test_nothing_known_twice_is_the_same_and_words_about_quality_do_not_count():
    assert _what_counts(embedding()) == _what_counts(embedding(reason='otherwise'))


@pytest.mark.parametrize('changes', [
    {'embedding': [1.0, 0.0]}, {'features': [2.5]}, {'quality': 0.25}, {'schema_id': 'x'}])
def test_any_number_that_fusion_reads_counts(changes):
    assert _what_counts(embedding()) != _what_counts(embedding(**changes))


def test_the_numbers_of_an_estimate_count():
    assert _what_counts(AffectEstimate(arousal=0.1)) != _what_counts(AffectEstimate(arousal=0.2))
    assert _what_counts(AffectEstimate(arousal=0.1)) == _what_counts(AffectEstimate(arousal=0.1))


def test_a_bag_that_is_none_is_named(tmp_path, capsys):
    assert compare_runs.main([str(tmp_path / 'nothing'), str(tmp_path)]) == 2
    assert 'nothing' in capsys.readouterr().err
