# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What share of pupils' variance within a person a model of light takes away; pure functions.

One person's pupil and a model's, second by second over several films. Each is taken relative to
its mean over all of a person's films: what is left is the variance within that person, between
and within films. A model that is worth nothing takes away nothing or less. What is fitted (a gain,
a line) is fitted on other people **and** other films: for each film of each person anew.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from itertools import pairwise

from affect_encoders.eye_expression.pupil_light import LATENCY_S
from affect_encoders.eye_expression.pupil_light import light_pupil_mm
from affect_encoders.eye_expression.pupil_light import reflex_mm
import numpy as np

FIRST_S, LAST_S = 3, 58
"""Seconds of a film that count: before, what the wearer saw before the film is in the pupil."""

Series = Mapping[tuple[int, int], np.ndarray]
"""One value a second, [LAST_S - FIRST_S], of each (person, film)."""


def seconds(t_s: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the mean of each second FIRST_S..LAST_S of values [N] at t_s [N], NaN for none."""
    edges = np.searchsorted(t_s, np.arange(FIRST_S, LAST_S + 1))
    return np.array([
        np.nanmean(values[a:b]) if b > a and np.isfinite(values[a:b]).any() else np.nan
        for a, b in pairwise(edges)])


def lit_pupil(
    t_s: np.ndarray, luminance: np.ndarray, *, peak_cd_m2: float, stray_light: float,
    field_deg2: float,
) -> np.ndarray:
    """Return what our model makes of relative luminance [N] at t_s [N], a value a second."""
    goal = light_pupil_mm((luminance + stray_light) * peak_cd_m2, field_deg2=field_deg2)
    return seconds(t_s + LATENCY_S, reflex_mm(t_s, goal))


def shares(pupils: Series, model: Series, *, fitted: bool = False) -> dict[int, tuple]:
    """
    Return for each person what share of variance the model takes away: in all, and within films.

    :param pupils: mm, NaN unknown
    :param model: anything that goes with mm if ``fitted``, else mm
    :param fitted: multiply the model by the gain of other people and other films
    """
    people = sorted({person for person, _ in pupils})
    found = {}
    for person in people:
        pupil, light, film = _joined(pupils, model, person)
        if fitted:
            gains = {f: _gain(pupils, model, person, f) for f in np.unique(film)}
            light = light * np.array([gains[f] for f in film])
        found[person] = (
            _share(pupil, light), _share(_less_mean(pupil, film), _less_mean(light, film)))
    return found


def others_mean(pupils: Series) -> dict[tuple[int, int], np.ndarray]:
    """Return the mean of the other people at the same film and second: what a film explains."""
    centred: dict[tuple[int, int], np.ndarray] = {}
    for person in {person for person, _ in pupils}:
        mine = {key: value for key, value in pupils.items() if key[0] == person}
        level = np.nanmean(np.concatenate(list(mine.values())))
        centred |= {key: value - level for key, value in mine.items()}
    return {
        (person, film): np.nanmean([
            value for (other, same), value in centred.items()
            if same == film and other != person], axis=0)
        for person, film in pupils}


def elapsed_time(pupils: Series) -> dict[tuple[int, int], np.ndarray]:
    """Return the mean course of other people in other films: what time alone explains."""
    centred = {key: value - np.nanmean(value) for key, value in pupils.items()}
    return {
        (person, film): np.nanmean([
            value for (other, another), value in centred.items()
            if other != person and another != film], axis=0)
        for person, film in pupils}


def other_films_light(model: Series) -> Iterator[dict[tuple[int, int], np.ndarray]]:
    """Yield the model with the light of the next film, the one after that, and so on."""
    films = sorted({film for _, film in model})
    for shift in range(1, len(films)):
        other = dict(zip(films, films[shift:] + films[:shift], strict=True))
        yield {(person, film): model[person, other[film]] for person, film in model}


def _joined(pupils: Series, model: Series, person: int, without: int | None = None
            ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a person's pupil and model about their means, and the film, [N] of what is known."""
    keys = sorted(key for key in pupils if key[0] == person and key[1] != without)
    pupil = np.concatenate([pupils[key] for key in keys])
    light = np.concatenate([model[key] for key in keys])
    film = np.concatenate([np.full(pupils[key].size, key[1]) for key in keys])
    known = np.isfinite(pupil) & np.isfinite(light)
    pupil, light = pupil[known], light[known]
    return pupil - pupil.mean(), light - light.mean(), film[known]


def _gain(pupils: Series, model: Series, person: int, film: int) -> float:
    product = square = 0.0
    for other in {p for p, _ in pupils} - {person}:
        pupil, light, _ = _joined(pupils, model, other, without=film)
        product += float(pupil @ light)
        square += float(light @ light)
    return product / square if square > 0.0 else 0.0


def _less_mean(values: np.ndarray, film: np.ndarray) -> np.ndarray:
    films, place = np.unique(film, return_inverse=True)
    return values - np.array([values[film == f].mean() for f in films])[place]


def _share(values: np.ndarray, model: np.ndarray) -> float:
    rest = values - model
    return float(1.0 - rest.var() / values.var()) if values.var() > 0.0 else float('nan')
