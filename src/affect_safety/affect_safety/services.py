# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The services of the safety monitor: type, name, and what the desk does with a request."""

from collections.abc import Callable
from typing import Any

from affect_msgs.srv import AcknowledgeAlarm
from affect_msgs.srv import SetPurpose
from affect_msgs.srv import ShelveAlarm
from affect_msgs.srv import WithdrawConsent
from affect_safety.instant import Instant
from affect_safety.operator_desk import Answer
from affect_safety.operator_desk import OperatorDesk

Handler = Callable[[OperatorDesk, Any, Instant], Answer]


def _acknowledge(desk: OperatorDesk, request: AcknowledgeAlarm.Request, now: Instant) -> Answer:
    return desk.acknowledge(request.alarm_id, request.operator_id, request.comment, now)


def _shelve(desk: OperatorDesk, request: ShelveAlarm.Request, now: Instant) -> Answer:
    return desk.shelve(
        request.alarm_id, request.duration_s, request.operator_id, request.reason, now)


def _set_purpose(desk: OperatorDesk, request: SetPurpose.Request, now: Instant) -> Answer:
    return desk.set_purpose(
        request.purpose, request.wearer, request.operator_id, request.reason, now)


def _withdraw(desk: OperatorDesk, request: WithdrawConsent.Request, now: Instant) -> Answer:
    return desk.withdraw_consent(request.wearer, request.operator_id, now)


SERVICES: tuple[tuple[type, str, Handler], ...] = (
    (AcknowledgeAlarm, 'safety/acknowledge_alarm', _acknowledge),
    (ShelveAlarm, 'safety/shelve_alarm', _shelve),
    (SetPurpose, 'safety/set_purpose', _set_purpose),
    (WithdrawConsent, 'safety/withdraw_consent', _withdraw),
)
