# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the nodes of all sensors have in common: a source, read by the clock."""

from collections.abc import Sequence
import traceback
from typing import Any

from affect_node import AffectNode
from affect_node import SetupError
from affect_sensors.simulation.affect_trajectory import ScriptError
from affect_sensors.simulation.wearer import shared_wearer
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.source_watch import SourceWatch
from affect_sensors.sources.opening import Opening
from affect_sensors.sources.source import DamagedItemError
from affect_sensors.sources.source import Source
from affect_sensors.sources.source import SourceError


class SensorNode(AffectNode):
    """
    Reads a source when its next item is due and publishes what it gives.

    A subclass overrides ``advertise_topics``, ``make_source`` and ``publish_item``. A source that
    gives nothing for ``stale_after_s`` makes the diagnostics STALE; one that is lost (unplugged),
    or that was not there yet, is opened again, with growing pauses and on a thread of its own.
    """

    _JUMP_NS = 2_000_000_000
    _LONGEST_WAIT_S = 0.25
    _RETRY_S = (0.5, 8.0)

    def __init__(
        self, name: str, *, sources: Sequence[str], shortest_wait_s: float,
        stale_after_s: float = 0.5, watch_silence: bool = True, **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        # Nobody who asked for a device may be shown a simulation instead.
        self.source_kind = self.declare(
            'source', 'simulation' if 'simulation' in sources else sources[0],
            'What stands behind the sensor.', choices=sources, must_fit=True)
        self.path = self.declare('path', '', 'File or folder for source:=file.')
        self.loop = self.declare(
            'loop', True, 'Play a file again from its start when it ends; otherwise stop.')
        self._seed = self.declare(
            'seed', 1, 'Which simulated wearer; all sensors of one wearer need the same.',
            low=0, high=2**31 - 1)
        self._t0_s = self.declare(
            't0_s', 0.0, "ROS time at which the simulated wearer's time is 0. The default, the "
            "clock's epoch, lets processes that start at different times show one wearer; give "
            'all of them the time of launch to see a script from its beginning.', low=0.0)
        self._script = self.declare(
            'script', '', 'YAML file with what the simulated wearer feels, looks at and says '
            '(affect_sensors/simulation/script.py); empty: random.')
        self._stale_after_s = self.declare(
            'stale_after_s', stale_after_s, 'Silence after which the source is called STALE.',
            low=0.1, high=60.0)
        self._shortest_wait_s = shortest_wait_s
        self._watch_silence = watch_silence
        self.source: Source | None = None
        self._timer = None
        self._last_now_ns = 0
        self._opening: Opening | None = None
        self._retry_s = self._RETRY_S[0]
        self._flow = SourceWatch(
            self.diagnostics, stale_after_s=self._stale_after_s, on_silence=self.fell_silent)

    def make_source(self) -> Source:
        """Return the source that the parameters ask for; may raise SourceError."""
        raise NotImplementedError

    def advertise_topics(self) -> None:
        """Create the publishers."""
        raise NotImplementedError

    def publish_item(self, item: Any) -> None:
        """Publish one item of the source."""
        raise NotImplementedError

    def samples_in(self, item: Any) -> int:
        """Return how many samples an item is, in terms of the rate that the source promises."""
        return 1

    def fell_silent(self) -> None:
        """Do what the silence of the source asks for, beside the diagnostics."""

    def make_wearer(self) -> SimulatedWearer:
        """Return the simulated wearer that the parameters describe."""
        try:
            return shared_wearer(self._seed, self._script)
        except ScriptError as error:
            raise SourceError(f"parameter 'script': {error}") from error

    @property
    def t0_ns(self) -> int:
        """ROS time of the wearer's time 0, nanoseconds."""
        return round(self._t0_s * 1e9)

    def setup(self) -> None:
        """Open the source, or begin to if it comes and goes."""
        try:
            self.source = self.make_source()
            if getattr(self.source, 'comes_and_goes', False):
                self._opening = Opening(self.source)
            else:
                self.source.open()
        except SourceError as error:
            self.source = None
            raise SetupError(str(error)) from error
        self._retry_s = self._RETRY_S[0]
        self.advertise_topics()
        self.diagnostics.values['source'] = self.source_kind

    def start(self) -> None:
        """Begin to read."""
        self._last_now_ns = 0
        self._flow.begin()
        # Steady time: a clock that stands still must not hide that nothing comes.
        self._timer = self.create_timer(
            self._shortest_wait_s, self._poll, clock=self._steady_clock)

    def stop(self) -> None:
        """Stop to read."""
        if self._timer is not None:
            self.destroy_timer(self._timer)
            self._timer = None
        self._flow.end_silence()
        self._flow.forget_rate()

    def teardown(self) -> None:
        """Close the source."""
        if self._timer is not None:
            self.stop()
        opening, source = self._opening, self.source
        self._opening = self.source = None
        if opening is not None:
            opening.cancel()
        elif source is not None:
            source.close()

    def _poll(self) -> None:
        now_ns = self.get_clock().now().nanoseconds
        # Simulated time without /clock: the base class says so. No timer: stopped, and the
        # executor still had it among the due ones.
        if now_ns == 0 or self.source is None or self._timer is None:
            return
        items: list = []
        try:
            items = self._read(now_ns)
            for item in items:
                self.publish_item(item)
        except DamagedItemError as error:
            self.diagnostics.reject('source', str(error), 'the next one is read')
        except SourceError as error:
            self._lose(error)
        except Exception as error:
            what = f'{type(error).__name__}: {error}'
            self.diagnostics.reject('source', what, 'not published; please report this defect')
            self.get_logger().debug(traceback.format_exc())
        if items:
            self._retry_s = self._RETRY_S[0]
            self._flow.has_come(now_ns, sum(map(self.samples_in, items)))
        elif self._watch_silence and self._flow.patience_s < 0.0:
            self._tell_silence()
        self._aim(now_ns)

    def _read(self, now_ns: int) -> list:
        """Return what the source has for us; begin anew after a loss or a jump of the clock."""
        if self._opening is not None:
            if not self._opening.is_done:
                return []
            opening, self._opening = self._opening, None
            opening.result()
            self._last_now_ns = 0
        passed_ns = now_ns - self._last_now_ns
        if passed_ns < 0 or passed_ns > self._JUMP_NS:
            if self._last_now_ns:
                self.diagnostics.count('clock jumps')
            self.source.start(now_ns)
            self._flow.begin(getattr(self.source, 'promised_hz', None))
        self._last_now_ns = now_ns
        return self.source.read(now_ns)

    def _tell_silence(self) -> None:
        what = 'gives nothing; is the device connected, or does the clock stand still?'
        if self._opening is not None:
            if self._flow.is_stale:
                return  # why it was lost, or did not open, stays said until it is there
            what = 'does not answer yet; it is being opened'
        elif self.source.finished:
            what = f"has ended ('{self.path}'); set loop:=true, or configure the node anew"
        # A source that is being opened does not know yet what there is.
        reason = '' if self._opening is not None else getattr(self.source, 'why_silent', '')
        self._flow.is_silent(reason or f'the source ({self.source_kind}) {what}')

    def _lose(self, error: SourceError) -> None:
        """Have a lost source closed and opened again."""
        self.diagnostics.count('source lost' if self._last_now_ns else 'openings failed')
        self._last_now_ns = 0
        self._opening = Opening(self.source, again_after_s=self._retry_s)
        self._retry_s = min(2.0 * self._retry_s, self._RETRY_S[1])
        self._flow.is_silent(str(error))

    def _aim(self, now_ns: int) -> None:
        """Wake when the next item is due, and not more often than is of use."""
        if self._opening is not None:
            wait_s = 0.1
        elif self.source.finished:
            wait_s = self._LONGEST_WAIT_S
        elif (due_ns := self.source.due_ns) is not None:
            wait_s = min((due_ns - now_ns) * 1e-9 + 2e-4, self._LONGEST_WAIT_S)
        else:
            # Somebody who is silent for long is asked less often.
            wait_s = 0.02 if self._flow.is_stale else self._shortest_wait_s
        if self._watch_silence and not self._flow.is_stale:
            # Silence is told as soon as it is too long.
            wait_s = min(wait_s, self._flow.patience_s + 2e-3)
        self._timer.timer_period_ns = round(max(wait_s, self._shortest_wait_s) * 1e9)
        self._timer.reset()
