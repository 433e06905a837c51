# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Write the model cards of the voice and face weights from the figures inside the weights.

    python -m affect_learning.model_cards               # after train_voice or train_face

No number in a card is typed by hand: training stores what it measured beside the tensors.
"""

import json
from pathlib import Path

from affect_encoders.facial_expression.model import PARTS
from affect_encoders.facial_expression.model import WEIGHTS as FACE_WEIGHTS
from affect_encoders.voice.model import WEIGHTS as VOICE_WEIGHTS
from affect_learning.face_pictures import LOWER_HIDDEN_SHARE
from affect_learning.face_pictures import UPPER_HIDDEN_SHARE
from safetensors import safe_open

VOICE_CARD = """\
# Voice: functionals to affect

`voice.safetensors`, model `{model}` version {version}, tensors sha256 `{sha256}`.

**What it is.** A network with one hidden layer from {inputs} voice functionals (names after
eGeMAPS, computed by `affect_encoders/voice/features.py`) to a 32-dimensional embedding and
eight category probabilities. Valence and arousal are the mean of the categories' places in
Russell & Mehrabian (1977), their variances that mixture's; nobody rated these recordings.

**Data.** RAVDESS speech (Livingstone & Russo, PLOS ONE 2018), 24 professional actors, two
sentences, acted emotion, North American English, studio microphone. Licence CC BY-NC-SA 4.0:
**these weights are for non-commercial use and shared alike.** Actors 23 and 24 were not used
for the weights, the standardisation or the temperature.

**Training.** Each clip at a tick of every 0.5 s, clean and through three simulated
microphones (gain, pass band, noise 10 to 40 dB below the speech); {rows} rows. Temperature
{temperature}, fitted to predictions for actors the network had not met.

**Measured** (unseen actors: folds of four, 4k+1 to 4k+4; one decision per clip unless said;
chance UAR {chance:.3f}):

{table}

95 % interval of the first row's UAR over actors: {low:.3f} to {high:.3f}. The last row are
the shipped weights themselves; two people are too few for an interval.

Recall of the first row: {recall}.

**Limits.** Acted emotion of actors reading two sentences says little about felt emotion in
daily life; valence is hardly in the voice; children, other languages, whispering, singing and
helmets were never heard. A loud voice near the microphone looks aroused. Not for judging
people.

**Rebuild**, with `AFFECT_DATA` set: `python -m affect_learning.train_voice`, then
`python -m affect_learning.model_cards`.
"""

FACE_CARD = """\
# Facial expression: 48 x 48 grey crop to affect

`facial_expression.safetensors`, model `{model}` version {version}, tensors sha256 `{sha256}`.

**What it is.** Eleven convolutions, three pairs of them beside bypasses, to a 64-dimensional
embedding and seven expressions; and a smaller network that tells an upright face from anything
else and a bare face from one whose upper half (headset, goggles) or lower half (mask) is covered.
The covered half is emptied before the expression is asked for. *Calm* was never taught and is NaN.
Valence and arousal are the mean of the categories' places in Russell & Mehrabian (1977), their
variances that mixture's, more where half of the face is out of sight. Tensors have 16 bits.

**Data.** FER2013 (Goodfellow et al. 2013; Kaggle challenge, **licence unclear: images from
the web, research use**). {training_images} training images: those of the official training
split that occur neither earlier in it nor in the validation or test split.
{epochs} epochs{start}, seed {seed}, through random views, poorer
optics, other tones, light from a side, and with {upper:.0%} of the upper and {lower:.0%} of the
lower halves covered. Temperatures fitted on the validation split: {temperature}.

**Measured.** *lower in sight*: rows 0 to 23 of 48 emptied, as below a headset that was told;
*upper in sight*: rows 26 to 47. No face below a real headset was seen: these are halves of bare
faces.

{table}

*deduplicated* leaves out the test images that the official training split contains (we never
train on them either way). Majority class of those rows: {majority:.3f}. People reach .65 +- .05
(Goodfellow et al. 2013), a VGG19 with ten crops .731 (public re-implementation).

Recall of the deduplicated rows:

{recall}

Is it an upright face, and what of it is covered (validation split; drawn headsets and masks):

| shown | accepted as a face | part told rightly |
|---|---|---|
{accepted}

Accepted of what is no upright face: {others}.

**Limits.** Labels are what somebody saw in a web image, not what the person felt. Disgust is
rare in the data and often missed, fear is confused with sadness and surprise. Skin tones,
ages and cultures are those of an image search in 2013. Not for judging people.

**ARKit weights** (`push_weights`) of devices go through rules after EMFACS in `actions.py`:
uncalibrated, unvalidated, no data.

**Rebuild**, with `AFFECT_DATA` set: `python -m affect_learning.train_face` (or `--start` with the
weights of a version before, from this repository's history), then
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
    return VOICE_CARD.format(
        **{key: metadata[key] for key in ('model', 'version', 'sha256')}, inputs=inputs,
        rows=figures['rows'], temperature=figures['temperature'], chance=figures['chance_uar'],
        low=low, high=high, recall=_recall(first),
        table=_table({
            'folds, clean': first,
            'folds, other microphones': figures['folds_clip_end_other_microphones'],
            'folds, every half second, all': figures['folds_every_half_second'],
            'actors 23 and 24, clean': figures['actors_23_24_clip_end_clean']}))


def face_card(path: Path = FACE_WEIGHTS) -> str:
    """Return the card of the face weights."""
    metadata = _metadata(path)
    figures = json.loads(metadata['figures'])
    sight = {'whole': 'whole', 'lower': 'lower in sight', 'upper': 'upper in sight'}
    rows = {
        f'{name}, {sight[part]}': figures[f'{key}_{part}']
        for key, name in (('validation', 'validation'), ('test_official', 'test, official'),
                          ('test_deduplicated', 'test, deduplicated')) for part in PARTS}
    likeness = figures['likeness_validation']
    start = f' from the weights of {figures["started_from"]}' if figures['started_from'] else ''
    return FACE_CARD.format(
        **{key: metadata[key] for key in ('model', 'version', 'sha256')},
        **{key: figures[key] for key in ('training_images', 'epochs', 'seed')}, start=start,
        upper=UPPER_HIDDEN_SHARE, lower=LOWER_HIDDEN_SHARE,
        temperature=', '.join(f'{part} {value}' for part, value in figures['temperature'].items()),
        majority=figures['test_deduplicated_whole']['majority'],
        recall='\n'.join(f'- {sight[part]}: {_recall(figures[f"test_deduplicated_{part}"])}'
                         for part in PARTS),
        accepted='\n'.join(
            f'| {name} | {likeness["accepted"][part]:.3f} | {likeness["part_told"][part]:.3f} |'
            for part, name in (('whole', 'bare face'), ('lower', 'upper half covered'),
                               ('upper', 'lower half covered'))),
        others=', '.join(f'{kind.replace("_", " ")} {share:.3f}'
                         for kind, share in likeness['others_accepted'].items()),
        table=_table(rows))


def main() -> None:
    for path, card in ((VOICE_WEIGHTS, voice_card()), (FACE_WEIGHTS, face_card())):
        path.with_suffix('.md').write_text(card, encoding='utf-8')
        print(path.with_suffix('.md'))


if __name__ == '__main__':
    main()
