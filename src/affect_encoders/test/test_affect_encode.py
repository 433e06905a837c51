# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The command: an object per input, in order, whatever the inputs are; errors that help."""

import json
import os
import random
import subprocess
import sys

from affect_encoders import affect_encode
from affect_encoders.encoder import CATEGORIES
from affect_encoders.files.options import Options
from affect_encoders.modalities import MODALITIES
from encode_inputs import write_csv
from encode_inputs import write_inputs
import numpy as np
import pytest


@pytest.fixture(scope='module')
def inputs(tmp_path_factory):
    return write_inputs(tmp_path_factory.mktemp('inputs'))


def strictly(text):
    """Read JSON in which NaN is no number."""
    return json.loads(text, parse_constant=lambda word: pytest.fail(f'{word} in JSON'))


def rows_of(capsys, words, status=0):
    assert affect_encode.main([*map(str, words), '--json']) == status
    heard = capsys.readouterr()
    return [strictly(line) for line in heard.out.splitlines()], heard.err


def plain_array(values):
    """Return the numbers of a part of an object, None as NaN."""
    return np.array(
        list(values.values()) if isinstance(values, dict) else values, dtype=np.float64)


@pytest.mark.parametrize('modality', MODALITIES)
def test_every_modality_gives_the_object_of_the_contract(modality, inputs, capsys):
    (row,), complaints = rows_of(capsys, [modality, inputs[modality]])
    assert complaints == ''
    assert row['modality'] == modality
    assert str(inputs[modality]) in row['input']
    assert 0.0 < row['quality'] <= 1.0
    estimate = row['estimate']
    assert list(estimate['probabilities']) == list(CATEGORIES)
    known = [p for p in estimate['probabilities'].values() if p is not None]
    assert not known or sum(known) == pytest.approx(1.0, abs=1e-3)
    assert {'valence', 'arousal', 'valence_variance', 'arousal_variance'} <= estimate.keys()
    for name in ('valence', 'arousal'):
        assert (estimate[name] is None) == (estimate[f'{name}_variance'] is None)
    info = MODALITIES[modality].make_encoder(Options()).info
    assert list(row['features']) == list(info.feature_names)
    assert any(value is not None for value in row['features'].values())
    assert len(row['embedding']) == info.embedding_dimension
    assert all(isinstance(value, float) for value in row['embedding'])


@pytest.mark.parametrize('modality', MODALITIES)
def test_a_file_that_is_none_is_named_and_the_others_go_on(modality, inputs, tmp_path, capsys):
    broken = tmp_path / ('broken' + inputs[modality].suffix)
    broken.write_bytes(b'\x00\x01\x02')
    absent = tmp_path / 'absent.csv'
    paths = [broken, inputs[modality], absent, inputs[modality]]
    rows, complaints = rows_of(capsys, [modality, *paths], status=1)
    assert [bool(row.get('error')) for row in rows] == [True, False, True, False]
    assert rows[0]['quality'] == 0.0
    assert rows[0]['reason'] == rows[0]['error']
    assert all(value is None for value in rows[0]['embedding'])
    assert str(broken) in complaints
    assert f'{absent}: no such file' in complaints
    assert len(complaints.splitlines()) == 2
    for part in ('features', 'embedding'):
        first, second = (plain_array(rows[i][part]) for i in (1, 3))
        np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(('modality', 'name', 'tracker'), [
    ('eye_movement', 'eye.mp4', 'eye'), ('eye_expression', 'eye.png', 'eye'),
    ('speech', 'talk.wav', 'speech')])
def test_who_gives_what_a_tracker_must_see_first_is_told_which(
        tmp_path, capsys, modality, name, tracker):
    (tmp_path / name).write_bytes(b'RIFF')
    rows, said = rows_of(capsys, [modality, tmp_path / name], status=1)
    assert f'affect-track {tracker} {tmp_path / name} --json' in said
    assert len(rows) == 1


