# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The request to signal a process."""

import signal as signal_module

from .process_targeted_event import ProcessTargetedEvent
from ...utilities import ensure_argument_type


class SignalProcess(ProcessTargetedEvent):
    """A signal is to be sent to a process."""

    name = 'launch.events.process.SignalProcess'

    def __init__(self, *, signal_number, process_matcher):
        """
        Create the event.

        :param signal_number: a `signal.Signals`, or the name of one
        """
        super().__init__(process_matcher=process_matcher)
        ensure_argument_type(
            signal_number, (str, signal_module.Signals), 'signal_number', 'SignalProcess')
        self.__signal = signal_number

    @property
    def signal(self):
        """The signal, as given."""
        return self.__signal

    @property
    def signal_name(self):
        """The name of the signal."""
        return self.__signal if isinstance(self.__signal, str) else self.__signal.name
