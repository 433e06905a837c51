# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Who the simulated wearer is, what disturbs its signs of affect, and what says nothing of it."""

from collections import Counter
from itertools import pairwise
import math
import textwrap

from affect_sensors.simulation import script as script_module
from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.body import SimulatedBody
from affect_sensors.simulation.eyes import CLOSED_BELOW
from affect_sensors.simulation.eyes import SimulatedEyes
from affect_sensors.simulation.head import SimulatedHead
from affect_sensors.simulation.modalities import MODALITIES
from affect_sensors.simulation.person import person_of
from affect_sensors.simulation.saccade import main_sequence
from affect_sensors.simulation.saccade import Saccade
from affect_sensors.simulation.script import Script
from affect_sensors.simulation.script import ScriptError
from affect_sensors.simulation.surroundings import ambient_temperature_c
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.simulation.wrist import SimulatedWrist
from affect_sensors.sources.simulated_gaze import error_deg
from affect_sensors.sources.simulated_gaze import tracked_gaze
import numpy as np
import pytest

TODAY_S = 1_763_800_000


def constant(seed=1, **affect):
    """Return a trajectory that stays where it is."""
    point = {'at_s': 0.0, 'valence': 0.0, 'arousal': 0.0, 'stress': 0.2, **affect}
    return AffectTrajectory(seed, {'duration_s': 10.0, 'points': [point]})


def moods(seed, minutes=60):
    """Return one time per mood: the trajectory wanders anew every quarter of a minute."""
    t = TODAY_S + 15.0 * np.arange(4 * minutes) + 7.5
    return t, AffectTrajectory(seed).at(t)


def test_each_wearer_has_two_modalities_that_say_nothing_and_each_modality_its_turn():
    counted = Counter()
    for seed in range(400):
        silent = person_of(seed).says_nothing
        assert len(silent) == 2
        counted.update(silent)
    assert set(counted) == set(MODALITIES)
    # 89 each by chance, with a standard deviation of 8.
    assert min(counted.values()) > 55
    assert max(counted.values()) < 125


def shown(wearer, name, t):
    """Return a quantity that affect moves in a modality, at times."""
    if name == 'eye_expression':
        return np.array([wearer.eyes.at(s)['widening'] for s in t]), 'arousal'
    if name == 'scene':
        return wearer.scene.colourfulness(t), 'valence'
    return wearer.wrist.heart_rate_bpm(t), 'arousal'


@pytest.mark.parametrize('name', ['eye_expression', 'scene', 'physiology'])
def test_a_modality_shows_what_is_felt_unless_it_is_one_that_says_nothing(name):
    speaking, silent = [], []
    for seed in range(1, 13):
        wearer = SimulatedWearer(seed)
        t, felt = moods(seed, 20)
        value, of = shown(wearer, name, t)
        r = np.corrcoef(value, getattr(felt, of))[0, 1]
        (silent if name in wearer.person.says_nothing else speaking).append(r)
    assert silent
    assert np.median(speaking) > 0.6
    # By chance, of 80 moods: 0.11.
    assert max(abs(r) for r in silent) < 0.35


def test_what_says_nothing_moves_all_the_same():
    seed = next(s for s in range(99) if 'scene' in person_of(s).says_nothing)
    wearer = SimulatedWearer(seed)
    t, _ = moods(seed)
    assert np.std(wearer.scene.colourfulness(t)) > 0.1


def test_people_differ_more_from_each_other_than_from_themselves_at_rest():
    """The heart rate (Quer et al. 2020) and the tonic skin conductance (Boucsein 2012)."""
    rates, levels = [], []
    for seed in range(40):
        wearer = SimulatedWearer(seed)
        t, felt = moods(seed, 10)
        rates.append(wearer.wrist.heart_rate_bpm(t[felt.walking == 0.0]))
        levels.append(wearer.wrist.eda(4 * TODAY_S, 4 * (TODAY_S + 600)))
    for values in (rates, levels):
        between = np.std([np.mean(v) for v in values])
        within = np.mean([np.std(v) for v in values])
        assert between > within
    means = [np.mean(v) for v in rates]
    assert min(means) > 40.0
    assert max(means) < 110.0


