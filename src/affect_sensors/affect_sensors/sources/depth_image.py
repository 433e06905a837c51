# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Depth images and what a lens does to them, to points."""

from affect_sensors.sources.calibration import Calibration
import cv2
import numpy as np


class DepthToPoints:
    """
    Turns depth images of one camera to points.

    A pixel is the distance along the optical axis (REP-118): floats are metres, whole numbers
    times ``scale_m`` are (0.001 for millimetres). 0 and what is not finite is no measurement.
    Every ``step``-th pixel of every ``step``-th row is used.
    """

    def __init__(self, calibration: Calibration, *, scale_m: float, step: int) -> None:
        self._size = (calibration.height, calibration.width)
        self._scale_m = scale_m
        self._step = step
        rows, columns = np.mgrid[0:calibration.height:step, 0:calibration.width:step]
        pixels = np.stack([columns, rows], axis=-1).astype(np.float64).reshape(-1, 1, 2)
        k, d = np.array(calibration.k).reshape(3, 3), np.array(calibration.d)
        undistort = (
            cv2.fisheye.undistortPoints if calibration.distortion_model == 'equidistant'
            else cv2.undistortPoints)
        self._rays = undistort(pixels, k, d).reshape(*rows.shape, 2).astype(np.float32)

    def points(self, depth: np.ndarray) -> np.ndarray:
        """
        Return the points in the optical frame, float32 [N, 3], of depth uint16 or float32 [H, W].

        :raises ValueError: another type, or a size that the calibration is not for.
        """
        if depth.ndim != 2 or depth.dtype not in (np.uint16, np.float32):
            raise ValueError(
                f'a depth image is uint16 or float32 with one channel, this is {depth.dtype} '
                f'{list(depth.shape)}')
        if depth.shape != self._size:
            raise ValueError(
                f'it is {depth.shape[1]} x {depth.shape[0]}, the calibration is for '
                f'{self._size[1]} x {self._size[0]}')
        z = depth[::self._step, ::self._step].astype(np.float32)
        if depth.dtype == np.uint16:
            z *= np.float32(self._scale_m)
        seen = np.isfinite(z) & (z > 0.0)
        z = z[seen]
        return np.concatenate([self._rays[seen] * z[:, None], z[:, None]], axis=1)
