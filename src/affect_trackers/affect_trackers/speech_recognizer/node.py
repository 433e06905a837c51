# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The speech recogniser: sound to words, as Transcript on hmd/speech/transcript."""

import time
from typing import Any

from affect_msgs.msg import AudioChunk
from affect_msgs.msg import Transcript
from affect_node import AffectNode
from affect_node import run
from affect_node import SetupError
from affect_node import STATE
from affect_node import stream
from affect_trackers.speech_recognizer.chunk_check import ChunkError
from affect_trackers.speech_recognizer.chunk_check import Joint
from affect_trackers.speech_recognizer.chunk_check import to_mono
from affect_trackers.speech_recognizer.decoding_thread import DecodingThread
from affect_trackers.speech_recognizer.recognizer import Recognizer
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizers import make_recognizer
from affect_trackers.speech_recognizer.recognizers import RECOGNIZERS
from affect_trackers.speech_recognizer.segmenter import Segmenter
from affect_trackers.speech_recognizer.sound_watch import SoundWatch
from affect_trackers.speech_recognizer.transcriber import Transcriber
from affect_trackers.speech_recognizer.transcriber import Utterance
from affect_trackers.speech_recognizer.transcript import to_transcript
from affect_trackers.speech_recognizer.voice_activity import VoiceActivity
from diagnostic_msgs.msg import DiagnosticStatus

_TOPIC = 'hmd/microphone/audio'
_LOOK_S = 0.25
_REMEMBER_LOOKS = 40


