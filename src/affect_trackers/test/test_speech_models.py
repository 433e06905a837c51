# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
A user's own model: whose it is, what it says, and what is said when it can't be used.

Models can't be had offline, so the packages are stood in for by doubles of what they document:
vosk 0.3.45, faster-whisper 1.2, openai-whisper 20250625, pywhispercpp 1.5, transformers 5.
"""

import json
import math
import struct
import sys
from types import ModuleType
from types import SimpleNamespace

from affect_trackers.speech_recognizer.model_kind import kind_of
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizers import make_recognizer
import numpy as np
import pytest

SOUND = np.full(8000, 0.5, np.float32)
FILES = {
    'vosk': ('am/final.mdl', 'conf/model.conf'),
    'faster_whisper': ('model.bin', 'config.json', 'tokenizer.json'),
    'transformers': ('model.safetensors', 'config.json'),
    'whisper': ('tiny.pt',),
    'pywhispercpp': ('ggml-tiny.bin',),
}
# The numbers of whisper.cpp's smallest model, in half precision, and a file as large.
TINY = struct.pack(
    '<4s11i', b'lmgg', 51865, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 1)
TINY_BYTES = 77691713
PACKAGES = {
    'faster_whisper': 'faster-whisper', 'transformers': 'transformers',
    'whisper': 'openai-whisper', 'pywhispercpp': 'pywhispercpp', 'vosk': 'vosk'}


def folder_of(tmp_path, package):
    folder = tmp_path / 'model'
    for name in FILES[package]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('{}', encoding='utf-8')
    return str(folder)


def tiny_of_whisper_cpp(folder, header=TINY, size=TINY_BYTES):
    """Return a folder with a file that has holes and takes no room on the disk."""
    folder.mkdir(exist_ok=True)
    with (folder / 'ggml-tiny.bin').open('wb') as file:
        file.write(header)
        file.truncate(size)
    return str(folder)


class FakeVosk:
    """A KaldiRecognizer that ends a sentence at every second piece of sound."""

    def __init__(self, model, rate_hz):
        assert rate_hz == 16000
        self.pieces = 0
        self.bytes = 0

    def SetWords(self, wanted):  # noqa: N802
        self.with_words = wanted

    def SetPartialWords(self, wanted):  # noqa: N802
        self.with_partial_words = wanted

    def AcceptWaveform(self, data):  # noqa: N802
        self.pieces += 1
        self.bytes += len(data)
        return int(self.pieces % 2 == 0)

    def Result(self):  # noqa: N802
        return json.dumps({'text': 'good', 'result': [
            {'word': 'good', 'conf': 0.9, 'start': 0.1, 'end': 0.3}]})

    def PartialResult(self):  # noqa: N802
        assert self.with_partial_words
        if not self.pieces % 2:
            return json.dumps({'partial': ''})
        return json.dumps({'partial': 'mor', 'partial_result': [
            {'word': 'mor', 'conf': 1.0, 'start': 0.4, 'end': 0.6}]})

    def FinalResult(self):  # noqa: N802
        if not self.pieces % 2:
            return json.dumps({'text': ''})
        return json.dumps({'text': 'morning', 'result': [
            {'word': 'morning', 'conf': 0.5, 'start': 0.4, 'end': 0.8}]})


@pytest.fixture
def vosk(monkeypatch):
    """Stand in for vosk; a folder named 'broken' is no model to it."""
    def load(path):
        if path.endswith('broken'):
            raise Exception('Failed to create a model')
        return path

    module = ModuleType('vosk')
    module.SetLogLevel = lambda level: None
    module.Model = load
    module.KaldiRecognizer = FakeVosk
    monkeypatch.setitem(sys.modules, 'vosk', module)


def test_vosk_gives_words_with_times_and_posteriors(tmp_path, vosk):
    recognizer = make_recognizer('auto', folder_of(tmp_path, 'vosk'), 'de')
    assert recognizer.recognizer_id == 'vosk/model'
    assert recognizer.language == 'de'
    recognizer.begin()
    recognizer.hear(SOUND)
    assert recognizer.partial().text == 'mor'
    recognizer.hear(SOUND)
    recognizer.hear(SOUND)
    assert recognizer.partial().text == 'good mor'
    assert all(math.isnan(word.confidence) for word in recognizer.partial().words)
    said = recognizer.finish()
    # What Vosk closed at a pause of its own is not lost.
    assert said.text == 'good morning'
    assert [word.start_s for word in said.words] == [0.1, 0.4]
    assert said.confidence == pytest.approx(0.7)
    recognizer.begin()
    assert recognizer.finish().words == ()


def test_vosk_that_cannot_use_a_folder_says_which_and_why(tmp_path, vosk):
    folder = tmp_path / 'broken'
    (folder / 'am').mkdir(parents=True)
    (folder / 'am' / 'final.mdl').write_bytes(b'')
    with pytest.raises(RecognizerError, match=r'broken.*Failed to create a model'):
        make_recognizer('auto', str(folder))


SAID = [(' Hello,', 0.0, 0.4, 0.9), (' world', 0.4, 0.8, 0.5), (' [MUSIC]', 0.8, 0.9, 0.9)]


def fake_faster_whisper(no_speech):
    words = [SimpleNamespace(word=w, start=a, end=b, probability=p) for w, a, b, p in SAID]
    segment = SimpleNamespace(words=words, no_speech_prob=no_speech, avg_logprob=-1.5)

    class Model:

        def __init__(self, path, *, device, compute_type, cpu_threads):
            assert cpu_threads == 1

        def transcribe(self, sound, *, language, **settings):
            assert settings['temperature'] == 0.0
            return iter([segment]), SimpleNamespace(language=language or 'nl')

    return {'WhisperModel': Model}


def fake_whisper(no_speech):
    words = [{'word': w, 'start': a, 'end': b, 'probability': p} for w, a, b, p in SAID]

    def transcribe(sound, *, language, **settings):
        assert sound.dtype == np.float32
        return {'language': language or 'nl', 'segments': [
            {'words': words, 'no_speech_prob': no_speech, 'avg_logprob': -1.5}]}

    return {'load_model': lambda path, device: SimpleNamespace(transcribe=transcribe)}


@pytest.mark.parametrize('package, fake', [
    ('faster_whisper', fake_faster_whisper), ('whisper', fake_whisper)])
def test_whisper_gives_words_probabilities_and_the_language(tmp_path, monkeypatch, package, fake):
    for no_speech, count in ((0.1, 2), (0.9, 0)):
        module = ModuleType(package)
        vars(module).update(fake(no_speech))
        monkeypatch.setitem(sys.modules, package, module)
        recognizer = make_recognizer('auto', folder_of(tmp_path, package))
        recognizer.begin()
        recognizer.hear(SOUND)
        assert recognizer.partial().words == ()
        said = recognizer.finish()
        assert len(said.words) == count
        assert recognizer.language == 'nl'
        if count:
            assert said.text == 'Hello, world'
            assert said.words[1].start_s == pytest.approx(0.4)
            assert said.confidence == pytest.approx(0.7)
        told = make_recognizer('whisper', folder_of(tmp_path, package), 'en-GB')
        told.begin()
        told.hear(SOUND)
        told.finish()
        assert told.language == 'en-GB'


def test_whisper_cpp_counts_in_hundredths(tmp_path, monkeypatch):
    segments = [SimpleNamespace(text=w, t0=100 * a, t1=100 * b, probability=p)
                for w, a, b, p in SAID]
    module = ModuleType('pywhispercpp.model')
    module.Model = lambda path, **_: SimpleNamespace(transcribe=lambda sound, **__: segments)
    monkeypatch.setitem(sys.modules, 'pywhispercpp', ModuleType('pywhispercpp'))
    monkeypatch.setitem(sys.modules, 'pywhispercpp.model', module)
    recognizer = make_recognizer('auto', tiny_of_whisper_cpp(tmp_path / 'model'), 'en')
    recognizer.begin()
    recognizer.hear(SOUND)
    said = recognizer.finish()
    assert [(w.text, w.end_s) for w in said.words] == [
        ('Hello,', pytest.approx(0.4)), ('world', pytest.approx(0.8))]


@pytest.mark.parametrize('header, size, complaint', [
    (b'RIFF' + TINY[4:], TINY_BYTES, 'does not begin as'),
    (TINY[:20], 20, 'does not begin as'),
    (TINY[:4] + bytes(44), TINY_BYTES, 'no Whisper model'),
    (TINY, TINY_BYTES // 2, 'fetch it again')])
def test_whisper_cpp_is_not_given_what_would_end_the_process(
        tmp_path, monkeypatch, header, size, complaint):
    module = ModuleType('pywhispercpp.model')
    module.Model = None
    monkeypatch.setitem(sys.modules, 'pywhispercpp', ModuleType('pywhispercpp'))
    monkeypatch.setitem(sys.modules, 'pywhispercpp.model', module)
    with pytest.raises(RecognizerError, match=complaint):
        make_recognizer('auto', tiny_of_whisper_cpp(tmp_path / 'model', header, size))


def test_transformers_tells_no_probability_and_none_is_made_up(tmp_path, monkeypatch):
    def pipeline(task, *, model, device):
        def transcribe(sound, **_):
            return {'chunks': [{'text': ' hello', 'timestamp': (0.0, 0.2)},
                               {'text': ' there', 'timestamp': (0.2, None)}]}
        transcribe.model = SimpleNamespace(generation_config=SimpleNamespace())
        return transcribe

    module = ModuleType('transformers')
    module.pipeline = pipeline
    monkeypatch.setitem(sys.modules, 'transformers', module)
    recognizer = make_recognizer('auto', folder_of(tmp_path, 'transformers'), 'en')
    recognizer.begin()
    recognizer.hear(SOUND)
    said = recognizer.finish()
    assert said.text == 'hello there'
    assert said.words[1].end_s == pytest.approx(0.5)
    assert math.isnan(said.confidence)


def test_whisper_that_fails_is_an_error_of_the_recogniser(tmp_path, monkeypatch):
    def transcribe(sound, **_):
        if len(sound) > 16000:
            raise MemoryError('too large')
        return {'language': 'en', 'segments': []}

    module = ModuleType('whisper')
    module.load_model = lambda path, device: SimpleNamespace(transcribe=transcribe)
    monkeypatch.setitem(sys.modules, 'whisper', module)
    recognizer = make_recognizer('auto', folder_of(tmp_path, 'whisper'))
    recognizer.begin()
    for _ in range(3):
        recognizer.hear(SOUND)
    with pytest.raises(RecognizerError, match='MemoryError: too large'):
        recognizer.finish()
    recognizer.begin()
    recognizer.hear(SOUND)
    assert recognizer.finish().words == ()


@pytest.mark.parametrize('package', FILES)
def test_without_its_package_a_model_is_refused_with_what_to_install(
        tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(RecognizerError, match=f'pip install {PACKAGES[package]}'):
        make_recognizer('auto', folder_of(tmp_path, package))


@pytest.mark.parametrize('package', FILES)
def test_a_model_is_known_by_its_files(tmp_path, package):
    kind = 'vosk' if package == 'vosk' else 'whisper'
    assert kind_of(folder_of(tmp_path, package)) == kind


def test_what_is_no_model_is_refused_with_what_is_expected(tmp_path):
    with pytest.raises(RecognizerError, match='no file or folder'):
        kind_of(str(tmp_path / 'absent'))
    with pytest.raises(RecognizerError, match=r'expected: .*Vosk.*Whisper'):
        kind_of(str(tmp_path))
    (tmp_path / 'notes.txt').write_text('no model', encoding='utf-8')
    with pytest.raises(RecognizerError, match='is no model'):
        kind_of(str(tmp_path / 'notes.txt'))


def test_another_network_of_hugging_face_is_no_whisper(tmp_path):
    (tmp_path / 'model.safetensors').write_bytes(b'')
    (tmp_path / 'config.json').write_text('{"model_type": "bert"}', encoding='utf-8')
    with pytest.raises(RecognizerError, match="'bert', not Whisper"):
        kind_of(str(tmp_path))
    (tmp_path / 'config.json').write_text('{', encoding='utf-8')
    with pytest.raises(RecognizerError, match='unreadable'):
        kind_of(str(tmp_path))


def test_a_model_one_folder_further_in_is_pointed_out(tmp_path):
    folder_of(tmp_path, 'vosk')
    with pytest.raises(RecognizerError, match='one folder further in'):
        kind_of(str(tmp_path))


def test_a_name_and_a_model_that_do_not_fit_are_refused(tmp_path):
    with pytest.raises(RecognizerError, match='brings no model'):
        make_recognizer('whisper')
    with pytest.raises(RecognizerError, match='is a model of vosk, not of whisper'):
        make_recognizer('whisper', folder_of(tmp_path, 'vosk'))


def test_faster_whisper_is_not_allowed_to_fetch_its_tokenizer(tmp_path, monkeypatch):
    module = ModuleType('faster_whisper')
    module.WhisperModel = None
    monkeypatch.setitem(sys.modules, 'faster_whisper', module)
    folder = tmp_path / 'model'
    folder.mkdir()
    for name in ('model.bin', 'config.json'):
        (folder / name).write_text('{}', encoding='utf-8')
    with pytest.raises(RecognizerError, match=r'lacks tokenizer\.json'):
        make_recognizer('auto', str(folder))
