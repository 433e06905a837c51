# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the training of speech learns, what it may not look at, and how it counts."""

from affect_encoders.speech import SpeechEncoder
from affect_encoders.speech import Utterance
from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.model import CHARACTER_NGRAMS
from affect_encoders.speech.model import SpeechModel
from affect_encoders.speech.model import WORD_NGRAMS
from affect_encoders.speech.text import is_negation
from affect_encoders.speech.text import read
from affect_learning import train_speech
from affect_learning import train_speech_network
import numpy as np
import pytest
from safetensors.numpy import load_file

JOY, SADNESS = LABELS.index('joy'), LABELS.index('sadness')
FILLERS = ('the', 'a', 'this', 'that', 'we', 'you', 'they', 'today', 'now', 'here', 'some', 'day')


def corpus(count, seed):
    """Return comments in which invented words mean joy or sadness, and 'not' turns them."""
    generator = np.random.default_rng(seed)
    texts, target = [], np.zeros((count, len(LABELS)), dtype=np.float32)
    for i in range(count):
        glad, turned = generator.random(2) < 0.5
        word = generator.choice(['glimmy', 'blisset', 'joyva'] if glad else [
            'moorng', 'dreppy', 'sombly'])
        rest = [str(w) for w in generator.choice(FILLERS, 4)]
        texts.append(' '.join([*rest, *(['not'] if turned else []), word, '!']))
        target[i, JOY if glad != turned else SADNESS] = 1.0
    return texts, target


@pytest.fixture(scope='module')
def splits():
    return {'train': corpus(400, 0), 'dev': corpus(60, 1), 'test': corpus(60, 2)}


@pytest.fixture(scope='module')
def train(tmp_path_factory):
    """Return a function that trains and returns the weights' path and the figures."""
    def run(splits):
        folder = tmp_path_factory.mktemp('trained')
        path = folder / 'weights.safetensors'
        return path, train_speech.train(splits, folder, path, 0)
    with pytest.MonkeyPatch.context() as patch:
        # Few steps, each long: the tensors are of full size, and so is the time of a step.
        for name, value in (
                ('EPOCHS', 3), ('BATCH', 40), ('LEARNING_RATE', 0.2), ('SENTENCES', 8)):
            patch.setattr(train_speech, name, value)
        for name, value in (('EPOCHS', 6), ('BATCH', 40), ('LEARNING_RATE', 0.02)):
            patch.setattr(train_speech_network, name, value)
        yield run


@pytest.fixture(scope='module')
def trained(train, splits):
    return train(splits)


def test_what_words_mean_is_learned_and_carries_over_to_new_comments(trained):
    figures = trained[1]
    majority = 2.0 / 3.0  # of two labels that are each true of one half
    for way in ('as_written', 'as_spoken'):
        assert figures[way]['micro_f1'] > majority + 0.15
    assert figures['as_misheard']['micro_f1'] < figures['as_spoken']['micro_f1']
    assert 'isear' not in figures and 'eevr' not in figures


def test_weights_of_the_training_run_in_the_encoder_and_have_their_card(trained):
    path, figures = trained
    encoder = SpeechEncoder(weights=path)
    for number, text in enumerate(('today we blisset here', 'today we dreppy here')):
        encoder.push(Utterance(number, 10.0 * number, 2.0, text, confidence=1.0))
    glad, sad = encoder.encode(5.0), encoder.encode(15.0)
    assert glad.features[JOY] > 0.5 > glad.features[SADNESS]
    assert sad.features[SADNESS] > 0.5 > sad.features[JOY]
    card = path.with_suffix('.md').read_text()
    assert SpeechModel(path).metadata['sha256'] in card
    assert f'| as written | {figures["as_written"]["macro_f1"]:.3f} |' in card


@pytest.mark.parametrize(('split', 'may_differ'), [('dev', {'mix', 'mean', 'scale'}),
                                                   ('test', set())])