class SpeechRecognizerNode(AffectNode):
    """Publishes what was said, while it is said and finally; it decodes only while one speaks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('speech_recognizer', **kwargs)
        self._recognizer_name = self.declare(
            'recognizer', RECOGNIZERS[0], 'Who turns sound into words; auto: whose model '
            'model_path is.', choices=RECOGNIZERS, must_fit=True)
        self._model_path = self.declare(
            'model_path', '', 'Model of pocketsphinx, Vosk or Whisper; empty: the English one '
            'that pocketsphinx brings.')
        self._language = self.declare(
            'language', '', 'Language of model_path as IETF BCP 47 tag, e.g. en-GB; Whisper '
            'finds it out if empty.')
        self._segments = {
            'threshold': self.declare(
                'speech_threshold', 0.5, 'Probability above which a frame of 32 ms is speech.',
                low=0.2, high=0.99),
            'min_speech_s': self.declare(
                'min_speech_s', 0.1, 'Speech that it takes to begin an utterance.',
                low=0.03, high=1.0),
            'hangover_s': self.declare(
                'hangover_s', 0.6, 'Silence that ends an utterance.', low=0.1, high=3.0),
            'max_utterance_s': self.declare(
                'max_utterance_s', 12.0, 'An utterance is cut after this long.',
                low=2.0, high=60.0),
        }
        self._partial_every_s = self.declare(
            'partial_every_s', 0.5, 'How often an utterance under way is published.',
            low=0.1, high=10.0)
        self._min_confidence = self.declare(
            'min_confidence', 0.2, 'Words of an utterance trusted less than this are withheld: '
            'mostly noise or another language.', low=0.0, high=1.0)
        self._queue_s = self.declare(
            'queue_s', 8.0, 'Sound that may wait to be decoded; of more the older half goes.',
            low=1.0, high=60.0)
        self._frame_id = self.declare(
            'frame_id', 'microphone_frame', 'Frame of the microphone where a chunk has none.')
        self._heard_with = self._frame_id
        self._joint = Joint()
        self._transcriber: Transcriber | None = None
        self._thread: DecodingThread | None = None
        self._looks_since_trouble = _REMEMBER_LOOKS
        self._is_stale = False

    def setup(self) -> None:
        """Load voice activity and recogniser, subscribe to the microphone."""
        self._load()
        self._publisher = self.advertise(Transcript, 'hmd/speech/transcript', STATE)
        self.subscribe(AudioChunk, _TOPIC, self._on_audio, stream(50.0))
        self.tick_steadily(_LOOK_S, self._look)

    def start(self) -> None:
        """Begin to decode."""
        if self._transcriber is None:
            self._load()
        self._joint.forget()
        self._sound_watch = SoundWatch(time.monotonic())
        self._dropped_s, self._failures = 0.0, self._transcriber.failures
        self._thread = DecodingThread(
            self._transcriber, self._publish, self._on_error, queue_s=self._queue_s)

    def stop(self) -> None:
        """End decoding; what is under way is dropped."""
        thread, self._thread = self._thread, None
        if thread is not None and not thread.stop():
            # It is in use until that thread ends by itself.
            self._transcriber = None
        self._set_stale('')

    def _load(self) -> None:
        try:
            self._recognizer: Recognizer = make_recognizer(
                self._recognizer_name, self._model_path, self._language)
            activity = VoiceActivity()
        except RecognizerError as error:
            raise SetupError(str(error)) from error
        self._transcriber = Transcriber(
            self._recognizer, activity, Segmenter(**self._segments),
            partial_every_s=self._partial_every_s, min_confidence=self._min_confidence)

    def teardown(self) -> None:
        """Let go of the models."""
        self.stop()
        self._transcriber = None

    def clock_jumped(self) -> None:
        """Forget the sound of another time."""
        self._joint.forget()
        if self._thread is not None:
            self._thread.forget()

    def _on_audio(self, message: AudioChunk) -> None:
        rate = message.sample_rate_hz
        try:
            samples = to_mono(message.samples, message.channels, rate)
            start_s = self.accept_stamp(_TOPIC, message.header.stamp, len(samples) / rate)
            if start_s is None:
                return
            is_gap, lost = self._joint.is_gap(message.first_sample, len(samples), rate, start_s)
        except ChunkError as error:
            self.diagnostics.reject(_TOPIC, *error.args)
            return
        if lost:
            self.diagnostics.count('samples lost', lost)
        self._sound_watch.heard(samples, rate, time.monotonic())
        self._set_stale('')
        self._heard_with = message.header.frame_id or self.frame(self._frame_id)
        self._thread.push(samples, rate, start_s, is_gap=is_gap)

    def _publish(self, said: Utterance) -> None:
        """Publish an utterance; called by the decoding thread."""
        self._publisher.publish(to_transcript(said, self._recognizer, self._heard_with))
        self.diagnostics.count('final transcripts' if said.is_final else 'partial transcripts')

    def _on_error(self, error: Exception) -> None:
        """Report what decoding raised; called by the decoding thread."""
        self.diagnostics.reject(
            'decoding', f'{type(error).__name__}: {error}',
            'this is a defect of the node, please report it')

    def _look(self) -> None:
        """Say whether sound comes, what is wrong with it, and how decoding fares."""
        now_s = time.monotonic()
        self._set_stale(self._sound_watch.silence(now_s))
        for name, complaint in self._sound_watch.warnings(now_s).items():
            self._set_warning(name, complaint)
        dropped_s, failures = self._thread.dropped_s, self._transcriber.failures
        self.diagnostics.values.update(self._thread.figures())
        if failures > self._failures:
            self.diagnostics.reject(
                'recognizer', self._transcriber.last_failure, 'the utterance was lost')
        if dropped_s > self._dropped_s:
            self._looks_since_trouble = 0
        self._dropped_s, self._failures = dropped_s, failures
        self._looks_since_trouble += 1
        self._set_warning('decoding', '' if self._looks_since_trouble > _REMEMBER_LOOKS else (
            f'{dropped_s:.1f} s of sound were dropped: decoding is slower than speech; '
            'give the process more of a core or a smaller model'))

    def _set_warning(self, name: str, complaint: str) -> None:
        self.diagnostics.set(
            name, DiagnosticStatus.WARN if complaint else DiagnosticStatus.OK, complaint)

    def _set_stale(self, complaint: str) -> None:
        if bool(complaint) == self._is_stale:
            return
        self._is_stale = bool(complaint)
        self.diagnostics.set(
            'sound', DiagnosticStatus.STALE if complaint else DiagnosticStatus.OK,
            f'{_TOPIC}: {complaint}')
        self.diagnostics.publish()


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(SpeechRecognizerNode, args)


if __name__ == '__main__':
    main()
