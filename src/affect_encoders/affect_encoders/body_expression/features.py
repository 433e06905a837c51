# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What a cloud of points seen from the head says about the wearer's body; no ROS.

The features are those that body movement is judged by: how much moves, how far it reaches out,
whether both sides do alike, how high the hands are, towards or away (Wallbott, Eur. J. Soc.
Psychol. 28, 1998; Castellano, Villalba & Camurri, ACII 2007; Kleinsmith & Bianchi-Berthouze, IEEE
Trans. Affective Computing 4, 2013). Those authors look at a person from outside. A headset looks
out: of its wearer it sees arms and hands, and the trunk only when it looks down. **Assumption**:
what is nearer than REACH_M is the wearer's own body. A desk within reach is taken for it too; it
stands still and so lowers the mean motion. Everything else is surroundings, by which the wearer's
own approach or retreat is seen.

Axes are the headset's (REP-103: x forward, y left, z up), lengths in metres.
"""

from dataclasses import dataclass

from affect_encoders.body_expression.view import View
from affect_encoders.encoder import FeatureSpec
import numpy as np

REACH_M = 0.9
"""
How far from the eyes the wearer's own hands can be. An arm is 0.44 of a person's height (Drillis
& Contini 1966), 0.77 m at 1.75 m, from a shoulder that is 0.3 m below and beside the eyes.
"""

FARTHEST_JOINT_M = 1.4
"""How far from the eyes a named joint can be: an arm of 0.92 m (2.1 m tall) and some doubt."""

NEAREST_M = 0.05
FARTHEST_M = 8.0
MOST_POINTS = 8192
VOXEL_M = 0.02
MOST_FAR_POINTS = 300
TRUNK_RADIUS_M = 0.2
"""Near points no further than this from the vertical through the eyes are trunk and lap."""

CHEST_M = ((-0.3, 0.25), (-0.15, 0.15), (-0.55, -0.2))
"""Where the chest is, relative to the eyes, in level axes: from and to in x, y and z."""

SYMMETRY_CELL_M = 0.12
AHEAD_RAD = np.radians(35.0)
STILL_M_S = 0.08
"""
Mean speed below which the visible body counts as still: between the 0.02 to 0.04 m/s that clouds
of a still body give by their noise and sampling, and the 0.15 m/s of a slow gesture of one hand.
"""

LEAST_NEAR_VOXELS = 30
LEAST_FAR_POINTS = 30

_QUANTILES = (np.arange(64) + 0.5) / 64.0
_TRIMMED = slice(6, -6)

FEATURES = (
    FeatureSpec('quantity_of_motion', 'm/s', 0.0),
    FeatureSpec('quantity_of_motion_max', 'm/s', 0.0),
    FeatureSpec('quantity_of_motion_sd', 'm/s', 0.0),
    FeatureSpec('stillness_share', '1', 0.0, 1.0),
    FeatureSpec('expansiveness', 'm', 0.0, 2.0 * FARTHEST_JOINT_M),
    FeatureSpec('lateral_extent', 'm', 0.0, 2.0 * FARTHEST_JOINT_M),
    FeatureSpec('reach_distance', 'm', 0.0, FARTHEST_JOINT_M),
    FeatureSpec('symmetry', '1', 0.0, 1.0),
    FeatureSpec('hand_height', 'm', -FARTHEST_JOINT_M, FARTHEST_JOINT_M),
    FeatureSpec('trunk_lean', 'rad', -np.pi / 2, np.pi / 2),
    FeatureSpec('reach_speed', 'm/s'),
    FeatureSpec('approach_speed', 'm/s'),
)
"""
Motion is over the last WINDOW_S, shape is that of the newest cloud, speeds of reach and approach
are over the last BASELINE_S. Heights are relative to the headset.

