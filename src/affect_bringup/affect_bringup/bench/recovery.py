# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How long a killed process is missed, and when the state rests on it again."""

from collections.abc import Callable
import time

from affect_bringup.bench.bench_row import BenchRow
from affect_bringup.bench.graph_load import GraphUnderTest
from affect_bringup.bench.graph_load import launched
from affect_bringup.bench.graph_load import SETTLE_S
from affect_msgs.msg import AlarmArray
from affect_msgs.msg import AvatarState
from affect_msgs.msg import EmotionState
from affect_msgs.msg import ModalityContribution
from affect_node import LATCHED
from affect_node import STATE

_WITHIN_S = 60.0
_HOW = (
    'SIGKILL of the process; alarm: safety/alarms that names it; back: its contribution in the '
    'state has evidence (or it publishes) again. {}; launched with simulation at reference load')


class _Witness:
    """Notes when alarms and states come that matter."""

    def __init__(self, test: GraphUnderTest) -> None:
        self._test = test
        self.states: list[EmotionState] = []
        self.alarms: list[AlarmArray] = []
        self.avatars = 0
        node = test.observer
        node.create_subscription(EmotionState, 'affect/emotion_state', self.states.append, STATE)
        node.create_subscription(AlarmArray, 'safety/alarms', self.alarms.append, LATCHED)
        node.create_subscription(AvatarState, 'avatar/state', self._on_avatar, STATE)
        test.spin(2.0)

    def _on_avatar(self, _: AvatarState) -> None:
        self.avatars += 1

    def kill(self, word: str) -> float:
        """Kill the process with a word in its command line; return when."""
        for process in self._test.graph.processes():
            line = process.cmdline()
            if any(word in part for part in line) and 'launch' not in line[:3]:
                process.kill()
                self.states.clear()
                self.alarms.clear()
                self.avatars = 0
                return time.monotonic()
        raise LookupError(f'no process of the graph has {word!r} in its command line')

    def wait(self, since_s: float, condition: Callable[[], bool]) -> float | None:
        """Return the seconds from ``since_s`` until a condition holds, None when it never does."""
        while time.monotonic() < since_s + _WITHIN_S:
            if condition():
                return round(time.monotonic() - since_s, 2)
            self._test.executor.spin_once(timeout_sec=0.02)
        return None

    def is_alarmed(self, word: str) -> bool:
        """Whether the newest alarms name it."""
        return any(
            word in alarm.rule or word in alarm.message
            for alarm in (self.alarms[-1].alarms if self.alarms else ()))

    def has_state_of(self, modality: str, *, evidence: bool) -> bool:
        """Whether the newest state rests on a modality (or lacks it)."""
        for contribution in self.states[-1].contributions if self.states else ():
            if contribution.modality == modality:
                has_evidence = contribution.state == ModalityContribution.STATE_EVIDENCE
                return has_evidence is evidence
        return False

    def is_valid(self) -> bool:
        """Whether the newest state is VALID."""
        return bool(self.states) and (
            self.states[-1].validity == EmotionState.VALIDITY_VALID)


def single_node_rows() -> list[BenchRow]:
    """Kill one encoder that has its process to itself."""
    with launched('container:=false', 'trackers:=false') as test:
        test.wait_valid()
        test.spin(SETTLE_S)
        witness = _Witness(test)
        killed_s = witness.kill('__node:=head_motion_encoder')
        alarm_s = witness.wait(killed_s, lambda: witness.is_alarmed('head_motion'))
        witness.wait(killed_s, lambda: witness.has_state_of('head_motion', evidence=False))
        back_s = witness.wait(killed_s, lambda: witness.has_state_of('head_motion', evidence=True))
    how = _HOW.format('container:=false')
    return [
        BenchRow('recovery/encoder/alarm', alarm_s, 's', how, 1.0),
        BenchRow('recovery/encoder/back_and_fused', back_s, 's', how, 5.0)]


def container_rows() -> list[BenchRow]:
    """Kill the container of all encoders, then the avatar's."""
    with launched() as test:
        test.wait_valid()
        test.spin(SETTLE_S)
        witness = _Witness(test)
        killed_s = witness.kill('head_motion_encoder')
        alarm_s = witness.wait(killed_s, lambda: witness.is_alarmed('head_motion'))
        witness.wait(killed_s, lambda: not witness.is_valid())
        back_s = witness.wait(killed_s, witness.is_valid)
        test.spin(10.0)
        killed_s = witness.kill('affect_avatar.avatar')
        test.spin(0.5)  # what it published before is still on its way
        witness.avatars = 0
        avatar_s = witness.wait(killed_s, lambda: witness.avatars > 0)
    how = _HOW.format('containers')
    return [
        BenchRow('recovery/encoder_container/alarm', alarm_s, 's', how, 1.0),
        BenchRow('recovery/encoder_container/valid_again', back_s, 's', how, 15.0),
        BenchRow('recovery/avatar/publishes_again', avatar_s, 's', how, 5.0)]
