# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The node list of the suite, written once; launch files make processes or containers of it."""

from collections.abc import Iterable
from collections.abc import Set
from dataclasses import dataclass

MODALITIES = ('voice', 'facial_expression', 'eye_movement', 'head_motion', 'physiology')
"""Modalities that have an encoder, in the order of the fusion node."""

STAGES = ('sensors', 'encoders', 'fusion', 'outputs')
"""Stages in the order of bring-up: who listens comes up after who speaks."""

REPLAY_STARTS_AFTER = {
    'none': 0,
    'sensors': STAGES.index('encoders'),
    'embeddings': STAGES.index('fusion'),
}
"""Where a replay enters: stages before this one are switched off, the bag speaks for them."""


@dataclass(frozen=True)
class NodeSpec:
    """
    One node: its name on the graph, where its code is, and whom it serves.

    ``serves`` are the modalities it is needed for; empty means all. ``container`` is the process
    it shares when containers are used; None is a process of its own, always. ``sources`` are
    the kinds of input (launch argument ``source``) that it has a part in.
    """

    name: str
    package: str
    executable: str
    component: str
    stage: str
    container: str | None
    serves: tuple[str, ...] = ()
    sources: tuple[str, ...] = ('device', 'file', 'simulation')
    is_managed: bool = True


_WITHOUT_DEVICE = ('file', 'simulation')


def _sensor(
    name: str, component: str, *serves: str, executable: str = '',
    sources: tuple[str, ...] = ('device', 'file', 'simulation'),
) -> NodeSpec:
    return NodeSpec(
        name, 'affect_sensors', executable or name, 'affect_sensors.' + component, 'sensors',
        'sensor_container', serves, sources)


def _encoder(modality: str, class_name: str) -> NodeSpec:
    return NodeSpec(
        f'{modality}_encoder', 'affect_encoders', modality,
        f'affect_encoders.{modality}.node:{class_name}', 'encoders', 'encoder_container',
        (modality,))


NODES = (
    _sensor('headset_status', 'headset_status.node:HeadsetStatusNode', sources=_WITHOUT_DEVICE),
    _sensor('microphone', 'microphone.node:MicrophoneNode', 'voice'),
    _sensor(
        'face_camera', 'camera.node:CameraNode', 'facial_expression', executable='camera'),
    _sensor('gaze', 'gaze.node:GazeNode', 'eye_movement', sources=_WITHOUT_DEVICE),
    _sensor('imu', 'imu.node:ImuNode', 'head_motion', sources=_WITHOUT_DEVICE),
    _sensor(
        'physiology', 'physiology.node:PhysiologyNode', 'physiology', sources=_WITHOUT_DEVICE),
    _sensor(
        'simulated_wearer_truth', 'simulated_wearer_truth.node:SimulatedWearerTruthNode',
        sources=('simulation',)),
    _encoder('voice', 'VoiceNode'),
    _encoder('facial_expression', 'FacialExpressionNode'),
    _encoder('eye_movement', 'EyeMovementNode'),
    _encoder('head_motion', 'HeadMotionNode'),
    _encoder('physiology', 'PhysiologyNode'),
    NodeSpec(
        'fusion', 'affect_fusion', 'fusion', 'affect_fusion.node:FusionNode', 'fusion',
        'fusion_container'),
    NodeSpec(
        'avatar', 'affect_avatar', 'avatar', 'affect_avatar.avatar.node:AvatarNode', 'outputs',
        'avatar_container'),
    # By itself and self-activating: it must outlive whatever it watches.
    NodeSpec(
        'safety_monitor', 'affect_safety', 'safety_monitor',
        'affect_safety.node:SafetyMonitorNode', 'outputs', None, is_managed=False),
)


def select(
    stages: Iterable[str], modalities: Set[str], replay_from: str = 'none',
    source: str = 'simulation',
) -> tuple[NodeSpec, ...]:
    """
    Return the nodes of ``stages`` that the switched-on modalities need.

    :raises ValueError: unknown stage, modality or replay entry.
    """
    stages = set(stages)
    if unknown := stages - set(STAGES):
        raise ValueError(f'unknown stages {sorted(unknown)}; there are {list(STAGES)}')
    if unknown := set(modalities) - set(MODALITIES):
        raise ValueError(f'unknown modalities {sorted(unknown)}; there are {list(MODALITIES)}')
    if replay_from not in REPLAY_STARTS_AFTER:
        raise ValueError(
            f"replay_from is '{replay_from}'; it can be {', '.join(REPLAY_STARTS_AFTER)}")
    live = STAGES[REPLAY_STARTS_AFTER[replay_from]:]
    return tuple(
        spec for spec in NODES
        if spec.stage in stages and spec.stage in live and source in spec.sources
        and (not spec.serves or set(spec.serves) & set(modalities)))
