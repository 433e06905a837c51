# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Hysteresis and delays: from the value of an input to whether the alarm condition holds."""

import math

from affect_safety.rule import Rule
from affect_safety.rule import Value


class RuleEvaluator:
    """
    Says whether a rule's condition holds, after its limits and delays.

    Unknown never decides: it neither raises nor clears. It also breaks an off-delay (returning
    needs the good value all the time), and does not break an on-delay (an input that drops out
    now and then must not keep an alarm from coming).
    """

    def __init__(self, rule: Rule, *, is_on: bool = False) -> None:
        self._rule = rule
        self.is_on = is_on
        self._since_s: float | None = None

    def observe(self, value: Value | None, now_s: float) -> bool:
        """
        Take the input's value (None or NaN: unknown) and return whether the condition holds.

        :param now_s: steady time, seconds
        """
        if value is None or (isinstance(value, float) and math.isnan(value)):
            if self.is_on:
                self._since_s = None
            return self.is_on
        asks = self._rule.asks_for_off(value) if self.is_on else self._rule.asks_for_on(value)
        if not asks:
            self._since_s = None
            return self.is_on
        if self._since_s is None:
            self._since_s = now_s
        delay_s = self._rule.off_delay_s if self.is_on else self._rule.on_delay_s
        if now_s - self._since_s >= delay_s:
            self.is_on = not self.is_on
            self._since_s = None
        return self.is_on
