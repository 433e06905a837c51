# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From values to messages."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from affect_fusion.assessment import ModalityReport
from affect_fusion.assessment import Verdict
from affect_fusion.fusion import FusedEstimate
from affect_fusion.fusion import MODEL_ID
from affect_msgs.msg import AffectEstimate
from affect_msgs.msg import ConditionIndex
from affect_msgs.msg import EmotionState
from affect_msgs.msg import ModalityContribution
from affect_msgs.msg import WearerCondition
import numpy as np


def emotion_state(
    fused: FusedEstimate, reports: Sequence[ModalityReport], verdict: Verdict,
) -> EmotionState:
    """Return an EmotionState without header, wearer, latency and purpose."""
    state = EmotionState()
    kinds = {
        r.estimate.label_kind for r in reports
        if fused.contributions.get(r.modality, 0.0) > 0.0}
    state.affect = AffectEstimate(
        modality='fusion', model_id=MODEL_ID, quality=fused.quality,
        probabilities=fused.probabilities.astype(np.float32),
        valence=fused.valence, valence_variance=fused.valence_variance,
        arousal=fused.arousal, arousal_variance=fused.arousal_variance,
        label_kind=_label_kind(kinds))
    state.cluster_id = fused.cluster_id
    state.cluster_probability = fused.cluster_probability
    state.contributions = [
        ModalityContribution(
            modality=r.modality, model_id=r.model_id, state=int(r.state), quality=r.quality,
            weight=fused.contributions.get(r.modality, 0.0), evidence_age_s=r.evidence_age_s)
        for r in reports]
    state.model_id = MODEL_ID
    _set_verdict(state, verdict)
    return state


def wearer_condition(
    indices: Mapping[str, Any], verdict: Verdict, model_id: str,
) -> WearerCondition:
    """Return a WearerCondition without header, wearer, fit, latency and purpose."""
    condition = WearerCondition(model_id=model_id)
    for name, index in indices.items():
        setattr(condition, name, _condition_index(index))
    _set_verdict(condition, verdict)
    return condition


def _condition_index(index: Any) -> ConditionIndex:
    return ConditionIndex(
        value=index.value, standard_deviation=index.standard_deviation, status=int(index.status),
        formula=index.formula, evidence_names=list(index.evidence_names),
        evidence_values=list(index.evidence_values), evidence_units=list(index.evidence_units),
        evidence_age_s=index.evidence_age_s, reason=index.reason)


def _set_verdict(message: Any, verdict: Verdict) -> None:
    message.validity = int(verdict.validity)
    message.reason = verdict.reason
    message.missing_modalities = list(verdict.missing)


def _label_kind(kinds: set[int]) -> int:
    if not kinds:
        return AffectEstimate.LABEL_UNKNOWN
    return kinds.pop() if len(kinds) == 1 else AffectEstimate.LABEL_MIXED
