# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Microphones that are absent, unplugged, overrun, too loud or muted; files of every kind."""

from itertools import pairwise
import math
import sys
import time
from types import SimpleNamespace

from affect_msgs.msg import AudioChunk
from affect_node import stream
from affect_node.testing import health
from affect_node.testing import is_well
from affect_sensors.microphone.level_watch import LevelWatch
from affect_sensors.microphone.node import MicrophoneNode
from affect_sensors.sources.audio_device import AudioDevice
from affect_sensors.sources.audio_file import AudioFile
from affect_sensors.sources.source import SourceError
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
import soundfile

NOW_NS = 1_763_800_000_123_456_789
SECOND_NS = 1_000_000_000
AUDIO = (AudioChunk, 'hmd/microphone/audio', stream(25.0))
TIMES = SimpleNamespace(currentTime=10.0, inputBufferAdcTime=9.95)


class FakeStream:
    """Stands for sounddevice.InputStream."""

    def __init__(self, *, callback, **settings):
        self.callback, self.settings, self.active = callback, settings, False

    def start(self):
        """Begin."""
        self.active = True

    def close(self):
        """End."""
        self.active = False

    def hear(self, samples, *, overflow=False):
        """Bring a block, as PortAudio's thread does."""
        self.callback(
            samples, len(samples), TIMES, SimpleNamespace(input_overflow=overflow))


class FakePortAudio:
    """Stands for the module sounddevice: streams that opened, and whether a device is there."""

    PortAudioError = RuntimeError

    def __init__(self):
        self.streams = []
        self.plugged = True
        self.looked_anew = 0

    def InputStream(self, **settings):  # noqa: N802
        """Open a stream."""
        if not self.plugged:
            raise RuntimeError('Invalid device')
        self.streams.append(FakeStream(**settings))
        return self.streams[-1]

    def query_devices(self):
        """Return the devices as sounddevice does."""
        return [
            {'name': 'HDMI', 'max_input_channels': 0, 'default_samplerate': 48000.0},
            {'name': 'USB mic', 'max_input_channels': 1, 'default_samplerate': 44100.0}]

    def _terminate(self):
        self.looked_anew += 1

    def _initialize(self):
        pass


@pytest.fixture
def portaudio(monkeypatch):
    """Give a PortAudio of a test."""
    library = FakePortAudio()
    monkeypatch.setitem(sys.modules, 'sounddevice', library)
    return library


def device(name='', **settings):
    return AudioDevice(name, **{
        'rate_hz': 16000, 'channels': 2, 'chunk_s': 0.04, 'mono': True, **settings})


def block(value=0.1, channels=1):
    return np.full((640, channels), value, np.float32)


def test_a_microphone_gives_counted_chunks_and_counts_overruns(portaudio):
    source = device()
    source.open()
    source.start(NOW_NS)
    sound = np.stack([np.full(640, 0.2), np.full(640, 0.4)], axis=-1).astype(np.float32)
    portaudio.streams[0].hear(sound)
    portaudio.streams[0].hear(sound, overflow=True)
    first, second = source.read(NOW_NS)
    assert (first.first_sample, second.first_sample) == (0, 640)
    assert (first.overruns, second.overruns) == (0, 1)
    np.testing.assert_allclose(first.samples, 0.3)
    # The last sample was 10 ms old, the first 40 ms older.
    assert NOW_NS - first.stamp_ns == pytest.approx(50e6, abs=50e6)
    portaudio.streams[0].active = False
    with pytest.raises(SourceError, match='plugged in'):
        source.read(NOW_NS)
    source.close()


