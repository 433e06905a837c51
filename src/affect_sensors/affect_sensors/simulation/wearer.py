# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One simulated person behind all simulated sensors."""

from functools import cached_property
from functools import lru_cache
import math
from pathlib import Path

from affect_sensors.simulation import eyes
from affect_sensors.simulation.affect import Affect
from affect_sensors.simulation.affect import AffectSource
from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.block_stream import BlockStream
from affect_sensors.simulation.body import SimulatedBody
from affect_sensors.simulation.depth_cloud import DepthCloudRenderer
from affect_sensors.simulation.eye_image import EyeRenderer
from affect_sensors.simulation.eye_look import EyeLook
from affect_sensors.simulation.eye_truth import eye_truth
from affect_sensors.simulation.eye_truth import EyeTruth
from affect_sensors.simulation.eyes import SimulatedEyes
from affect_sensors.simulation.face import face_shape
from affect_sensors.simulation.face import FaceRenderer
from affect_sensors.simulation.face import FaceShape
from affect_sensors.simulation.face_weights import FaceWeights
from affect_sensors.simulation.geometry import EYE_SIZE
from affect_sensors.simulation.geometry import rotation
from affect_sensors.simulation.head import SimulatedHead
from affect_sensors.simulation.person import person_of
from affect_sensors.simulation.scene import SimulatedScene
from affect_sensors.simulation.shown_affect import ShownAffect
from affect_sensors.simulation.voice import SimulatedVoice
from affect_sensors.simulation.voice import Utterance
from affect_sensors.simulation.world_image import WorldRenderer
from affect_sensors.simulation.wrist import SimulatedWrist
import numpy as np

FELT_RATE_HZ = 10
MOOD_RATE_HZ = 60
VIEW_RATE_HZ = 60


