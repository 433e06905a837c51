# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Takes messages off the receiving thread and writes them."""

import queue
import threading
import time

from ros2cli.bag.bag_metadata import TopicInformation
from ros2cli.bag.bag_writer import BagWriter

FLUSH_PERIOD_S = 1.0


class WriterThread:
    """
    Writes to a bag without holding up the caller.

    `max_cache_size` bounds the bytes that wait for the disk; when it is full, new messages are
    dropped and counted in `dropped`, by topic. 0 means no bound.
    """

    def __init__(self, writer: BagWriter, max_cache_size: int) -> None:
        self._writer = writer
        self._max_cache_size = max_cache_size
        self._pending_bytes = 0
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue = queue.SimpleQueue()
        self.dropped: dict[str, int] = {}
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name='bag_writer', daemon=True)
        self._thread.start()

    def create_topic(self, topic: TopicInformation, definition: str) -> None:
        """Announce a topic before its first message."""
        self._queue.put((topic, definition))

    def write(self, topic: str, stamp_ns: int, data: bytes) -> None:
        """Hand over one message."""
        size = len(data)
        with self._lock:
            if self._max_cache_size and self._pending_bytes + size > self._max_cache_size:
                self.dropped[topic] = self.dropped.get(topic, 0) + 1
                return
            self._pending_bytes += size
        self._queue.put((topic, stamp_ns, data))

    def close(self) -> None:
        """Write what is pending, finish the bag, and end the thread."""
        self._queue.put(None)
        self._thread.join()
        if self.error is None:
            self._writer.close()

    def _run(self) -> None:
        flushed_s = time.monotonic()
        try:
            while True:
                messages: list[tuple[str, int, bytes]] = []
                try:
                    item = self._queue.get(timeout=FLUSH_PERIOD_S)
                    while item is not None and len(item) == 3:
                        messages.append(item)
                        item = self._queue.get_nowait()
                except queue.Empty:
                    item = ()
                self._write(messages)
                if item is None:
                    return
                if item:
                    self._writer.create_topic(*item)
                if time.monotonic() - flushed_s > FLUSH_PERIOD_S:
                    self._writer.flush()
                    flushed_s = time.monotonic()
        except Exception as error:
            # The disk is full, or the directory is gone: the recorder must hear of it.
            self.error = error

    def _write(self, messages: list[tuple[str, int, bytes]]) -> None:
        if not messages:
            return
        self._writer.write(messages)
        with self._lock:
            self._pending_bytes -= sum(len(data) for _, _, data in messages)