def test_labels_of_other_splits_do_not_reach_the_weights(
        train, trained, splits, split, may_differ):
    texts, target = splits[split]
    changed = train({**splits, split: (texts, np.roll(target, 1, axis=0))})
    one, other = load_file(trained[0]), load_file(changed[0])
    assert {name for name in one if not np.array_equal(one[name], other[name])} == may_differ


def test_the_vocabulary_is_sorted_of_full_size_and_knows_the_words(splits):
    comments = [read(text) for text in splits['train'][0]]
    vocabulary = train_speech.Vocabulary(comments, comments)
    for numbers, size in ((vocabulary.word_numbers, WORD_NGRAMS),
                          (vocabulary.character_numbers, CHARACTER_NGRAMS)):
        assert len(numbers) == size
        assert np.all(np.diff(numbers.astype(np.int64)) > 0)
    assert vocabulary.lexicon.known_share(read('the glimmy day')) == 1.0
    assert vocabulary.lexicon.known_share(read('quizzical glimmy')) == 0.5
    assert np.isnan(vocabulary.lexicon.known_share(read('')))


def test_what_is_negated_goes_into_the_second_of_two_sums(splits):
    comments = [read(text) for text in splits['train'][0]]
    vocabulary = train_speech.Vocabulary(comments, comments)
    utterances = [vocabulary(read(text)) for text in ('we glimmy', 'not glimmy', 'xxxx')]
    rows, starts, weights = train_speech.collate(utterances)
    ends = [*starts[1:].tolist(), len(rows)]
    lengths = [end - start for start, end in zip(starts.tolist(), ends, strict=True)]
    assert len(rows) == len(weights) == sum(lengths)
    assert lengths[0] > 0 and lengths[1] == 0  # nothing in the first is negated
    assert lengths[2] > 0 and lengths[3] > 0
    assert is_negation('not')


def test_eight_bits_keep_each_weight_within_a_half_of_its_rows_step():
    weights = np.random.default_rng(0).normal(0.0, 3.0, (500, 28)).astype(np.float32)
    weights[0] = 0.0
    whole, scales = train_speech.quantise(weights)
    # A row of zeros has the least scale; float16 rounds a scale by at most 2^-11 of it.
    error = np.abs(whole * scales.astype(np.float32)[:, None] - weights)
    assert np.all(error <= (0.5 + 127 * 2.0 ** -11) * scales.astype(np.float32)[:, None] + 1e-9)


def test_thresholds_are_those_with_the_best_f1():
    generator = np.random.default_rng(0)
    target = (generator.random((300, len(LABELS))) < 0.2).astype(np.float32)
    probabilities = np.clip(0.3 * target + generator.random(target.shape), 0.0, 1.5)
    tuned = train_speech.f1_scores(
        probabilities, target, train_speech.tune_thresholds(probabilities, target))
    for threshold in np.linspace(0.0, 1.5, 61):
        other = train_speech.f1_scores(probabilities, target, np.full(len(LABELS), threshold))
        assert np.all(tuned >= other - 1e-12)


def test_f1_is_the_harmonic_mean_of_precision_and_recall():
    target = np.zeros((4, len(LABELS)))
    target[:2, 0] = 1.0
    probabilities = np.zeros_like(target)
    probabilities[1:, 0] = 0.9  # one hit of three guesses, one of two found
    f1 = train_speech.f1_scores(probabilities, target, np.full(len(LABELS), 0.5))[0]
    assert f1 == pytest.approx(2.0 / (1.0 / (1.0 / 3.0) + 1.0 / 0.5))


def test_mistakes_of_a_recogniser_lose_and_replace_words_and_keep_most():
    generator = np.random.default_rng(0)
    heard = [word for _ in range(400) for word in train_speech.with_mistakes(
        'one one ONE, one! one one one one one one', ['two'], generator).split()]
    assert heard.count('one') == pytest.approx(3500, abs=100)
    assert heard.count('two') == pytest.approx(250, abs=60)
    assert len(heard) == heard.count('one') + heard.count('two')
