# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Files of numpy that are damaged are refused in words, whatever numpy says of them."""

import random

from affect_sensors.sources.arrays import load_npy
from affect_sensors.sources.arrays import load_npz
from affect_sensors.sources.depth_file import open_depth_file
from affect_sensors.sources.face_file import open_face_file
from affect_sensors.sources.gaze_file import open_gaze_file
from affect_sensors.sources.imu_file import COLUMNS
from affect_sensors.sources.imu_file import open_imu_file
from affect_sensors.sources.source import SourceError
import numpy as np
import pytest

T_S = np.arange(50) * 0.02
OPENERS = {
    'gaze': (
        {'xy': np.full((50, 2), 0.5), 'confidence': np.ones(50)},
        lambda path: open_gaze_file(path, loop=True, rate_hz=200.0, eye='left')),
    'face': (
        {'t_s': T_S, 'weights': np.full((50, 52), 0.5)},
        lambda path: open_face_file(path, loop=True)),
    'imu': (
        {'t_s': T_S, **{name: np.ones(50) for name in COLUMNS}},
        lambda path: open_imu_file(path, loop=True)),
    'depth': (
        {'t_s': T_S[:3], 'xyz': np.ones((3, 20, 3), np.float32)},
        lambda path: open_depth_file(path, loop=True, rate_hz=10.0)),
}


@pytest.mark.parametrize('kind', OPENERS)
def test_a_damaged_file_is_refused_or_read_and_never_raises_anything_else(tmp_path, kind):
    arrays, open_file = OPENERS[kind]
    path = tmp_path / 'a.npz'
    np.savez(path, **arrays)
    open_file(str(path))
    whole = path.read_bytes()
    rng, refused = random.Random(1), 0
    for _ in range(150):
        damaged = bytearray(whole)
        at = rng.randrange(len(damaged))
        if rng.random() < 0.3:
            del damaged[at:]
        else:
            damaged[at:at + rng.randrange(1, 4)] = rng.randbytes(rng.randrange(4))
        path.write_bytes(damaged)
        try:
            open_file(str(path))
        except SourceError as error:
            refused += 1
            assert "parameter 'path'" in str(error)
    assert refused > 50


def test_what_is_no_array_is_said(tmp_path):
    np.savez(tmp_path / 'a.npz', x=np.ones(3))
    (tmp_path / 'a.npz').rename(tmp_path / 'a.npy')
    with pytest.raises(ValueError, match='it is an NPZ file'):
        load_npy(tmp_path / 'a.npy')
    np.save(tmp_path / 'b.npy', np.ones(3))
    (tmp_path / 'b.npy').rename(tmp_path / 'b.npz')
    with pytest.raises(ValueError, match='no file of numpy'):
        load_npz(tmp_path / 'b.npz', ('x',))


def test_only_what_is_asked_for_is_read(tmp_path):
    np.savez(tmp_path / 'a.npz', x=np.ones(3), names=np.array([{}], dtype=object))
    assert list(load_npz(tmp_path / 'a.npz', ('x', 'y'))) == ['x']
