# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The decoding thread: bounded whatever the recogniser does."""

import threading

from affect_trackers.speech_recognizer.decoding_thread import DecodingThread
import numpy as np
import pytest

WAIT_S = 20.0


class SlowTranscriber:
    """Takes one chunk, then waits to be let go; remembers what it was given."""

    is_speaking = False

    def __init__(self):
        self.started = threading.Event()
        self.may_go_on = threading.Event()
        self.finished = threading.Semaphore(0)
        self.given = []

    def reset(self):
        pass

    def push(self, samples, rate_hz, start_s, *, is_gap):
        self.given.append((start_s, is_gap))
        self.started.set()
        self.may_go_on.wait(WAIT_S)
        self.finished.release()
        return iter(())


@pytest.fixture
def slow():
    return SlowTranscriber()


@pytest.fixture
def thread(slow):
    """Return a thread with a queue of two seconds that is deep in its first chunk."""
    errors = []
    thread = DecodingThread(slow, lambda said: None, errors.append, queue_s=2.0)
    push(thread, 0.0)
    assert slow.started.wait(WAIT_S)
    yield thread
    slow.may_go_on.set()
    assert thread.stop()
    assert not errors


def push(thread, start_s, duration_s=0.5):
    thread.push(np.zeros(int(16000 * duration_s), np.float32), 16000, start_s, is_gap=False)


def test_of_too_much_sound_the_oldest_half_goes_at_once(thread, slow):
    for k in range(1, 6):  # 2.5 s wait while the first chunk is decoded
        push(thread, 0.5 * k)
    assert thread.dropped_s == pytest.approx(1.5)
    assert thread.figures()['waiting_s'] == '1.00'
    slow.may_go_on.set()
    for _ in range(3):
        assert slow.finished.acquire(timeout=WAIT_S)
    # The newest are decoded, and the one after the hole knows of it.
    assert slow.given == [(0.0, False), (2.0, True), (2.5, False)]


def test_a_chunk_longer_than_the_queue_is_decoded_nevertheless(thread, slow):
    push(thread, 0.5, duration_s=5.0)
    assert thread.dropped_s == 0.0
    slow.may_go_on.set()
    for _ in range(2):
        assert slow.finished.acquire(timeout=WAIT_S)
    assert slow.given == [(0.0, False), (0.5, False)]


def test_stopping_does_not_wait_for_a_recogniser_that_does_not_come_back(
        thread, slow, monkeypatch):
    monkeypatch.setattr(DecodingThread, '_PATIENCE_S', 0.05)
    assert not thread.stop()
    slow.may_go_on.set()
    monkeypatch.setattr(DecodingThread, '_PATIENCE_S', WAIT_S)
    assert thread.stop()
