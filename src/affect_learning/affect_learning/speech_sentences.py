# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Sentences made by rule, whose feeling is known by how they are made.

Comments seldom hold the same words both plain and denied, so a model learns from them that 'not'
says little. Here a word from a short list goes into frames that assert it, strengthen it, weaken
it, deny it, or set it beside another one; the frame says what becomes of the word's labels.
(Kaushik et al., "Learning the Difference that Makes a Difference with Counterfactually-Augmented
Data", ICLR 2020, had people do that.) Words, frames and what a frame does to a label were written
by hand for this project: they are a claim about English, not data.
"""

from affect_encoders.speech.goemotions import LABELS
from affect_encoders.speech.goemotions import VALENCE
import numpy as np

Labels = dict[str, float]

_FEELINGS = {
    # what can stand in 'I am ...'
    'joy': 'happy glad joyful delighted cheerful pleased elated overjoyed ecstatic merry blissful '
           'content satisfied jubilant euphoric',
    'joy excitement': 'thrilled exhilarated',
    'excitement': 'excited enthusiastic pumped psyched eager',
    'gratitude': 'grateful thankful',
    'pride joy': 'proud triumphant',
    'relief': 'relieved reassured',
    'relief approval': 'calm relaxed peaceful comfortable safe',
    'optimism': 'hopeful optimistic confident',
    'love': 'loved adored cherished',
    'amusement': 'amused entertained',
    'admiration': 'impressed',
    'sadness': 'sad unhappy miserable depressed gloomy heartbroken devastated lonely sorrowful '
               'hopeless hurt abandoned helpless upset homesick',
    'grief sadness': 'bereaved grieving',
    'disappointment': 'disappointed disheartened discouraged dissatisfied',
    'anger': 'angry furious mad enraged livid outraged fuming',
    'annoyance': 'annoyed irritated frustrated bothered exasperated',
    'annoyance sadness': 'tired bored exhausted',
    'annoyance anger': 'jealous bitter resentful',
    'disgust': 'disgusted revolted repulsed nauseated sickened appalled',
    'fear': 'afraid scared terrified frightened petrified panicked',
    'fear nervousness': 'threatened unsafe alarmed',
    'nervousness': 'nervous anxious worried tense uneasy stressed restless',
    'embarrassment': 'embarrassed humiliated mortified ridiculed',
    'embarrassment remorse': 'ashamed',
    'remorse': 'sorry guilty regretful',
    'surprise': 'surprised astonished stunned startled',
    'surprise sadness': 'shocked',
    'confusion': 'confused puzzled baffled perplexed disoriented',
    'curiosity': 'curious intrigued interested',
}
_QUALITIES = {
    # what can stand in 'it is ...' and before a noun
    'admiration': 'great wonderful amazing fantastic excellent brilliant awesome impressive '
                  'superb outstanding beautiful lovely gorgeous marvelous perfect magnificent '
                  'spectacular incredible stunning',
    'approval': 'good nice fine decent pleasant useful helpful clever reasonable fair tasty cheap '
                'comfortable successful worthwhile solid',
    'admiration approval': 'kind friendly generous charming smart honest caring talented',
    'amusement': 'funny hilarious amusing witty entertaining',
    'excitement': 'exciting thrilling exhilarating',
    'joy': 'delightful joyful enjoyable cheerful fun',
    'love': 'adorable cute sweet',
    'disgust': 'disgusting gross revolting nasty nauseating vile foul filthy repulsive smelly '
               'sickening',
    'annoyance': 'annoying irritating frustrating tedious tiresome noisy exhausting',
    'annoyance disappointment': 'boring dull bland slow weak mediocre',
    'disapproval': 'bad wrong unacceptable stupid ridiculous pathetic useless ugly',
    'disapproval annoyance': 'rude unfriendly mean selfish arrogant dishonest lazy',
    'disapproval anger': 'unfair unjust cruel',
    'disappointment': 'disappointing underwhelming poor mediocre lousy',
    'disgust disapproval': 'terrible awful horrible dreadful atrocious horrendous',
    'sadness': 'sad tragic heartbreaking depressing hopeless gloomy painful',
    'fear': 'scary terrifying frightening creepy horrifying dangerous threatening',
    'confusion': 'confusing puzzling incomprehensible',
    'surprise': 'surprising unexpected astonishing',
    'embarrassment': 'embarrassing humiliating awkward',
}
_COMPARATIVES = {
    'joy': 'happier gladder', 'pride': 'prouder', 'admiration': 'better nicer lovelier',
    'amusement': 'funnier', 'sadness': 'sadder lonelier', 'anger': 'angrier madder',
    'disapproval': 'worse uglier', 'fear': 'scarier', 'relief': 'calmer',
}
_DOINGS = {
    # what can stand in 'I ... it' and 'I didn't ... it'
    'love': 'love adore', 'approval': 'like recommend support trust', 'joy': 'enjoy',
    'admiration': 'admire respect', 'gratitude': 'appreciate', 'disgust anger': 'hate despise '
    'loathe', 'disapproval': 'dislike', 'remorse': 'regret', 'fear': 'fear dread',
    'annoyance': 'resent', 'sadness': 'miss',
}
_PAST = {
    'love': 'loved', 'adore': 'adored', 'like': 'liked', 'recommend': 'recommended',
    'support': 'supported', 'trust': 'trusted', 'enjoy': 'enjoyed', 'admire': 'admired',
    'respect': 'respected', 'appreciate': 'appreciated', 'hate': 'hated', 'despise': 'despised',
    'loathe': 'loathed', 'dislike': 'disliked', 'regret': 'regretted', 'fear': 'feared',
    'dread': 'dreaded', 'resent': 'resented', 'miss': 'missed'}
_EFFECTS = {
    # what can stand in 'it ... me' and 'it didn't ... me'
    'annoyance': 'annoy bother irritate', 'disappointment': 'disappoint', 'fear': 'scare frighten',
    'sadness': 'hurt upset depress', 'disgust': 'disgust', 'amusement': 'amuse',
    'joy': 'please delight', 'admiration': 'impress', 'excitement': 'excite',
    'nervousness': 'worry', 'embarrassment': 'embarrass', 'relief': 'calm comfort',
}
_EVENTS = {
    'grief sadness': [
        '{kin} died', '{kin} passed away', '{kin} was killed in an accident', 'i lost {kin}',
        '{pet} died', 'we buried {kin}', 'the funeral of {kin}', 'the death of {kin}'],
    'sadness': [
        '{kin} is seriously ill', '{kin} had to go to the hospital', '{kin} was diagnosed with '
        'cancer', 'we broke up', '{person} left me', 'i had to say goodbye to {person}',
        'nobody came to my birthday', 'i was all alone', 'i cried all night', 'my parents got '
        'divorced', '{person} moved far away', 'they had lost their home in the war',
        'people were suffering and starving', 'the children have nothing to eat',
        '{person} does not love me anymore', '{person} ignored me', 'i felt left out',
        'i have no one to talk to', '{person} said goodbye for ever', '{kin} lost everything',
        'i had to leave my home', '{kin} has cancer', 'i was separated from my family',
        'i saw the poor begging for food', 'they destroyed our house', 'i miss {kin}'],
    'disappointment sadness': [
        'i failed {test}', 'i did not get {goal}', 'i lost {goal}', 'my application was rejected',
        'we lost the game', '{person} forgot my birthday', 'the trip was cancelled',
        'i got bad marks', 'i failed again', 'all my work was for nothing',
        '{person} did not come to the party', 'i was not chosen for the team'],
    'anger': [
        '{person} lied to me', '{person} cheated on me', '{person} betrayed me',
        'someone stole {thing}', '{person} broke {thing}', '{person} insulted me',
        '{person} treated me unfairly', 'i was accused of something i did not do',
        '{person} spread rumours about me', '{person} shouted at me for nothing',
        '{person} hit me', '{person} took {thing} without asking', '{thing} was stolen',
        '{person} talked behind my back', '{person} made fun of me', '{person} broke a promise',
        'i was blamed for it', 'i was treated like dirt', '{person} accused me of lying',
        'my parents did not let me go', 'we had a terrible argument', '{person} cut in line',
        '{person} refused to pay me', 'i was not allowed to speak', 'they did it on purpose'],
    'annoyance': [
        '{person} kept me waiting', '{person} would not listen to me', 'the train was late again',
        '{person} keeps interrupting me', 'the neighbours were loud all night',
        '{thing} broke down again', '{person} was late again'],
    'fear': [
        'someone was following me in the dark', 'i heard strange noises at night',
        '{person} pointed a gun at me', 'i was attacked on the street', 'a dog chased me',
        'i almost drowned', 'our car nearly crashed', 'the plane was shaking badly',
        'i was trapped in the elevator', 'there was a fire in the house', 'i saw a snake',
        'someone tried to break into the house', 'i thought i was going to die',
        'standing at the edge of a high cliff', 'walking home alone in the dark',
        'we got lost in the forest at night', 'i heard footsteps behind me', 'i lost control of '
        'the car', 'a stranger followed me home', 'there was an earthquake', 'a big spider sat on '
        'my bed', 'the brakes failed', 'i was alone at home and someone knocked',
        'he threatened me with a knife', 'i woke up from a nightmare', 'the ghost jumped at me'],
    'nervousness fear': [
        'i was waiting for the results of {test}', 'i have to speak in front of everybody',
        'tomorrow is {test}', 'i have to see the doctor', '{kin} did not come home',
        'before {test} i could not sleep', 'i had to give a speech', 'i was not prepared for '
        '{test}', '{kin} had an operation'],
    'disgust': [
        'i saw someone vomit', 'there was a rotten smell', 'the food was full of worms',
        'i found a cockroach in my food', 'the toilet was filthy', '{person} spat on the floor',
        'a drunk man threw up', 'there was blood everywhere', 'i stepped into dog dirt',
        'i saw a dead rat', '{person} was picking his nose', 'the meat was covered with maggots',
        'someone vomited on the bus', 'he never washes himself', 'the smell made me sick',
        'there were hairs in my soup', 'i had to clean up the mess of a drunk', 'i saw pictures '
        'of an operation', 'the garbage was rotting', '{person} told dirty jokes',
        '{person} eats with his mouth open', 'i saw an animal being slaughtered'],
    'disgust anger': [
        '{person} abused a child', '{person} beat his wife', 'a man touched me on the bus',
        '{person} tortured an animal'],
    'joy': [
        'i passed {test}', 'i got {goal}', 'i met an old friend again', '{kin} had a baby',
        'my daughter was born', 'we won the game', '{person} and i fell in love',
        'i was with my friends and we laughed a lot', '{kin} came home after a long time',
        '{person} gave me a wonderful present', 'we got married', 'i was accepted at university',
        'people were dancing and singing', 'playing with {pet}', 'my dream came true',
        'i passed with good marks', 'i finally passed {test}', 'i got good results in {test}',
        '{person} surprised me with a party', 'i saw {kin} again after years', 'we celebrated '
        'together', 'i found out that i was going to be a father', 'i met the love of my life',
        'we spent a lovely holiday', 'the whole family was together', 'i got a letter from '
        '{kin}', 'i bought my first car', 'our team won', 'the sun was shining on the beach'],
    'relief joy': [
        '{kin} is healthy again', 'the tests came back negative', 'nobody was hurt',
        '{kin} survived', 'i found {thing} again', 'finally it is over'],
    'love': ['{person} kissed me', '{person} told me that he loves me', 'she said yes',
             '{kin} hugged me'],
    'gratitude': ['{person} helped me so much', '{person} saved my life', 'thank you for your '
                  'help', 'i owe {person} everything'],
    'pride joy': ['{kin} graduated', 'i won the first prize', 'i finished the marathon',
                  'i did it all by myself'],
    'remorse': ['i lied to {person}', 'i hurt {person}', 'i forgot the birthday of {kin}',
                'i should not have said that', 'it was all my fault', 'i broke my promise'],
    'embarrassment': ['everybody laughed at me', 'i fell down in front of everyone',
                      'i forgot my words on stage', 'my trousers ripped in public'],
    'surprise': ['i did not expect that', 'i had no idea', 'out of nowhere {person} appeared',
                 'suddenly everything changed'],
    'neutral': ['{person} went to the shop', 'the meeting is at noon', 'i put {thing} on the '
                'table', 'we take the bus at eight', 'the door is open', 'the children are '
                'talking', '{person} lives in the next street', 'i am reading the manual',
                'it is on the left side', 'we have two meetings today', 'he is sitting by the '
                'window', 'the video shows a city', 'there is a street with some people'],
}
_SLOTS = {
    'kin': ['my mother', 'my father', 'my grandmother', 'my grandfather', 'my brother',
            'my sister', 'my son', 'my daughter', 'my uncle', 'my wife', 'my husband',
            'my best friend', 'a close friend', 'my cousin'],
    'person': ['my friend', 'my boss', 'my neighbour', 'my teacher', 'he', 'she', 'a stranger',
               'my boyfriend', 'my girlfriend', 'my colleague', 'my brother', 'a man'],
    'pet': ['my dog', 'my cat', 'our puppy'],
    'test': ['my exam', 'the exam', 'my driving test', 'the interview', 'the final test'],
    'goal': ['the job', 'a scholarship', 'a promotion', 'the place i wanted', 'my job'],
    'thing': ['my bicycle', 'my wallet', 'my phone', 'my car', 'the keys', 'my money'],
}
_IDIOMS = (
    # what is said in so many words and not meant word by word
    ('approval admiration', (
        'not bad', 'not bad at all', 'not too bad', 'not half bad', 'that is not bad',
        'not so bad after all', 'could be worse', 'not too shabby', 'i have no complaints',
        'nothing to complain about', 'so far so good', 'no problem at all', 'i can not complain',
        "i couldn't complain", 'i cannot complain', "can't complain", 'no complaints here',
        'nothing wrong with it', 'i have nothing against it', "i don't hate it",
        'it did not disappoint', 'it grew on me', 'worth it', 'worth every penny',)),
    ('excitement', (
        'i cannot wait', "i can't wait for it", "can't wait to go", 'i could hardly wait',)),
    ('admiration', (
        'nothing beats this', 'it does not get better than this', 'second to none',
        'without a doubt the best', 'it could not have been better', 'nothing could be better',
        "you can't go wrong with it", 'never a dull moment', 'one of the best',)),
    ('disapproval annoyance', (
        "i can't stand it", 'i cannot stand him', 'i have had enough', 'i am sick of it',
        'fed up with this', 'it sucks', 'what a waste of time', 'not worth it',
        'not worth the money', 'no good', 'good for nothing', "i couldn't care less",
        'over my dead body',)),
    ('disappointment', (
        'it could have been better', 'nothing special', 'not my thing', 'not my cup of tea',
        'not what i hoped for', 'not as good as i thought', 'it did not live up to the hype',
        'too bad', 'it did not live up to my hopes', 'i had hoped for more',
        'it was not meant to be', 'it came to nothing', 'all for nothing', 'i expected more',
        'i expected better', 'it went downhill', 'what a pity', 'what a shame', 'it falls flat',)),
    ('disapproval', (
        "i don't think so", 'that is not ok', "that's not right", "i don't agree",
        'it makes no sense', 'i am not a fan', 'you should not do that', 'not good enough',)),
    ('caring relief', (
        'do not worry', "don't be afraid", 'no need to worry', 'nothing to worry about',
        'you are not alone', "don't be sad", 'there is no reason to be afraid',
        'no one can hurt you',)),
    ('relief', (
        'without any fear', 'no fear', 'no pain', 'i have no fear', 'without pain',
        'nobody got hurt', 'no one hurt us', 'it does not hurt anymore', "i don't feel any pain",
        'no more pain', 'no more worries', 'the fear is gone', 'i am not in pain anymore',)),
    ('surprise', (
        "i can't believe it", 'i never thought this would happen', 'no way', 'are you serious',)),
    ('sadness', (
        'i have nothing left', 'there is no hope', 'no hope left', 'no joy', 'without joy',
        'without any hope', 'i feel no joy', 'no love left', 'nobody cares about me',
        'nobody likes me', 'nobody loves me', "i can't go on", 'no joy in my life',
        'nothing makes me happy anymore', 'it will never be the same', 'not a good day',
        'no one understands me', 'i have no friends',)),
    ('confusion', (
        "i don't understand", "i don't get it", 'i have no idea what is going on',)),
    ('neutral', (
        "i don't know", 'not really', 'not yet', 'not today', 'no idea', 'it is not here',
        'i was not there', 'i have not seen it', 'he is not at home', 'never heard of it',
        'not that i know of', 'not good and not bad', 'neither good nor bad', "i don't mind",
        "i don't care",)),
)

_STRONG = ('so', 'very', 'really', 'extremely', 'incredibly', 'absolutely', 'totally', 'deeply',
           'truly', 'terribly', 'so very', 'completely', 'utterly')
_WEAK = ('a bit', 'a little', 'slightly', 'somewhat', 'kind of', 'mildly', 'a little bit',
         'sort of', 'vaguely', 'partly')
_I_AM = ('i am', "i'm", 'i feel', 'i felt', 'i was', 'we are', 'we were', 'this makes me',
         'it made me', 'he made me', 'i became', 'i got', 'i have been', 'she is', 'they were',
         'i feel like i am', 'watching this i felt', 'in the end i was')
_IT_IS = ('it is', "it's", 'this is', 'that is', "that's", 'it was', 'the film was',
          'the food was', 'he is', 'she is', 'they are', 'everything was', 'the whole thing was',
          'you are', 'the day was', 'the weather is', 'i think it is', 'i find it', 'i found it')
_NOT_AM = ('i am not', "i'm not", 'i do not feel', "i don't feel", 'i was not', "i wasn't",
           'we are not', "we weren't", 'this does not make me', "it doesn't make me",
           'i did not feel', 'i have never been', 'i never felt', 'i am no longer',
           'i am anything but', "i'm anything but", 'i was far from', 'i am hardly',
           "i can't say i am", 'i am not at all', 'i wish i were', 'i am not even',
           'nobody is', 'no one was', 'i am not exactly', 'i am not that', 'i am not very',
           'it no longer makes me', 'nothing makes me', 'i have no reason to be', 'without being',
           'i wish i was', 'if only i were', 'i would like to be', 'i want to be', 'i try to be',
           'i am never', "i don't think i am", "i don't think i will ever be", 'i used to be',
           'it does not make us', 'he was not', 'there is no reason to be', 'i am not really',
           'i stopped being', 'not', 'i could not feel', 'none of us was', 'i have not been')
_NOT_IS = ('it is not', "it's not", 'it is not', "it isn't", "that isn't", "this isn't",
           'that is not', 'this is not', "it wasn't", 'it was not', 'the film was not',
           "the food wasn't", "he isn't", 'she is not', "they aren't", 'nothing about it is',
           'it is anything but', 'it was anything but', 'it is far from', 'far from',
           'he is anything but', "i don't think it is", "i don't find it", "i didn't find it",
           'it is hardly', 'i would not call it', "i wouldn't say it is", 'it is no longer',
           'not at all', 'it is not exactly', 'it is not that', 'it is not very', 'nothing was',
           'it was never', 'not a single thing was', 'hardly', "i don't believe this is",
           'i doubt that it is', 'it used to be', "i can't say it was", "it doesn't seem",
           'it does not look', 'it could have been', 'i wish it was', 'neither big nor',
           'it never felt', 'nobody thought it was', "they weren't", "you aren't", 'he was not')
_THINGS = ('it', 'that', 'this', 'him', 'her', 'them', 'this place', 'my job', 'the film',
           'the music', 'being here', 'my life', 'you', 'every minute of it', 'the way it looks')
_WHOM = ('you', 'me', 'him', 'them', 'it', 'that', 'my friends', 'the result', 'the dark',
         'what happened', 'my work', 'the future', 'the way it went', 'everything', 'this video')
_NOT_DO = ("i don't", 'i do not', 'i never', 'i no longer', "we don't", 'i do not really',
           "i can't say i", 'i hardly', "i don't even")
_NOT_DID = ("i didn't", 'i did not', "we didn't", 'she did not', "i didn't really")
_NOUNS = ('day', 'film', 'idea', 'person', 'story', 'place', 'experience', 'friend', 'meal',
          'song', 'way to end it', 'job', 'game', 'surprise')
_BUT = ('{0} but {1}', '{0} but also {1}', '{0} and yet {1}', '{0} and {1}', '{0} and at the same '
        'time {1}', 'although {0} {1}', '{0} though {1}', '{0} however {1}', '{0} but now {1}',
        'even though {0} {1}')

_GOOD_DENIED_FEELING = {'sadness': 0.4, 'disappointment': 0.45, 'neutral': 0.15,
                        'disapproval': 0.15}
_GOOD_DENIED_QUALITY = {'disapproval': 0.55, 'disappointment': 0.4, 'annoyance': 0.25,
                        'neutral': 0.1}
_BAD_DENIED_FEELING = {'neutral': 0.35, 'relief': 0.25, 'approval': 0.3, 'optimism': 0.1,
                       'joy': 0.15}
_BAD_DENIED_QUALITY = {'approval': 0.6, 'neutral': 0.3, 'admiration': 0.15}
_OPEN_DENIED = {'neutral': 0.6, 'disapproval': 0.05}
_OPEN = frozenset(('surprise', 'confusion', 'curiosity', 'realization', 'neutral'))
"""What has no opposite: a surprise that is denied is neither good nor bad."""

_SURE = 0.85
_STRONGER = 0.97
_WEAKER = 0.5
_FEWER = 0.35  # of the neutral, where a feeling is weak


def labels_of(name: str, certainty: float = _SURE) -> Labels:
    """Return the labels of a list's name; the first counts fully, another one half."""
    first, *others = name.split()
    return {first: certainty, **dict.fromkeys(others, 0.5 * certainty)}


def denied(name: str, *, is_feeling: bool) -> Labels:
    """Return what remains of the labels of a list's name when its words are denied."""
    first = name.split()[0]
    if first in _OPEN:
        return _OPEN_DENIED
    if VALENCE[LABELS.index(first)] > 0.0:
        return _GOOD_DENIED_FEELING if is_feeling else _GOOD_DENIED_QUALITY
    return _BAD_DENIED_FEELING if is_feeling else _BAD_DENIED_QUALITY


def target_of(labels: Labels) -> np.ndarray:
    """Return probabilities float32 [28]."""
    target = np.zeros(len(LABELS), dtype=np.float32)
    for label, probability in labels.items():
        target[LABELS.index(label)] = probability
    return target


def both(one: Labels, other: Labels, first_counts: float = 0.8) -> Labels:
    """Return the labels of two clauses; the second one has the last word."""
    found = {label: first_counts * p for label, p in one.items()}
    for label, p in other.items():
        found[label] = max(found.get(label, 0.0), p)
    if any(label != 'neutral' and p > 0.3 for label, p in found.items()):
        found.pop('neutral', None)
    return found


class SentenceMaker:
    """Makes sentences by rule, each with its labels; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._makers = (
            (3.0, self._asserted), (2.0, self._strengthened), (1.5, self._weakened),
            (5.0, self._denied), (3.0, self._event), (1.5, self._idiom), (1.0, self._compared),
            (2.0, self._done))

    def sentences(self, count: int) -> tuple[list[str], np.ndarray]:
        """Return sentences [N] and their probabilities float32 [N, 28]."""
        made = [self.sentence() for _ in range(count)]
        return [text for text, _ in made], np.stack([target_of(labels) for _, labels in made])

    def sentence(self) -> tuple[str, Labels]:
        """Return one sentence, of one clause or two, and its labels."""
        if self._random.random() < 0.72:
            return self._clause()
        (one, labels), (other, more) = self._clause(), self._clause()
        if self._random.random() < 0.15:
            # What was merely expected, wished or past is not felt.
            frame = self._one(('i thought {0} but {1}', 'i expected that {0} but {1}',
                               'i was told {0} but {1}', 'i used to think {0} but {1}',
                               'i feared that {0} but {1}', 'i hoped that {0} but {1}'))
            return frame.format(one, other), more
        return self._one(_BUT).format(one, other), both(labels, more)

    def _one(self, choices):
        return choices[self._random.integers(len(choices))]

    def _clause(self) -> tuple[str, Labels]:
        weights = np.array([weight for weight, _ in self._makers])
        return self._makers[self._random.choice(len(weights), p=weights / weights.sum())][1]()

    def _word(self, lists: dict[str, str]) -> tuple[str, str]:
        name = self._one(list(lists))
        return self._one(lists[name].split()), name

    def _about(self) -> str:
        if self._random.random() < 0.75:
            return ''
        return ' ' + self._one(('of', 'about', 'with', 'at', 'because of', 'for')) + ' ' + (
            self._one(_WHOM))

    def _asserted(self) -> tuple[str, Labels]:
        chance = self._random.random()
        if chance < 0.5:
            word, name = self._word(_FEELINGS)
            return f'{self._one(_I_AM)} {word}{self._about()}', labels_of(name)
        word, name = self._word(_QUALITIES)
        if chance < 0.8:
            return f'{self._one(_IT_IS)} {word}', labels_of(name)
        return self._one(('a {0} {1}', 'what a {0} {1}', 'it was a {0} {1}', 'he is a {0} {1}',
                          'such a {0} {1}', 'we had a {0} {1}')).format(
            word, self._one(_NOUNS)), labels_of(name)

    def _strengthened(self) -> tuple[str, Labels]:
        if self._random.random() < 0.5:
            word, name = self._word(_FEELINGS)
            frame = self._one(_I_AM)
            text = self._one((f'{frame} {self._one(_STRONG)} {word}',
                              f'i have never been so {word}', f'i could not be more {word}',
                              f"i couldn't be more {word}",
                              f'i have never felt so {word} in my life', f'never been more {word}',
                              f'{frame} more {word} than ever', f'not only {word} but over the '
                              f'moon {word}'))
        else:
            word, name = self._word(_QUALITIES)
            text = self._one((f'{self._one(_IT_IS)} {self._one(_STRONG)} {word}',
                              f'the most {word} {self._one(_NOUNS)} ever',
                              f'it could not be more {word}', f'not only {word} but also big',
                              f'i have never seen anything so {word}'))
        return text, labels_of(name, _STRONGER)

    def _weakened(self) -> tuple[str, Labels]:
        if self._random.random() < 0.6:
            (word, name), frame = self._word(_FEELINGS), self._one(_I_AM)
        else:
            (word, name), frame = self._word(_QUALITIES), self._one(_IT_IS)
        return f'{frame} {self._one(_WEAK)} {word}', {
            **labels_of(name, _WEAKER), 'neutral': _FEWER}

    def _denied(self) -> tuple[str, Labels]:
        at_all = ' at all' if self._random.random() < 0.12 else ''
        chance = self._random.random()
        if chance < 0.45:
            word, name = self._word(_FEELINGS)
            anymore = ' anymore' if self._random.random() < 0.1 else ''
            about = self._about()
            if self._random.random() < 0.15:
                # 'Nothing to be afraid of' denies without a 'not'.
                return self._one((
                    'there is nothing to be {0} of', 'there is nothing to be {0} about',
                    'there was nothing {0} about it', 'there is no need to be {0}',
                    'i have nothing to be {0} about', "you don't have to be {0}",
                    "don't be {0}", 'i see no reason to be {0}')).format(word), denied(
                        name, is_feeling=True)
            return (f'{self._one(_NOT_AM)} {word}{about or at_all or anymore}',
                    denied(name, is_feeling=True))
        word, name = self._word(_QUALITIES)
        if chance < 0.8:
            return f'{self._one(_NOT_IS)} {word}{at_all}', denied(name, is_feeling=False)
        return self._one((
            'it is not a {0} {1}', 'not a {0} {1}', "it wasn't a {0} {1}", 'there was no {0} {1}',
            "i don't think this is a {0} {1}", "i don't think it was a {0} {1}",
            'i do not think he is a {0} {1}', "i don't believe it is a {0} {1}",
            'i doubt it is a {0} {1}', "that isn't a {0} {1}", 'not a single {0} {1}',
            'i never had a {0} {1}', 'no {0} {1}', 'i would not call it a {0} {1}',
            'not exactly a {0} {1}', 'he is not a {0} {1}', 'this is no {0} {1}',
            'i have had no {0} {1}', 'never a {0} {1}', 'not one {0} {1}')).format(
            word, self._one(_NOUNS)), denied(name, is_feeling=False)

    def _done(self) -> tuple[str, Labels]:
        thing = self._one(_THINGS)
        if self._random.random() < 0.4:
            word, name = self._word(_EFFECTS)
            subject = self._one(('it', 'that', 'he', 'she', 'the news', 'the film', 'this'))
            if self._random.random() < 0.5:
                ending = '' if word.endswith('t') and word in ('hurt', 'upset') else (
                    'd' if word.endswith('e') else 'ied' if word == 'worry' else 'ed')
                stem = 'worr' if word == 'worry' else word
                return f'{subject} {stem}{ending} me', labels_of(name)
            frame = self._one(("didn't", 'did not', 'does not', "doesn't", 'never', 'would not',
                               'will not', 'no longer'))
            return f'{subject} {frame} {word} us' if self._random.random() < 0.3 else (
                f'{subject} {frame} {word} me'), denied(name, is_feeling=True)
        word, name = self._word(_DOINGS)
        chance = self._random.random()
        if chance < 0.25:
            return f'i {word} {thing}', labels_of(name)
        if chance < 0.45:
            return f'i really {_PAST[word]} {thing}', labels_of(name, _STRONGER)
        is_good = VALENCE[LABELS.index(name.split()[0])] > 0.0
        if chance < 0.55 and is_good:
            return f'i used to {word} {thing}', {
                'sadness': 0.4, 'disappointment': 0.4, 'neutral': 0.2}
        if chance < 0.8:
            return f'{self._one(_NOT_DO)} {word} {thing}', denied(name, is_feeling=False)
        return f'{self._one(_NOT_DID)} {word} {thing}', denied(name, is_feeling=False)

    def _event(self) -> tuple[str, Labels]:
        name = self._one(list(_EVENTS))
        text = self._one(_EVENTS[name])
        for slot, fillers in _SLOTS.items():
            text = text.replace('{' + slot + '}', self._one(fillers))
        if name != 'neutral' and self._random.random() < 0.3:
            start = self._one(('when', 'because', 'i will never forget how', 'the day'))
            text = f'{start} {text}'
        return text, labels_of(name)

    def _idiom(self) -> tuple[str, Labels]:
        name, texts = self._one(_IDIOMS)
        return self._one(texts), labels_of(name, 0.8)

    def _compared(self) -> tuple[str, Labels]:
        word, name = self._word(_COMPARATIVES)
        frame = self._one(('i could not be {0}', "i couldn't be {0}", 'it could not be {0}',
                           "it couldn't have been {0}", 'i have never been {0}',
                           'i have never seen anything {0}', 'nothing could be {0}'))
        return frame.format(word), labels_of(name, _STRONGER)
