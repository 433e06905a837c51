# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Write the model cards of the voice and face weights from the figures inside the weights.

    python -m affect_learning.model_cards               # after train_voice or train_face

No number in a card is typed by hand: training stores what it measured beside the tensors.
"""

import json
from pathlib import Path

from affect_encoders.facial_expression.model import WEIGHTS as FACE_WEIGHTS
from affect_encoders.voice.model import WEIGHTS as VOICE_WEIGHTS
from safetensors import safe_open

VOICE_CARD = """\
# Voice: functionals to affect

`voice.safetensors`, model `{model}` version {version}, tensors sha256 `{sha256}`.

**What it is.** A network with one hidden layer from {inputs} voice functionals (the 88 of eGeMAPS
v02 and Teager energy bands, computed by `affect_encoders/voice/features.py`), brought to one level
of sound, and from what they differ by from the wearer's own neutral speech when somebody is
enrolled, to a 32-dimensional embedding and eight category probabilities. Valence and arousal are
the mean of the categories' places in Russell & Mehrabian (1977), their variances that mixture's;
nobody rated these recordings.

**Data.** RAVDESS speech (Livingstone & Russo, PLOS ONE 2018), 24 professional actors, two
sentences, acted emotion, North American English, studio microphone. Licence CC BY-NC-SA 4.0:
**these weights are for non-commercial use and shared alike.** Actors 23 and 24 were not used
for the weights, the standardisation or the temperature.

**Training.** Each clip at a tick of every 0.5 s, clean and as two other people, rooms and
microphones (10 % faster or slower, reverberation of 0.1 to 0.6 s, gain, pass band, noise 10 to
40 dB below the speech; one of each per actor); {rows} rows; mixup. One network is taught with and
without enrolment. Temperatures {temperature} without and {temperature_enrolled} with it, fitted to
predictions for actors the network had not met.

**Measured** (unseen actors: folds of four, 4k+1 to 4k+4; one decision per clip unless said;
chance UAR {chance:.3f}; *enrolled*: the mean of the actor's two neutral clips of statement 1, by
the same microphone, is their neutral; those two clips are not judged):

{table}

95 % intervals of the UAR over actors: first row {low:.3f} to {high:.3f}, enrolled
{low_enrolled:.3f} to {high_enrolled:.3f}. The last two rows are the shipped weights themselves;
two people are too few for an interval, and two neutral clips each for a recall.

Recall of the first row: {recall}.

**Limits.** Acted emotion of actors reading two sentences says little about felt emotion in
daily life; valence is hardly in the voice; children, other languages, whispering, singing and
helmets were never heard. All sound is brought to one level, so how loud a voice is counts only for
those who enrol. Two people who speak at once are not told from one. Not for judging people.

The feature `voice_stress` is a rule (`affect_encoders/voice/stress.py`), **unvalidated**: there is
no stressed speech here. Only its reference for people who are not enrolled, the mean of the
neutral clips, is in these weights.

**Rebuild**, with `AFFECT_DATA` set: `python -m affect_learning.train_voice`, then
`python -m affect_learning.model_cards`.
"""

FACE_CARD = """\
# Facial expression: 48 x 48 grey crop to affect

`facial_expression.safetensors`, model `{model}` version {version}, tensors sha256 `{sha256}`.

**What it is.** Five convolutions to a 64-dimensional embedding and seven expressions, and a
second, smaller network that tells an upright face from anything else (it feeds the quality).
*Calm* was never taught and is NaN. Valence and arousal are the mean of the categories' places
in Russell & Mehrabian (1977), their variances that mixture's.

**Data.** FER2013 (Goodfellow et al. 2013; Kaggle challenge, **licence unclear: images from
the web, research use**). {training_images} training images: those of the official training
split that occur neither earlier in it nor in the validation or test split. {epochs} epochs,
seed {seed}. Temperature {temperature}, fitted on the validation split.

**Measured:**

{table}

*test, deduplicated* leaves out the test images that the official training split contains (we
never train on them either way). Majority class of that row: {majority:.3f}. People reach .65
+- .05 (Goodfellow et al. 2013).

