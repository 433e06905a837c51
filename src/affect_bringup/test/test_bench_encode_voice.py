# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The bench of the voice measures by itself, and says why the peer's rows are empty."""

from affect_bringup.bench import encode_voice


def test_formants_of_known_vowels_are_near_and_an_absent_peer_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv('AFFECT_OPENSMILE_PYTHON', raising=False)
    peer, why = encode_voice._peer([], tmp_path)
    ours, theirs = encode_voice._formant_rows(encode_voice._vowels(tmp_path), 0, peer, why)
    assert ours.value < 5.0
    assert theirs.value is None
    assert 'AFFECT_OPENSMILE_PYTHON' in theirs.how


def test_a_python_without_the_peer_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv('AFFECT_OPENSMILE_PYTHON', '/bin/false')
    peer, why = encode_voice._peer([], tmp_path)
    assert peer is None
    assert '/bin/false' in why
    rows = encode_voice._agreement_rows([tmp_path / 'clip.flac'], peer, why)
    assert {row.value for row in rows} == {None}
    assert all('/bin/false' in row.how for row in rows)


def test_without_recordings_rows_say_so(tmp_path, monkeypatch):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    assert encode_voice._clips(5) == []
    for rows in (encode_voice.people_rows(), encode_voice._agreement_rows([], None, ''),
                 encode_voice._cost_rows([], None, '')):
        assert all(row.value is None and 'AFFECT_DATA' in row.how for row in rows)
