# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The node list of the suite, written once; launch files make processes or containers of it."""

from collections.abc import Iterable
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

MODALITIES = (
    'facial_expression', 'eye_movement', 'eye_expression', 'voice', 'speech', 'head_motion',
    'body_expression', 'physiology', 'scene')
"""Modalities that have an encoder, in the order of the fusion node."""

STAGES = ('sensors', 'trackers', 'encoders', 'fusion', 'outputs')
"""Stages in the order of bring-up: who listens comes up after who speaks."""

REPLAY_STARTS_AFTER = {
    'none': 0,
    'sensors': STAGES.index('trackers'),
    'trackers': STAGES.index('encoders'),
    'embeddings': STAGES.index('fusion'),
}
"""Where a replay enters: stages before this one are switched off, the bag speaks for them."""

ALL_SOURCES = ('device', 'file', 'simulation')
_WITHOUT_DEVICE = ('file', 'simulation')


@dataclass(frozen=True)
class NodeSpec:
    """
    One node: its name on the graph, where its code is, and whom it serves.

    ``serves`` are the modalities it is needed for; empty means all. ``container`` is the process
    it shares when containers are used; None is a process of its own, always. ``sources`` are
    the kinds of input (launch argument ``source``) that it has a part in. ``trackers`` says with
    which setting of the launch argument it runs: gaze comes from the headset or from the eye
    tracker, never from both. ``reads`` and ``writes`` are the topics that decide who speaks when
    a bag is replayed.
    """

    name: str
    package: str
    executable: str
    component: str
    stage: str
    container: str | None
    serves: tuple[str, ...] = ()
    sources: tuple[str, ...] = ALL_SOURCES
    trackers: tuple[bool, ...] = (True, False)
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    is_managed: bool = True


def _sensor(
    name: str, component: str, *serves: str, executable: str = '',
    sources: tuple[str, ...] = _WITHOUT_DEVICE, trackers: tuple[bool, ...] = (True, False),
) -> NodeSpec:
    return NodeSpec(
        name, 'affect_sensors', executable or name, 'affect_sensors.' + component, 'sensors',
        'sensor_container', serves, sources, trackers)


def _camera(name: str, *serves: str, **options: Any) -> NodeSpec:
    return _sensor(name, 'camera.node:CameraNode', *serves, executable='camera', **options)


def _tracker(
    name: str, class_name: str, container: str, *serves: str, reads: tuple[str, ...], writes: str,
) -> NodeSpec:
    return NodeSpec(
        name, 'affect_trackers', name, f'affect_trackers.{name}.node:{class_name}', 'trackers',
        container, serves, trackers=(True,), reads=reads, writes=(writes,))


def _encoder(modality: str, class_name: str) -> NodeSpec:
    return NodeSpec(
        f'{modality}_encoder', 'affect_encoders', modality,
        f'affect_encoders.{modality}.node:{class_name}', 'encoders', 'encoder_container',
        (modality,))


NODES = (
    _sensor('headset_status', 'headset_status.node:HeadsetStatusNode'),
    _sensor(
        'microphone', 'microphone.node:MicrophoneNode', 'voice', 'speech', sources=ALL_SOURCES),
    _camera('face_camera', 'facial_expression', sources=ALL_SOURCES),
    _camera('left_eye_camera', 'eye_movement', 'eye_expression', trackers=(True,)),
    _camera('right_eye_camera', 'eye_movement', 'eye_expression', trackers=(True,)),
    _camera('world_camera', 'scene', 'eye_expression'),
    _sensor('depth_camera', 'depth_camera.node:DepthCameraNode', 'body_expression'),
    # What the runtime of a headset gives that tracks eyes and face by itself.
    _sensor('gaze', 'gaze.node:GazeNode', 'eye_movement', 'eye_expression', trackers=(False,)),
    _sensor('face', 'face.node:FaceNode', 'facial_expression', trackers=(False,)),
    _sensor('imu', 'imu.node:ImuNode', 'head_motion', 'body_expression', 'scene'),
    _sensor('physiology', 'physiology.node:PhysiologyNode', 'physiology'),
    _sensor(
        'simulated_wearer_truth', 'simulated_wearer_truth.node:SimulatedWearerTruthNode',
        sources=('simulation',)),
    _tracker(
        'face_tracker', 'FaceTrackerNode', 'vision_container', 'facial_expression',
        reads=('hmd/face_camera/image',), writes='hmd/face/tracking'),
    _tracker(
        'eye_tracker', 'EyeTrackerNode', 'vision_container', 'eye_movement', 'eye_expression',
        reads=('hmd/left_eye_camera/image', 'hmd/right_eye_camera/image'),
        writes='hmd/gaze/sample'),
    _tracker(
        'speech_recognizer', 'SpeechRecognizerNode', 'speech_container', 'speech',
        reads=('hmd/microphone/audio',), writes='hmd/speech/transcript'),
    _encoder('voice', 'VoiceNode'),
    _encoder('facial_expression', 'FacialExpressionNode'),
    _encoder('eye_movement', 'EyeMovementNode'),
    _encoder('eye_expression', 'EyeExpressionNode'),
    _encoder('speech', 'SpeechNode'),
    _encoder('head_motion', 'HeadMotionNode'),
    _encoder('body_expression', 'BodyExpressionNode'),
    _encoder('physiology', 'PhysiologyNode'),
    _encoder('scene', 'SceneNode'),
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
    source: str = 'simulation', *, trackers: bool = True, recorded: Set[str] | None = None,
) -> tuple[NodeSpec, ...]:
    """
    Return the nodes of ``stages`` that the switched-on modalities need.

    ``recorded`` are the topics of the bag that is replayed, relative to its wearer (None: no bag
    is known). A tracker runs on a bag only if that has what it reads; else the bag may speak for
    the tracker.

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
        and trackers in spec.trackers
        and (not spec.serves or set(spec.serves) & set(modalities))
        and not (recorded is not None and spec.reads and not recorded & set(spec.reads)))


def written_by(specs: Iterable[NodeSpec]) -> frozenset[str]:
    """Return the topics that a replay must not bring in beside these nodes."""
    return frozenset(topic for spec in specs for topic in spec.writes)
