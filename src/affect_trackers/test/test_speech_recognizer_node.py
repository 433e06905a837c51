# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The speech recogniser on a graph: sound in, transcripts out, rubbish counted."""

import math
import sys

from affect_msgs.msg import Transcript
from affect_node import from_stamp
from affect_node import STATE
from affect_node.testing import Bench
from affect_node.testing import health
from affect_trackers.speech_recognizer import node as node_module
from affect_trackers.speech_recognizer.node import SpeechRecognizerNode
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from speech_doubles import EnergyActivity
from speech_doubles import HeardRecognizer
from speech_doubles import tones
from speech_microphone import BEGIN_S
from speech_microphone import Microphone

TOPIC = 'hmd/microphone/audio'


@pytest.fixture
def doubles(monkeypatch):
    """Loudness for voice activity and a recogniser that says how much it heard."""
    recognizer = HeardRecognizer()
    monkeypatch.setattr(node_module, 'VoiceActivity', EnergyActivity)
    monkeypatch.setattr(node_module, 'make_recognizer', lambda *_: recognizer)
    return recognizer


@pytest.fixture
def bench():
    """Give a graph whose clock stands at BEGIN_S."""
    with Bench(clock_s=BEGIN_S) as graph:
        yield graph


def finals(heard):
    return [message for message in heard if message.is_final]


def test_an_utterance_is_published_while_it_lasts_and_finally(bench, doubles):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    bench.add(SpeechRecognizerNode)
    Microphone(bench).say(tones(0.992, (1.504, 1.0)))
    bench.until(lambda: finals(heard), 'a final transcript')
    last = heard[-1]
    assert [m.is_final for m in heard] == [False] * (len(heard) - 1) + [True]
    assert len(heard) >= 3
    assert {m.utterance_id for m in heard} == {0}
    assert from_stamp(last.header.stamp) == pytest.approx(BEGIN_S + 0.992, abs=0.033)
    assert last.header.frame_id == 'w1/microphone_frame'
    assert last.recognizer_id == 'double/loudness'
    assert last.language == 'en-GB'
    assert last.text == ' '.join(last.words)
    assert len(last.words) == len(last.word_start_s) == len(last.word_confidence)
    assert last.duration_s == pytest.approx(1.5, abs=0.1)
    assert last.confidence == pytest.approx(0.8)
    assert all(math.isnan(m.confidence) for m in heard[:-1])


def test_lost_samples_end_the_utterance_and_are_counted(bench, doubles):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    microphone = Microphone(bench)
    microphone.say(tones(0.5, (1.0, 0.0)))
    microphone.send(tones(0.0, (0.04, 0.0)), skip=32000)
    bench.until(lambda: finals(heard), 'the utterance before the gap')
    assert node.diagnostics.counters['samples lost'] == 32000
    microphone.say(tones(0.0, (0.6, 1.0)))
    bench.until(lambda: len(finals(heard)) == 2, 'the utterance after the gap')
    first, second = finals(heard)
    assert second.utterance_id == first.utterance_id + 1
    assert from_stamp(second.header.stamp) == pytest.approx(BEGIN_S + 3.5, abs=0.033)


def test_a_microphone_that_falls_silent_does_not_leave_the_utterance_open(bench, doubles):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    bench.add(SpeechRecognizerNode)
    microphone = Microphone(bench)
    microphone.say(tones(0.5, (1.0, 0.0)))
    bench.until(lambda: finals(heard), 'the end of the utterance')
    assert finals(heard)[0].duration_s == pytest.approx(1.0, abs=0.1)
    microphone.say(tones(0.5, (0.8, 1.0)))
    bench.until(lambda: len(finals(heard)) == 2, 'the next utterance')


