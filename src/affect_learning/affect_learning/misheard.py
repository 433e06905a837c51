# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Texts as a recogniser might give them: words lost, replaced, or taken for like ones."""

from collections import Counter
from collections.abc import Iterable

from affect_encoders.speech.text import spoken
import numpy as np

MISTAKE = 1 / 8
"""Share of words that are lost or replaced, half and half; small recognisers err more often."""

ALIKE_SHARE = 0.1
BARE_SHARE = 0.3

ALIKE = {
    'to': ('two', 'too'), 'too': ('to', 'two'), 'two': ('to', 'too'), 'their': ('there',),
    'there': ('their',), "they're": ('there',), 'your': ("you're",), "you're": ('your',),
    'its': ("it's",), "it's": ('its',), 'know': ('no',), 'right': ('write',), 'hear': ('here',),
    'here': ('hear',), 'for': ('four',), 'new': ('knew',), 'knew': ('new',), 'by': ('buy',),
    'be': ('bee',), 'see': ('sea',), 'sad': ('said',), 'said': ('sad',), 'hate': ('ate',),
    'love': ('of',), 'of': ('have',), 'mad': ('mat',), 'happy': ('happen',),
    'scared': ('scarred',), 'glad': ('clad',), "can't": ('can',), "won't": ('want',),
    "don't": ('dont',), "i'm": ('im', 'i'), 'then': ('than',), 'than': ('then',),
    'our': ('are',), 'are': ('our',), 'is': ('his',), 'his': ('is',), 'and': ('in',),
    'in': ('and',), 'a': ('the', 'uh'), 'the': ('a',), 'i': ('eye',), 'great': ('grate',),
    'so': ('sew',), 'bad': ('bed',), 'good': ('could',), 'whole': ('hole',), 'week': ('weak',),
    'weak': ('week',), 'wait': ('weight',), 'made': ('maid',), 'feel': ('fill',),
    'felt': ('fell',), 'fear': ('fair',), 'tired': ('tied',), 'pain': ('pane',),
    'hurt': ('heard',), 'cried': ('creed',), 'through': ('threw',), 'piece': ('peace',),
    'peace': ('piece',)}
"""Words and what they are taken for; some take a negation away, as recognisers do."""


def pool_of(texts: Iterable[str]) -> list[str]:
    """Return words that a wrong one is drawn from; frequent ones stand there more often."""
    common = Counter(word for text in texts for word in spoken(text).split())
    return [word for word, count in common.items() for _ in range(round(count ** 0.5))]


def with_mistakes(text: str, pool: list[str], generator: np.random.Generator) -> str:
    """Return a text as spoken with one word in eight lost or replaced by one of ``pool``."""
    heard = []
    for word in spoken(text).split():
        fate = generator.random()
        if fate >= MISTAKE:
            heard.append(word)
        elif fate >= MISTAKE / 2:
            heard.append(pool[generator.integers(len(pool))])
    return ' '.join(heard)


def misheard(text: str, pool: list[str], generator: np.random.Generator) -> str:
    """Return ``with_mistakes`` of a text, some words taken for like ones, apostrophes lost."""
    heard = []
    for word in spoken(text).split():
        if word in ALIKE and generator.random() < ALIKE_SHARE:
            word = ALIKE[word][generator.integers(len(ALIKE[word]))]
        heard.append(word)
    said = with_mistakes(' '.join(heard), pool, generator)
    return said.replace("'", '') if generator.random() < BARE_SHARE else said