def test_damaged_files_of_any_kind_stop_nothing(inputs, tmp_path, capsys):
    damage = random.Random(5)
    for modality, path in inputs.items():
        paths = []
        for k in range(6):
            content = bytearray(path.read_bytes())
            for _ in range(damage.choice([1, 20])):
                at = damage.randrange(len(content) + 1)
                if at < len(content) and damage.random() < 0.5:
                    content[at] = damage.randrange(256)
                else:
                    content[at:at + damage.randrange(1, 90)] = damage.choice(
                        [b'', b'nan', b'1e308', b'\n', b',', b'\x00', b'inf', b'"'])
            paths.append(tmp_path / f'{modality}{k}{path.suffix}')
            paths[-1].write_bytes(content)
        status = affect_encode.main([modality, *map(str, paths), '--json'])
        heard = capsys.readouterr()
        rows = [strictly(line) for line in heard.out.splitlines()]
        assert len({row['input'].split(':')[0].split('#')[0] for row in rows}) == len(paths)
        assert status == any('error' in row for row in rows)
        assert 'defect' not in heard.err
        for row in rows:
            assert row['quality'] > 0.0 or row['reason']


def test_a_long_recording_is_one_object_or_one_for_each_tick(inputs, capsys):
    whole, _ = rows_of(capsys, ['head_motion', inputs['head_motion']])
    ticks, _ = rows_of(capsys, ['head_motion', inputs['head_motion'], '--ticks', '3'])
    assert len(whole) == 1
    assert [row['t_s'] for row in ticks] == [3.0, 6.0, 9.0]
    live, _ = rows_of(capsys, ['head_motion', '--ticks', inputs['head_motion']])
    assert len(live) == 119


def test_a_folder_stands_for_the_files_in_it_in_natural_order(tmp_path, capsys):
    inner = tmp_path / 'day'
    inner.mkdir()
    for name in ('clip10.txt', 'clip9.txt', 'other.png'):
        (inner / name).write_text('I am glad\n')
    rows, _ = rows_of(capsys, ['speech', tmp_path])
    assert [row['input'] for row in rows] == [
        f'{inner / "clip9.txt"}:1', f'{inner / "clip10.txt"}:1']
    rows, _ = rows_of(capsys, ['speech', str(inner / '*9.txt')])
    assert len(rows) == 1


def test_texts_are_lines_and_arguments_and_empty_ones_are_unknown(tmp_path, capsys):
    lines = tmp_path / 'lines.txt'
    lines.write_bytes(b'I am so happy\r\n\r\nI hate you\r\n')
    rows, _ = rows_of(capsys, ['speech', lines, '--text', 'this is great', '--text', ''])
    assert [row['text'] for row in rows] == [
        'I am so happy', '', 'I hate you', 'this is great', '']
    assert [row['input'] for row in rows][:2] == [f'{lines}:1', f'{lines}:2']
    assert [row['quality'] > 0.0 for row in rows] == [True, False, True, True, False]
    assert rows[1]['reason']
    assert rows[1]['estimate']['valence'] is None


@pytest.mark.parametrize(('name', 'content', 'options'), [
    ('a.tsv', 'I love it\t17\teh1\nI "hate it\t3\teh2\n', []),
    ('b.csv', 'id,text\n1,"I love it, I do"\n2,I hate it\n', []),
    ('c.csv', 'id|SIT\n1|I love it\n2|I hate it\n', []),
    ('d.csv', 'a;b\n1;I love it\n2;I hate it\n', ['--column', 'b']),
    ('e.jsonl', '{"text": "I love it", "confidence": 0.9}\n{"text": "I hate it"}\n', [])])
def test_text_of_tables(tmp_path, capsys, name, content, options):
    path = tmp_path / name
    path.write_text(content)
    rows, _ = rows_of(capsys, ['speech', path, *options])
    assert len(rows) == 2
    assert rows[0]['estimate']['valence'] > 0.2 > -0.1 > rows[1]['estimate']['valence']


