# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads messages ahead of their time, in a thread of its own."""

from collections.abc import Iterator
import queue
import threading

Message = tuple[str, int, bytes]

BATCH = 32


class MessageFeeder:
    """
    Iterates over messages that a thread has read before they were asked for.

    Disk and decompression so never hold up the schedule. Batches keep the hand-over cheap.
    """

    def __init__(self, messages: Iterator[Message], read_ahead: int) -> None:
        self._messages = messages
        self._batch_size = max(1, min(BATCH, read_ahead))
        self._queue: queue.Queue = queue.Queue(maxsize=max(1, read_ahead // self._batch_size))
        self._stopped = False
        self._filled = threading.Event()
        self._thread = threading.Thread(target=self._read, name='message_feeder', daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            batch = []
            for message in self._messages:
                batch.append(message)
                if len(batch) == self._batch_size:
                    self._put(batch)
                    batch = []
                if self._stopped:
                    return
            if batch:
                self._put(batch)
            self._put(None)
        except Exception as error:
            self._put(error)
        finally:
            self._filled.set()

    def _put(self, item: list[Message] | Exception | None) -> None:
        try:
            self._queue.put_nowait(item)
        except queue.Full:
            self._filled.set()
            self._queue.put(item)

    def wait_until_filled(self) -> None:
        """Block until the queue is full or everything was read."""
        self._filled.wait()

    def __iter__(self) -> Iterator[Message]:
        """Yield the messages; an error of the reading thread is raised here, in its place."""
        while (item := self._queue.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield from item

    def stop(self) -> None:
        """End the thread, whatever is left to read."""
        self._stopped = True
        while self._thread.is_alive():
            try:
                self._queue.get_nowait()
            except queue.Empty:
                self._thread.join(0.001)
