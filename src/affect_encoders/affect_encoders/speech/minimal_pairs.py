# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Sentences whose valence everybody agrees on, though their words alone mislead; evaluation only.

Written by hand, together with the rules of ``affect_learning/speech_sentences.py`` and before the
model that is judged by them was trained. Some frames are the same, and a few short sentences
('not bad at all', 'i am not happy') are made there word for word.
"""

from collections.abc import Callable
from collections.abc import Iterator

GOOD = (
    'not bad at all', 'the concert was not bad', "it's not terrible actually",
    "i couldn't be happier with the room", 'it is anything but boring', 'it was not awful',
    'she was anything but rude to us', "i'm not angry with you", "we weren't let down",
    'he did not scare me one bit', 'there was nothing to be worried about',
    'i have never laughed so much', 'it could not have gone any better', 'i have no regrets',
    'nothing could make me prouder', "i can't wait for the holidays",
    'i was afraid at first but then it was wonderful', 'it looked ugly yet it tasted delicious',
    'the pain is finally gone', "i don't feel lonely anymore", 'never a dull evening with you',
    'i would not change a thing', 'you are not worthless', "that isn't a stupid question")
BAD = (
    'i am not happy', 'i am not at all comfortable here', 'this is hardly a good sign',
    "i don't think that was a nice thing to say", 'nobody enjoyed the party',
    'i never liked that house', 'far from satisfying', 'he is anything but honest',
    'it was no fun', "i wouldn't recommend it to anyone", 'it could not have gone any worse',
    'the show was not as good as they said', 'i used to be cheerful', 'i wish i was brave',
    'without any hope', 'i expected a great evening but it was dreadful',
    'it was fun until he insulted me', 'there is no love in this house',
    "i can't stand his voice", "i'm not proud of what i did", 'neither kind nor helpful',
    'she did not even thank me', 'my cat died this morning', 'they broke into our flat')
HIGHER = (
    # the valence of the first is above that of the second
    ('i am glad', 'i am a little glad'), ('i am extremely proud', 'i am proud'),
    ('i am upset', 'i am extremely upset'), ('slightly annoyed', 'very annoyed'),
    ('i am not very happy', 'i am miserable'), ('it was superb', 'it was okay'),
    ("i'm happy but scared", 'i am scared'), ('i am happy', "i'm happy but scared"),
    ('i love her', 'i love her and i hate her'), ('i love her and i hate her', 'i hate her'),
    ('glad and sad at the same time', 'sad'), ('the end was not sad', 'the end was sad'))
IRONIC = (
    # bad, whatever the words say
    'oh great another flat tire', 'thanks a lot for ruining my day',
    'well that was a brilliant idea now everything is broken', 'lovely it rains again')


def judged(valence: Callable[[str], float]) -> Iterator[tuple[str, bool]]:
    """Yield each sentence or pair and whether ``valence``, of a text, is on the right side."""
    for text in GOOD:
        yield text, valence(text) > 0.0
    for text in (*BAD, *IRONIC):
        yield text, valence(text) < 0.0
    for higher, lower in HIGHER:
        yield f'{higher} > {lower}', valence(higher) > valence(lower)