Recall of the deduplicated row: {recall}.

Is it an upright face (validation split): {accepted:.3f} of faces accepted; of others:
{others}.

**Limits.** Labels are what somebody saw in a web image, not what the person felt. Disgust is
rare in the data and often missed, fear is confused with sadness and surprise. Skin tones,
ages and cultures are those of an image search in 2013; no headset covers these faces: what a
face camera below a headset sees is **not** what was taught, use the headset's own weights
there. Not for judging people.

**ARKit weights** (`push_weights`) go through rules after EMFACS in `actions.py`:
uncalibrated, unvalidated, no data.

**Rebuild**, with `AFFECT_DATA` set: `python -m affect_learning.train_face`, then
`python -m affect_learning.model_cards`.
"""


def _metadata(path: Path) -> dict[str, str]:
    with safe_open(str(path), framework='numpy') as file:
        return dict(file.metadata())


def _table(rows: dict[str, dict]) -> str:
    lines = ['| set | n | UAR | accuracy | calibration error |', '|---|---|---|---|---|']
    lines += [f'| {name} | {row["n"]} | {row["uar"]:.3f} | {row["accuracy"]:.3f} '
              f'| {row["ece"]:.3f} |' for name, row in rows.items()]
    return '\n'.join(lines)


def _recall(row: dict) -> str:
    return ', '.join(f'{name} {value:.2f}' for name, value in row['recall'].items())


def voice_card(path: Path = VOICE_WEIGHTS) -> str:
    """Return the card of the voice weights."""
    metadata = _metadata(path)
    figures = json.loads(metadata['figures'])
    with safe_open(str(path), framework='numpy') as file:
        inputs = len(file.get_tensor('mean'))
    first = figures['folds_clip_end_clean']
    low, high = figures['folds_clip_end_clean_uar_95']
    low_enrolled, high_enrolled = figures['folds_enrolled_uar_95']
    return VOICE_CARD.format(
        **{key: metadata[key] for key in ('model', 'version', 'sha256')}, inputs=inputs,
        rows=figures['rows'], temperature=figures['temperature'], chance=figures['chance_uar'],
        temperature_enrolled=figures['temperature_enrolled'], low=low, high=high,
        low_enrolled=low_enrolled, high_enrolled=high_enrolled, recall=_recall(first),
        table=_table({
            'folds, clean': first,
            'the same, without the clips enrolled below':
                figures['folds_same_clips_as_enrolled'],
            'folds, clean, enrolled': figures['folds_enrolled'],
            'folds, other people and rooms': figures['folds_other_rooms'],
            'folds, other people and rooms, enrolled': figures['folds_other_rooms_enrolled'],
            'folds, every half second, all': figures['folds_every_half_second'],
            'actors 23 and 24, clean': figures['actors_23_24_clip_end_clean'],
            'actors 23 and 24, enrolled': figures['actors_23_24_enrolled']}))


def face_card(path: Path = FACE_WEIGHTS) -> str:
    """Return the card of the face weights."""
    metadata = _metadata(path)
    figures = json.loads(metadata['figures'])
    test, likeness = figures['test_deduplicated'], figures['likeness_validation']
    return FACE_CARD.format(
        **{key: metadata[key] for key in ('model', 'version', 'sha256')},
        **{key: figures[key] for key in ('training_images', 'epochs', 'seed', 'temperature')},
        majority=test['majority'], recall=_recall(test), accepted=likeness['faces_accepted'],
        others=', '.join(f'{kind.replace("_", " ")} {share:.3f}'
                         for kind, share in likeness['others_accepted'].items()),
        table=_table({'validation': figures['validation'],
                      'test, official': figures['test_official'],
                      'test, deduplicated': test}))


def main() -> None:
    for path, card in ((VOICE_WEIGHTS, voice_card()), (FACE_WEIGHTS, face_card())):
        path.with_suffix('.md').write_text(card, encoding='utf-8')
        print(path.with_suffix('.md'))


if __name__ == '__main__':
    main()
