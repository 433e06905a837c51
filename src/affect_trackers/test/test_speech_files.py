# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""affect-track speech: utterances of sound files, whatever the file is like."""

import argparse
import json

from affect_sensors.simulation.utterance_files import categories
from affect_sensors.simulation.utterance_files import sound_of
from affect_trackers.affect_track import main
from affect_trackers.speech_recognizer.track_files import add_arguments
from affect_trackers.speech_recognizer.track_files import track
from affect_trackers.speech_recognizer.wav_header import promised_wav_s
from affect_trackers.track_error import CannotTrackError
from affect_trackers.track_error import TrackError
import numpy as np
import pytest
from scipy.signal import resample_poly
import soundfile

RATE_HZ = 16000
ONSET_S = 1.0
FORMATS = {
    'wav': ('talk.wav', {}), 'eight_bit': ('talk.wav', {'subtype': 'PCM_U8'}),
    'float': ('talk.wav', {'subtype': 'FLOAT'}), 'flac': ('talk.flac', {}),
    'ogg': ('talk.ogg', {}), 'mp3': ('talk.mp3', {})}


@pytest.fixture(scope='module')
def speech():
    """Return a synthetic sentence with a second of silence around it."""
    sound = 0.12 * sound_of('slt', categories()[0], 0)
    rest = np.zeros(round(ONSET_S * RATE_HZ))
    return np.concatenate([rest, sound, rest])


def options(*words):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def rows_of(path, *words):
    return list(track(str(path), options(*words)))


def check(rows, speech):
    (row,) = rows
    assert row['is_final']
    assert row['start_s'] == pytest.approx(ONSET_S, abs=0.15)
    assert row['end_s'] == pytest.approx(len(speech) / RATE_HZ - ONSET_S, abs=0.3)
    assert {'table', 'window'} & set(row['text'].split())
    assert row['voice_probability'] > 0.6
    assert [word['word'] for word in row['words']] == row['text'].split()


@pytest.mark.parametrize('name', FORMATS)
def test_speech_is_found_in_files_of_any_format(tmp_path, speech, name):
    file, settings = FORMATS[name]
    soundfile.write(tmp_path / file, speech, RATE_HZ, **settings)
    check(rows_of(tmp_path / file), speech)


@pytest.mark.parametrize('rate_hz, channels, offset', [
    (48000, 2, 0.0), (44100, 1, 0.0), (22050, 6, 0.0), (16000, 1, 0.3)])
def test_speech_is_found_at_any_rate_in_any_channels_above_any_offset(
        tmp_path, speech, rate_hz, channels, offset):
    sound = resample_poly(speech, rate_hz, RATE_HZ) if rate_hz != RATE_HZ else speech
    soundfile.write(
        tmp_path / 'talk.wav', np.repeat(sound[:, None], channels, axis=1) + offset, rate_hz)
    check(rows_of(tmp_path / 'talk.wav'), speech)


def test_two_channels_or_two_runs_say_the_same(tmp_path, speech):
    soundfile.write(tmp_path / 'one.flac', speech, RATE_HZ)
    soundfile.write(tmp_path / 'two.flac', np.stack([speech, speech], axis=1), RATE_HZ)
    first = rows_of(tmp_path / 'one.flac')
    assert rows_of(tmp_path / 'two.flac') == first
    assert rows_of(tmp_path / 'one.flac') == first


def test_speech_to_the_last_sample_is_not_lost(tmp_path, speech):
    soundfile.write(tmp_path / 'talk.wav', speech[RATE_HZ:-RATE_HZ], RATE_HZ)
    (row,) = rows_of(tmp_path / 'talk.wav')
    assert row['is_final']
    assert row['end_s'] == pytest.approx(len(speech) / RATE_HZ - 2.0, abs=0.2)


def test_partials_come_when_asked_for(tmp_path, speech):
    soundfile.write(tmp_path / 'talk.wav', speech, RATE_HZ)
    rows = rows_of(tmp_path / 'talk.wav', '--partials')
    assert len(rows) > 1
    assert [row['is_final'] for row in rows] == [False] * (len(rows) - 1) + [True]
    assert {row['utterance'] for row in rows} == {0}


