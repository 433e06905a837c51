# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A device's own set of face shapes."""

from collections.abc import Mapping
from collections.abc import Sequence

from affect_sensors.blendshapes import INDEX
from affect_sensors.blendshapes import NAMES
import numpy as np

Parts = Sequence[tuple[str, float]]


class ShapeSet:
    """
    Names and order of a device's shapes, and what they are in ARKit's.

    A shape of ARKit is a weighted mean of the device's (weights sum to 1), so that it stays in
    [0, 1] and never falls when one of them rises. What the device does not tell is in
    ``not_given`` with the reason. Left and right are the wearer's own.
    """

    def __init__(
        self, name: str, names: Sequence[str], parts: Mapping[str, Parts],
        not_given: Mapping[str, str] | None = None,
    ) -> None:
        """
        Make a set.

        :param names: the device's shapes in the order of its array.
        :param parts: per shape of ARKit the device's shapes that make it, with their shares.
        :param not_given: the other shapes of ARKit, each with the reason.
        :raises ValueError: the table is not complete or does not fit.
        """
        self.name = name
        self.names = tuple(names)
        self.index = {shape: i for i, shape in enumerate(self.names)}
        self.parts = {shape: tuple(parts[shape]) for shape in NAMES if shape in parts}
        self.not_given = dict(not_given or {})
        if len(self.index) != len(self.names):
            raise ValueError(f'{name}: a name occurs twice')
        if sorted([*parts, *self.not_given]) != sorted(NAMES):
            raise ValueError(f"{name}: each of ARKit's shapes is either made or not given")
        matrix = np.zeros((len(NAMES), len(self.names)))
        for shape, shares in self.parts.items():
            for native, share in shares:
                matrix[INDEX[shape], self.index[native]] = share
        if not np.allclose(matrix.sum(axis=1)[[INDEX[shape] for shape in self.parts]], 1.0):
            raise ValueError(f'{name}: shares must sum to 1')
        self._matrix = matrix
        self._needs = (matrix > 0.0).astype(np.float64)
        self._given = matrix.any(axis=1)

    def __len__(self) -> int:
        return len(self.names)

    def to_arkit(self, values: np.ndarray) -> np.ndarray:
        """
        Return ARKit's weights float64 [..., 52] in [0, 1] for the device's weights [..., N].

        NaN where the device says nothing about a shape, or where a part of it is NaN.

        :raises ValueError: there are not N values.
        """
        values = np.asarray(values, dtype=np.float64)
        if values.ndim == 0 or values.shape[-1] != len(self.names):
            raise ValueError(
                f'{self.name} has {len(self.names)} shapes, not {list(values.shape)}')
        unknown = np.isnan(values)
        weights = np.clip(np.where(unknown, 0.0, values), 0.0, 1.0) @ self._matrix.T
        np.minimum(weights, 1.0, out=weights)  # shares of thirds sum to 1 but for rounding
        weights[..., ~self._given] = np.nan
        if unknown.any():
            weights[unknown @ self._needs.T > 0.0] = np.nan
        return weights


def mean(*shapes: str) -> Parts:
    """Return parts of equal share."""
    return tuple((shape, 1.0 / len(shapes)) for shape in shapes)


def on_both_sides(pairs: Mapping[str, str], left: str, right: str) -> dict[str, Parts]:
    """Return parts for ``<ARKit's name>Left`` and ``Right`` from ``<native name><suffix>``."""
    return {
        arkit + side: mean(native + suffix)
        for arkit, native in pairs.items()
        for side, suffix in (('Left', left), ('Right', right))}
