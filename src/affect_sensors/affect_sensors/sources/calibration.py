# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a camera's calibration file says."""

from collections.abc import Mapping
from dataclasses import dataclass

from affect_sensors.sources.source import SourceError
from affect_sensors.sources.table import existing
import cv2
import numpy as np
import yaml

WHAT = (
    "a YAML file of ROS' camera_calibration (image_width, image_height, camera_matrix, "
    "distortion_model, distortion_coefficients, ...) or of OpenCV's FileStorage with the same "
    'names')
_COEFFICIENTS = {'plumb_bob': (4, 5), 'rational_polynomial': (8, 12, 14), 'equidistant': (4,)}


@dataclass(frozen=True)
class Calibration:
    """
    The fields of sensor_msgs/CameraInfo.

    ``k`` [9], ``r`` [9] and ``p`` [12] are the camera, rectification and projection matrix row by
    row, ``d`` the distortion of ``distortion_model``; pixels.
    """

    width: int
    height: int
    distortion_model: str
    d: tuple[float, ...]
    k: tuple[float, ...]
    r: tuple[float, ...]
    p: tuple[float, ...]

    @classmethod
    def pinhole(
        cls, width: int, height: int, focal_px: float, centre_x: float, centre_y: float,
    ) -> 'Calibration':
        """Return the calibration of a camera without distortion."""
        return cls(
            width, height, 'plumb_bob', (0.0,) * 5,
            (focal_px, 0.0, centre_x, 0.0, focal_px, centre_y, 0.0, 0.0, 1.0),
            (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
            (focal_px, 0.0, centre_x, 0.0, 0.0, focal_px, centre_y, 0.0, 0.0, 0.0, 1.0, 0.0))


def read_calibration(path: str, parameter: str) -> Calibration:
    """
    Read a calibration file; ``parameter`` is named in errors.

    :raises SourceError: no such file, or not such a file; the text says which entry and why.
    """
    file = existing(path, WHAT, parameter)
    try:
        text = file.read_text(encoding='utf-8')
        content = _opencv(text) if text.startswith('%YAML:') else yaml.safe_load(text)
        return _checked(content)
    except (OSError, ValueError, TypeError, yaml.YAMLError, cv2.error) as error:
        raise SourceError(
            f"parameter '{parameter}': '{path}' does not fit ({error}); give {WHAT}") from error


def _opencv(text: str) -> dict:
    """Return the entries of OpenCV's own kind of YAML, which no YAML library reads."""
    storage = cv2.FileStorage(text, cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
    try:
        root = storage.root()
        content: dict = {}
        for name in root.keys():  # noqa: SIM118
            node = root.getNode(name)
            if node.isString():
                content[name] = node.string()
            elif node.isInt() or node.isReal():
                content[name] = node.real()
            elif node.isMap() and (matrix := node.mat()) is not None:
                content[name] = {'data': matrix.ravel().tolist()}
    finally:
        storage.release()
    # The sample program of OpenCV that writes such files calls it so.
    content.setdefault('rectification_matrix', content.get('R'))
    content.setdefault('projection_matrix', content.get('P'))
    return content


def _checked(content: object) -> Calibration:
    if not isinstance(content, Mapping):
        raise ValueError('it is no mapping')
    width, height = (_pixels(content, name) for name in ('image_width', 'image_height'))
    k = _numbers(content, 'camera_matrix', 9)
    if k[0] <= 0.0 or k[4] <= 0.0 or k[8] != 1.0:
        raise ValueError("'camera_matrix' is none: focal lengths must be above 0 and its end 1")
    d = _numbers(content, 'distortion_coefficients', None)
    model = content.get('distortion_model')
    if model is None:
        model = 'plumb_bob' if len(d) <= 5 else 'rational_polynomial'
    if model not in _COEFFICIENTS:
        raise ValueError(
            f"'distortion_model' is {model!r}; it can be {', '.join(_COEFFICIENTS)}")
    if len(d) not in _COEFFICIENTS[model]:
        raise ValueError(f"'{model}' has no {len(d)} distortion_coefficients")
    identity = Calibration.pinhole(width, height, 1.0, 0.0, 0.0).r
    r = _numbers(content, 'rectification_matrix', 9, identity)
    p = _numbers(content, 'projection_matrix', 12, (*k[:3], 0.0, *k[3:6], 0.0, *k[6:], 0.0))
    return Calibration(width, height, str(model), d, k, r, p)


def _pixels(content: Mapping, name: str) -> int:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 65536:
        raise ValueError(f"'{name}' must be a number of pixels, it is {value!r}")
    return int(value)


def _numbers(
    content: Mapping, name: str, count: int | None, default: tuple[float, ...] | None = None,
) -> tuple[float, ...]:
    entry = content.get(name)
    if entry is None and default is not None:
        return default
    values = entry.get('data') if isinstance(entry, Mapping) else entry
    if not isinstance(values, list):
        raise ValueError(f"'{name}' is missing or has no 'data'")
    found = tuple(float(v) for v in values)
    if count is not None and len(found) != count:
        raise ValueError(f"'{name}' has {len(found)} numbers and needs {count}")
    if not np.isfinite(found).all():
        raise ValueError(f"'{name}' has numbers that are not finite")
    return found
