# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Shares of variance whose values are known, and that nothing of a person or film leaks."""

from affect_learning import pupil_light_protocol as protocol
import numpy as np
import pytest

N = protocol.LAST_S - protocol.FIRST_S
PEOPLE, FILMS = range(4), range(1, 6)


def light(film):
    """Return what a film's light makes of a pupil: films differ, and seconds."""
    return 0.3 * film + 0.1 * np.sin(np.arange(N) / 3.0 + film)


def series(of):
    return {(person, film): of(person, film) for person in PEOPLE for film in FILMS}


MODEL = series(lambda _, film: light(film))


def test_a_model_that_is_the_pupil_takes_everything_away_and_one_of_twice_the_size_nothing():
    exact = protocol.shares(series(lambda person, film: light(film) + person), MODEL)
    assert np.allclose(list(exact.values()), 1.0)
    half = protocol.shares(series(lambda person, film: 0.5 * light(film) + person), MODEL)
    assert np.allclose(list(half.values()), 0.0)


def test_a_gain_is_that_of_other_people_and_other_films():
    def pupil(person, film):
        return 0.5 * light(film) if person or film == 5 else 9.0 * light(film)
    found = protocol.shares(series(pupil), MODEL, fitted=True)
    # Whoever is unlike all others gains by their gain what they have of it, and no more.
    own = np.concatenate([pupil(0, film) for film in FILMS])
    rest = own - 0.5 * np.concatenate([light(film) for film in FILMS])
    assert found[0][0] == pytest.approx(1.0 - rest.var() / own.var(), abs=1e-9)


def test_what_is_the_same_for_all_is_known_from_others_and_time_from_other_films():
    rng = np.random.default_rng(0)
    shown = series(lambda _, film: light(film))
    assert np.allclose(list(protocol.shares(shown, protocol.others_mean(shown)).values()), 1.0)
    course = rng.normal(size=N)
    timed = series(lambda person, film: course + person + film)
    assert all(within == pytest.approx(1.0) for _, within in protocol.shares(
        timed, protocol.elapsed_time(timed)).values())


def test_each_film_gets_the_light_of_each_other_one_once():
    others = list(protocol.other_films_light(MODEL))
    assert len(others) == len(FILMS) - 1
    for film in FILMS:
        means = {round(float(other[0, film].mean()), 9) for other in others}
        assert means == {round(float(light(f).mean()), 9) for f in FILMS if f != film}


def test_unknown_seconds_count_for_nothing():
    t = np.arange(0.0, 60.0, 0.25)
    values = np.where(t < 30.0, 4.0, np.nan)
    found = protocol.seconds(t, values)
    assert found.shape == (N,)
    assert np.all(found[:30 - protocol.FIRST_S] == 4.0)
    assert np.all(np.isnan(found[30 - protocol.FIRST_S:]))
    pupils = series(lambda _, film: np.where(np.arange(N) < 40, light(film), np.nan))
    assert np.allclose(list(protocol.shares(pupils, MODEL).values()), 1.0)