def test_what_an_overrun_lost_is_a_gap_in_the_count(portaudio, monkeypatch):
    clock_ns = [10**12]
    monkeypatch.setattr(time, 'monotonic_ns', lambda: clock_ns[0])
    source = device(channels=1)
    source.open()
    source.start(NOW_NS)
    pieces = []
    for chunk in range(20):
        clock_ns[0] += 40_000_000 + (100_000_000 if chunk == 10 else 0)
        portaudio.streams[0].hear(block(), overflow=chunk == 10)
        pieces += source.read(NOW_NS + clock_ns[0] - 10**12)
    gaps = [b.first_sample - a.first_sample for a, b in pairwise(pieces)]
    assert gaps[9] == 640 + 1600
    assert set(gaps[:9] + gaps[10:]) == {640}
    for a, b in pairwise(pieces):
        assert (b.stamp_ns - a.stamp_ns) * 16e-6 == pytest.approx(
            b.first_sample - a.first_sample, abs=40)
    source.close()


def test_a_pause_is_a_gap_in_the_count_as_long_as_it_was(portaudio, monkeypatch):
    clock_ns = [10**12]
    monkeypatch.setattr(time, 'monotonic_ns', lambda: clock_ns[0])
    source = device(channels=1)
    source.open()
    source.start(NOW_NS)
    portaudio.streams[0].hear(block())
    before, = source.read(NOW_NS)
    source.start(NOW_NS + 3 * SECOND_NS)
    clock_ns[0] += 3 * SECOND_NS + 40_000_000
    portaudio.streams[0].hear(block())
    after, = source.read(NOW_NS + 3 * SECOND_NS + 40_000_000)
    # It began 40 ms before it came; PortAudio says that both blocks were 10 ms old.
    assert after.first_sample - before.first_sample == pytest.approx(640 + 3 * 16000, abs=640)
    source.close()


def test_a_microphone_without_its_libraries_says_what_to_install(monkeypatch, graph):
    monkeypatch.setitem(sys.modules, 'sounddevice', None)
    with pytest.raises(SourceError, match='pip install sounddevice'):
        device()
    node = graph.add(MicrophoneNode, source='device', activate=False)
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'pip install sounddevice' in health(node)


def test_a_device_that_does_not_open_is_told_with_those_that_would(portaudio):
    portaudio.plugged = False
    with pytest.raises(SourceError, match=r"'7' at 16000 Hz.*Invalid device.*1 'USB mic' \(1 ch"):
        device('7').open()
    # Nothing is open: PortAudio may look again which devices there are.
    assert portaudio.looked_anew == 1
    portaudio.plugged = True
    one, other = device('USB'), device('1')
    one.open()
    other.open()
    assert [s.settings['device'] for s in portaudio.streams] == ['USB', 1]
    assert portaudio.looked_anew == 2
    one.close()
    other.close()


def test_a_microphone_unplugged_is_stale_and_heard_again_when_it_is_back(graph, portaudio):
    portaudio.plugged = False
    heard = graph.hear(*AUDIO)
    node = graph.add(MicrophoneNode, source='device')

    def is_stale():
        return node.diagnostics.status().level == DiagnosticStatus.STALE
    graph.until(lambda: is_stale() and 'Invalid device' in health(node), 'the reason')
    portaudio.plugged = True
    graph.until(lambda: portaudio.streams, 'the opening')

    def hear_more():
        already = len(heard)

        def has_come():
            portaudio.streams[-1].hear(block())
            return len(heard) > already + 3
        graph.until(has_come, 'sound')
    hear_more()
    graph.until(lambda: is_well(node), 'health')
    portaudio.plugged = portaudio.streams[-1].active = False
    graph.until(lambda: is_stale() and 'plugged in' in health(node), 'the loss')
    last = heard[-1]
    portaudio.plugged = True
    graph.until(lambda: len(portaudio.streams) == 2, 'the second opening')
    hear_more()
    after = next(m for m in heard if m.first_sample > last.first_sample)
    assert after.first_sample > last.first_sample + len(last.samples)
    assert node.diagnostics.counters['source lost'] == 1


