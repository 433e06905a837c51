# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How well gaze samples are told apart, and at what cost, beside thresholds alone."""

import time

from affect_bringup.bench.bench_row import BenchRow
from affect_encoders.eye_movement import events as ev
from affect_encoders.eye_movement import EyeMovementEncoder
from affect_encoders.eye_movement.sample_classifier import shipped
from affect_learning import check_eye_movement as check
from affect_learning.gaze_simulation import simulated_gaze
from affect_learning.session.data_root import SessionError
import numpy as np

PREFIX = 'encode_eye_movement/'
PROTOCOL = (
    'oemc_hmr, five folds by person (both eyes of a person in one fold), fold networks shipped '
    'for this; eye 0, on which the labels were made; oscillation counted as saccade')
PUBLISHED = (
    'elsewhere, not measured here: published TCN .787, gradient boosting .897 / .861 without '
    'look-ahead / .847 without confidence')
CONDITIONS = (
    ('lookahead_40_ms', 0.90, {}), ('no_lookahead', 0.87, {'lookahead_s': 0.0}),
    ('no_confidence', 0.85, {'use_confidence': False}), ('120_hz', None, {'rate_hz': 120.0}),
    ('90_hz', None, {'rate_hz': 90.0}), ('60_hz', None, {'rate_hz': 60.0}),
    ('both_eyes', None, {'eyes': (0, 1)}))
EVENTS = (('fixation', 0.92), ('saccade', 0.92), ('pursuit', 0.85))


def rows() -> list[BenchRow]:
    """Measure all: some two minutes of one core."""
    return [*cost_rows(), *people_rows(), *simulation_rows()]


def cost_rows(seconds: float = 60.0) -> list[BenchRow]:
    """Return how fast samples are classified, and what a tick takes."""
    rate_hz = 200.0
    gaze = simulated_gaze(np.random.default_rng(1), seconds, rate_hz, noise_deg=0.05)
    ev.classify_samples(gaze.t_s[:400], gaze.gaze[:400])
    began = time.perf_counter()
    ev.classify_samples(gaze.t_s, gaze.gaze)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    check.by_rule(gaze.t_s, gaze.gaze)
    rule = time.perf_counter() - began
    encoder, times, walls, ones = EyeMovementEncoder(), [], [], np.ones(40)
    for tick in np.arange(0.1, seconds - 0.1, 0.1):
        k = (gaze.t_s > tick - 0.1) & (gaze.t_s <= tick)
        sure = ones[:np.count_nonzero(k)]
        began, began_wall = time.process_time(), time.perf_counter()
        encoder.push(gaze.t_s[k], *gaze.gaze[k].T, sure, sure)
        encoder.encode(tick)
        times.append(1e3 * (time.process_time() - began))
        walls.append(1e3 * (time.perf_counter() - began_wall))
    how = f'{seconds:.0f} s of simulated gaze at {rate_hz:.0f} Hz, one thread'
    return [
        BenchRow(PREFIX + 'times_real_time_200_hz', round(seconds / ours, 1), 'times',
                 f'{how}, at once, wall; thresholds alone {seconds / rule:.0f}', 50.0, most=False),
        BenchRow(PREFIX + 'tick_ms_median', round(float(np.median(times)), 3), 'ms',
                 f'{how}, ten ticks a second, push and encode, processor time; wall '
                 f'{np.median(walls):.2f}', 5.0),
        BenchRow(PREFIX + 'tick_ms_p99', round(float(np.percentile(times, 99)), 3), 'ms',
                 f'of the same ticks; wall {np.percentile(walls, 99):.2f}', 15.0)]


def people_rows(folds: tuple[int, ...] = tuple(range(check.FOLDS))) -> list[BenchRow]:
    """Return F1 on recordings of people whom the networks have not met."""
    out = []
    for name, least, options in CONDITIONS:
        row = f'{PREFIX}macro_f1_{name}'
        try:
            scores = check.people_rows(folds=folds, **options)
        except SessionError as error:
            out.append(BenchRow(row, None, 'F1', str(error), least, most=False))
            continue
        each = ', '.join(f'{kind} {scores[kind]:.3f}' for kind in (
            'fixation', 'saccade', 'pursuit', 'blink'))
        protocol = PROTOCOL
        if name == 'both_eyes':
            protocol = protocol.replace('eye 0, on which the labels were made', 'both eyes')
        how = f'{protocol}; samples: {each}'
        if not options:
            rule = check.people_rows(folds=folds, rule=True)
            how += f'; thresholds alone {rule["macro"]:.3f}; {PUBLISHED}'
        if name == 'both_eyes':
            how += '; blinks were labelled after eye 0, eye 1 often sees none of them'
        out.append(BenchRow(row, round(scores['macro'], 3), 'F1', how, least, most=False))
        if options:
            continue
        for kind, wanted in EVENTS:
            overlap, iou = (float(scores[f'event_{kind}_{match}']) for match in ('overlap', 'iou'))
            out.append(BenchRow(
                f'{PREFIX}event_f1_{kind}', round(overlap, 3), 'F1',
                f'{PROTOCOL}; one-to-one matches by any overlap, the largest first claim; with '
                f'intersection over union of at least 0.5: {iou:.3f}; thresholds alone: '
                f'{rule[f"event_{kind}_overlap"]:.3f}, {rule[f"event_{kind}_iou"]:.3f}; '
                'published TCN, elsewhere: .900 fixation, .919 saccade, .842 pursuit',
                wanted, most=False))
    return out


def simulation_rows() -> list[BenchRow]:
    """Return F1 in degrees on simulated gaze, which is no recording of anybody."""
    shipped()
    out = []
    for rate_hz in (100.0, 250.0, 500.0, 1000.0):
        ours = [check.simulated_rows(rate_hz, noise) for noise in (0.01, 0.1, 0.3)]
        rule = [check.simulated_rows(rate_hz, noise, rule=True) for noise in (0.01, 0.1, 0.3)]
        each = ', '.join(
            f'{kind} {np.mean([scores[kind] for scores in ours]):.3f} '
            f'({np.mean([scores[kind] for scores in rule]):.3f})' for kind in check.NAMES)
        out.append(BenchRow(
            f'{PREFIX}simulated_macro_f1_{rate_hz:.0f}_hz',
            round(float(np.mean([scores['macro'] for scores in ours])), 3), 'F1',
            'SIMULATION of the kind that taught the networks, other seeds: noise .01, .1, .3 deg; '
            f'samples, in brackets thresholds alone: {each}', None, most=False))
    return out
