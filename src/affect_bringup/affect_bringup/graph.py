# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The node list of the suite, written once; launch files make processes or containers of it."""

from collections.abc import Iterable
from collections.abc import Mapping
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
LEFT_OUT = 'none'
"""What `sources` says of a sensor that is not to run."""

_GAZE, _FACE = 'hmd/gaze/sample', 'hmd/face/tracking'


@dataclass(frozen=True)
class NodeSpec:
    """
    One node: its name on the graph, where its code is, and whom it serves.

    ``serves`` are the modalities it is needed for; empty means all. ``container`` is the process
    it shares when containers are used; None is a process of its own, always. ``sources`` are
    the kinds of input (launch argument ``source``) that it has a part in; ``kinds`` are those that
    it can have when it is asked for by name (launch argument ``sources``), all of ``sources``
    among them. ``trackers`` says with which setting of the launch argument it runs: gaze comes
    from the headset or from the eye tracker, never from both. ``reads`` and ``writes`` are the
    topics that decide who speaks when a bag is replayed, or when a sensor is asked for by name;
    ``only_for`` is a topic that it has its part in, and without which nobody needs it.
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
    kinds: tuple[str, ...] = ()
    only_for: str = ''


def _sensor(
    name: str, component: str, *serves: str, executable: str = '',
    sources: tuple[str, ...] = _WITHOUT_DEVICE, also: tuple[str, ...] = (),
    trackers: tuple[bool, ...] = (True, False), writes: tuple[str, ...] = (), only_for: str = '',
) -> NodeSpec:
    """Return a sensor's node; ``also`` are the kinds of input that it has when named only."""
    return NodeSpec(
        name, 'affect_sensors', executable or name, 'affect_sensors.' + component, 'sensors',
        'sensor_container', serves, sources, trackers, writes=writes, kinds=(*sources, *also),
        only_for=only_for)


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
    _sensor(
        'headset_status', 'headset_status.node:HeadsetStatusNode',
        writes=('hmd/headset/status',)),
    # What a headset's application sends over the network, all in one stream.
    _sensor(
        'headset_receiver', 'headset_receiver.node:HeadsetReceiverNode', sources=(),
        also=('udp', 'file'), writes=('hmd/headset/status', 'hmd/imu/data', _GAZE, _FACE)),
    _sensor(
        'microphone', 'microphone.node:MicrophoneNode', 'voice', 'speech', sources=ALL_SOURCES),
    _camera('face_camera', 'facial_expression', sources=ALL_SOURCES, only_for=_FACE),
    _camera(
        'left_eye_camera', 'eye_movement', 'eye_expression', also=('device',), trackers=(True,),
        only_for=_GAZE),
    _camera(
        'right_eye_camera', 'eye_movement', 'eye_expression', also=('device',), trackers=(True,),
        only_for=_GAZE),
    _camera('world_camera', 'scene', 'eye_expression', also=('device',)),
    _sensor('depth_camera', 'depth_camera.node:DepthCameraNode', 'body_expression'),
    # What the runtime of a headset gives that tracks eyes and face by itself.
    _sensor(
        'gaze', 'gaze.node:GazeNode', 'eye_movement', 'eye_expression', also=('osc', 'lsl'),
        trackers=(False,), writes=(_GAZE,)),
    _sensor(
        'face', 'face.node:FaceNode', 'facial_expression', also=('osc',), trackers=(False,),
        writes=(_FACE,)),
    _sensor(
        'imu', 'imu.node:ImuNode', 'head_motion', 'body_expression', 'scene',
        also=('device', 'lsl'), writes=('hmd/imu/data',)),
    _sensor('physiology', 'physiology.node:PhysiologyNode', 'physiology', also=('lsl',)),
    _sensor(
        'simulated_wearer_truth', 'simulated_wearer_truth.node:SimulatedWearerTruthNode',
        sources=('simulation',)),
    _tracker(
        'face_tracker', 'FaceTrackerNode', 'vision_container', 'facial_expression',
        reads=('hmd/face_camera/image',), writes=_FACE),
    _tracker(
        'eye_tracker', 'EyeTrackerNode', 'vision_container', 'eye_movement', 'eye_expression',
        reads=('hmd/left_eye_camera/image', 'hmd/right_eye_camera/image'),
        writes=_GAZE),
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
    sources: Mapping[str, str] | None = None,
) -> tuple[NodeSpec, ...]:
    """
    Return the nodes of ``stages`` that the switched-on modalities need.

    ``recorded`` are the topics of the bag that is replayed, relative to its wearer (None: no bag
    is known). A tracker runs on a bag only if that has what it reads; else the bag may speak for
    the tracker. ``sources`` names sensors whose input is another than ``source``, or LEFT_OUT;
    who would publish what a named sensor publishes is left out.

    :raises ValueError: unknown stage, modality, replay entry, sensor or kind of input.
    """
    stages, sources = set(stages), sources or {}
    if unknown := stages - set(STAGES):
        raise ValueError(f'unknown stages {sorted(unknown)}; there are {list(STAGES)}')
    if unknown := set(modalities) - set(MODALITIES):
        raise ValueError(f'unknown modalities {sorted(unknown)}; there are {list(MODALITIES)}')
    if replay_from not in REPLAY_STARTS_AFTER:
        raise ValueError(
            f"replay_from is '{replay_from}'; it can be {', '.join(REPLAY_STARTS_AFTER)}")
    named = _named(sources)
    taken = {topic for spec in named for topic in spec.writes}
    live = STAGES[REPLAY_STARTS_AFTER[replay_from]:]

    def is_asked_for(spec: NodeSpec) -> bool:
        if spec.name in sources:
            return spec in named
        return (source in spec.sources and trackers in spec.trackers
                and not taken & {*spec.writes, spec.only_for})

    return tuple(
        spec for spec in NODES
        if spec.stage in stages and spec.stage in live and is_asked_for(spec)
        and (not spec.serves or set(spec.serves) & set(modalities))
        and not (recorded is not None and spec.reads and not recorded & set(spec.reads)))


def parse_sources(text: str) -> dict[str, str]:
    """
    Return what ``'face=osc gaze=osc world_camera=none'`` says of each sensor.

    :raises ValueError: a word of another form, an unknown sensor, or one without such an input.
    """
    sources = {}
    for word in text.replace(',', ' ').split():
        name, sign, kind = word.partition('=')
        if not (name and sign and kind):
            raise ValueError(
                f"sources has '{word}'; give words like 'face=osc' or 'world_camera=none'")
        sources[name] = kind
    _named(sources)
    return sources


def _named(sources: Mapping[str, str]) -> list[NodeSpec]:
    """Return the sensors that are asked for by name."""
    sensors = {spec.name: spec for spec in NODES if spec.stage == 'sensors'}
    for name, kind in sources.items():
        if name not in sensors:
            raise ValueError(f"sources names '{name}'; the sensors are {', '.join(sensors)}")
        if kind not in (*sensors[name].kinds, LEFT_OUT):
            raise ValueError(
                f"sources says '{name}={kind}'; {name} can be "
                f"{', '.join((*sensors[name].kinds, LEFT_OUT))}")
    return [sensors[name] for name, kind in sources.items() if kind != LEFT_OUT]


def written_by(specs: Iterable[NodeSpec]) -> frozenset[str]:
    """Return the topics that a replay must not bring in beside these nodes."""
    return frozenset(topic for spec in specs for topic in spec.writes)