def test_a_file_without_speech_has_no_utterance(tmp_path):
    soundfile.write(tmp_path / 'hush.wav', np.zeros(3 * RATE_HZ), RATE_HZ)
    assert rows_of(tmp_path / 'hush.wav') == []


def test_bad_files_are_named_and_the_others_go_on(tmp_path, speech, capsys):
    good, text, empty, low = (
        tmp_path / name for name in ('good.wav', 'text.wav', 'empty.wav', 'low.wav'))
    soundfile.write(good, speech, RATE_HZ)
    text.write_text('no sound', encoding='utf-8')
    soundfile.write(empty, np.zeros(0), RATE_HZ)
    soundfile.write(low, speech, 4000)
    paths = [str(tmp_path / 'absent.wav'), str(text), str(empty), str(low), str(good)]
    assert main(['speech', *paths, '--json']) == 1
    printed = capsys.readouterr()
    rows = [json.loads(line) for line in printed.out.splitlines()]
    assert [row['file'] for row in rows] == [str(good)]
    for path, complaint in zip(
            paths, ('no such file', 'no sound that', 'no sample', '4000 Hz'), strict=False):
        assert any(path in line and complaint in line for line in printed.err.splitlines())


def test_of_a_file_that_breaks_off_what_came_before_is_told(tmp_path, speech):
    soundfile.write(tmp_path / 'whole.flac', np.tile(speech, 3), RATE_HZ)
    whole = (tmp_path / 'whole.flac').read_bytes()
    (tmp_path / 'broken.flac').write_bytes(whole[:2 * len(whole) // 3])
    rows = []
    with pytest.raises(TrackError, match=r'cannot be read beyond \d'):
        for row in track(str(tmp_path / 'broken.flac'), options()):
            rows.append(row)  # noqa: PERF402  list() would lose them with the error
    assert rows
    assert rows[0]['is_final']


@pytest.mark.parametrize('name', ['talk.wav', 'talk.mp3'])
def test_a_file_that_holds_less_than_it_promises_is_told_and_nothing_is_heard_twice(
        tmp_path, speech, name):
    path = tmp_path / name
    soundfile.write(path, np.concatenate([speech, np.zeros(3 * RATE_HZ)]), RATE_HZ)
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) // 3])
    rows = []
    with pytest.raises(TrackError, match=r'breaks off after \d') as refused:
        for row in track(str(path), options()):
            rows.append(row)  # noqa: PERF402  list() would lose them with the error
    read_s = float(str(refused.value).split()[3])
    assert all(row['end_s'] <= read_s + 0.1 for row in rows)
    assert rows


def test_the_length_of_a_wav_that_was_written_to_a_pipe_is_not_known(tmp_path, speech):
    path = tmp_path / 'talk.wav'
    soundfile.write(path, speech, RATE_HZ)
    whole = bytearray(path.read_bytes())
    assert promised_wav_s(str(path)) == pytest.approx(len(speech) / RATE_HZ)
    where = whole.index(b'data') + 4
    whole[where:where + 4] = b'\xff' * 4
    path.write_bytes(whole)
    assert promised_wav_s(str(path)) == 0.0
    check(rows_of(path), speech)


def test_samples_that_nobody_scaled_are_refused(tmp_path, speech):
    soundfile.write(tmp_path / 'loud.wav', 30000.0 * speech, RATE_HZ, subtype='FLOAT')
    with pytest.raises(TrackError, match='far beyond full scale'):
        rows_of(tmp_path / 'loud.wav')


def test_a_model_that_is_none_ends_the_command(tmp_path, speech):
    soundfile.write(tmp_path / 'talk.wav', speech, RATE_HZ)
    with pytest.raises(CannotTrackError, match='is no model'):
        rows_of(tmp_path / 'talk.wav', '--model-path', str(tmp_path))
    with pytest.raises(TrackError, match='a folder'):
        rows_of(tmp_path)
