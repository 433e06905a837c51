# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What named joints of a body tracker say: the features that a cloud has, by other means; no ROS.

Joints have names, so a hand that goes where the other one was is seen, which a cloud can't show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import math

from affect_encoders.body_expression import features as body
import numpy as np

JOINTS = (
    'left_shoulder', 'right_shoulder', 'left_elbow', 'right_elbow', 'left_hand', 'right_hand',
    'chest')
HEAD = 'head'
_PLACE = {name: place for place, name in enumerate(JOINTS)}
_PLACE |= {'left_wrist': _PLACE['left_hand'], 'right_wrist': _PLACE['right_hand']}
# The short sides of ROS4HRI (REP-155).
_PLACE |= {f'{name[0]}_{name.split("_", 1)[1]}': place for name, place in _PLACE.items()
           if '_' in name}
_SHOULDERS, _ELBOWS, _HANDS = slice(0, 2), slice(2, 4), slice(4, 6)
_ARMS = slice(0, 6)
_CHEST = 6
LEAST_MOVING = 2
MOST_M = 100.0


@dataclass(frozen=True)
class JointLook:
    """
    Joints at one time, metres from the eyes, [len(JOINTS), 3] in the order of JOINTS.

    NaN where unknown. ``head`` [3] and ``level`` [3, 3], the matrix to level axes with x the way
    the trunk faces, are those of joints in axes that stand still; None in the headset's axes.
    """

    stamp_s: float
    places: np.ndarray
    head: np.ndarray | None = None
    level: np.ndarray | None = None

    @property
    def is_fixed(self) -> bool:
        """Return whether the axes stand still in the world."""
        return self.head is not None

    @property
    def known(self) -> float:
        """Return how much of the arms is known: half for the hands, half for all six joints."""
        known = np.isfinite(self.places).all(axis=1)
        return float(0.5 * known[_HANDS].mean() + 0.5 * known[_ARMS].mean())


def look_at_joints(
        joints: Mapping[str, np.ndarray], stamp_s: float, *, is_fixed: bool) -> JointLook:
    """
    Return the joints that are known by name; see ``BodyExpressionEncoder.push_joints``.

    :raises ValueError: none of the names is known, a place is no [3], or there is no head
    """
    places = np.full((len(JOINTS), 3), np.nan)
    head = None
    for name, given in joints.items():
        place = np.asarray(given, dtype=np.float64)
        if place.shape != (3,):
            raise ValueError(f"joint '{name}' has shape {list(place.shape)}: give x, y and z")
        if not (np.abs(place) < MOST_M).all():
            continue
        if name == HEAD:
            head = place
        elif name in _PLACE and not np.isfinite(places[_PLACE[name]]).all():
            places[_PLACE[name]] = place
    if joints and not any(name in _PLACE for name in joints):
        raise ValueError(
            f"no joint is known among {', '.join(sorted(joints)[:8])}: name them "
            f"{', '.join(JOINTS)}")
    if not is_fixed:
        return JointLook(stamp_s, _within_reach(places))
    if HEAD not in joints:
        raise ValueError("joints in axes that stand still need one called 'head'")
    if head is None:
        head = np.full(3, np.nan)
    places = _within_reach(places - head)
    return JointLook(stamp_s, places, head, _facing(places))


def joint_speed(before: JointLook, after: JointLook, rotation: np.ndarray | None) -> float:
    """
    Return the mean speed of the joints relative to the head, m/s; NaN of fewer than LEAST_MOVING.

    :param rotation: matrix from the head's axes at ``after`` to those at ``before``; None: as seen
    """
    moved = np.linalg.norm(_turned(after, rotation) - before.places, axis=1)
    moved = moved[np.isfinite(moved)]
    if moved.size < LEAST_MOVING:
        return math.nan
    return float(moved.mean()) / (after.stamp_s - before.stamp_s)


def joint_shape(look: JointLook, level: np.ndarray | None) -> dict[str, float]:
    """
    Return the features of the shape, as far as its joints are known.

    :param level: matrix from the look's axes to level ones; None: the way it faces is unknown
    """
    places = look.places if level is None else look.places @ level.T
    arms = places[_ARMS][np.isfinite(places[_ARMS]).all(axis=1)]
    hands = places[_HANDS][np.isfinite(places[_HANDS]).all(axis=1)]
    out = {}
    if len(hands):
        out['hand_height'] = float(hands[:, 2].max())
        out['reach_distance'] = float(np.hypot(hands[:, 0], hands[:, 1]).max())
    if level is None:
        return out
    if len(arms) >= 4:
        extent = np.ptp(arms, axis=0)
        out['expansiveness'] = float(np.cbrt(np.prod(np.maximum(extent, body.VOXEL_M))))
        out['lateral_extent'] = float(extent[1])
    pairs = [places[part] for part in (_HANDS, _ELBOWS)]
    apart = [np.linalg.norm(left - right * (1.0, -1.0, 1.0)) for left, right in pairs]
    if math.isfinite(apart[0]):
        # 1 when alike, a half when a cell of the cloud's measure apart.
        out['symmetry'] = float(np.mean([
            body.SYMMETRY_CELL_M / (body.SYMMETRY_CELL_M + a) for a in apart if math.isfinite(a)]))
    chest = places[_CHEST]
    if not np.isfinite(chest).all():
        chest = places[_SHOULDERS].mean(axis=0)
    if np.isfinite(chest).all() and chest[2] < 0.0:
        out['trunk_lean'] = float(np.arctan2(chest[0], -chest[2]))
    return out


def joint_advance(
        before: JointLook, after: JointLook, rotation: np.ndarray | None,
        level: np.ndarray | None) -> dict[str, float]:
    """
    Return ``reach_speed`` and ``approach_speed``, m/s, as far as joints tell.

    Approach, the wearer's own, is told only by joints in axes that stand still.

    :param rotation: matrix from the head's axes at ``after`` to those at ``before``
    :param level: matrix from the axes of ``after`` to level ones
    """
    if level is None or (rotation is None and not after.is_fixed):
        return {}
    step_s = after.stamp_s - before.stamp_s
    # In the axes of ``before``; x of the level axes seen from there.
    ahead = level[0] if rotation is None else rotation @ level[0]
    moved = (_turned(after, rotation) - before.places)[_HANDS] @ ahead
    moved = moved[np.isfinite(moved)]
    out = {} if moved.size == 0 else {'reach_speed': float(moved.mean()) / step_s}
    if after.head is not None and before.head is not None:
        out['approach_speed'] = float((after.head - before.head) @ ahead) / step_s
    return {name: value for name, value in out.items() if math.isfinite(value)}


def _within_reach(places: np.ndarray) -> np.ndarray:
    """Return places [J, 3] from the eyes, NaN where no joint of the same body can be."""
    far = np.linalg.norm(places, axis=1) > body.FARTHEST_JOINT_M
    return np.where(far[:, None], np.nan, places)


def _turned(look: JointLook, rotation: np.ndarray | None) -> np.ndarray:
    return look.places if rotation is None else look.places @ rotation.T


def _facing(places: np.ndarray) -> np.ndarray | None:
    """Return the matrix [3, 3] to axes with x the way the shoulders face, None if unknown."""
    left = places[0] - places[1]
    left[2] = 0.0
    width = float(np.linalg.norm(left))
    if not width > 0.05:
        return None
    left /= width
    return np.stack([np.cross(left, [0.0, 0.0, 1.0]), left, np.array([0.0, 0.0, 1.0])])
