# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""From datagrams to records with the host's times: who is heard, what is new, when it was."""

from collections import Counter
from collections.abc import Callable

from affect_sensors.headset_link.device_clock import DeviceClock
from affect_sensors.headset_link.parse import Datagram
from affect_sensors.headset_link.parse import parse
from affect_sensors.headset_link.received import Received
from affect_sensors.headset_link.records import DeviceName
from affect_sensors.headset_link.records import Status
from affect_sensors.headset_link.sender_guard import SenderGuard
from affect_sensors.headset_link.sender_guard import Verdict
from affect_sensors.headset_link.sequence_tracker import Arrival
from affect_sensors.headset_link.sequence_tracker import SequenceTracker
from affect_sensors.headset_link.wire_error import WireError
from affect_sensors.headset_link.wire_format import FLAG_SIMULATION

_FURTHEST_AHEAD_NS = 100_000_000
_LONGEST_AGO_NS = 5_000_000_000
_STEPS_APART_NS = 10_000_000_000


class HeadsetLink:
    """
    What is known of the headset that sends.

    ``complain(source, reason, remedy)`` is called for everything that is refused; ``counters``
    counts what is normal on a network. A headset that is silent for ``silence_ns`` may be
    replaced by another.
    """

    def __init__(
        self, complain: Callable[[str, str, str], None], *, silence_ns: int = 3_000_000_000,
    ) -> None:
        self._complain = complain
        self._silence_ns = silence_ns
        self.counters: Counter[str] = Counter()
        self._sequence = SequenceTracker()
        self._is_new_order = True
        self._last_step_ns = 0
        self.forget()

    def forget(self) -> None:
        """Wait for whoever comes, as at first."""
        self._guard = SenderGuard(self._silence_ns)
        self._lost_before = 0
        self._begin_session()

    @property
    def host(self) -> str:
        """Whose datagrams are heard."""
        return self._guard.host

    @property
    def lost(self) -> int:
        """How many datagrams never came."""
        return self._lost_before + self._sequence.lost

    def values(self) -> dict[str, str]:
        """Return what diagnostics say of the link."""
        told = {
            'headset': self.device or 'says no name', 'host': self.host or 'none',
            'datagrams lost': str(self.lost), 'clock steps': str(self.clock.steps),
            'clock drift': f'{self.clock.drift_ppm:.1f} ppm',
            'delay beyond the idle network': f'{1e3 * self.clock.delay_s:.1f} ms'}
        return told | {name: str(n) for name, n in self.counters.items()}

    def receive(self, data: bytes, host: str, arrived_ns: int) -> list[Received]:
        """Return what a datagram from ``host`` says; ``arrived_ns`` is steady time."""
        try:
            datagram = parse(data)
        except WireError as error:
            self._complain('datagram', error.reason, f'from {host}: {error.remedy}')
            return []
        header = datagram.header
        if not self._is_heard(datagram, host, arrived_ns):
            return []
        arrival = self._sequence.arrive(header.sequence)
        if arrival in (Arrival.DUPLICATE, Arrival.LATE):
            self.counters[f'datagrams {arrival.value}'] += 1
            return []
        if arrival is Arrival.RESTARTED:
            self._complain(
                'sequence', 'numbers began again within a session',
                'choose a new random session at every start of the app')
            self.clock = DeviceClock()
            self._begin_order()
        self.counters['datagrams'] += 1
        if self.clock.observe(header.sent_ns, arrived_ns):
            self._begin_order()
            if arrived_ns - self._last_step_ns < _STEPS_APART_NS:
                self._complain(
                    'clock', 'sent_ns does not run as a clock does',
                    'send nanoseconds of a clock of the device that is never set')
            self._last_step_ns = arrived_ns
        for problem in datagram.problems:
            self._complain('datagram', problem.reason, f'from {host}: {problem.remedy}')
        if datagram.unknown_types:
            self.counters['records of unknown type'] += datagram.unknown_types
        return self._place(datagram, arrived_ns)

    def _is_heard(self, datagram: Datagram, host: str, arrived_ns: int) -> bool:
        header = datagram.header
        before = self._guard.host
        verdict = self._guard.judge(header.session, host, header.sequence, arrived_ns)
        if verdict is Verdict.RIVAL:
            self.counters['datagrams of another headset'] += 1
            self._complain(
                'sender', f'another headset at {host} sends too',
                f'session {header.session:#x}; the one at {before} came first and is heard: let '
                'each send to a port of its own, or set the parameter senders')
        elif verdict is Verdict.ENDED:
            self.counters['datagrams of an ended session'] += 1
        elif verdict in (Verdict.BEGINS, Verdict.RETURNS):
            self.counters['sessions'] += verdict is Verdict.BEGINS
            self._lost_before += self._sequence.lost
            self._begin_session()
            self.session = header.session
        return verdict not in (Verdict.RIVAL, Verdict.ENDED)

    def _begin_session(self) -> None:
        self.device = ''
        self.session = 0
        self._sequence = SequenceTracker()
        self.clock = DeviceClock()
        self._last_step_ns = -_STEPS_APART_NS
        self._begin_order()

    def _begin_order(self) -> None:
        self._last_ns: dict[type, int] = {}
        self._is_new_order = True

    def _place(self, datagram: Datagram, arrived_ns: int) -> list[Received]:
        """Give the records their times; drop what was sampled twice or can't be of now."""
        header = datagram.header
        is_simulation = bool(header.flags & FLAG_SIMULATION)
        found = []
        for record in datagram.records:
            if isinstance(record, DeviceName):
                self.device = record.name
                continue
            # A status holds until the next one: it is as true as when it was sent.
            time_ns = header.sent_ns if isinstance(record, Status) else record.time_ns
            kind = type(record)
            if time_ns <= self._last_ns.get(kind, time_ns - 1):
                # Apps ask every frame, trackers answer at their own pace: the same sample twice.
                self.counters[f'repeated {kind.__name__.lower()} records'] += 1
                continue
            host_ns = self.clock.to_host_ns(time_ns)
            if not -_LONGEST_AGO_NS <= host_ns - arrived_ns <= _FURTHEST_AHEAD_NS:
                self._complain(
                    kind.__name__.lower(), 'a time that is not of now',
                    f'{(host_ns - arrived_ns) * 1e-9:+.3g} s: time_ns and sent_ns must be of the '
                    'same clock of the device')
                continue
            self._last_ns[kind] = time_ns
            found.append(Received(host_ns, record, is_simulation, self._is_new_order))
            self._is_new_order = False
        return found
