# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How an utterance becomes words and n-grams: what is negated, what counts, what it costs."""

from affect_encoders.speech.text import character_ngrams
from affect_encoders.speech.text import LONGEST_CHARACTERS
from affect_encoders.speech.text import LONGEST_WORDS
from affect_encoders.speech.text import NEGATED
from affect_encoders.speech.text import PLAIN
from affect_encoders.speech.text import read
from affect_encoders.speech.text import spoken
from affect_encoders.speech.text import STRENGTHENED
from affect_encoders.speech.text import word_ngrams
from affect_encoders.speech.text import word_numbers
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies
import numpy as np
import pytest


def meant(text):
    words = read(text)
    return dict(zip(words.tokens, words.meant, strict=True))


def test_case_apostrophes_and_compatibility_forms_make_no_difference():
    assert read('I DON’T like ﬁre').tokens == read("i don't like fire").tokens == (
        'i', "don't", 'like', 'fire')


def test_numbers_are_one_word_and_signs_are_none():
    words = read('I have 3 dogs and 12! :) [NAME] 😀')
    assert words.tokens == ('i', 'have', '0', 'dogs', 'and', '0', '!', ':)', '[name]', '😀')
    assert words.word_count == words.read_count == 6


def test_a_recogniser_gives_words_only():
    assert spoken('Oh NO! [NAME] said: "I\'m 5"... 😀') == "oh no said i'm 0"


def test_what_is_spoken_is_spoken_unchanged():
    text = "i'm 0 so happy"
    assert spoken(spoken(text)) == spoken(text) == text


@pytest.mark.parametrize('text', [
    'i am not happy', "i'm not very happy", "i don't feel happy", 'i have never been so happy',
    'dont be happy', 'he is not what i call happy'])
def test_a_negation_reaches_the_word_that_it_denies(text):
    assert meant(text)['happy'] == NEGATED


@pytest.mark.parametrize('text', [
    'i am happy', 'not sad but happy', 'no! happy', 'not the one who walks ten miles and is happy',
    'happy is what i am not'])
def test_a_negation_does_not_reach_beyond_its_clause(text):
    assert meant(text)['happy'] == PLAIN


def test_an_intensifier_strengthens_the_next_words_and_no_others():
    found = meant('very happy today my friend')
    assert (found['happy'], found['friend']) == (STRENGTHENED, PLAIN)
    words = read('i am really really sorry')
    assert (words.intensifier_count, words.negation_count) == (2, 0)


def test_negated_words_carry_their_mark_into_both_kinds_of_ngrams():
    for ngrams_of in (word_ngrams, character_ngrams):
        assert not ngrams_of(read('i am happy')).negated.any()
        assert ngrams_of(read('i am not happy')).negated.any()


def test_ngrams_depend_on_the_order_of_words_and_words_alone_do_not():
    one, other = read('man bites dog'), read('dog bites man')
    assert set(word_numbers(one)) == set(word_numbers(other))
    assert set(word_ngrams(one).numbers) != set(word_ngrams(other).numbers)


def test_what_words_share_is_shared_by_their_characters():
    def shared(one, other):
        one, other = (set(character_ngrams(read(w)).numbers) for w in (one, other))
        return len(one & other) / len(one | other)
    assert shared('happiness', 'happier') > 0.2 > shared('happiness', 'table')


def test_no_more_than_the_bound_is_read_and_the_rest_is_counted():
    words = read('good ' * 10000)
    assert words.read_count == len(words.tokens) == LONGEST_WORDS
    assert words.word_count == 10000
    assert len(read('x' * 10**6).tokens) == 1


def test_ten_thousand_words_of_one_breath_give_bounded_ngrams():
    words = read('incomprehensibilities ' * 10000)
    # A word of 21 characters has 60 n-grams of three to five.
    assert len(character_ngrams(words).numbers) <= 100 * LONGEST_WORDS
    assert len(word_ngrams(words).numbers) <= 5 * LONGEST_WORDS


@pytest.mark.parametrize(('text', 'share'), [
    ('hello', 1.0), ('привет', 0.0), ('你好', 0.0), ('çà et là', 1.0), ('ok ок', 0.5)])
def test_the_share_of_latin_letters_is_counted(text, share):
    assert read(text).latin_share == share


def test_without_letters_the_share_of_latin_ones_is_unknown():
    assert np.isnan(read('12 😀 !').latin_share)


@settings(max_examples=300, deadline=None)
@given(strategies.text(max_size=300))
def test_any_text_can_be_read(text):
    words = read(text)
    assert len(words.tokens) == len(words.meant)
    assert 0 <= words.read_count <= words.word_count
    assert words.read_count <= LONGEST_WORDS
    for ngrams in (word_ngrams(words), character_ngrams(words)):
        assert len(ngrams.numbers) == len(ngrams.negated)


@pytest.mark.parametrize(
    'piece', ["a'", "'", '[a', ':-', '<', '!', "n't ", '\u0301', '[[', "a'b'"])
def test_no_text_makes_the_reading_go_back_and_forth(piece):
    """Returns at all: a pattern that backtracks takes for ever on one of these."""
    words = read(piece * (LONGEST_CHARACTERS * 4))
    assert words.read_count <= LONGEST_WORDS


@pytest.mark.parametrize(('text', 'emphasis'), [
    ('i am happy', 0), ('i am very happy', 1), ('so so happy', 2), ('slightly sad', -1),
    ('i think so', 0), ('very ' * 50, 3), ('a bit sad and very tired', 0)])
def test_emphasis_counts_what_strengthens_a_word_that_follows(text, emphasis):
    assert read(text).emphasis == emphasis
