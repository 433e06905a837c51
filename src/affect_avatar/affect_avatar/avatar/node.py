# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The avatar node: the newest face, gaze and emotional state as `AvatarState`."""

import math
from typing import Any

from affect_avatar.avatar import avatar_message
from affect_avatar.avatar.model_parameters import declare_model
from affect_avatar.avatar.rate_limit import RateLimit
from affect_avatar.avatar.vmc import VmcSender
from affect_msgs.msg import AvatarState
from affect_msgs.msg import EmotionState
from affect_msgs.msg import FaceTracking
from affect_msgs.msg import GazeSample
from affect_msgs.msg import HeadsetStatus
from affect_node import AffectNode
from affect_node import from_stamp
from affect_node import LATCHED
from affect_node import run
from affect_node import SetupError
from affect_node import STATE
from rclpy.qos import QoSProfile
from sensor_msgs.msg import Imu

# Only the newest sample counts here, so a short queue drops what is late instead of showing it.
NEWEST = QoSProfile(depth=2)
IDLE_S = 0.5


class AvatarNode(AffectNode):
    """
    Publishes `avatar/state` when a face or gaze sample comes, at most `rate_hz` times a second.

    Without either, emotional states drive it; without those, an unknown state is published every
    half second so that nobody goes on showing the last one.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('avatar', **kwargs)
        self._rate_hz = self.declare(
            'rate_hz', 30.0, 'At most so many states a second, hertz.', low=1.0, high=240.0)
        self._wearer = self.declare(
            'wearer', '', 'Pseudonym of the wearer; empty: nobody enrolled.')
        self._model = declare_model(self.declare)
        self._osc_host = self.declare(
            'osc_host', '127.0.0.1', 'Where to send the avatar by the VMC protocol.')
        self._osc_port = self.declare(
            'osc_port', 0, 'UDP port of the VMC receiver, usually 39539; 0: send nothing.',
            low=0, high=65535)
        self._limit = RateLimit(self._rate_hz)
        self._sender: VmcSender | None = None
        self._emotions: Any = None
        self._fit = HeadsetStatus.FIT_UNKNOWN
        self._published_s = -math.inf

    def setup(self) -> None:
        """Subscribe; emotional states only once the purpose allows them."""
        if self._osc_port:
            try:
                self._sender = VmcSender(self._osc_host, self._osc_port)
            except OSError as error:
                raise SetupError(
                    f"osc_host '{self._osc_host}' can't be used ({error}); give a host that can "
                    'be resolved, or set osc_port to 0') from error
        self._publisher = self.advertise(AvatarState, 'avatar/state', STATE)
        self.subscribe(FaceTracking, 'hmd/face/tracking', self._on_face, NEWEST)
        self.subscribe(GazeSample, 'hmd/gaze/sample', self._on_gaze, NEWEST)
        self.subscribe(Imu, 'hmd/imu/data', self._on_imu, NEWEST)
        self.subscribe(
            HeadsetStatus, 'hmd/headset/status', self._on_headset, LATCHED, while_inactive=True)
        self.follow_purpose(self._purpose_has_changed)
        self.tick_on_grid(IDLE_S, 0.0, self._on_idle_tick)

    def start(self) -> None:
        """Begin with nothing from before."""
        self.clock_jumped()

    def teardown(self) -> None:
        """Close the socket."""
        self._emotions = None
        if self._sender is not None:
            self._sender.close()
            self._sender = None

    def clock_jumped(self) -> None:
        """Forget what was shown."""
        self._model.reset()
        self._limit.reset()
        self._published_s = -math.inf

    def _purpose_has_changed(self) -> None:
        if self.emotion_allowed and self._emotions is None:
            self._emotions = self.subscribe(
                EmotionState, 'affect/emotion_state', self._on_emotion, STATE)
        elif not self.emotion_allowed:
            if self._emotions is not None:
                self.withdraw(self._emotions)
                self._emotions = None
            self._model.forget_emotion()

    def _on_face(self, message: FaceTracking) -> None:
        stamp_s = self.accept_stamp('hmd/face/tracking', message.header.stamp)
        if stamp_s is not None:
            self._take(
                'hmd/face/tracking',
                self._model.add_face(stamp_s, message.weights, message.observed))
            self._publish_if_due()

    def _on_gaze(self, message: GazeSample) -> None:
        if self._fit == HeadsetStatus.FIT_NOT_WORN:
            return
        stamp_s = self.accept_stamp('hmd/gaze/sample', message.header.stamp)
        if stamp_s is not None:
            self._take(
                'hmd/gaze/sample', self._model.add_gaze(
                    stamp_s, avatar_message.eye(message.left), avatar_message.eye(message.right)))
            self._publish_if_due()

    def _on_imu(self, message: Imu) -> None:
        if message.orientation_covariance[0] < 0:
            return  # no orientation, by the message's own convention
        stamp_s = self.accept_stamp('hmd/imu/data', message.header.stamp)
        if stamp_s is not None:
            q = message.orientation
            try:
                self._take('hmd/imu/data', self._model.add_head(stamp_s, (q.x, q.y, q.z, q.w)))
            except ValueError as error:
                self.diagnostics.reject(
                    'hmd/imu/data', 'no unit quaternion', f'{error}; set '
                    'orientation_covariance[0] to -1 when there is no orientation')

    def _on_headset(self, message: HeadsetStatus) -> None:
        self._fit = message.fit
        if self._fit == HeadsetStatus.FIT_NOT_WORN:
            self._model.forget_gaze()

    def _on_emotion(self, message: EmotionState) -> None:
        stamp_s = self.accept_stamp('affect/emotion_state', message.header.stamp)
        if stamp_s is None or not self.emotion_allowed:
            return
        if message.validity == EmotionState.VALIDITY_UNKNOWN:
            self._model.forget_emotion()
        else:
            self._take(
                'affect/emotion_state',
                self._model.add_emotion(stamp_s, avatar_message.emotion(message)))
        if self._now_s() - self._published_s > 2.0 / self._rate_hz:
            self._publish_if_due()  # neither face nor gaze drives the avatar

    def _on_idle_tick(self, _tick_ns: int) -> None:
        if self._now_s() - self._published_s > IDLE_S:
            self._publish_if_due()

    def _take(self, topic: str, was_taken: bool) -> None:
        if not was_taken:
            self.diagnostics.reject(
                topic, 'stamped before its predecessor', 'are there two publishers?')

    def _publish_if_due(self) -> None:
        now_s = self._now_s()
        if not self._limit.passes(now_s):
            return
        shown = self._model.show(now_s)
        message = avatar_message.avatar_state(shown, now_s)
        message.header.frame_id = self.frame('hmd_link')
        message.wearer = self._wearer
        message.purpose = self.purpose
        self._publisher.publish(message)
        self._published_s = now_s
        self.diagnostics.values['latency_s'] = f'{message.latency_s:.4f}'
        if self._sender is not None:
            try:
                self._sender.send(shown, from_stamp(message.header.stamp))
            except OSError as error:
                self.diagnostics.reject(
                    f'VMC to {self._osc_host}:{self._osc_port}', f'not sent: {error}',
                    'is the receiver running there?')

    def _now_s(self) -> float:
        return self.get_clock().now().nanoseconds * 1e-9


def main(args: Any = None) -> int:
    """Run the node."""
    return run(AvatarNode, args)
