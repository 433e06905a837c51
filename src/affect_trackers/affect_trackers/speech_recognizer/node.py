# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The speech recogniser: sound to words, as Transcript on hmd/speech/transcript."""

from typing import Any

from affect_msgs.msg import AudioChunk
from affect_msgs.msg import Transcript
from affect_node import AffectNode
from affect_node import run
from affect_node import SetupError
from affect_node import STATE
from affect_node import stream
from affect_node import to_stamp
from affect_trackers.speech_recognizer.chunk_check import ChunkError
from affect_trackers.speech_recognizer.chunk_check import Joint
from affect_trackers.speech_recognizer.chunk_check import to_mono
from affect_trackers.speech_recognizer.decoding_thread import DecodingThread
from affect_trackers.speech_recognizer.recognizer import Recognizer
from affect_trackers.speech_recognizer.recognizer import RecognizerError
from affect_trackers.speech_recognizer.recognizers import make_recognizer
from affect_trackers.speech_recognizer.recognizers import RECOGNIZERS
from affect_trackers.speech_recognizer.resampler import RATE_HZ
from affect_trackers.speech_recognizer.segmenter import Segmenter
from affect_trackers.speech_recognizer.transcriber import Transcriber
from affect_trackers.speech_recognizer.transcriber import Utterance
from affect_trackers.speech_recognizer.voice_activity import VoiceActivity
from diagnostic_msgs.msg import DiagnosticStatus

_TOPIC = 'hmd/microphone/audio'
_LOOK_S = 0.5
_REMEMBER_LOOKS = 20


class SpeechRecognizerNode(AffectNode):
    """Publishes what was said, while it is said and finally; it decodes only while one speaks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('speech_recognizer', **kwargs)
        self._recognizer_name = self.declare(
            'recognizer', 'pocketsphinx', 'Who turns sound into words.', choices=RECOGNIZERS,
            must_fit=True)
        self._model_path = self.declare(
            'model_path', '', 'Model of the recogniser; empty: the one it brings.')
        self._language = self.declare(
            'language', '', 'Language of model_path as IETF BCP 47 tag, e.g. en-GB.')
        self._threshold = self.declare(
            'speech_threshold', 0.5, 'Probability above which a frame of 32 ms is speech.',
            low=0.2, high=0.99)
        self._min_speech_s = self.declare(
            'min_speech_s', 0.1, 'Speech that it takes to begin an utterance.', low=0.03, high=1.0)
        self._hangover_s = self.declare(
            'hangover_s', 0.6, 'Silence that ends an utterance.', low=0.1, high=3.0)
        self._max_utterance_s = self.declare(
            'max_utterance_s', 12.0, 'An utterance is cut after this long.', low=2.0, high=60.0)
        self._partial_every_s = self.declare(
            'partial_every_s', 0.5, 'How often an utterance under way is published.',
            low=0.1, high=10.0)
        self._min_confidence = self.declare(
            'min_confidence', 0.3, 'Words of an utterance trusted less than this are withheld: '
            'mostly noise or another language.', low=0.0, high=1.0)
        self._queue_s = self.declare(
            'queue_s', 8.0, 'Sound that may wait to be decoded; more is dropped.',
            low=1.0, high=60.0)
        self._frame_id = self.declare(
            'frame_id', 'microphone_frame', 'Frame of the microphone where a chunk has none.')
        self._heard_with = self._frame_id
        self._joint = Joint()
        self._transcriber: Transcriber | None = None
        self._thread: DecodingThread | None = None
        self._looks_since_trouble = _REMEMBER_LOOKS
        self._dropped_s = 0.0
        self._failures = 0

    def setup(self) -> None:
        """Load voice activity and recogniser, subscribe to the microphone."""
        try:
            self._recognizer: Recognizer = make_recognizer(
                self._recognizer_name, self._model_path, self._language)
            activity = VoiceActivity()
        except RecognizerError as error:
            raise SetupError(str(error)) from error
        self._transcriber = Transcriber(
            self._recognizer, activity, Segmenter(
                threshold=self._threshold, min_speech_s=self._min_speech_s,
                hangover_s=self._hangover_s, max_utterance_s=self._max_utterance_s),
            partial_every_s=self._partial_every_s, min_confidence=self._min_confidence)
        self._dropped_s, self._failures = 0.0, 0
        self._publisher = self.advertise(Transcript, 'hmd/speech/transcript', STATE)
        self.subscribe(AudioChunk, _TOPIC, self._on_audio, stream(50.0))
        self.tick_steadily(_LOOK_S, self._look)

    def start(self) -> None:
        """Begin to decode."""
        self._joint.forget()
        self._thread = DecodingThread(
            self._transcriber, self._publish, self._on_error, queue_s=self._queue_s)

    def stop(self) -> None:
        """End decoding; what is under way is dropped."""
        if self._thread is not None:
            self._thread.stop()
            self._thread = None

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
        self.diagnostics.set(
            'sample rate', DiagnosticStatus.WARN if rate < RATE_HZ else DiagnosticStatus.OK,
            f'{rate} Hz lacks the upper half of speech, few words will be right; '
            f'send {RATE_HZ} Hz')
        self._heard_with = message.header.frame_id or self.frame(self._frame_id)
        self._thread.push(samples, rate, start_s, is_gap=is_gap)

    def _publish(self, said: Utterance) -> None:
        """Publish an utterance; called by the decoding thread."""
        message = Transcript(
            utterance_id=said.number % 2**32, is_final=said.is_final, duration_s=said.duration_s,
            text=' '.join(word.text for word in said.words), language=self._recognizer.language,
            confidence=said.confidence, words=[word.text for word in said.words],
            word_start_s=[word.start_s for word in said.words],
            word_confidence=[word.confidence for word in said.words],
            recognizer_id=self._recognizer.recognizer_id)
        message.header.stamp = to_stamp(s=said.start_s)
        message.header.frame_id = self._heard_with
        self._publisher.publish(message)
        self.diagnostics.count('final transcripts' if said.is_final else 'partial transcripts')

    def _on_error(self, error: Exception) -> None:
        """Report what decoding raised; called by the decoding thread."""
        self.diagnostics.reject(
            'decoding', f'{type(error).__name__}: {error}',
            'this is a defect of the node, please report it')

    def _look(self) -> None:
        """Say what the decoding thread dropped and where the recogniser failed."""
        dropped_s, failures = self._thread.dropped_s, self._transcriber.failures
        self.diagnostics.values['waiting_s'] = f'{self._thread.waiting_s:.2f}'
        self.diagnostics.values['dropped_s'] = f'{dropped_s:.2f}'
        if failures > self._failures:
            self.diagnostics.reject(
                'recognizer', self._transcriber.last_failure, 'the utterance was lost')
        if dropped_s > self._dropped_s:
            self._looks_since_trouble = 0
        self._dropped_s, self._failures = dropped_s, failures
        self._looks_since_trouble += 1
        is_late = self._looks_since_trouble <= _REMEMBER_LOOKS
        self.diagnostics.set(
            'decoding', DiagnosticStatus.WARN if is_late else DiagnosticStatus.OK,
            f'{dropped_s:.1f} s of sound were dropped: decoding is slower than speech; '
            'give the process more of a core or a smaller model')


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(SpeechRecognizerNode, args)


if __name__ == '__main__':
    main()
