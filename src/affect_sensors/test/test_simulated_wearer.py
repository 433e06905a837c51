# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated wearer: the same whenever and however it is asked, and moved by affect."""

import random

from affect_sensors.simulation import eyes
from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.affect_trajectory import ScriptError
from affect_sensors.simulation.eyes import SimulatedEyes
from affect_sensors.simulation.face import face_shape
from affect_sensors.simulation.face import FaceRenderer
from affect_sensors.simulation.head import SimulatedHead
from affect_sensors.simulation.saccade import main_sequence
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.simulation.wrist import SimulatedWrist
from affect_sensors.sources.simulated_gaze import report
import cv2
import numpy as np
import pytest

TODAY_S = 1_763_800_000
"""A time of day of 2025: a wearer whose t0 is the epoch lives at such times."""

STREAMS = {
    'voice': (16000, lambda w: w.voice.samples),
    'eyes': (120, lambda w: w.eyes.samples),
    'head': (200, lambda w: w.head.samples),
    'bvp': (64, lambda w: w.wrist.bvp),
    'eda': (4, lambda w: w.wrist.eda),
    'temperature': (4, lambda w: w.wrist.temperature),
}


def constant(seed=1, **affect):
    """Return a trajectory that stays where it is."""
    point = {'at_s': 0.0, 'valence': 0.0, 'arousal': 0.0, 'stress': 0.2, **affect}
    return AffectTrajectory(seed, {'duration_s': 10.0, 'points': [point]})


@pytest.mark.parametrize('begin_s', [-20, 0, TODAY_S])
@pytest.mark.parametrize('name', STREAMS)
def test_any_chunking_gives_identical_samples(name, begin_s):
    rate, stream = STREAMS[name]
    first, last = begin_s * rate, (begin_s + 40) * rate
    whole = stream(SimulatedWearer(7))(first, last)
    assert len(whole) == last - first
    pieces, wearer, at = [], SimulatedWearer(7), first
    dice = random.Random(1)
    while at < last:
        length = min(dice.randint(1, 9 * rate), last - at)
        pieces.append(stream(wearer)(at, at + length))
        at += length
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


@pytest.mark.parametrize('name', STREAMS)
def test_a_late_window_alone_is_what_a_long_run_shows(name):
    rate, stream = STREAMS[name]
    begin = (TODAY_S + 300) * rate
    runner = SimulatedWearer(3)
    for second in range(0, 300, 60):
        stream(runner)((TODAY_S + second) * rate, (TODAY_S + second) * rate + 10)
    np.testing.assert_array_equal(
        stream(runner)(begin, begin + 2 * rate),
        stream(SimulatedWearer(3))(begin, begin + 2 * rate))


def test_the_face_of_an_instant_does_not_depend_on_the_one_before():
    late = SimulatedWearer(3).face_image(TODAY_S + 5.0, 150)
    runner = SimulatedWearer(3)
    for i in range(5):
        runner.face_image(TODAY_S + i, 30 * i)
    np.testing.assert_array_equal(runner.face_image(TODAY_S + 5.0, 150), late)


