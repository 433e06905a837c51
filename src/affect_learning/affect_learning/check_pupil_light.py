# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Say how much of real pupils the light model explains, and what is left for arousal.

    python -m affect_learning.check_pupil_light

ceap360vr: 32 people, eight films in a headset. The light is the mean grey of the whole panorama,
not of what was looked at. Nothing is fitted but one constant, STRAY_LIGHT of the encoder, and what
a row names. People are the unit: each figure is a median over people, with the quartiles. A figure
on arousal is worth something only in the last row: films differ in light and in arousal alike, and
so do the seconds of a film (see the data's traps).
"""

from collections.abc import Iterable

from affect_encoders.eye_expression import EyeExpressionEncoder
from affect_encoders.eye_expression import features as eye
from affect_encoders.eye_expression.encoder import FIELD_DEG2
from affect_encoders.eye_expression.encoder import PEAK_LUMINANCE_CD_M2
from affect_encoders.eye_expression.encoder import STRAY_LIGHT
from affect_encoders.feature_projection import FeatureProjection
from affect_learning import affect_data
from affect_learning import pupil_light_protocol as protocol
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


def light_shares(
        recordings: Iterable[dict[str, np.ndarray]]) -> dict[str, dict[int, tuple]]:
    """
    Return by name of a model what share of a person's pupil variance it takes away.

    For each person (in all, within films), as ``pupil_light_protocol.shares``; means over the
    seven other films where the light is that of another film.
    """
    pupils, ours, theirs, grey = {}, {}, {}, {}
    for person, arrays in enumerate(recordings):
        for film in np.unique(arrays['film']).astype(int):
            mine = arrays['film'] == film
            # The next film begins 10 s after the last sample of this one.
            t, start_s = arrays['t_s'][mine], float(arrays['t_s'][mine][0])
            lit = (arrays['light_t_s'] >= start_s - 1.0) & (arrays['light_t_s'] < t[-1] + 5.0)
            light_t, light = arrays['light_t_s'][lit] - start_s, arrays['luminance'][lit]
            pupil = np.where(arrays['pupil_mm'][mine] > 1.0, arrays['pupil_mm'][mine], np.nan)
            key = person, film
            pupils[key] = protocol.seconds(t - start_s, pupil)
            theirs[key] = protocol.seconds(t - start_s, arrays['pd_luminance'][mine])
            grey[key] = protocol.seconds(light_t, -light ** (1.0 / 2.2))
            ours[key] = protocol.lit_pupil(
                light_t, light, peak_cd_m2=PEAK_LUMINANCE_CD_M2, stray_light=STRAY_LIGHT,
                field_deg2=FIELD_DEG2)
    strangers = [protocol.shares(pupils, model) for model in protocol.other_films_light(ours)]
    return {
        'ours': protocol.shares(pupils, ours),
        'ours_gain_fitted_elsewhere': protocol.shares(pupils, ours, fitted=True),
        'theirs_fitted_here': protocol.shares(pupils, theirs),
        'theirs_fitted_elsewhere': protocol.shares(pupils, grey, fitted=True),
        'null_light_of_another_film': {
            person: tuple(np.mean([found[person] for found in strangers], axis=0))
            for person in strangers[0]},
        'null_elapsed_time': protocol.shares(pupils, protocol.elapsed_time(pupils)),
        'ceiling_others_at_that_second': protocol.shares(pupils, protocol.others_mean(pupils))}


def main() -> None:
    recordings = [person for _, person in affect_data.ceap_recordings()]
    found = light_shares(recordings)
    for place, where in enumerate(('all films', 'within films')):
        for name, people in found.items():
            show(f'share of variance within a person, {where}: {name}',
                 [values[place] for values in people.values()])
    tables = [table(person) for person in recordings]
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
