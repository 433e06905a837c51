# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The thin ROS shell around a modality's encoder."""

import abc
from array import array
import sys
import time
import traceback
from typing import Any

from affect_encoders.encoder import Encoder
from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import ModalityInfo
from affect_node import AffectNode
from affect_node import LATCHED
from affect_node import SetupError
from affect_node import STATE
from affect_node import to_stamp
from affect_node.latency_window import LatencyWindow
import numpy as np

_LABEL_KINDS = {
    'acted': AffectEstimate.LABEL_ACTED,
    'perceived': AffectEstimate.LABEL_PERCEIVED,
    'felt': AffectEstimate.LABEL_FELT,
    'rule': AffectEstimate.LABEL_RULE,
    'mixed': AffectEstimate.LABEL_MIXED,
}


def floats(values: np.ndarray) -> array:
    """Return values as the array type that rclpy takes without a copy per element."""
    return array('f', np.ascontiguousarray(values, dtype=np.float32).tobytes())


def info_message(info: EncoderInfo, hop_s: float) -> ModalityInfo:
    """Return what the numbers of an encoder mean (unstamped)."""
    return ModalityInfo(
        modality=info.modality,
        model_id=info.model_id,
        schema_id=info.schema_id,
        embedding_dimension=info.embedding_dimension,
        feature_names=list(info.feature_names),
        feature_units=[feature.unit for feature in info.features],
        feature_minima=floats(np.array([feature.low for feature in info.features])),
        feature_maxima=floats(np.array([feature.high for feature in info.features])),
        hop_s=hop_s,
        quality_half_life_s=info.quality_half_life_s,
        quality_meaning=info.quality_meaning,
        training_data=info.training_data)


class EncoderNode(AffectNode, abc.ABC):
    """
    Ticks on the grid: estimate first (if the purpose allows), then the embedding.

    That order lets the fusion node take both when the embedding arrives. A modality's node says
    which encoder it runs, subscribes to its inputs and hands samples over.
    """

    modality: str
    frame_id = 'hmd_link'

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(f'{self.modality}_encoder', **kwargs)
        self._hop_s = self.declare(
            'hop_s', 0.1, 'Spacing of the grid that all encoders tick on, seconds.',
            low=0.02, high=10.0)
        self._grace_s = self.declare(
            'grace_s', 0.03, 'How long after a tick to wait for evidence up to it, seconds.',
            low=0.0, high=1.0)
        self._threads = self.declare(
            'threads', 1, 'Threads that the model may use.', low=1, high=64)
        self.encoder: Encoder | None = None
        self._embeddings = self._estimates = None
        self._tick_times = LatencyWindow()

    @abc.abstractmethod
    def make_encoder(self) -> Encoder:
        """Return the encoder; raise OSError or ValueError when its weights can't be used."""

    @abc.abstractmethod
    def subscribe_inputs(self) -> None:
        """Subscribe to the modality's topics."""

    def flush(self) -> None:
        """Hand samples that were gathered since the last tick to the encoder."""

    def withheld(self) -> str:
        """Return why nothing may be inferred now, or an empty string."""
        return ''

    def setup(self) -> None:
        """Load the model and create publishers and subscriptions."""
        try:
            self.encoder = self.make_encoder()
        except (OSError, ValueError) as error:
            raise SetupError(f'{self.modality} model: {error}') from error
        if 'torch' in sys.modules:
            sys.modules['torch'].set_num_threads(self._threads)
        topic = f'affect/{self.modality}/'
        self._embeddings = self.advertise(ModalityEmbedding, topic + 'embedding', STATE)
        self._infos = self.advertise(ModalityInfo, topic + 'info', LATCHED)
        message = info_message(self.encoder.info, self._hop_s)
        self._schema_id = message.schema_id  # a digest: not to be computed tick after tick
        message.header.stamp = self.get_clock().now().to_msg()
        self._infos.publish(message)
        self.follow_purpose(self._purpose_has_changed)
        self.subscribe_inputs()
        self._ticks = self.tick_on_grid(self._hop_s, self._grace_s, self._tick)

    def start(self) -> None:
        """Begin with no evidence from before."""
        self.clock_jumped()

    def clock_jumped(self) -> None:
        """Forget all evidence."""
        if self.encoder is not None:
            try:
                self.flush()
            finally:
                self.encoder.reset()

    def _purpose_has_changed(self) -> None:
        if self.emotion_allowed and self._estimates is None:
            self._estimates = self.advertise(
                AffectEstimate, f'affect/{self.modality}/estimate', STATE)
        elif not self.emotion_allowed and self._estimates is not None:
            self.withdraw(self._estimates)
            self._estimates = None

    def teardown(self) -> None:
        """Forget the model and the publishers."""
        self.encoder = self._estimates = self._embeddings = None

    def _tick(self, tick_ns: int) -> None:
        began_s = time.perf_counter()
        encoding = self._encode(tick_ns * 1e-9)
        if self._estimates is not None:
            self._estimates.publish(self._estimate_message(encoding, tick_ns))
        self._embeddings.publish(self._embedding_message(encoding, tick_ns))
        self.diagnostics.values['quality'] = f'{encoding.quality:.3f}'
        self.diagnostics.values['reason'] = encoding.reason
        self.diagnostics.values['skipped ticks'] = str(self._ticks.skipped)
        self._tick_times.add(time.perf_counter() - began_s)
        if tick_ns % 1_000_000_000 < round(self._hop_s * 1e9):
            for percent in (50, 99):
                self.diagnostics.values[f'tick_p{percent}_ms'] = (
                    f'{self._tick_times.percentile_ms(percent):.2f}')

    def _encode(self, tick_s: float) -> Encoding:
        try:
            self.flush()
            why_withheld = self.withheld()
            if not why_withheld:
                return self.encoder.encode(tick_s)
        except Exception as error:
            # Without a reset the same evidence would silence the node tick after tick.
            self.diagnostics.reject(
                f'affect/{self.modality}', f'{type(error).__name__}: {error}',
                'this is a defect of the encoder, please report it')
            self.get_logger().debug(traceback.format_exc())
            why_withheld = 'the encoder failed and begins anew'
        # What came while nothing may be inferred must not count later either.
        self.encoder.reset()
        return self.encoder.no_evidence(why_withheld)

    def _embedding_message(self, encoding: Encoding, tick_ns: int) -> ModalityEmbedding:
        info = self.encoder.info
        message = ModalityEmbedding(
            modality=info.modality,
            model_id=info.model_id,
            schema_id=self._schema_id,
            embedding=floats(encoding.embedding),
            features=floats(encoding.features),
            quality=encoding.quality,
            reason=encoding.reason,
            window_start=to_stamp(s=encoding.window_start_s),
            evidence_end=to_stamp(s=encoding.evidence_end_s))
        message.header.stamp = to_stamp(ns=tick_ns)
        message.header.frame_id = self.frame(self.frame_id)
        return message

    def _estimate_message(self, encoding: Encoding, tick_ns: int) -> AffectEstimate:
        info = self.encoder.info
        estimate = encoding.estimate
        message = AffectEstimate(
            modality=info.modality,
            model_id=info.model_id,
            probabilities=np.asarray(estimate.probabilities, dtype=np.float32),
            valence=estimate.valence,
            arousal=estimate.arousal,
            valence_variance=estimate.valence_variance,
            arousal_variance=estimate.arousal_variance,
            quality=encoding.quality,
            label_kind=_LABEL_KINDS[info.label_kind])
        message.header.stamp = to_stamp(ns=tick_ns)
        message.header.frame_id = self.frame(self.frame_id)
        return message