def test_walking_shakes_everything_and_feels_nothing():
    seated, walking = (constant(walking=w) for w in (0.0, 1.0))

    def moves(make):
        return [np.std(make(a), axis=0).max() for a in (seated, walking)]
    force = moves(lambda a: SimulatedHead(1, a).samples(0, 8000)[:, 3:])
    assert force[1] > 4.0 * force[0]
    hands = moves(lambda a: SimulatedBody(1, a).samples(0, 2400)[:, [7, 16]])
    assert hands[1] > 1.5 * hands[0]
    pulse = moves(lambda a: SimulatedWrist(1, a).bvp(0, 3840))
    assert pulse[1] > 1.1 * pulse[0]
    rates = [SimulatedWrist(1, a).heart_rate_bpm(np.arange(0.0, 60.0)).mean()
             for a in (seated, walking)]
    assert rates[1] > rates[0] + 15.0
    # The eyes turn against the head: what they look at stays in view.
    t = np.arange(0.0, 40.0, 1.0 / 120.0)
    pitch = np.degrees(SimulatedHead(1, walking).angles(t) - SimulatedHead(1, seated).angles(t))
    elevation = [
        SimulatedEyes(1, a).samples(0, len(t))['elevation_deg'] for a in (seated, walking)]
    assert np.corrcoef(elevation[1] - elevation[0], pitch[:, 1])[0, 1] > 0.9


def test_a_random_wearer_walks_some_of_the_time_whatever_it_feels():
    t = TODAY_S + np.arange(0.0, 14400.0)
    affect = AffectTrajectory(1).at(t)
    assert 0.05 < np.mean(affect.walking > 0.5) < 0.25
    assert abs(np.corrcoef(affect.walking, affect.arousal)[0, 1]) < 0.2
    assert np.abs(np.diff(AffectTrajectory(1).at(t[0] + np.arange(0.0, 400.0, 0.01)).walking)
                  ).max() < 0.02


def test_fatigue_grows_with_time_on_task():
    trajectory = AffectTrajectory(1)
    since = np.arange(0.0, 3500.0, 5.0)
    begin = TODAY_S + 3600.0 - float(trajectory.session(np.array([float(TODAY_S)]))[1][0])
    fatigue = trajectory.at(begin + since).fatigue
    assert fatigue[:60].mean() < 0.35
    assert 0.45 < fatigue[-60:].mean() < 0.75
    assert np.corrcoef(fatigue, since)[0, 1] > 0.6


def test_tired_eyes_close_for_longer_droop_and_move_more_slowly():
    fresh, tired = (SimulatedEyes(1, constant(fatigue=f)) for f in (0.0, 1.0))
    lids = [e.samples(0, 120 * 600)['openness'] for e in (fresh, tired)]
    closed = [np.mean(v < CLOSED_BELOW) for v in lids]
    # PERCLOS: alert below .075, drowsy above .15 (Wierwille et al. 1994).
    assert closed[0] < 0.075
    assert 0.12 < closed[1] < 0.4
    assert np.median(lids[1]) < np.median(lids[0]) - 0.1

    def speed(simulated):
        found = [
            (math.dist(m.start_deg, m.end_deg), m.vigour)
            for block in range(20) for m in simulated.movements(block) if m.kind == 'S']
        return np.mean([
            Saccade(size, vigour).peak_velocity_deg_s / main_sequence(size)
            for size, vigour in found if size > 1.0])
    assert speed(tired) < 0.9 * speed(fresh)