@pytest.mark.parametrize('name', STREAMS)
def test_another_seed_is_another_person(name):
    rate, stream = STREAMS[name]
    window = (TODAY_S * rate, (TODAY_S + 16) * rate)
    one, other = (stream(SimulatedWearer(seed))(*window) for seed in (1, 2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize('name', [name for name in STREAMS if name != 'voice'])
def test_streams_have_no_seam_at_a_block(name):
    rate, stream = STREAMS[name]
    samples = stream(SimulatedWearer(1))(TODAY_S * rate, (TODAY_S + 128) * rate)
    values = (
        samples['azimuth_deg'] if name == 'eyes' else samples.reshape(len(samples), -1)[:, 0])
    steps = np.abs(np.diff(values))
    at_seams = steps[np.arange(32 * rate - 1, len(steps), 32 * rate)]
    assert at_seams.max() <= np.quantile(steps, 0.999)


def test_affect_stays_in_range_and_moves():
    affect = AffectTrajectory(1).at(TODAY_S + np.arange(0.0, 3600.0, 0.5))
    for values in (affect.valence, affect.arousal):
        assert np.abs(values).max() <= 1.0
        assert values.min() < -0.7
        assert values.max() > 0.7
        assert np.abs(np.diff(values)).max() < 0.3
    assert affect.stress.min() >= 0.0
    assert affect.stress.max() <= 1.0


def test_a_script_is_followed_and_repeats(tmp_path):
    path = tmp_path / 'script.yaml'
    path.write_text(
        'duration_s: 20\npoints:\n- {at_s: 0, valence: -0.5, arousal: 0.0}\n'
        '- {at_s: 10, valence: 0.5, arousal: 1.0, stress: 0.9}\n')
    affect = AffectTrajectory.from_file(1, str(path)).at(np.array([0.0, 5.0, 10.0, 15.0, 40.0]))
    np.testing.assert_allclose(affect.valence, [-0.5, 0.0, 0.5, 0.0, -0.5], atol=1e-9)
    np.testing.assert_allclose(affect.arousal, [0.0, 0.5, 1.0, 0.5, 0.0], atol=1e-9)
    np.testing.assert_allclose(affect.stress, 0.9)


@pytest.mark.parametrize('text, words', [
    ('- 1', 'mapping'), ('points: []', 'duration_s'), ('duration_s: 5\npoints: []', 'points'),
    ('duration_s: 5\npoints: [{at_s: 9}]', 'at_s'),
    ('duration_s: 5\npoints: [{at_s: 0, valence: 3}]', 'valence'),
    ('duration_s: 5\npoints: [{at_s: 0, valance: 0}]', 'valance'),
    ('a: [', 'YAML')])
def test_a_bad_script_is_refused_with_the_reason(tmp_path, text, words):
    path = tmp_path / 'script.yaml'
    path.write_text(text)
    with pytest.raises(ScriptError, match=words):
        AffectTrajectory.from_file(1, str(path))


def test_saccades_follow_the_main_sequence():
    simulated = SimulatedEyes(1, constant())
    ratios = []
    for block in range(20):
        found = simulated.samples(block * 960, (block + 1) * 960)
        for move in simulated.movements(block):
            amplitude = float(np.hypot(*(move.end_deg - move.start_deg)))
            first, last = int(move.start_s * 120) - 1, int(move.end_s * 120) + 3
            if move.kind == 'S' and amplitude > 6.0 and first > 0:
                piece = found[first:last]
                speed = 120.0 * np.hypot(
                    np.diff(piece['azimuth_deg']), np.diff(piece['elevation_deg']))
                ratios.append(speed.max() / main_sequence(amplitude))
    assert len(ratios) > 50
    # 120 Hz averages over the peak; the noise of the tracker adds to it.
    assert 0.8 < np.median(ratios) < 1.1


def test_eyes_fixate_pursue_and_blink_as_people_do():
    simulated = SimulatedEyes(1, constant(stress=0.4))
    moves = [move for block in range(60) for move in simulated.movements(block)]
    fixations = [m.end_s - m.start_s for m in moves if m.kind == 'F']
    assert 0.25 < np.median(fixations) < 0.45
    assert 0.05 < sum(m.kind == 'P' for m in moves) / len(fixations) < 0.3
    closed = simulated.samples(0, 60 * 960)['openness'] < eyes.CLOSED_BELOW
    blinks_per_minute = np.count_nonzero(np.diff(closed.astype(int)) == 1) / 8.0
    assert 8.0 < blinks_per_minute < 25.0


def test_arousal_widens_pupils():
    narrow, wide = (
        SimulatedEyes(1, constant(arousal=a)).samples(0, 2400)['left_pupil_mm'].mean()
        for a in (-0.8, 0.8))
    assert wide > narrow + 0.5


def test_nothing_but_lids_is_reported_of_a_closed_eye():
    truth = SimulatedEyes(1, constant()).samples(0, 9600)
    rows = report(truth)
    closed = truth['openness'] < eyes.CLOSED_BELOW
    assert closed.any()
    for name in ('azimuth_deg', 'left_azimuth_deg', 'right_pupil_diameter_mm'):
        assert np.isnan(rows[name][closed]).all()
        assert np.isfinite(rows[name][~closed]).all()
    assert (rows['confidence'][closed] == 0.0).all()
    assert np.isfinite(rows['left_openness']).all()


def test_near_targets_turn_the_eyes_towards_each_other():
    rows = report(SimulatedEyes(1, constant()).samples(0, 960))
    seen = np.isfinite(rows['azimuth_deg'])
    assert (rows['left_azimuth_deg'] < rows['right_azimuth_deg'])[seen].all()


def test_a_still_head_would_feel_gravity_and_little_else():
    rows = SimulatedHead(1, constant()).samples(0, 8000)
    assert abs(np.linalg.norm(rows[:, 3:], axis=1).mean() - 9.80665) < 0.1
    assert rows[:, 5].mean() > 9.5
    # Angular velocity integrates to angles that stay bounded.
    turned = np.cumsum(rows[:, 2]) / 200.0
    assert np.abs(turned).max() < 1.5


def test_the_head_nods_when_pleased_and_shakes_when_not():
    def gestures(valence):
        rows = SimulatedHead(1, constant(valence=valence)).samples(0, 60 * 200)
        spectrum = np.abs(np.fft.rfft(rows[:, :3], axis=0)) ** 2
        hz = np.fft.rfftfreq(len(rows), 1.0 / 200.0)
        return spectrum[(hz > 1.5) & (hz < 3.0)].sum(axis=0)
    pleased, displeased = gestures(0.9), gestures(-0.9)
    assert pleased[1] > 1.5 * displeased[1]
    assert displeased[2] > 1.5 * pleased[2]


def test_stress_makes_the_head_tremble():
    def tremor(stress):
        rows = SimulatedHead(1, constant(stress=stress)).samples(0, 8000)
        hz = np.fft.rfftfreq(len(rows), 1.0 / 200.0)
        return (np.abs(np.fft.rfft(rows[:, 0])) ** 2)[(hz > 8.0) & (hz < 12.0)].sum()
    assert tremor(1.0) > 3.0 * tremor(0.0)


def beats_per_minute(bvp):
    """Count upward crossings of the mean of the systolic wave."""
    high = bvp > 0.45 * bvp.max()
    return np.count_nonzero(np.diff(high.astype(int)) == 1) / (len(bvp) / 64.0) * 60.0


def test_the_pulse_beats_at_the_heart_rate_and_faster_when_aroused():
    rates = []
    for arousal in (-0.8, 0.8):
        wrist = SimulatedWrist(1, constant(arousal=arousal))
        t = np.arange(0.0, 64.0, 0.1)
        expected = wrist.heart_rate_bpm(t).mean()
        counted = beats_per_minute(wrist.bvp(0, 64 * 64))
        assert counted == pytest.approx(expected, abs=2.5)
        rates.append(counted)
    assert rates[1] > rates[0] + 15.0


def test_arousal_brings_skin_conductance_responses_and_stress_cools():
    def rises(arousal):
        eda = SimulatedWrist(1, constant(arousal=arousal)).eda(0, 4 * 256)
        return np.maximum(np.diff(eda), 0.0).sum()
    assert rises(0.9) > 3.0 * rises(-0.9)
    cold, warm = (
        SimulatedWrist(1, constant(stress=s)).temperature(0, 256).mean() for s in (1.0, 0.0))
    assert cold < warm - 0.5
    assert 28.0 < cold < 36.0


def test_lip_corners_follow_valence_and_lids_openness():
    renderer = FaceRenderer(1)

    def darkest_row(image, left, right, top, bottom):
        return top + int(np.argmin(image[top:bottom, left:right].astype(float).mean(axis=1)))

    happy, sad = (renderer.draw(face_shape(v, 0.0)) for v in (0.9, -0.9))

    def curve(image):
        corner = darkest_row(image, 182, 188, 160, 200)
        return darkest_row(image, 156, 164, 160, 200) - corner
    assert curve(happy) > 2
    assert curve(sad) < -2
    opened, shut = (renderer.draw(face_shape(0.0, 0.0, openness=o)) for o in (1.0, 0.0))
    iris = (slice(100, 110), slice(184, 196))
    assert opened[iris].min() < shut[iris].min() - 20


def test_the_drawn_face_passes_for_a_face():
    cascade = cv2.CascadeClassifier(
        cv2.data.haarcascades + 'haarcascade_frontalface_default.xml')
    found = [
        len(cascade.detectMultiScale(FaceRenderer(seed).draw(face_shape(v, a)), 1.1, 4)) == 1
        for seed in (1, 2, 3) for v, a in ((0.8, 0.5), (0.0, 0.0), (-0.8, 0.8), (-0.5, -0.8))]
    assert np.mean(found) > 0.9
