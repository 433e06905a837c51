# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Where utterances begin and end."""

from itertools import pairwise

from affect_trackers.speech_recognizer.segmenter import Segmenter
import numpy as np

FRAMES_PER_S = 31.25


def cut(probabilities, **settings):
    """Return (first frame, last frame decoded, frames of lead) of each utterance."""
    segmenter, found, decoded = Segmenter(**settings), [], []
    for number, probability in enumerate(probabilities):
        step = segmenter.step(probability, np.full(512, number, np.float32))
        if step.begun is not None:
            decoded, begun, lead = [], step.begun, step.lead
        decoded += [int(frame[0]) for frame in step.frames]
        if step.ended:
            assert decoded == list(range(decoded[0], number + 1))
            assert decoded[0] == begun - lead
            found.append((begun, number, lead))
    return found


def speech(*seconds):
    """Return probabilities that alternate between silence and speech, silence first."""
    return [
        p for i, s in enumerate(seconds) for p in [0.02 if i % 2 == 0 else 0.9] * round(
            s * FRAMES_PER_S)]


def test_an_utterance_takes_its_lead_with_it_and_ends_after_the_hangover():
    (begun, ended, lead), = cut(speech(2.0, 1.6, 2.0), hangover_s=0.6)
    assert begun == 62  # 2 s of frames, rounded down
    assert ended == 62 + 50 - 1 + 19  # 1.6 s and the hangover of 0.6 s
    assert lead == 9  # 0.3 s


def test_speech_at_the_very_start_has_less_lead():
    (begun, _, lead), = cut(speech(0.1, 1.0, 1.0))
    assert (begun, lead) == (3, 3)


def test_a_cough_is_no_utterance():
    assert cut(speech(1.0, 0.06, 2.0), min_speech_s=0.1) == []


def test_a_pause_between_words_does_not_end_it_and_a_long_one_does():
    assert len(cut(speech(1.0, 1.0, 0.4, 1.0, 1.0), hangover_s=0.6)) == 1
    assert len(cut(speech(1.0, 1.0, 0.8, 1.0, 1.0), hangover_s=0.6)) == 2


def test_speech_goes_on_at_a_probability_that_would_not_begin_it():
    assert cut([0.45] * 60 + [0.0] * 40, threshold=0.5) == []
    (begun, ended, _), = cut([0.9] * 10 + [0.45] * 50 + [0.0] * 40, threshold=0.5)
    assert ended - begun > 60


def test_a_monologue_is_cut_and_loses_no_frame():
    found = cut(speech(0.5, 60.0, 2.0), max_utterance_s=10.0)
    assert len(found) == 7  # 1875 frames of speech in pieces of 312
    for (_, ended, _), (begun, _, lead) in pairwise(found):
        assert (begun, lead) == (ended + 1, 0)


def test_late_in_a_long_utterance_a_short_pause_is_where_it_is_cut():
    probabilities = speech(0.5, 8.0, 0.3, 8.0, 2.0)
    found = cut(probabilities, max_utterance_s=12.0)
    assert len(found) == 2
    assert found[1][0] > found[0][1]
    # Early on the same pause means nothing.
    assert len(cut(speech(0.5, 4.0, 0.3, 4.0, 2.0), max_utterance_s=12.0)) == 1


def test_silence_after_a_cut_is_not_taken_for_speech():
    longest = round(2.0 * FRAMES_PER_S)
    found = cut([0.9] * longest + [0.0] * 50 + [0.9] + [0.0] * 50, max_utterance_s=2.0)
    assert len(found) == 1
