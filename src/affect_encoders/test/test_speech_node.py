# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The speech node: which words move which output, and what bad transcripts do."""

from affect_encoders.speech.node import SpeechNode
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import Purpose
from affect_node.testing import health
from encoder_bench import EncoderBench
from encoder_bench import stamped
from encoder_bench import Talker
from encoder_bench import transcript
import numpy as np
import pytest

TOPIC = Talker.topic
SECRET = 'swordfish'


@pytest.fixture
def graph():
    with EncoderBench(SpeechNode, purpose=Purpose.RESEARCH) as graph:
        yield graph


def say(graph, text, **fields):
    """Have ``text`` said just now and return the embedding of the next tick."""
    graph.send(TOPIC, transcript(text, graph.now_s - 0.5, **fields))
    return graph.tick()


def test_glad_words_raise_valence_and_sad_words_lower_it(graph):
    glad = graph.features(say(graph, 'i am so happy today', utterance_id=1))
    sad = graph.features(say(graph, 'i am so sad today', utterance_id=2))
    assert glad['valence'] > 0.3 > -0.2 > sad['valence']
    assert glad['joy'] > 0.5 > sad['joy']
    assert sad['sadness'] > 0.5 > glad['sadness']
    assert graph.counters == {}


def test_a_negation_lowers_valence(graph):
    plain = graph.features(say(graph, 'i am happy', utterance_id=1))
    negated = graph.features(say(graph, 'i am not happy', utterance_id=2))
    assert negated['valence'] < plain['valence'] - 0.2
    assert negated['negation_count'] == 1.0


def test_the_estimate_says_perceived_and_leaves_calm_unknown(graph):
    graph.play(Talker('i am so scared of this'), 2.0)
    graph.bench.until(
        lambda: any(isinstance(m, AffectEstimate) and m.quality > 0.5 for m in graph.log),
        'an estimate')
    estimate = [m for m in graph.log if isinstance(m, AffectEstimate)][-1]
    assert estimate.label_kind == AffectEstimate.LABEL_PERCEIVED
    assert np.nanargmax(estimate.probabilities) == AffectEstimate.FEARFUL
    assert np.isnan(estimate.probabilities[AffectEstimate.CALM])
    assert estimate.valence < 0.0 < estimate.arousal


def test_the_feelings_in_words_are_named_under_no_other_purpose_and_not_kept_for_one():
    with EncoderBench(SpeechNode) as graph:
        for purpose in (Purpose.NONE, Purpose.SAFETY):
            graph.allow(purpose)
            embedding = say(graph, 'i am so happy today')
            assert (embedding.quality, embedding.reason) == (0.0, 'the purpose permits no emotion')
            assert np.isnan(embedding.features).all() and np.isnan(embedding.embedding).all()
        graph.allow(Purpose.MEDICAL)
        assert graph.tick().reason == 'no transcript'
        assert say(graph, 'i am so happy today').quality > 0.8


def test_a_partial_transcript_counts_for_less_until_the_final_one(graph):
    partial = say(graph, 'i am so happy', utterance_id=7, is_final=False)
    final = say(graph, 'i am so happy', utterance_id=7)
    assert partial.quality < 0.6 * final.quality
    assert partial.reason == 'not final'


def test_confidence_is_taken_from_the_words_when_the_whole_has_none(graph):
    words = ['i', 'am', 'happy']
    sure = say(graph, ' '.join(words), utterance_id=1, confidence=float('nan'), words=words,
               word_start_s=[0.0, 0.1, 0.2], word_confidence=[1.0, 1.0, float('nan')])
    unsure = say(graph, ' '.join(words), utterance_id=2, confidence=float('nan'), words=words,
                 word_start_s=[0.0, 0.1, 0.2], word_confidence=[0.5, 0.5, 0.5])
    unknown = say(graph, ' '.join(words), utterance_id=3, confidence=float('nan'))
    assert sure.quality > 0.9 > 0.75 > unknown.quality > unsure.quality


@pytest.mark.parametrize(('text', 'reason'), [
    ('', 'no word was recognised'), ('😀', 'no word was recognised'),
    ('мне очень грустно', 'words of another script')])
def test_what_is_no_english_has_quality_zero_and_its_reason(graph, text, reason):
    embedding = say(graph, text)
    assert (embedding.quality, embedding.reason) == (0.0, reason)
    assert graph.counters == {}
    assert say(graph, 'i am so happy today', utterance_id=2).quality > 0.8


def test_the_voice_of_the_same_time_agrees_or_not(graph):
    agreement = []
    for number, category in enumerate(('HAPPY', 'SAD')):
        probabilities = np.zeros(8, np.float32)
        probabilities[getattr(AffectEstimate, category)] = 1.0
        graph.send('affect/voice/estimate', stamped(
            AffectEstimate(probabilities=probabilities, quality=0.8), graph.now_s - 0.3))
        embedding = say(graph, 'i am so happy today', utterance_id=number)
        agreement.append(graph.features(embedding)['voice_agreement'])
    assert agreement[0] > 0.8 > 0.4 > agreement[1]
    assert graph.counters == {}


BAD = {
    'negative duration': ({'duration_s': -1.0}, 'unusable duration'),
    'endless': ({'duration_s': float('inf')}, 'unusable duration'),
    'no duration': ({'duration_s': float('nan')}, 'unusable duration'),
    'an hour': ({'duration_s': 3600.0}, 'unusable duration'),
    'giant': ({'text': f'{SECRET} ' * 10000}, 'giant transcript'),
    'too sure': ({'confidence': 1.5}, 'confidence outside [0, 1]'),
    'less than unsure': ({'confidence': -0.1}, 'confidence outside [0, 1]'),
    'not over yet': ({'duration_s': 30.0}, 'stamped in the future'),
}


@pytest.mark.parametrize('name', BAD)
def test_a_bad_transcript_is_counted_and_the_next_one_is_heard(graph, name):
    fields, reason = BAD[name]
    for _ in range(3):
        graph.send(TOPIC, transcript(
            **{'text': SECRET, 'start_s': graph.now_s - 0.5, **fields}))
    assert graph.counters == {f'rejected: {TOPIC}: {reason}': 3}
    assert TOPIC in health(graph.node)
    assert graph.tick().quality == 0.0
    assert say(graph, 'i am so happy today').quality > 0.8


def test_nothing_that_was_said_gets_into_diagnostics(graph):
    say(graph, f'{SECRET} makes me happy')
    for fields, _ in BAD.values():
        graph.send(TOPIC, transcript(
            **{'text': SECRET, 'start_s': graph.now_s - 0.5, **fields}))
    said = [health(graph.node), *graph.counters, *graph.node.diagnostics.values.values()]
    assert SECRET not in ' '.join(said)


def test_word_lists_of_any_length_do_no_harm(graph):
    embedding = say(graph, 'i am so happy today', words=['i'], word_start_s=[],
                    word_confidence=[0.1, float('nan'), -5.0])
    assert embedding.quality > 0.8
    assert graph.counters == {}
