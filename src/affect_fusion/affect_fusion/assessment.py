# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How the modalities stand at a tick, and what that makes of the result. No ROS."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
import enum
import math
from typing import Any

from affect_fusion.fusion import FusedEstimate
from affect_fusion.fusion import ModalityEstimate
from affect_fusion.tick_set import StreamState
from affect_fusion.tick_set import TickSet
import numpy as np

WEAK_QUALITY = 0.1
"""Below this the evidence is called weak: older than three half-lives, were it perfect once."""

_ESTIMATE = '/estimate'


class ModalityState(enum.IntEnum):
    """Numbers as in affect_msgs/ModalityContribution."""

    DEAD = 0
    ALIVE = 1
    EVIDENCE = 2
    REJECTED = 3


class Validity(enum.IntEnum):
    """Numbers as in affect_msgs/EmotionState and WearerCondition."""

    UNKNOWN = 0
    DEGRADED = 1
    VALID = 2


@dataclass(frozen=True)
class ModalityReport:
    """One modality at one tick; ``embedding`` and ``estimate`` are messages that may be used."""

    modality: str
    state: ModalityState
    quality: float = math.nan
    evidence_age_s: float = math.nan
    model_id: str = ''
    is_late: bool = False
    reason: str = ''
    embedding: Any = None
    estimate: Any = None


@dataclass(frozen=True)
class Verdict:
    """Validity of a result, why it is not VALID, and which modalities are missing."""

    validity: Validity
    reason: str
    missing: tuple[str, ...]


def estimate_stream(modality: str) -> str:
    """Return the name of the stream of a modality's estimates."""
    return modality + _ESTIMATE


def report(tick_set: TickSet, modality: str) -> ModalityReport:
    """Return how a modality stands, from its stream and the stream of its estimates."""
    embedding = tick_set.messages.get(modality)
    estimate = tick_set.messages.get(estimate_stream(modality))
    if embedding is None:
        is_late = tick_set.states[modality] == StreamState.LATE
        state = ModalityState.ALIVE if is_late else ModalityState.DEAD
        return ModalityReport(modality, state, is_late=is_late)
    message, complaint = embedding.message, embedding.complaint
    if not complaint and estimate is not None and estimate.complaint:
        complaint = 'estimate: ' + estimate.complaint
    if complaint:
        return ModalityReport(
            modality, ModalityState.REJECTED, quality=message.quality,
            model_id=message.model_id, reason=complaint,
            embedding=None if embedding.complaint else message)
    end = message.evidence_end
    end_ns = end.sec * 1_000_000_000 + end.nanosec
    return ModalityReport(
        modality,
        ModalityState.EVIDENCE if message.quality > 0.0 else ModalityState.ALIVE,
        quality=message.quality,
        evidence_age_s=(tick_set.tick_ns - end_ns) * 1e-9 if end_ns else math.nan,
        model_id=message.model_id, reason=message.reason, embedding=message,
        is_late=tick_set.states[estimate_stream(modality)] == StreamState.LATE,
        estimate=None if estimate is None else estimate.message)


def estimates(reports: Sequence[ModalityReport]) -> dict[str, ModalityEstimate]:
    """Return what may be fused: estimates of modalities that have evidence."""
    return {
        r.modality: ModalityEstimate(
            quality=r.quality, probabilities=np.asarray(r.estimate.probabilities),
            valence=r.estimate.valence, valence_variance=r.estimate.valence_variance,
            arousal=r.estimate.arousal, arousal_variance=r.estimate.arousal_variance)
        for r in reports
        if r.state == ModalityState.EVIDENCE and r.estimate is not None}


def features(
    reports: Sequence[ModalityReport], names: Mapping[str, Sequence[str]],
) -> dict[str, dict[str, float]]:
    """Return the named features of every modality that has evidence and whose names are known."""
    named = {}
    for r in reports:
        if r.embedding is None or not r.embedding.quality > 0.0:
            continue
        # A restarted encoder may have renamed its features since this message was checked.
        if len(names.get(r.modality, ())) == len(r.embedding.features):
            named[r.modality] = dict(zip(names[r.modality], r.embedding.features, strict=True))
    return named


def judge_emotion(reports: Sequence[ModalityReport], fused: FusedEstimate) -> Verdict:
    """Return the validity of a fused estimate, as affect_msgs/EmotionState defines it."""
    if not fused.is_known:
        with_evidence = [r.modality for r in reports if r.state == ModalityState.EVIDENCE]
        why = 'no estimate that can be used from ' + ', '.join(with_evidence)
        return _judge(reports, Validity.UNKNOWN, why if with_evidence else _why_nothing(reports))
    if fused.quality < WEAK_QUALITY:
        return _judge(reports, Validity.DEGRADED, f'weak evidence (quality {fused.quality:.2f})')
    return _judge(reports, Validity.VALID, '')


def judge_condition(reports: Sequence[ModalityReport], n_known: int) -> Verdict:
    """Return the validity of a wearer's condition of which ``n_known`` indices are known."""
    if n_known == 0:
        with_evidence = any(r.state == ModalityState.EVIDENCE for r in reports)
        return _judge(
            reports, Validity.UNKNOWN,
            'no index can be computed from the evidence' if with_evidence
            else _why_nothing(reports))
    return _judge(reports, Validity.VALID, '')


def _why_nothing(reports: Sequence[ModalityReport]) -> str:
    if all(r.state == ModalityState.DEAD for r in reports):
        return 'no modality is alive'
    idle = [
        r.modality + (f' ({r.reason})' if r.reason else '')
        for r in reports if r.state == ModalityState.ALIVE and not r.is_late]
    return 'no evidence' + (': ' + ', '.join(idle) if idle else '')


def _judge(reports: Sequence[ModalityReport], best: Validity, reason: str) -> Verdict:
    dead = [r.modality for r in reports if r.state == ModalityState.DEAD]
    rejected = [r for r in reports if r.state == ModalityState.REJECTED]
    late = [r.modality for r in reports if r.is_late]
    reasons = [reason] if reason else []
    if dead:
        reasons.append('dead: ' + ', '.join(dead))
    if rejected:
        reasons.append('rejected: ' + ', '.join(f'{r.modality} ({r.reason})' for r in rejected))
    if late:
        reasons.append('late: ' + ', '.join(late))
    missing = tuple(
        r.modality for r in reports if r.state in (ModalityState.DEAD, ModalityState.REJECTED))
    return Verdict(
        min(best, Validity.DEGRADED) if dead or rejected or late else best,
        '; '.join(reasons), missing)
