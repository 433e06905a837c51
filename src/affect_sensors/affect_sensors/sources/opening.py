# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Opening a source without holding anybody up."""

import threading

from affect_sensors.sources.source import Source
from affect_sensors.sources.source import SourceError


class Opening:
    """
    Opens a source on a thread of its own: a device or a network may take its time, or for ever.

    With ``again_after_s`` the source is closed first, and opened after that pause. Whoever gives
    up calls ``cancel``: the source is then closed as soon as nothing hangs in it any more.
    """

    def __init__(self, source: Source, *, again_after_s: float | None = None) -> None:
        self._source = source
        self._again_after_s = again_after_s
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._error: SourceError | None = None
        self.is_done = False
        threading.Thread(target=self._run, name='opening', daemon=True).start()

    def result(self) -> None:
        """Raise SourceError when the source could not be opened; only once it ``is_done``."""
        if self._error is not None:
            raise self._error

    def cancel(self) -> None:
        """Have the source closed, now or when it answers."""
        with self._lock:
            self._cancelled.set()
            is_done = self.is_done
        if is_done:
            self._source.close()

    def _run(self) -> None:
        try:
            if self._again_after_s is not None:
                self._source.close()
                self._cancelled.wait(self._again_after_s)
            if not self._cancelled.is_set():
                self._source.open()
        except SourceError as error:
            self._error = error
        except Exception as error:
            self._error = SourceError(
                f'it cannot be opened ({type(error).__name__}: {error}); please report this '
                'defect')
        with self._lock:
            self.is_done = True
            is_cancelled = self._cancelled.is_set()
        if is_cancelled:
            self._source.close()