`trunk_lean` is how far the chest is before the vertical through the eyes, as an angle: less when
the wearer leans forward and looks ahead, more when they lean back (posture: de Meijer 1989;
Kleinsmith & Bianchi-Berthouze 2013). `reach_speed` is positive when the arms go forward,
`approach_speed` when what is ahead comes nearer.
"""

WINDOW_S = 2.0
STEP_S = 0.2
"""
Between clouds whose distance is motion: longer, less of it is noise; shorter, fewer gestures turn
about within it.
"""

BASELINE_S = 0.5


def _directions(count: int) -> np.ndarray:
    """Return unit vectors [count, 3], even over a half sphere (Fibonacci lattice)."""
    k = np.arange(count) + 0.5
    z = 1.0 - k / count
    turn = np.pi * (1.0 + 5.0 ** 0.5) * k
    radius = np.sqrt(1.0 - z ** 2)
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), z], axis=1)


_DIRECTIONS = _directions(16)
_FEW_DIRECTIONS = _directions(6)


@dataclass(frozen=True)
class CloudLook:
    """
    One cloud, digested, in the headset's axes.

    ``near`` [V, 3] one point for each occupied voxel within reach, ``far`` [K, 3] a sample of
    what is beyond, ``usable`` the share of points that were finite and in range.
    """

    stamp_s: float
    near: np.ndarray
    far: np.ndarray
    usable: float


def from_optical(points: np.ndarray) -> np.ndarray:
    """Return points [N, 3] of an optical frame (x right, y down, z forward) in link axes."""
    return np.stack([points[:, 2], -points[:, 0], -points[:, 1]], axis=1)


def usable_points(points: np.ndarray) -> tuple[np.ndarray, float]:
    """
    Return the points [N, 3] that are finite and in range, thinned out, and their share.

    :raises ValueError: not an array [N, 3]
    """
    p = np.asarray(points, dtype=np.float32)
    if p.ndim != 2 or p.shape[1] != 3:
        raise ValueError(f'cloud of shape {list(p.shape)}: give [N, 3]')
    if p.shape[0] > MOST_POINTS:
        p = p[::-(-p.shape[0] // MOST_POINTS)]
    with np.errstate(invalid='ignore', over='ignore'):
        square = np.einsum('ij,ij->i', p, p)
        usable = (square >= NEAREST_M ** 2) & (square <= FARTHEST_M ** 2)
    return p[usable], float(usable.mean()) if p.shape[0] else 0.0


def look_at(points: np.ndarray, usable: float, mount: np.ndarray, stamp_s: float) -> CloudLook:
    """
    Digest usable points [N, 3], in the camera's axes (x forward, y left, z up).

    :param usable: which share of the cloud they are
    :param mount: matrix [3, 3] from the camera's axes to the headset's
    """
    p = points @ mount.T.astype(points.dtype)
    is_near = np.einsum('ij,ij->i', p, p) <= REACH_M ** 2
    far = p[~is_near]
    far = far[::max(1, far.shape[0] // MOST_FAR_POINTS)]
    return CloudLook(
        stamp_s=stamp_s, near=voxel_means(p[is_near], VOXEL_M), far=far.astype(np.float64),
        usable=usable)


def voxel_means(points: np.ndarray, size_m: float) -> np.ndarray:
    """
    Return the mean [V, 3] of the points in each occupied cube of an edge.

    A surface then counts by its area and not by how densely a sensor samples it.
    """
    if points.shape[0] == 0:
        return np.empty((0, 3))
    cell = np.floor(points / size_m).astype(np.int64) + 512
    key = (cell[:, 0] * 1024 + cell[:, 1]) * 1024 + cell[:, 2]
    order = np.argsort(key)
    key = key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    total = np.add.reduceat(points[order].astype(np.float64), first, axis=0)
    return total / np.diff(first, append=key.size)[:, None]


def mean_speed(
        before: CloudLook, after: CloudLook, rotation: np.ndarray | None, view: View) -> float:
    """
    Return how fast the near points move on average, m/s; NaN where too little is in view.

    Points of two clouds have no names, so the distance between the clouds as wholes is taken: the
    least mean distance that points must be carried (earth mover's distance), as the mean over
    directions of its one-dimensional form (sliced Wasserstein distance; Rabin et al. 2011). For
    a body of which the share f moves by d it is f d. Motions that exchange what is alike, one
    hand going where the other was, are not seen.

    :param rotation: matrix from the head's axes at ``after`` to those at ``before``; None: unknown
    :param view: what the camera sees
    """
    one, other = _in_both(before.near, after.near, rotation, view)
    if min(len(one), len(other)) < LEAST_NEAR_VOXELS:
        return float('nan')
    # |v . u| averages to |v| / 2 over directions u.
    return 2.0 * carried(one, other) / (after.stamp_s - before.stamp_s)


def carried(
        one: np.ndarray, other: np.ndarray, directions: np.ndarray = _DIRECTIONS) -> float:
    """Return the sliced Wasserstein-1 distance (m) of points [N, 3] and [M, 3]."""
    return float(np.abs(
        _quantiles(directions @ one.T) - _quantiles(directions @ other.T)).mean())


def directions_carried(
        before: CloudLook, after: CloudLook, rotation: np.ndarray, view: View) -> np.ndarray:
    """
    Return how far (rad) directions to points are carried: turned back, as seen, turned further.

    That is with ``rotation``, with none, and with its inverse, for the body and for the
    surroundings, [2, 3]: by which one sees whether clouds turn as the gyroscope says. Only of
    points that stay in view; zeros where too few do.
    """
    out = np.zeros((2, 3))
    for k, (one, other) in enumerate(((before.near, after.near), (before.far, after.far))):
        pairs = [_in_both(one, other, turn, view) for turn in (rotation, np.eye(3), rotation.T)]
        if min(len(points) for pair in pairs for points in pair) >= LEAST_NEAR_VOXELS:
            out[k] = [carried(_directions_of(a), _directions_of(b), _FEW_DIRECTIONS)
                      for a, b in pairs]
    return out


def speeds(
        before: CloudLook, after: CloudLook, rotation: np.ndarray, level: np.ndarray, view: View,
) -> dict[str, float]:
    """
    Return ``reach_speed`` and ``approach_speed``, m/s, as far as there are points for them.

    :param rotation: matrix from the head's axes at ``after`` to those at ``before``
    :param level: matrix from the head's axes at ``after`` to level ones
    """
    out = {}
    step_s = after.stamp_s - before.stamp_s
    level_before = level @ rotation.T
    one, other = (p @ level_before.T for p in _in_both(before.near, after.near, rotation, view))
    one, other = one[is_arm(one)], other[is_arm(other)]
    if min(len(one), len(other)) >= LEAST_NEAR_VOXELS:
        out['reach_speed'] = _advance(one, other) / step_s
    one, other = (p @ level_before.T for p in _in_both(before.far, after.far, rotation, view))
    one, other = one[is_ahead(one)], other[is_ahead(other)]
    if min(len(one), len(other)) >= LEAST_FAR_POINTS:
        out['approach_speed'] = -_advance(one, other) / step_s
    return out


def is_ahead(points: np.ndarray) -> np.ndarray:
    """Return which points [N, 3] lie within 35 degrees of straight ahead."""
    return points[:, 0] > np.cos(AHEAD_RAD) * np.linalg.norm(points, axis=1)


def is_arm(level_points: np.ndarray) -> np.ndarray:
    """Return which near points [N, 3], in level axes, are in front of the trunk."""
    return level_points[:, 0] > TRUNK_RADIUS_M


def _advance(one: np.ndarray, other: np.ndarray) -> float:
    """Return how far (m) the trimmed mean of points goes along x."""
    moved = _quantiles(other[None, :, 0]) - _quantiles(one[None, :, 0])
    return float(moved[0, _TRIMMED].mean())


def shape_features(look: CloudLook, level: np.ndarray) -> dict[str, float]:
    """
    Return the features of one cloud's shape; none of too small a body.

    :param level: matrix from the head's axes to level ones
    """
    body = look.near @ level.T
    if len(body) < LEAST_NEAR_VOXELS:
        return {}
    low, high = np.quantile(body, [0.05, 0.95], axis=0)
    extent = high - low
    out = {
        'expansiveness': float(np.cbrt(np.prod(np.maximum(extent, VOXEL_M)))),
        'lateral_extent': float(extent[1])}
    start, end = np.array(CHEST_M).T
    chest = body[((body > start) & (body < end)).all(axis=1)]
    if len(chest) >= LEAST_NEAR_VOXELS:
        x, _, z = np.median(chest, axis=0)
        out['trunk_lean'] = float(np.arctan2(x, -z))
    arms = body[is_arm(body)]
    if len(arms) >= LEAST_NEAR_VOXELS:
        out['reach_distance'] = float(np.quantile(np.hypot(arms[:, 0], arms[:, 1]), 0.95))
        out['hand_height'] = float(np.quantile(arms[:, 2], 0.9))
        out['symmetry'] = _symmetry(arms)
    return out


def _symmetry(arms: np.ndarray) -> float:
    """Return the overlap (intersection over union) of occupied cells with their mirror image."""
    # Rounded, not floored: the cells themselves must be symmetric about the middle.
    cell = np.rint(arms / SYMMETRY_CELL_M).astype(np.int64)
    cells = set(map(tuple, cell.tolist()))
    mirrored = {(x, -y, z) for x, y, z in cells}
    return len(cells & mirrored) / len(cells | mirrored)


def _quantiles(values: np.ndarray) -> np.ndarray:
    """Return 64 quantiles [D, 64] of each row [D, N], the same levels for any N."""
    ordered = np.sort(values, axis=1)
    count = ordered.shape[1]
    at = np.clip(_QUANTILES * count - 0.5, 0.0, count - 1.0)
    below = at.astype(np.int64)
    above = np.minimum(below + 1, count - 1)
    part = at - below
    return ordered[:, below] * (1.0 - part) + ordered[:, above] * part


def _directions_of(points: np.ndarray) -> np.ndarray:
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def _in_both(
        before: np.ndarray, after: np.ndarray, rotation: np.ndarray | None, view: View,
) -> tuple[np.ndarray, np.ndarray]:
    """Return both clouds in the axes of the first, less what only one of them could see."""
    if rotation is None:
        return before, after
    # Rows: v_before = R v_after, so v_after = R^T v_before.
    turned_back = after @ rotation.T
    return before[view.sees(before @ rotation)], turned_back[view.sees(turned_back)]
