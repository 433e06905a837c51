# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which closures of an eye are blinks."""

from collections.abc import Iterable
from collections.abc import Iterator

LONGEST_S = 0.5
"""Longer closures are no blinks but sleep or will (Caffier, Erdmann & Ullsperger 2003)."""


def mark_blinks(rows: Iterable[dict]) -> Iterator[dict]:
    """
    Add ``blink`` to rows with ``t_s`` and ``state``: None where the state is unknown.

    A blink is a closure between two sights of the pupil, at most ``LONGEST_S`` apart; so closed
    rows are held back until that is known.
    """
    held: list[dict] = []
    seen_s: float | None = None
    try:
        for row in rows:
            if row['state'] == 'closed':
                held.append(row)
                if seen_s is None or row['t_s'] - seen_s > LONGEST_S:
                    yield from _marked(held, False)
                    seen_s, held = None, []
                continue
            is_open = row['state'] == 'open'
            blinked = is_open and seen_s is not None and row['t_s'] - seen_s <= LONGEST_S
            yield from _marked(held, blinked)
            held = []
            seen_s = row['t_s'] if is_open else None
            yield {**row, 'blink': False if is_open else None}
    except Exception:
        # What was found before a file broke off is told.
        yield from _marked(held, False)
        raise
    yield from _marked(held, False)


def _marked(rows: list[dict], blink: bool) -> Iterator[dict]:
    for row in rows:
        yield {**row, 'blink': blink}
