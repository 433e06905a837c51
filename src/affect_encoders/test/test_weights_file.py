# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Weights that do not fit the code are refused, with words that help."""

import json
from pathlib import Path

from affect_encoders.facial_expression import FacialExpressionEncoder
from affect_encoders.facial_expression import model as face
from affect_encoders.voice import model as voice
from affect_encoders.voice import VoiceEncoder
from affect_encoders.weights_file import load_weights
from affect_encoders.weights_file import save_weights
from affect_encoders.weights_file import tensor_hash
from affect_encoders.weights_file import WeightsError
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

CASES = [pytest.param(voice, VoiceEncoder, id='voice'),
         pytest.param(face, FacialExpressionEncoder, id='facial_expression')]


def read(path):
    with safe_open(str(path), framework='numpy') as file:
        names = list(file.keys())
        return {name: file.get_tensor(name) for name in names}, dict(file.metadata())


@pytest.mark.parametrize(('model', 'encoder'), CASES)
def test_shipped_weights_load_and_are_small(model, encoder):
    assert encoder().info.model_id.startswith(f'{model.MODEL}-{model.VERSION}-')
    assert Path(model.WEIGHTS).stat().st_size < 5_000_000


@pytest.mark.parametrize(('model', 'encoder'), CASES)
def test_the_model_card_quotes_the_figures_of_the_weights(model, encoder):
    _, metadata = read(model.WEIGHTS)
    card = Path(model.WEIGHTS).with_suffix('.md').read_text(encoding='utf-8')
    assert metadata['sha256'][:8] in card
    figures = json.loads(metadata['figures'])
    quoted = {
        'voice': ['folds_clip_end_clean', 'folds_enrolled'],
        'facial_expression': [
            'test_deduplicated_whole', 'test_deduplicated_lower', 'test_official_whole'],
    }[Path(model.WEIGHTS).stem]
    for name in quoted:
        assert f'{figures[name]["uar"]:.3f}' in card
        assert f'{figures[name]["accuracy"]:.3f}' in card


@pytest.mark.parametrize(('model', 'encoder'), CASES)
@pytest.mark.parametrize(('change', 'message'), [
    (lambda tensors, metadata: metadata.update(version='0'), 'version'),
    (lambda tensors, metadata: metadata.update(model='another'), 'model'),
    (lambda tensors, metadata: metadata.update(inputs='0' * 16), 'inputs'),
    (lambda tensors, metadata: metadata.clear(), 'model'),
    (lambda tensors, metadata: tensors.pop('temperature'), 'missing tensors'),
    (lambda tensors, metadata: tensors.update(extra=np.zeros(1, np.float32)), 'unknown tensors'),
    (lambda tensors, metadata: tensors.update(temperature=np.ones(9, np.float32)), 'shape'),
    (lambda tensors, metadata: tensors['temperature'].fill(np.nan), 'not finite'),
    (lambda tensors, metadata: tensors['temperature'].fill(9.0), 'altered'),
])
def test_tampered_weights_are_refused(tmp_path, model, encoder, change, message):
    tensors, metadata = read(model.WEIGHTS)
    change(tensors, metadata)
    path = tmp_path / 'weights.safetensors'
    save_file(tensors, str(path), metadata=metadata or None)
    with pytest.raises(WeightsError, match=message) as caught:
        encoder(weights=path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(('model', 'encoder'), CASES)
def test_a_file_that_is_missing_cut_short_or_foreign_is_refused(tmp_path, model, encoder):
    missing = tmp_path / 'none.safetensors'
    with pytest.raises(WeightsError, match='no such weights file'):
        encoder(weights=missing)
    cut = tmp_path / 'cut.safetensors'
    cut.write_bytes(Path(model.WEIGHTS).read_bytes()[:-100])
    with pytest.raises(WeightsError, match='not a readable safetensors file'):
        encoder(weights=cut)
    foreign = tmp_path / 'foreign.safetensors'
    foreign.write_text('this is not a weights file')
    with pytest.raises(WeightsError, match='not a readable safetensors file'):
        encoder(weights=foreign)


def test_the_other_modalitys_weights_are_refused():
    with pytest.raises(WeightsError, match='model'):
        VoiceEncoder(weights=face.WEIGHTS)


def test_what_is_saved_is_what_is_loaded(tmp_path):
    path = tmp_path / 'weights.safetensors'
    tensors = {'a': np.arange(6, dtype=np.float32).reshape(2, 3), 'b': np.ones(1, np.float32)}
    save_weights(path, tensors, model='m', version='1', inputs=('x', 'y'), data='none')
    loaded, metadata = load_weights(
        path, model='m', version='1', inputs=('x', 'y'), shapes={'a': (2, 3), 'b': (1,)})
    np.testing.assert_array_equal(loaded['a'], tensors['a'])
    assert metadata['data'] == 'none'
    with pytest.raises(WeightsError, match='inputs'):
        load_weights(path, model='m', version='1', inputs=('y', 'x'),
                     shapes={'a': (2, 3), 'b': (1,)})


def test_the_digest_notices_names_shapes_and_values():
    base = {'a': np.zeros(4, np.float32)}
    digests = {tensor_hash(t) for t in (
        base, {'b': base['a']}, {'a': base['a'].reshape(2, 2)}, {'a': np.ones(4, np.float32)},
        {'a': np.zeros(4, np.int32)})}
    assert len(digests) == 5