def test_rubbish_is_counted_and_the_next_speech_is_heard(bench, doubles):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    microphone = Microphone(bench)
    sound = tones(0.04)
    microphone.send(sound)
    bad = np.full(640, 30000.0)
    for reason, samples, changes in (
            ('unusable sample rate', sound, {'sample_rate_hz': 0}),
            ('empty or incomplete chunk', sound, {'channels': 0}),
            ('empty or incomplete chunk', sound[:7], {'channels': 2}),
            ('giant chunk', np.zeros(170000), {}),
            ('samples far beyond full scale', bad, {}),
            ('overlaps the chunk before', sound, {'start_s': BEGIN_S - 1.0}),
            ('stamped in the past', sound, {'start_s': BEGIN_S - 600.0}),
            ('stamped in the future', sound, {'start_s': BEGIN_S + 600.0})):
        key = f'rejected: {TOPIC}: {reason}'
        before = node.diagnostics.counters[key]
        microphone.send(samples, **{'start_s': BEGIN_S + 0.04, **changes})
        bench.until(lambda key=key, n=before: node.diagnostics.counters[key] == n + 1, reason)
    microphone.say(tones(0.5, (1.0, 1.0)))
    bench.until(lambda: finals(heard), 'an utterance')


def test_a_clock_that_jumps_back_drops_the_utterance_under_way(bench, doubles):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    Microphone(bench).say(tones(0.5, (1.0, 0.0)))
    bench.until(lambda: heard, 'a partial transcript')
    bench.set_clock(BEGIN_S - 5.0)
    bench.until(lambda: node.diagnostics.counters['clock jumps'] == 1, 'the jump')
    bench.set_clock(BEGIN_S)
    Microphone(bench).say(tones(1.0, (0.8, 1.0)))
    bench.until(lambda: finals(heard), 'the utterance of the new time')
    assert len(finals(heard)) == 1
    assert finals(heard)[0].utterance_id == 1
    assert from_stamp(finals(heard)[0].header.stamp) == pytest.approx(BEGIN_S + 1.0, abs=0.033)


def test_sound_beyond_the_queue_is_dropped_counted_and_said(bench, doubles):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode, queue_s=1.0)
    doubles.may_go_on.clear()
    microphone = Microphone(bench)
    microphone.say(tones(0.2, (4.0, 0.0)))
    bench.until(lambda: 'sound were dropped' in health(node), 'the complaint')
    assert float(node.diagnostics.values['dropped_s']) > 1.0
    doubles.may_go_on.set()
    bench.until(lambda: float(node.diagnostics.values['waiting_s']) == 0.0, 'an empty queue')
    microphone.say(tones(1.0))
    bench.until(lambda: finals(heard), 'the utterance that the gap ended')


def test_a_recogniser_that_fails_costs_its_utterance_only(bench, doubles):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    doubles.fails = True
    microphone = Microphone(bench)
    microphone.say(tones(0.5, (0.8, 1.0)))
    bench.until(lambda: finals(heard), 'an utterance without words')
    assert finals(heard)[0].text == ''
    assert math.isnan(finals(heard)[0].confidence)
    bench.until(
        lambda: node.diagnostics.counters['rejected: recognizer: out of order'], 'the failure')
    doubles.fails = False
    microphone.say(tones(0.5, (0.8, 1.0)))
    bench.until(lambda: len(finals(heard)) == 2, 'the next utterance')
    assert finals(heard)[1].text


def test_it_can_be_deactivated_while_it_decodes_and_activated_again(bench, doubles):
    heard = bench.hear(Transcript, 'hmd/speech/transcript', STATE)
    node = bench.add(SpeechRecognizerNode)
    microphone = Microphone(bench)
    microphone.say(tones(0.5, (1.0, 0.0)))
    bench.until(lambda: heard, 'a partial transcript')
    assert node.trigger_deactivate() == TransitionCallbackReturn.SUCCESS
    assert node.trigger_cleanup() == TransitionCallbackReturn.SUCCESS
    assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS
    assert node.trigger_activate() == TransitionCallbackReturn.SUCCESS
    assert not finals(heard)
    microphone.say(tones(0.5, (0.8, 1.0)))
    bench.until(lambda: finals(heard), 'an utterance after the restart')


@pytest.mark.parametrize('library', ['onnxruntime', 'pocketsphinx'])
def test_without_a_library_it_refuses_and_says_what_to_install(bench, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    node = bench.add(SpeechRecognizerNode, activate=False)
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert f'pip install {library}' in health(node)


def test_a_recogniser_that_nobody_knows_is_refused(bench):
    node = bench.add(SpeechRecognizerNode, activate=False, recognizer='oracle')
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'pocketsphinx' in health(node)
