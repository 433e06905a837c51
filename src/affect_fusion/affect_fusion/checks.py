# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a modality's message must be like to be used. No ROS: any object with its fields does."""

import math
from typing import Any

import numpy as np

MAX_LENGTH = 65536
"""Elements of an embedding whose ModalityInfo has not come yet."""


class Checked:
    """
    A message with what is wrong with it, '' when it may be used.

    It passes the synchroniser either way: a modality whose messages don't fit ticks, and is not
    dead. Rejected, it has no evidence.
    """

    __slots__ = ('complaint', 'message')

    def __init__(self, message: Any, complaint: str) -> None:
        self.message = message
        self.complaint = complaint

    @property
    def header(self) -> Any:
        """Header of the message."""
        return self.message.header

    @property
    def quality(self) -> float:
        """Quality of the message, 0 when it is rejected."""
        return 0.0 if self.complaint else self.message.quality


def embedding_complaint(message: Any, modality: str, info: Any | None) -> str:
    """
    Return why a ModalityEmbedding can't be used, or ''.

    :param modality: whose topic it came on.
    :param info: the modality's latched ModalityInfo, None when it has not come (then its schema
        and lengths can't be checked).
    """
    complaint = _common_complaint(message, modality)
    if complaint:
        return complaint
    length = len(message.embedding)
    if info is None:
        if length > MAX_LENGTH or len(message.features) > MAX_LENGTH:
            return f'{length} elements and no ModalityInfo that says so'
    elif message.schema_id != info.schema_id:
        return f"schema '{message.schema_id}' and ModalityInfo has '{info.schema_id}'"
    elif length != info.embedding_dimension:
        return f'embedding has {length} elements, ModalityInfo says {info.embedding_dimension}'
    elif len(message.features) != len(info.feature_names):
        return f'{len(message.features)} features, ModalityInfo names {len(info.feature_names)}'
    if message.quality > 0.0 and not np.isfinite(message.embedding).all():
        return 'quality above 0 and an embedding that is not finite'
    return ''


def estimate_complaint(message: Any, modality: str) -> str:
    """Return why an AffectEstimate can't be used, or ''."""
    complaint = _common_complaint(message, modality)
    if complaint:
        return complaint
    known = [p for p in message.probabilities if not math.isnan(p)]
    if known and not (min(known) >= 0.0 and abs(sum(known) - 1.0) < 0.01):
        return 'probabilities that are negative or do not sum to 1'
    for name in ('valence', 'arousal'):
        value, variance = getattr(message, name), getattr(message, name + '_variance')
        if math.isnan(value):
            continue
        if not -1.0 <= value <= 1.0:
            return f'{name} {value:g} is outside [-1, 1]'
        if not (variance > 0.0 and math.isfinite(variance)):
            return f'{name} without a variance above 0'
    return ''


def _common_complaint(message: Any, modality: str) -> str:
    if message.modality != modality:
        return f"modality '{message.modality}' on the topic of {modality}"
    if math.isnan(message.quality):
        return 'quality is NaN'
    if not 0.0 <= message.quality <= 1.0:
        return f'quality {message.quality:g} is outside [0, 1]'
    return ''