def test_words_and_voice_are_compared_where_both_are_known(inputs, tmp_path, capsys):
    lines = tmp_path / 'words.jsonl'
    lines.write_text('\n'.join(json.dumps(row) for row in (
        {'text': 'I am so angry', 'start_s': 0.5, 'end_s': 2.5, 'confidence': 0.9},
        {'text': 'I am so angry', 'start_s': 50.0, 'end_s': 52.0, 'confidence': 0.9})))
    alone, _ = rows_of(capsys, ['speech', lines])
    assert alone[0]['features']['voice_agreement'] is None
    both, _ = rows_of(capsys, ['speech', lines, '--voice', inputs['voice']])
    assert 0.0 < both[0]['features']['voice_agreement'] <= 1.0
    assert both[1]['features']['voice_agreement'] is None
    rows, said = rows_of(
        capsys, ['speech', '--text', 'hello', '--voice', tmp_path / 'absent.wav'], status=1)
    assert 'absent.wav: no such file' in said
    assert rows[0]['quality'] == 0.0


def test_enrolment_takes_the_wearers_neutral_off(inputs, tmp_path, capsys):
    sad = tmp_path / 'neutral.txt'
    sad.write_text('I am a bit sad about it\nit is a sad thing\n')
    plain, _ = rows_of(capsys, ['speech', '--text', 'it makes me sad'])
    enrolled, _ = rows_of(capsys, ['speech', '--text', 'it makes me sad', '--enroll', sad])
    assert enrolled[0]['estimate']['valence'] > plain[0]['estimate']['valence'] + 0.1
    assert enrolled[0]['features'] == plain[0]['features']


def test_an_enrolment_without_evidence_is_refused(tmp_path, capsys):
    (tmp_path / 'empty.txt').write_text('\n')
    assert affect_encode.main(
        ['speech', '--text', 'hello', '--enroll', str(tmp_path / 'empty.txt')]) == 2
    assert 'quality 0' in capsys.readouterr().err
    assert affect_encode.main(['speech', '--text', 'hello', '--enroll', 'absent.txt']) == 2
    assert 'absent.txt: no such file' in capsys.readouterr().err


@pytest.mark.parametrize('words', [
    ['nose', 'a.png'], ['voice'], ['voice', '--enroll', 'a.wav'], ['voice', 'a.wav', '--thrice'],
    ['voice', '--from', 'absent.list'],
    ['speech', '--threads', '0', '--text', 'a'], ['voice', 'a.wav', '--rate-hz', '-3']])
def test_a_wrong_command_is_refused(words, capsys):
    with pytest.raises(SystemExit) as ended:
        affect_encode.main(words)
    assert ended.value.code == 2
    assert 'usage: affect-encode' in capsys.readouterr().err


@pytest.mark.parametrize('words', [[], ['--help'], *([name, '--help'] for name in MODALITIES)])
def test_help_is_given(words, capsys):
    with pytest.raises(SystemExit) as ended:
        affect_encode.main(words)
    assert ended.value.code == 0
    assert 'affect-encode' in capsys.readouterr().out


def test_inputs_of_a_list_are_taken_however_many(tmp_path, capsys):
    path = write_csv(tmp_path / 'one.csv', {'text': np.array(['fine'])})
    (tmp_path / 'list').write_text(f'{path}\n' * 200)
    rows, _ = rows_of(capsys, ['speech', '--from', tmp_path / 'list'])
    assert len(rows) == 200


def test_the_table_is_for_people(capsys):
    assert affect_encode.main(['speech', '--text', 'I am so happy', '--text', '']) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert 'happy' in first
    assert 'valence +' in first
    assert 'no word' in second


def test_a_reader_that_has_enough_ends_it():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, '-m', 'affect_encoders.affect_encode', 'speech', '--text', 'a']
    ended = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, '')


def test_the_package_is_light_to_import():
    heavy = ('torch', 'rclpy', 'cv2', 'scipy', 'librosa', 'numpy')
    code = f'import affect_encoders, sys; print([m for m in {heavy} if m in sys.modules])'
    ended = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.strip() == '[]'
    code = ('import affect_encoders, sys; affect_encoders.load("speech"); '
            'print([m for m in ("torch", "rclpy") if m in sys.modules])')
    ended = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.strip() == '[]'
