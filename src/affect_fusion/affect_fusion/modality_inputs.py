# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The topics of the modalities, as checked inputs of the synchroniser."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from affect_fusion.assessment import estimate_stream
from affect_fusion.checks import Checked
from affect_fusion.checks import embedding_complaint
from affect_fusion.checks import estimate_complaint
from affect_fusion.grid_synchronizer import GridSynchronizer
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import ModalityEmbedding
from affect_msgs.msg import ModalityInfo
from affect_node import LATCHED
from diagnostic_msgs.msg import DiagnosticStatus
from message_filters import SimpleFilter

_MOST_SCHEMAS = 4
"""Kept of a modality; a new encoder may begin before the last words of the old one are read."""


class ModalityInputs:
    """
    Subscribes to `affect/<modality>/{info,estimate,embedding}` and feeds a synchroniser.

    A message that doesn't fit is reported and passed on as rejected, so that its modality counts
    as rejected and not as dead. One whose stamp can't be of now goes no further.

    :param node: the FusionNode in whose name to subscribe; its purpose decides whether estimates
        are heard.
    """

    def __init__(
        self, node: Any, modalities: Sequence[str], synchronizer: GridSynchronizer,
    ) -> None:
        self._node = node
        self._modalities = modalities
        self._synchronizer = synchronizer
        self._infos: dict[str, dict[str, ModalityInfo]] = {m: {} for m in modalities}
        self._doubles = dict.fromkeys(modalities, 0)
        self.feature_names: dict[str, list[str]] = {}
        for modality in modalities:
            node.subscribe(
                ModalityInfo, f'affect/{modality}/info', partial(self._on_info, modality),
                LATCHED, while_inactive=True)
            self._listen(AffectEstimate, modality, 'estimate', estimate_stream(modality))
            self._listen(ModalityEmbedding, modality, 'embedding', modality)

    def diagnose(self) -> None:
        """Report who lives, what went wrong, and modalities with two publishers."""
        values = self._node.diagnostics.values
        values['live'] = ' '.join(
            modality for modality in self._synchronizer.live_streams
            if modality in self._modalities)
        for reason, n in self._synchronizer.counters.items():
            values[f'messages: {reason}'] = str(n)
        for modality in self._modalities:
            self._look_for_doubles(modality)

    def _listen(self, message_type: type, modality: str, kind: str, stream: str) -> None:
        topic = f'affect/{modality}/{kind}'
        checked = SimpleFilter()
        take = partial(self._take, checked, modality, topic)
        self._node.listen(message_type, topic, take)
        self._synchronizer.connect(stream, checked)

    def _on_info(self, modality: str, message: ModalityInfo) -> None:
        # By schema: what a second publisher says must not make the first one's messages unfit.
        known = self._infos[modality]
        known.pop(message.schema_id, None)
        known[message.schema_id] = message
        if len(known) > _MOST_SCHEMAS:
            del known[next(iter(known))]
        self.feature_names.setdefault(modality, list(message.feature_names))

    def _info_for(self, modality: str, message: ModalityEmbedding) -> ModalityInfo | None:
        """Return what a message's schema means, else the newest schema, else None."""
        known = self._infos[modality]
        return known.get(message.schema_id) or next(reversed(known.values()), None)

    def _take(self, checked: SimpleFilter, modality: str, topic: str, message: Any) -> None:
        if isinstance(message, AffectEstimate):
            if not self._node.emotion_allowed:
                return
            complaint = estimate_complaint(message, modality)
        else:
            info = self._info_for(modality, message)
            complaint = embedding_complaint(message, modality, info)
            if info is not None and not complaint:
                self.feature_names[modality] = list(info.feature_names)
        if self._node.accept_stamp(topic, message.header.stamp) is None:
            return
        if complaint:
            self._node.diagnostics.reject(
                topic, complaint, 'check its publisher against ModalityInfo and affect_msgs')
        checked.signalMessage(Checked(message, complaint))

    def _look_for_doubles(self, modality: str) -> None:
        """Report two publishers; one that died is seen for a while, but sends no duplicates."""
        topic = f'affect/{modality}/embedding'
        n_double = self._synchronizer.stream_counters[modality]['duplicate']
        are_two = (
            n_double > self._doubles[modality] and self._node.count_publishers(topic) > 1)
        self._doubles[modality] = n_double
        self._node.diagnostics.set(
            f'publishers of {topic}', DiagnosticStatus.WARN if are_two else DiagnosticStatus.OK,
            f'{topic}: two publishers; stop one of them, or give it a modality of its own')
