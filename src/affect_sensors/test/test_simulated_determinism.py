# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
One seed is one person: byte by byte, in any process, whenever it starts and whatever it asks.

Bytes are compared on one host with one numpy. Another numpy or processor may round a sine in its
last bit; the person stays the same.
"""

import hashlib
from itertools import pairwise
import json
import random
import subprocess
import sys

from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.simulated_gaze import tracked_gaze
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
import pytest

TODAY_S = 1_763_800_000
SCRIPT = """\
duration_s: 13.7
points:
- {at_s: 0, valence: -0.5, arousal: 0.1, stress: 0.2, fatigue: 0.9}
- {at_s: 6, valence: 0.7, arousal: 0.9, stress: 0.9, walking: 1.0}
gaze:
- {at_s: 1, azimuth_deg: 12, elevation_deg: 3}
- {at_s: 4.5, azimuth_deg: -9, elevation_deg: -4, pursue: true}
words:
- {at_s: 3, say: i feel calm and very peaceful}
- {at_s: 9, say: please help me i'm so scared}
"""

QUERIES = {
    'voice': lambda w, t: w.voice.samples(round(16000 * t), round(16000 * (t + 0.04))),
    'eyes': lambda w, t: w.eyes.samples(round(120 * t), round(120 * (t + 0.25))),
    'gaze': lambda w, t: tracked_gaze(w).samples(
        round(120 * t), round(120 * (t + 0.25))),
    'head': lambda w, t: w.head.samples(round(200 * t), round(200 * (t + 0.25))),
    'bvp': lambda w, t: w.wrist.bvp(round(64 * t), round(64 * (t + 0.25))),
    'eda': lambda w, t: w.wrist.eda(round(4 * t), round(4 * (t + 0.25))),
    'temperature': lambda w, t: w.wrist.temperature(round(4 * t), round(4 * (t + 0.25))),
    'body': lambda w, t: w.body_points(t),
    'face': lambda w, t: w.face_image(t, round(30 * t)),
    'face weights': lambda w, t: w.face_weights(t, round(30 * t)),
    'left eye': lambda w, t: w.eye_image('left', t, round(60 * t)),
    'large right eye': lambda w, t: w.eye_image('right', t, round(60 * t), size=(320, 240)),
    'world': lambda w, t: w.world_image(t, round(10 * t)),
    'cloud': lambda w, t: w.cloud(t, round(10 * t)),
    'light': lambda w, t: np.array(w.luminance_cd_m2(t)),
    'affect': lambda w, t: np.array([
        v[0] for v in vars(w.affect.at(np.array([t]))).values()]),
}
TIMES = [-7.25, 0.0, 3.5, 9.25, 40.75, TODAY_S + 0.25, TODAY_S + 8.0, TODAY_S + 3599.5]


def digests(seed, script, names, times):
    """Ask a new wearer for all of that in this order: {'name time': digest}."""
    wearer = SimulatedWearer(seed, script)
    return {
        f'{name} {t}': hashlib.sha256(np.ascontiguousarray(
            QUERIES[name](wearer, t)).tobytes()).hexdigest()
        for t in times for name in names}


@pytest.fixture(scope='module', params=['random', 'scripted'])
def case(request, tmp_path_factory):
    """Return a script's path, or none, and what one wearer shows with it."""
    path = ''
    if request.param == 'scripted':
        file = tmp_path_factory.mktemp('script') / 'script.yaml'
        file.write_text(SCRIPT)
        path = str(file)
    return path, digests(4, path, QUERIES, TIMES)


@pytest.mark.parametrize('shuffle', range(3))
def test_in_any_order(case, shuffle):
    path, expected = case
    dice = random.Random(shuffle)
    names, times = dice.sample(list(QUERIES), len(QUERIES)), dice.sample(TIMES, len(TIMES))
    assert digests(4, path, names, times) == expected


@pytest.mark.parametrize('name', QUERIES)
def test_one_stream_alone(case, name):
    path, expected = case
    alone = digests(4, path, [name], TIMES[-2:])
    assert alone == {key: expected[key] for key in alone}


def test_in_another_process(case, tmp_path):
    """With another hash seed, other sensors before, and threads as they come."""
    path, expected = case
    program = (
        'import json, sys\n'
        f'sys.path.insert(0, {str(__file__.rsplit("/", 1)[0])!r})\n'
        'from test_simulated_determinism import QUERIES, TIMES, digests\n'
        f'found = digests(4, {path!r}, list(QUERIES)[::-1], TIMES[::-1])\n'
        'print(json.dumps(found))\n')
    done = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, timeout=120.0,
        cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == expected


STREAMS = {
    'voice': lambda w: w.voice.samples, 'eyes': lambda w: w.eyes.samples,
    'head': lambda w: w.head.samples, 'bvp': lambda w: w.wrist.bvp, 'eda': lambda w: w.wrist.eda,
    'temperature': lambda w: w.wrist.temperature, 'body': lambda w: w.body.samples}
RATES_HZ = {
    'voice': 16000, 'eyes': 120, 'head': 200, 'bvp': 64, 'eda': 4, 'temperature': 4, 'body': 60}


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(sorted(STREAMS)), seed=st.integers(0, 2**31 - 1),
    begin_s=st.integers(-4000, 2_000_000_000),
    cuts=st.lists(st.integers(0, 5000), min_size=1, max_size=5))
def test_however_a_stream_is_cut(name, seed, begin_s, cuts):
    """Property: pieces of a stream are pieces of one whole, for any seed, time and cuts."""
    first = begin_s * RATES_HZ[name]
    last = first + min(5000, 20 * RATES_HZ[name])
    whole = STREAMS[name](SimulatedWearer(seed))(first, last)
    edges = sorted({first, last, *(min(first + c, last) for c in cuts)})
    stream = STREAMS[name](SimulatedWearer(seed))
    # The last piece first: it must not matter what was asked before.
    pieces = [stream(a, b) for a, b in reversed(list(pairwise(edges)))][::-1]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_another_seed_shares_nothing_but_what_a_script_says():
    one, other = digests(4, '', QUERIES, [TODAY_S]), digests(5, '', QUERIES, [TODAY_S])
    assert all(one[key] != other[key] for key in one)


@pytest.mark.parametrize('rate_hz, other_hz', [(30.0, 10.0), (60.0, 20.0), (120.0, 60.0)])
def test_at_any_rate_the_same_instant_shows_the_same(rate_hz, other_hz):
    """Sensor noise is of the frame; what is seen is of the time."""
    fast, slow = SimulatedWearer(2), SimulatedWearer(2)
    seen = {}
    for k in range(int(rate_hz)):
        seen[k / rate_hz] = [
            fast.eye_look('left', k / rate_hz), fast.face_weights(k / rate_hz).tobytes(),
            fast.body_points(k / rate_hz).tobytes(), fast.luminance_cd_m2(k / rate_hz)]
    for k in range(int(other_hz)):
        t = k / other_hz
        at = min(seen, key=lambda s: abs(s - t))
        assert abs(at - t) < 1e-9
        assert seen[at] == [
            slow.eye_look('left', at), slow.face_weights(at).tobytes(),
            slow.body_points(at).tobytes(), slow.luminance_cd_m2(at)]
