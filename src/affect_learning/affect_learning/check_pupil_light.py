# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Say how much of real pupils the light model explains, and what is left for arousal.

    python -m affect_learning.check_pupil_light

ceap360vr: 32 people, eight films in a headset. The light is the mean grey of the whole panorama,
not of what was looked at. Nothing is fitted but one constant, STRAY_LIGHT of the encoder. People
are the unit: each figure is a median over people, with the quartiles. A figure on arousal is worth
something only in the last row: films differ in light and in arousal alike, and so do the seconds
of a film (see the data's traps).
"""

from affect_encoders.eye_expression import EyeExpressionEncoder
from affect_encoders.eye_expression import features as eye
from affect_encoders.feature_projection import FeatureProjection
from affect_learning import affect_data
import numpy as np

HOP_S = 2.0
SETTLED_S = 10.0


def table(person: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return film, second, diameter, what light makes of it, the rest, and arousal per tick."""
    names = tuple(spec.name for spec in eye.FEATURES)
    encoder = EyeExpressionEncoder(projection=FeatureProjection.plain(names))
    unknown = np.full((person['t_s'].size, len(eye.COLUMNS)), np.nan)
    seen = unknown.copy()
    seen[:, eye.PUPIL_MM] = person['pupil_mm']
    encoder.push(person['t_s'], seen, unknown)
    encoder.push_luminance(person['light_t_s'], person['luminance'])
    rows = []
    for film in np.unique(person['film']):
        mine = person['film'] == film
        t, arousal = person['t_s'][mine], person['arousal'][mine]
        for tick_s in np.arange(t[0] + SETTLED_S, t[-1], HOP_S):
            named = dict(zip(names, encoder.encode(float(tick_s)).features, strict=True))
            rows.append((
                film, tick_s - t[0], named['pupil_diameter'],
                named['pupil_diameter'] - named['pupil_corrected'], named['pupil_corrected'],
                arousal[np.searchsorted(t, tick_s) - 1]))
    columns = np.array(rows, dtype=np.float64).T
    names = ('film', 'second', 'diameter', 'light', 'corrected', 'arousal')
    return dict(zip(names, columns, strict=True))


def film_means(table_: dict[str, np.ndarray], name: str) -> np.ndarray:
    return np.array([table_[name][table_['film'] == f].mean() for f in np.unique(table_['film'])])


def less_film_mean(table_: dict[str, np.ndarray], name: str) -> np.ndarray:
    films = np.unique(table_['film'], return_inverse=True)[1]
    return table_[name] - film_means(table_, name)[films]


def explained(y: np.ndarray, by: np.ndarray) -> float:
    """Return the share of variance that ``by`` explains as it is, with no gain fitted."""
    y, by = y - y.mean(), by - by.mean()
    return float(1.0 - np.sum((y - by) ** 2) / np.sum(y ** 2))


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    if a.std() < 1e-6 or b.std() < 1e-6:
        return float('nan')
    return float(np.corrcoef(a, b)[0, 1])


def show(name: str, values: list[float]) -> None:
    known = np.array(values)[np.isfinite(values)]
    low, middle, high = np.percentile(known, [25, 50, 75])
    above = int(np.count_nonzero(known > 0.0))
    print(f'{name:72} {middle:6.3f} [{low:6.3f} {high:6.3f}]  > 0 in {above} of {known.size}')


def main() -> None:
    tables = [table(person) for _, person in affect_data.ceap_recordings()]
    show('mean diameter less what the formula says, mm',
         [float(np.mean(t['corrected'])) for t in tables])
    between = [(film_means(t, 'diameter'), film_means(t, 'light')) for t in tables]
    show('between films: correlation with light', [correlation(*pair) for pair in between])
    show('between films: variance explained, no gain fitted', [explained(*p) for p in between])
    within = [(less_film_mean(t, 'diameter'), less_film_mean(t, 'light')) for t in tables]
    show('within films: correlation with light', [correlation(*pair) for pair in within])
    show('within films: variance explained, no gain fitted', [explained(*p) for p in within])
    for name in ('diameter', 'corrected'):
        show(f'arousal as felt against {name}: all of a person',
             [correlation(t[name], t['arousal']) for t in tables])
        show(f'arousal as felt against {name}: within films',
             [correlation(less_film_mean(t, name), less_film_mean(t, 'arousal'))
              for t in tables])
    # The film's light is the same for all, so that the correction makes no difference here.
    show('arousal against diameter: both less the mean of the others, this second',
         [correlation(t['diameter'], t['arousal']) for t in _deviations(tables)])


def _deviations(tables: list[dict[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
    """Return each person's values less the other people's mean at that film and second."""
    keys = sorted({key for t in tables for key in zip(
        t['film'].tolist(), np.round(t['second']).tolist(), strict=True)})
    place = {key: i for i, key in enumerate(keys)}
    names = ('diameter', 'arousal')
    grid = {name: np.full((len(tables), len(keys)), np.nan) for name in names}
    for i, t in enumerate(tables):
        for k, key in enumerate(zip(
                t['film'].tolist(), np.round(t['second']).tolist(), strict=True)):
            for name in names:
                grid[name][i, place[key]] = t[name][k]
    found = []
    for i in range(len(tables)):
        others = np.arange(len(tables)) != i
        mine = {name: values[i] - np.nanmean(values[others], axis=0)
                for name, values in grid.items()}
        known = np.all([np.isfinite(v) for v in mine.values()], axis=0)
        found.append({name: value[known] for name, value in mine.items()})
    return found


if __name__ == '__main__':
    main()