class SimulatedWearer:
    """
    What every sensor would see of one person, as a pure function of seed and time.

    Time is the wearer's own, seconds since ``t0``. Sample ``k`` of a stream with rate ``r`` is at
    ``k / r``. Processes that were started at different times and agree on seed, script and t0
    show one person; any window of any stream can be evaluated by itself, in any chunking, with
    identical result, byte by byte on one host with one numpy. Between numpy 1.26 and 2 numbers
    differ in their last bit and pixels of the world by a grey level at most (measured).
    """

    def __init__(self, seed: int = 1, script_path: str = '') -> None:
        self.seed = seed
        self.affect = (
            AffectTrajectory.from_file(seed, script_path) if script_path
            else AffectTrajectory(seed))
        script = self.affect.script
        self.person = person_of(seed, None if script is None else script.says_nothing)
        # Made now, so that words that can't be said are an error of the script.
        self.voice = SimulatedVoice(
            self.seed, self.shown('voice'), wording=self.shown('speech'), person=self.person,
            words=() if script is None else script.words,
            repeat_s=0.0 if script is None else script.duration_s)
        """Sound, 16 kHz mono."""
        self._eye_renderers: dict[tuple[str, tuple[int, int]], EyeRenderer] = {}

    def shown(self, modality: str) -> AffectSource:
        """Return what a modality shows of the affect, in the way of this person."""
        return ShownAffect(self.affect, self.person, modality, self.seed)

    def words(self, t_s: float) -> Utterance | None:
        """Return what is being said at a time; None is silence."""
        return self.voice.words(t_s)

    @cached_property
    def eyes(self) -> SimulatedEyes:
        """Gaze, lids and pupils, 120 Hz."""
        script = self.affect.script
        return SimulatedEyes(
            self.seed, self.shown('eye_movement'), lids=self.shown('eye_expression'),
            scene=self.scene, person=self.person, targets=() if script is None else script.gaze,
            repeat_s=0.0 if script is None else script.duration_s)

    @cached_property
    def head(self) -> SimulatedHead:
        """Angular velocity and specific force, 200 Hz."""
        return SimulatedHead(self.seed, self.shown('head_motion'), self.person)

    @cached_property
    def wrist(self) -> SimulatedWrist:
        """BVP, EDA and skin temperature."""
        return SimulatedWrist(self.seed, self.shown('physiology'), self.person)

    @cached_property
    def scene(self) -> SimulatedScene:
        """Light, colour and looming of what is before the wearer."""
        return SimulatedScene(self.seed, self.shown('scene'))

    @cached_property
    def body(self) -> SimulatedBody:
        """Trunk, arms and hands."""
        return SimulatedBody(self.seed, self.shown('body_expression'), self.person)

    @cached_property
    def _face(self) -> FaceRenderer:
        return FaceRenderer(self.seed)

    def _eye_renderer(self, side: str, size: tuple[int, int]) -> EyeRenderer:
        key = (side, size)
        if key not in self._eye_renderers:
            self._eye_renderers[key] = EyeRenderer(self.seed, side, size)
        return self._eye_renderers[key]

    @cached_property
    def _face_weights(self) -> FaceWeights:
        return FaceWeights(self.seed)

    @cached_property
    def _world(self) -> WorldRenderer:
        return WorldRenderer(self.seed)

    @cached_property
    def _depth(self) -> DepthCloudRenderer:
        return DepthCloudRenderer(self.seed)

    @cached_property
    def _felt(self) -> BlockStream:
        """Fields of Affect at FELT_RATE_HZ."""
        def make_block(block: int) -> np.ndarray:
            affect = self.affect.at(block * 8 + np.arange(8 * FELT_RATE_HZ) / FELT_RATE_HZ)
            return np.stack(
                [affect.valence, affect.arousal, affect.stress, affect.fatigue, affect.walking],
                axis=-1)
        return BlockStream(FELT_RATE_HZ, 8, make_block)

    def felt_at(self, t_s: float) -> Affect:
        """Return what is felt at a time; cheaper than ``affect.at`` for times that follow."""
        return Affect(*self._felt.at(t_s))

    @cached_property
    def _mood(self) -> BlockStream:
        """Valence and arousal at MOOD_RATE_HZ: a frame alone would cost more to evaluate."""
        shown = self.shown('facial_expression')

        def make_block(block: int) -> np.ndarray:
            affect = shown.at(block * 8 + np.arange(8 * MOOD_RATE_HZ) / MOOD_RATE_HZ)
            return np.stack([affect.valence, affect.arousal], axis=-1)
        return BlockStream(MOOD_RATE_HZ, 8, make_block)

    @cached_property
    def _view(self) -> BlockStream:
        """Luminance, colourfulness and the head's roll, pitch and yaw at VIEW_RATE_HZ."""
        def make_block(block: int) -> np.ndarray:
            t = block * 8 + np.arange(8 * VIEW_RATE_HZ) / VIEW_RATE_HZ
            return np.concatenate([
                np.stack([self.scene.luminance_cd_m2(t), self.scene.colourfulness(t)], axis=-1),
                self.head.angles(t)], axis=1)
        return BlockStream(VIEW_RATE_HZ, 8, make_block)

    def face_image(self, t_s: float, frame: int = 0) -> np.ndarray:
        """Return the face at a time, uint8 [240, 320]; ``frame`` picks the sensor noise."""
        return self._face.draw(self._face_shape(t_s, self.eyes.at(t_s)), frame)

    def face_weights(self, t_s: float, frame: int = 0) -> np.ndarray:
        """Return ARKit weights as a headset gives them at a time, float32 [52] in [0, 1]."""
        look = self.eyes.at(t_s)
        shape = self._face_shape(t_s, look)
        return self._face_weights.weights(
            shape, usual_openness=float(look['usual_openness']), squint=float(look['squint']),
            widening=float(look['widening']), convergence_deg=convergence_deg(look),
            frame=frame)

    def eye_look(self, side: str, t_s: float) -> EyeLook:
        """Return what moves in the image of the ``left`` or ``right`` eye at a time."""
        look = self.eyes.at(t_s)
        # The left eye is on the side of positive azimuth: to converge it turns to the other.
        turn_deg = convergence_deg(look)
        return EyeLook(
            azimuth_deg=float(look['azimuth_deg']) + (turn_deg if side == 'right' else -turn_deg),
            elevation_deg=float(look['elevation_deg']),
            pupil_mm=float(look[side + '_pupil_mm']), openness=float(look['openness']),
            squint=float(look['squint']))

    def eye_image(
        self, side: str, t_s: float, frame: int = 0, *, size: tuple[int, int] = EYE_SIZE,
    ) -> np.ndarray:
        """
        Return an eye in near-infrared light at a time, uint8 [height, width].

        ``side`` is ``left`` or ``right``; ``frame`` picks the sensor noise; ``size`` is (width,
        height), (192, 144) or proportional to it. ``geometry`` says which pixel means which
        direction and how many there are to a millimetre.
        """
        return self._eye_renderer(side, size).draw(self.eye_look(side, t_s), frame)

    def eye_truth(
        self, side: str, t_s: float, *, size: tuple[int, int] = EYE_SIZE,
    ) -> EyeTruth:
        """Return where pupil and lids are in ``eye_image`` of the same time and size."""
        return eye_truth(self.eye_look(side, t_s), side, size)

    def world_image(self, t_s: float, frame: int = 0) -> np.ndarray:
        """
        Return what is before the wearer at a time, uint8 [240, 320, 3] (blue, green, red).

        ``geometry`` says what a pixel means in degrees and cd/m^2.
        """
        view = self._view.at(t_s)
        return self._world.draw(
            rotation(*view[2:].tolist()), float(view[0]), colourfulness=float(view[1]),
            ball=self.scene.looming(t_s), frame=frame)

    def cloud(self, t_s: float, frame: int = 0) -> np.ndarray:
        """Return the depth camera's points in its optical frame at a time, float32 [N, 3], m."""
        return self._depth.draw(self.body.pose(t_s), self.head_rotation(t_s), frame)

    def head_rotation(self, t_s: float) -> np.ndarray:
        """Return the matrix [3, 3] that turns directions of ``hmd_link`` to the world."""
        return rotation(*self._view.at(t_s)[2:].tolist())

    def luminance_cd_m2(self, t_s: float) -> float:
        """Return the mean luminance of the scene that ``world_image`` shows at a time."""
        return float(self._view.at(t_s)[0])

    def body_points(self, t_s: float) -> np.ndarray:
        """Return shoulder, elbow and hand, left and then right, in ``hmd_link``, [6, 3] metres."""
        pose = self.body.pose(t_s)
        points = np.stack([
            pose.left_shoulder, pose.left_elbow, pose.left_hand,
            pose.right_shoulder, pose.right_elbow, pose.right_hand])
        return points @ self.head_rotation(t_s)

    def _face_shape(self, t_s: float, look: np.void) -> FaceShape:
        valence, arousal = self._mood.at(t_s)
        return face_shape(
            float(valence) + self.person.resting_smile, float(arousal),
            openness=float(look['openness']), speaking=self.voice.mouth_opening(t_s),
            azimuth_deg=float(look['azimuth_deg']),
            elevation_deg=float(look['elevation_deg']))


def convergence_deg(look: np.void) -> float:
    """Return by how much each eye turns to the nose to look at its target."""
    return math.degrees(math.atan(0.5 * eyes.INTERPUPILLARY_M / float(look['distance_m'])))


def shared_wearer(seed: int, script_path: str = '') -> SimulatedWearer:
    """
    Return the wearer of a seed and script that this process has already, or a new one.

    Sensors that share a process then compute each block of each stream once.

    :raises ScriptError: as SimulatedWearer.
    """
    try:
        changed_ns = Path(script_path).stat().st_mtime_ns if script_path else 0
    except OSError:
        changed_ns = 0
    return _wearer(seed, script_path, changed_ns)


@lru_cache(maxsize=4)
def _wearer(seed: int, script_path: str, changed_ns: int) -> SimulatedWearer:
    # A script that was edited is another script.
    return SimulatedWearer(seed, script_path)