def test_warmth_is_no_arousal_but_looks_like_it_on_the_skin():
    t = np.arange(0.0, 36000.0, 60.0)
    warmth = ambient_temperature_c(1, t)
    wrist = SimulatedWrist(1, constant())
    temperature = np.array([wrist.temperature(int(4 * s), int(4 * s) + 40).mean() for s in t])
    conductance = np.array([wrist.eda(int(4 * s), int(4 * s) + 40).mean() for s in t])
    assert np.corrcoef(warmth, temperature)[0, 1] > 0.8
    assert np.corrcoef(warmth, conductance)[0, 1] > 0.8


@pytest.mark.parametrize('amplitude_deg', [0.3, 2.0, 10.0, 25.0])
def test_a_saccade_starts_and_ends_where_it_should_at_the_speed_of_the_main_sequence(
        amplitude_deg):
    course = Saccade(amplitude_deg)
    t = np.linspace(0.0, course.duration_s, 4001)
    way = amplitude_deg * course.progress(t)
    assert way[0] == pytest.approx(0.0, abs=1e-9)
    assert way[-1] == pytest.approx(amplitude_deg, rel=1e-6)
    speed = np.diff(way) / np.diff(t)
    assert (speed >= 0.0).all()
    assert speed.max() == pytest.approx(main_sequence(amplitude_deg), rel=0.01)
    # Durations of people: some 20 ms and 2 to 3 ms a degree (Bahill, Clark & Stark 1975).
    assert 0.01 < course.duration_s < 0.03 + 0.004 * amplitude_deg + 0.012


def test_large_saccades_brake_for_longer_than_they_speed_up():
    def peak_at(amplitude_deg):
        course = Saccade(amplitude_deg)
        t = np.linspace(0.0, course.duration_s, 4001)
        return np.argmax(np.diff(course.progress(t))) / 4000.0
    assert 0.35 < peak_at(2.0) < 0.5
    assert peak_at(30.0) < peak_at(2.0) - 0.04


def test_eyes_that_fixate_are_never_still_and_stay_near_their_target():
    script = Script.from_mapping({'duration_s': 1000.0, 'gaze': [
        {'at_s': 0.0, 'azimuth_deg': 5.0, 'elevation_deg': -2.0}]})
    simulated = SimulatedEyes(
        3, constant(), targets=script.gaze, repeat_s=script.duration_s)
    rows = simulated.samples(120, 120 * 121)
    off = np.hypot(rows['azimuth_deg'] - 5.0, rows['elevation_deg'] + 2.0)
    assert 0.02 < np.std(rows['azimuth_deg']) < 0.35
    assert off.max() < 0.8
    speed = 120.0 * np.hypot(np.diff(rows['azimuth_deg']), np.diff(rows['elevation_deg']))
    quick = speed > 8.0
    starts = np.count_nonzero(np.diff(quick.astype(int)) == 1) / 120.0
    assert 0.3 < starts < 3.0


def test_a_script_sets_where_the_eyes_look():
    script = Script.from_mapping({'duration_s': 9.0, 'gaze': [
        {'at_s': 1.0, 'azimuth_deg': 15.0, 'elevation_deg': 4.0, 'distance_m': 0.7},
        {'at_s': 4.0, 'azimuth_deg': -15.0, 'elevation_deg': 4.0, 'pursue': True},
        {'at_s': 6.0, 'azimuth_deg': 0.0, 'elevation_deg': -8.0}]})
    simulated = SimulatedEyes(1, constant(), targets=script.gaze, repeat_s=9.0)
    for lap in (0, 1, 7, 1000):
        def look(t, lap=lap):
            row = simulated.at(9.0 * lap + t)
            return np.array([row['azimuth_deg'], row['elevation_deg']])
        for t, where in (
                (0.9, (0.0, -8.0)), (5.0, (-15.0, 4.0)), (6.3, (0.0, -8.0))):
            np.testing.assert_allclose(look(t), where, atol=0.9)
        # Between the first two it follows, at ten degrees a second.
        assert look(2.5)[0] == pytest.approx(0.0, abs=1.5)
        assert look(3.5)[0] == pytest.approx(-10.0, abs=1.5)
        assert simulated.at(9.0 * lap + 2.0)['distance_m'] == pytest.approx(0.7)
    kinds = [m.kind for m in simulated.movements(0)]
    assert {'S', 'P', 'F'} == set(kinds)
    moves = simulated.movements(5)
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in pairwise(moves))


