# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
From an utterance to the numbers of its n-grams: words, what is negated, what is strengthened.

Nothing here grows faster than the text, and no more than ``LONGEST_CHARACTERS`` of it are read.
"""

from dataclasses import dataclass
import functools
import re
import unicodedata
import zlib

import numpy as np

LONGEST_CHARACTERS = 2000
LONGEST_WORDS = 100
"""Half a minute of speech at 3 words a second; what follows is not read."""

LONGEST_WORD = 24
"""Characters of a word that count: no English word that carries feeling is longer."""

NEGATED_WORDS = 4
"""Reach of a negation: by word 4 after it, scopes have mostly ended (Councill et al. 2010)."""

STRENGTHENED_WORDS = 2
"""Reach of an intensifier: the next word, or the one after ('so much better')."""

NEGATIONS = frozenset((
    'not', 'no', 'never', 'nothing', 'nobody', 'none', 'neither', 'nor', 'nowhere', 'hardly',
    'barely', 'scarcely', 'without', 'cannot', 'cant', 'dont', 'doesnt', 'didnt', 'isnt', 'arent',
    'wasnt', 'werent', 'wont', 'wouldnt', 'couldnt', 'shouldnt', 'havent', 'hasnt', 'hadnt',
    'aint'))
INTENSIFIERS = frozenset((
    'very', 'really', 'so', 'too', 'extremely', 'absolutely', 'totally', 'incredibly', 'super',
    'completely', 'deeply', 'truly', 'utterly', 'such', 'most', 'especially', 'particularly',
    'insanely', 'terribly', 'awfully', 'fucking', 'freaking', 'damn', 'bloody', 'hugely',
    'immensely', 'intensely', 'thoroughly', 'entirely', 'unbelievably', 'overwhelmingly'))
DIMINISHERS = frozenset((
    'slightly', 'somewhat', 'kinda', 'sorta', 'partly', 'bit', 'little', 'mildly', 'almost'))
SCOPE_ENDS = frozenset((
    'but', 'because', 'though', 'although', 'however', 'yet', 'while', 'when', 'if', 'unless',
    'until', 'except', 'and', 'or'))

_FOREIGN = (
    # German, Dutch, Swedish
    'ich du er wir ihr nicht und ist sind bist das der dem ein eine einen einer mir mich dir dich '
    'uns euch auch aber oder wenn weil dass mit von zu zum zur auf aus bei nach wie kein keine '
    'sehr noch schon nur ja nein habe hast haben wird werden kann waren mein dein sein ihre heute '
    'ik jij hij zij wij jullie het een niet dat dit en van aan voor er zijn heb heeft wat naar '
    'maar ook nog mijn jouw je ben geen wel zo uit bij kun wil gaan '
    'jag ar och att det som inte ett pa av har han hon vi ni de sa nar ocksa '
    # French, Spanish, Italian, Portuguese
    'tu il elle nous vous ils elles le les un une des du et est sont suis es dans sur pour avec '
    "pas que qui ce cette ca mon ma mes ta ses au mais ou tres bien tout moi toi c'est j'ai n'est "
    "qu'il d'un l'on j'aime "
    'el los unos y con por para como pero muy mas si este eso esto estoy soy eres ser estar mi '
    'mis tus su sus del al lo se te nos porque cuando donde tengo tiene nada todo '
    'io lei noi voi loro gli uno di da che sono sei ho hai abbiamo questo questa molto anche '
    'perche piu mia mio tuo tua della nel alla '
    'eu voce ele ela eles uma na nas com nao meu minha seu sua estou esta isso muito foi '
    # Polish, Finnish, Turkish, Indonesian
    'jestem nie jest sie ze co jak mnie moj ty olen ei etta mina sina bir bu cok icin '
    'saya tidak yang dan ini itu aku kamu')
FOREIGN = frozenset(_FOREIGN.split())
"""
The most frequent words of other languages, without accents; those that English has too ('die',
'war', 'no') are left out. Some stand in English comments, so having been met says little of them.
"""

PLAIN, NEGATED, STRENGTHENED = range(3)
"""How a word is meant: as it stands, after a negation, after an intensifier."""

# A word with inner apostrophes, a number, a sign that carries feeling, a placeholder of the data.
# No repetition here can match one text in two ways: the time is that of the text's length.
_TOKEN = re.compile(
    r"\[[a-z]{1,12}\]|[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[!?]|[:;]-?[()dp/](?!\w)|<3"
    '|[\u2600-\u27bf\U0001f300-\U0001faff]')
_LETTER = re.compile(r'[^\W\d_]')
_ADDRESS = re.compile(r'(?:https?://|www\.)\S+')
_INVISIBLE = re.compile('[\u00ad\u200b-\u200f\u2060-\u206f\ufe0e\ufe0f\ufeff]')
_MARK = re.compile('[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]')
_CODE = re.compile(r'[{}<>=|\\_^~#@&*+$%/;()\[\]]')
_LATIN = re.compile(r'[a-z\u00c0-\u024f]')


@dataclass(frozen=True)
class Words:
    """
    An utterance as tokens.

    ``tokens`` are lower-case words, ``0`` for a number and signs (``!``, emoji) as written;
    ``meant`` how each is meant; ``word_count`` counts the words and numbers of the *whole* text,
    ``read_count`` those among ``tokens``; ``latin_share`` is the share of letters in the Latin
    script (NaN without letters); ``sign_share`` is the share of characters that people write in
    formulas and programs and do not say.
    """

    tokens: tuple[str, ...]
    meant: tuple[int, ...]
    word_count: int
    read_count: int
    latin_share: float
    sign_share: float = 0.0

    @property
    def distinct_share(self) -> float:
        """Return how many of the words read are different ones, as a share; 1 without words."""
        words = [token for token in self.tokens if is_word(token)]
        return len(set(words)) / len(words) if words else 1.0

    @property
    def negation_count(self) -> int:
        return sum(is_negation(token) for token in self.tokens)

    @property
    def intensifier_count(self) -> int:
        return sum(token in INTENSIFIERS for token in self.tokens)

    @property
    def emphasis(self) -> int:
        """Count intensifiers that a word follows, less such diminishers; within +-3."""
        pairs = list(zip(self.tokens, self.tokens[1:], strict=False))
        strong = sum(one in INTENSIFIERS and is_word(other) for one, other in pairs)
        weak = sum(one in DIMINISHERS and is_word(other) for one, other in pairs)
        return max(-3, min(3, strong - weak))


def is_word(token: str) -> bool:
    """Return whether a token is a word or number, and not a sign or placeholder."""
    return token[0] == '0' or bool(_LETTER.match(token[0]))


def is_negation(token: str) -> bool:
    """Return whether a token negates what follows it."""
    return token in NEGATIONS or token.endswith("n't")


def read(text: str) -> Words:
    """
    Return the words of a text: compatibility forms joined, lower case, apostrophes one.

    Addresses are left out, and so is what cannot be seen or is heaped upon a letter.
    """
    # Counted roughly beyond what is read: a text of any length costs one pass over it.
    beyond = len(text[LONGEST_CHARACTERS:].split())
    text = unicodedata.normalize('NFKC', text[:LONGEST_CHARACTERS]).lower().replace('\u2019', "'")
    text = _MARK.sub('', _INVISIBLE.sub('', text))
    if '/' in text or 'www' in text:
        text = _ADDRESS.sub(' ', text)
    found = _TOKEN.findall(text)
    tokens = ['0' if token[0].isdigit() else token for token in found]
    words = [is_word(token) for token in tokens]
    word_count = sum(words) + beyond
    last = len(tokens)
    if sum(words) > LONGEST_WORDS:
        last = [i for i, word in enumerate(words) if word][LONGEST_WORDS]
        tokens = tokens[:last]
    letters = _LETTER.findall(text)
    # An emoticon is made of the same signs.
    signs = len(_CODE.findall(text)) - sum(
        len(_CODE.findall(token)) for token in found if not is_word(token))
    return Words(
        tokens=tuple(tokens), meant=tuple(_meant(tokens)), word_count=word_count,
        read_count=sum(words[:last]),
        latin_share=sum(bool(_LATIN.match(x)) for x in letters) / len(letters)
        if letters else float('nan'),
        sign_share=signs / max(len(text) - text.count(' '), 1))


def is_foreign(token: str) -> bool:
    """Return whether a word is one of those that betray another language."""
    if token.isascii():
        return token in FOREIGN
    return _MARK.sub('', unicodedata.normalize('NFD', token)) in FOREIGN


def _meant(tokens: list[str]) -> list[int]:
    """Return how each token is meant; a negation counts for more than an intensifier."""
    meant = []
    negated = strengthened = 0
    for token in tokens:
        if token in SCOPE_ENDS or not is_word(token):
            negated = strengthened = 0
            meant.append(PLAIN)
        elif is_negation(token):
            negated = NEGATED_WORDS
            meant.append(PLAIN)
        elif token in INTENSIFIERS:
            strengthened = STRENGTHENED_WORDS
            meant.append(NEGATED if negated else PLAIN)
        else:
            meant.append(NEGATED if negated else STRENGTHENED if strengthened else PLAIN)
            negated, strengthened = max(negated - 1, 0), max(strengthened - 1, 0)
    return meant


def number_of(ngram: str) -> int:
    """Return the number of an n-gram, uint32; 1 in 30 000 unknown ones passes for a known one."""
    return zlib.crc32(ngram.encode())


@dataclass(frozen=True)
class Ngrams:
    """Numbers uint32 [N] of n-grams, repetitions kept, and which are of negated words [N]."""

    numbers: np.ndarray
    negated: np.ndarray


def word_ngrams(words: Words) -> Ngrams:
    """
    Return words, words as they are meant where that is not plain, and runs of two and three.

    Runs include the ends of the utterance. A run holds its negation itself and never counts as
    negated.
    """
    tokens = [token[:LONGEST_WORD] for token in words.tokens]
    names = ['w ' + token for token in tokens]
    negated = [meant == NEGATED for meant in words.meant]
    names += [f'{meant} {token}' for token, meant in zip(tokens, words.meant, strict=True)
              if meant != PLAIN]
    framed = ('^', *tokens, '$')
    names += [' '.join(framed[i:i + n]) for n in (2, 3) for i in range(len(framed) - n + 1)]
    return _ngrams(names, negated + [False] * (len(names) - len(tokens)))


def character_ngrams(words: Words) -> Ngrams:
    """Return threes to fives of characters in each word and its ends (Bojanowski et al. 2017)."""
    parts = [_characters_of(token[:LONGEST_WORD]) for token in words.tokens]
    lengths = [len(numbers) for numbers in parts]
    negated = np.repeat([meant == NEGATED for meant in words.meant], lengths)
    return Ngrams(np.concatenate([_numbers([]), *parts]), negated.astype(bool))


# Most of what people say are the same few words.
@functools.lru_cache(maxsize=4096)
def _characters_of(token: str) -> np.ndarray:
    if len(token) <= 2:
        return _numbers([])
    marked = f'<{token}>'
    return _numbers(['c ' + marked[i:i + n]
                     for n in (3, 4, 5) for i in range(len(marked) - n + 1)])


def word_numbers(words: Words) -> np.ndarray:
    """Return the numbers uint32 of the words that were read, without signs."""
    return _numbers(['w ' + token[:LONGEST_WORD] for token in words.tokens if is_word(token)])


def spoken(text: str) -> str:
    """Return a text as a recogniser would give it: words only, no case, no signs."""
    return ' '.join(token for token in read(text).tokens if is_word(token))


def _numbers(names: list[str]) -> np.ndarray:
    return np.fromiter(map(number_of, names), dtype=np.uint32, count=len(names))


def _ngrams(names: list[str], negated: list[bool]) -> Ngrams:
    return Ngrams(_numbers(names), np.array(negated, dtype=bool))
