# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables of action units for the facial expression encoder, as other tools write them."""

import affect_encoders
from affect_encoders.files.input_error import InputError
import numpy as np
import pytest


@pytest.fixture(scope='module')
def faces():
    return affect_encoders.load('facial_expression')


def likeliest(result):
    known = {k: p for k, p in result['estimate']['probabilities'].items() if p is not None}
    return max(known, key=known.get)


@pytest.mark.parametrize('columns', [
    {'AU06': 0.8, 'AU12': 0.9, 'AU04': 0.0, 'AU15': 0.0, 'AU01': 0.0},
    {'AU06_r': 4.0, 'AU12_r': 4.5, 'AU04_r': 0.0, 'AU15_r': 0.0, 'AU12_c': 1.0, 'AU25_r': 3.0}])
def test_units_in_their_scale_or_openfaces_are_read(faces, tmp_path, columns):
    path = tmp_path / 'units.csv'
    lines = [f'{0.1 * k:.1f},' + ','.join(map(str, columns.values())) for k in range(12)]
    path.write_text('\n'.join(['timestamp,' + ', '.join(columns), *lines]))
    [result] = faces.encode([path])
    assert likeliest(result) == 'happy'
    assert result['features']['AU12'] == pytest.approx(0.9, abs=1e-6)
    assert result['features']['AU26'] is None


def test_other_scales_are_refused_in_words(faces):
    with pytest.raises(InputError, match='OpenFace'):
        faces.encode({'t_s': np.arange(9) / 10.0, 'AU12': np.full(9, 80.0)})
