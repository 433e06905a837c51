# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The search of the approximate synchronizer, as a pure function of stamps."""

from bisect import bisect_left
from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Sequence


def first_feasible_stamps(
        queues: Sequence[Iterable[int]], stamp: int, slop: int) -> list[int] | None:
    """
    Choose one stamp of each queue so that all lie within less than ``slop``.

    The choice is the one that the plain search makes: sort each queue by the distance from
    ``stamp`` (equal distances in the queue's order), run through all combinations with the last
    queue varying fastest, take the first that fits. Going through them all costs a product over
    the queues; this costs their sum, by looking at time windows instead of combinations.

    :param queues: iterables of stamps, ns.
    :param stamp: the stamp that has just arrived, ns.
    :param slop: the earliest and latest stamp chosen differ by less than this, ns.
    :return: a list of stamps, one per queue, or None if no combination fits.
    """
    candidates = []
    for queue in queues:
        near = [s for s in queue if -slop <= s - stamp <= slop]
        if not near:
            return None
        candidates.append(near)

    nearest = [min(near, key=lambda s: abs(s - stamp)) for near in candidates]
    if max(nearest) - min(nearest) < slop:  # all there is to do on streams in step
        return nearest

    # A combination fits if and only if a window [start, start + slop) holds all of it, and the
    # start may be taken to be one of the stamps. Windows in which a queue has nothing are out.
    ordered = [sorted(near) for near in candidates]
    starts = sorted({s for near in candidates for s in near})
    for near in ordered:
        starts = [
            start for start in starts
            if (i := bisect_left(near, start)) < len(near) and near[i] < start + slop]

    # Every start left has something of every queue. So a beginning of a combination can be
    # completed exactly if a window is left that holds it, and the first choice of each queue
    # that leaves a window belongs to the first combination that fits.
    chosen = []
    for near in candidates:
        for s in sorted(near, key=lambda s: abs(s - stamp)):
            holding = starts[bisect_right(starts, s - slop):bisect_right(starts, s)]
            if holding:
                chosen.append(s)
                starts = holding
                break
        else:
            return None
    return chosen
