# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The speech recogniser when the microphone misbehaves: it says so, and it recovers."""

import threading

from affect_msgs.msg import Transcript
from affect_node import from_stamp
from affect_node import STATE
from affect_node.testing import Bench
from affect_node.testing import health
from affect_trackers.speech_recognizer import node as node_module
from affect_trackers.speech_recognizer.decoding_thread import DecodingThread
from affect_trackers.speech_recognizer.node import SpeechRecognizerNode
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from speech_doubles import EnergyActivity
from speech_doubles import HeardRecognizer
from speech_doubles import tones
from speech_microphone import BEGIN_S
from speech_microphone import Microphone


@pytest.fixture
def recognizer(monkeypatch):
    """Loudness for voice activity and a recogniser that says how much it heard."""
    made = HeardRecognizer()
    monkeypatch.setattr(node_module, 'VoiceActivity', EnergyActivity)
    monkeypatch.setattr(node_module, 'make_recognizer', lambda *_: made)
    return made


@pytest.fixture
def bench():
    """Give a graph whose clock stands at BEGIN_S."""
    with Bench(clock_s=BEGIN_S) as graph:
        yield graph


def finals(heard):
    return [message for message in heard if message.is_final]


def test_silence_of_the_microphone_is_stale_and_sound_ends_it(bench, recognizer):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    told = bench.hear(DiagnosticArray, '/diagnostics', 10)
    node = bench.add(SpeechRecognizerNode)
    bench.until(lambda: 'no usable sound comes' in health(node), 'the complaint')
    assert node.diagnostics.status().level == DiagnosticStatus.STALE
    bench.until(
        lambda: told and told[-1].status[0].level == DiagnosticStatus.STALE, 'its publication')
    Microphone(bench).say(tones(0.5, (0.8, 1.0)))
    bench.until(lambda: finals(heard), 'an utterance')
    bench.until(lambda: any(
        array.status[0].level != DiagnosticStatus.STALE for array in told), 'recovery')
    bench.until(lambda: 'no usable sound comes' in health(node), 'the second complaint')


@pytest.mark.parametrize('fault, complaint', [
    (lambda sound: np.clip(20.0 * sound, -1.0, 1.0), 'clipped'),
    (lambda sound: np.where(np.arange(len(sound)) % 7, sound, np.nan), 'not finite'),
])
def test_sound_that_makes_words_wrong_is_complained_of(bench, recognizer, fault, complaint):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    Microphone(bench).say(fault(tones(0.5, (0.8, 1.0))))
    bench.until(lambda: finals(heard), 'an utterance nevertheless')
    bench.until(lambda: complaint in health(node), 'the complaint')


def test_a_rate_that_changes_in_mid_stream_ends_the_utterance(bench, recognizer):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    bench.add(SpeechRecognizerNode)
    microphone = Microphone(bench)
    microphone.say(tones(0.5, (0.8, 0.0)))
    microphone.rate_hz, microphone.begin_s, microphone.sent = 48000, BEGIN_S + 1.3, 0
    microphone.say(np.repeat(tones(0.0, (0.8, 1.0)), 3))
    bench.until(lambda: len(finals(heard)) == 2, 'two utterances')
    first, second = finals(heard)
    assert first.duration_s == pytest.approx(0.8, abs=0.1)
    assert from_stamp(second.header.stamp) == pytest.approx(BEGIN_S + 1.3, abs=0.05)
    assert second.duration_s == pytest.approx(0.8, abs=0.1)


def test_a_stream_whose_stamps_were_set_back_is_heard_again_after_a_second(bench, recognizer):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    microphone = Microphone(bench)
    microphone.say(tones(6.0))
    microphone.set_back(5.0)
    microphone.say(tones(1.2, (0.8, 1.0)))
    bench.until(lambda: finals(heard), 'an utterance of the stream set back')
    reason = 'rejected: hmd/microphone/audio: overlaps the chunk before'
    assert node.diagnostics.counters[reason] == 25
    assert from_stamp(finals(heard)[0].header.stamp) == pytest.approx(BEGIN_S + 2.2, abs=0.05)


def test_chunks_of_ten_seconds_are_heard(bench, recognizer):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    microphone = Microphone(bench)
    microphone.send(tones(8.5, (1.5, 0.0)))
    # A second one that waits at once would be too much for the queue.
    bench.until(recognizer.hears.is_set, 'the first chunk')
    microphone.send(tones(0.0, (0.5, 9.5)))
    bench.until(lambda: finals(heard), 'an utterance across two chunks')
    assert finals(heard)[0].duration_s == pytest.approx(2.0, abs=0.1)
    assert 'no usable sound' not in health(node)


def test_a_recogniser_that_hangs_does_not_hang_the_node(bench, recognizer, monkeypatch):
    monkeypatch.setattr(DecodingThread, '_PATIENCE_S', 0.05)
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    recognizer.may_go_on = threading.Event()
    microphone = Microphone(bench)
    microphone.say(tones(0.5, (1.0, 0.5)))
    bench.until(recognizer.hears.is_set, 'a recogniser at work')
    assert node.trigger_deactivate() == TransitionCallbackReturn.SUCCESS
    fresh = HeardRecognizer()
    monkeypatch.setattr(node_module, 'make_recognizer', lambda *_: fresh)
    assert node.trigger_activate() == TransitionCallbackReturn.SUCCESS
    microphone.say(tones(0.5, (0.8, 1.0)))
    bench.until(lambda: finals(heard), 'an utterance by another recogniser')
    recognizer.may_go_on.set()
    assert len(finals(heard)) == 1
    assert fresh.heard