def test_the_example_of_the_documentation_is_a_script(tmp_path):
    text = script_module.__doc__.split('.. code-block:: yaml', 1)[1].split('Valence and', 1)[0]
    path = tmp_path / 'script.yaml'
    path.write_text(textwrap.dedent(text))
    wearer = SimulatedWearer(1, str(path))
    assert wearer.person.says_nothing == {'head_motion'}
    affect = wearer.affect.at(np.array([0.0, 30.0]))
    np.testing.assert_allclose(affect.valence, [0.6, -0.7])
    np.testing.assert_allclose(affect.stress, [0.1, 0.9])
    assert wearer.words(4.1).text == 'i feel calm and very peaceful'
    assert wearer.words(33.1).category == 'fearful'
    assert wearer.eyes.at(5.0)['azimuth_deg'] == pytest.approx(10.0, abs=0.8)
    assert wearer.eyes.at(9.0)['azimuth_deg'] == pytest.approx(10.0, abs=1.5)


@pytest.mark.parametrize('gaze, complaint', [
    ([], 'at least one gaze'),
    ([{'at_s': 0, 'azimuth_deg': 50, 'elevation_deg': 0}], "gaze 0: 'azimuth_deg'"),
    ([{'at_s': 0, 'azimuth_deg': 5}], "gaze 0: 'elevation_deg'"),
    ([{'at_s': 0, 'azimuth_deg': 5, 'elevation_deg': 0, 'distance_m': 0}], "gaze 0: 'distance_m'"),
    ([{'at_s': 0, 'azimuth_deg': 5, 'elevation_deg': 0, 'pursue': 1}], "gaze 0: 'pursue'"),
    ([{'at_s': 0, 'azimuth_deg': 5, 'elevation_deg': 0},
      {'at_s': 0.1, 'azimuth_deg': 5, 'elevation_deg': 0}], 'gaze 1: the eyes need'),
    ([{'at_s': 0, 'azimuth_deg': -25, 'elevation_deg': 0},
      {'at_s': 0.3, 'azimuth_deg': 25, 'elevation_deg': 0, 'pursue': True}],
     'gaze 1: nobody pursues at 167')])
def test_a_gaze_that_nobody_can_have_is_refused(gaze, complaint):
    with pytest.raises(ScriptError, match=complaint):
        Script.from_mapping({'duration_s': 5.0, 'gaze': gaze})


@pytest.mark.parametrize('script, complaint', [
    ({'duration_s': 5, 'points': [{'at_s': 0}], 'says_nothing': ['nose']}, 'facial_expression'),
    ({'duration_s': 5, 'points': [{'at_s': 0}], 'looks': []}, 'nobody knows looks'),
    ({'duration_s': 5}, "'points', 'gaze' or 'words'"),
    ({'duration_s': 5, 'points': [{'at_s': 0, 'fatigue': 2}]}, "point 0: 'fatigue'")])
def test_a_script_says_what_is_wrong_with_it(script, complaint):
    with pytest.raises(ScriptError, match=complaint):
        Script.from_mapping(script)


def test_the_headsets_own_tracker_is_off_by_about_a_degree():
    errors = []
    for seed in range(60):
        wearer = SimulatedWearer(seed)
        rows = tracked_gaze(wearer).samples(0, 960)
        truth = wearer.eyes.samples(0, 960)
        off = np.hypot(rows['azimuth_deg'] - truth['azimuth_deg'],
                       rows['elevation_deg'] - truth['elevation_deg'])
        errors.append(np.nanmedian(off))
        assert error_deg(seed, truth).shape == (960, 2)
    assert 0.6 < np.median(errors) < 1.3
    assert np.ptp(errors) > 0.5