@pytest.mark.parametrize('subtype', ['PCM_U8', 'PCM_16', 'PCM_24', 'PCM_32', 'FLOAT', 'DOUBLE'])
@pytest.mark.parametrize('rate_hz', [8000, 16000, 22050, 44100, 48000])
def test_sound_of_every_width_and_rate_has_the_same_scale(tmp_path, subtype, rate_hz):
    sound = np.stack([np.linspace(-0.8, 0.8, rate_hz // 5), np.zeros(rate_hz // 5)], axis=-1)
    soundfile.write(tmp_path / 'a.wav', sound, rate_hz, subtype=subtype)
    source = AudioFile(str(tmp_path / 'a.wav'), chunk_s=0.04, loop=False, mono=False)
    source.open()
    source.start(NOW_NS)
    pieces = source.read(NOW_NS + SECOND_NS)
    found = np.concatenate([p.samples for p in pieces])
    assert source.promised_hz == rate_hz
    # A step of 8 bits is 1 / 128.
    np.testing.assert_allclose(found, sound, atol=1 / 100 if subtype == 'PCM_U8' else 1e-4)


def tone(amplitude, seconds=1.0, rate_hz=16000):
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.clip(amplitude * np.sin(2 * math.pi * 220 * t), -1, 1).astype(np.float32)[:, None]


@pytest.mark.parametrize('sound, word', [
    (tone(0.7), ''), (tone(0.98), ''), (tone(3.0), 'clipped'),
    (np.clip(tone(3.0), -0.992, 0.992), 'clipped')])
def test_clipped_sound_is_called_so(sound, word):
    watch = LevelWatch(may_be_silent=False)
    for i in range(0, len(sound), 640):
        watch.listen(sound[i:i + 640], 16000)
    assert watch.complaint.split(':')[0] == word
    assert (watch.clipped_share > 0.5) == bool(word)


def test_clipping_stays_said_while_speech_pauses():
    watch = LevelWatch(may_be_silent=False)
    complaints = []
    for sound in (tone(3.0), *[tone(0.1)] * 6):
        watch.listen(sound, 16000)
        complaints.append(watch.complaint.split(':')[0])
    assert complaints == ['clipped'] * 5 + [''] * 2


def test_a_muted_microphone_is_told_and_a_pause_in_a_file_is_not():
    nothing = np.zeros((16000, 1), np.float32)
    for may_be_silent, word in ((False, 'silent'), (True, '')):
        watch = LevelWatch(may_be_silent=may_be_silent)
        new = [watch.listen(nothing, 16000) for _ in range(5)]
        assert watch.complaint.split(':')[0] == word
        assert any(new) == bool(word)
        assert not any(new[:2])
        watch.listen(tone(0.5), 16000)
        assert watch.complaint == ''


def test_clipped_sound_is_a_warning_and_goes_on(graph, tmp_path):
    soundfile.write(tmp_path / 'a.wav', tone(5.0), 16000)
    heard = graph.hear(*AUDIO)
    node = graph.add(MicrophoneNode, source='file', path=tmp_path / 'a.wav')
    graph.until(lambda: health(node).startswith('clipped'), 'the complaint')
    already = len(heard)
    graph.until(lambda: len(heard) > already, 'more sound')


def test_nothing_is_said_of_sound_that_has_ended(graph, tmp_path):
    soundfile.write(tmp_path / 'a.wav', tone(5.0, seconds=2.5), 16000)
    node = graph.add(MicrophoneNode, source='file', path=tmp_path / 'a.wav', loop=False)
    graph.until(lambda: health(node).startswith('clipped'), 'the complaint')
    graph.until(lambda: 'has ended' in health(node), 'the end')
    assert 'clipped' not in health(node)


def test_samples_that_are_no_numbers_are_unknown_and_told(graph, tmp_path):
    sound = tone(0.5)
    sound[::100] = np.inf
    soundfile.write(tmp_path / 'a.wav', sound, 16000, subtype='FLOAT')
    heard = graph.hear(*AUDIO)
    node = graph.add(MicrophoneNode, source='file', path=tmp_path / 'a.wav')
    graph.until(lambda: len(heard) > 2, 'sound')
    for message in heard:
        unknown = np.isnan(message.samples)
        assert 0 < unknown.sum() < 10
        assert np.abs(np.asarray(message.samples)[~unknown]).max() <= 0.5
    assert 'not finite' in health(node)
