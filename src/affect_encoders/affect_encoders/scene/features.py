# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What the wearer sees, from the world camera: light, colour, and how the picture flows; no ROS.

Pictures are 8 bit sRGB (IEC 61966-2-1), as cameras give them. A camera that sets its exposure by
itself takes most of the light's changes away before we see them: `luminance` is relative to what
the camera makes white, and absolute only at fixed exposure.
"""

from dataclasses import dataclass

from affect_encoders.encoder import FeatureSpec
import cv2
import numpy as np

WINDOW_S = 2.0

FEATURES = (
    FeatureSpec('luminance', '1', 0.0, 1.0),
    FeatureSpec('luminance_sd', '1', 0.0, 0.5),
    FeatureSpec('contrast', '1', 0.0, 0.5),
    FeatureSpec('brightness', '1', 0.0, 1.0),
    FeatureSpec('saturation', '1', 0.0, 1.4),
    FeatureSpec('colourfulness', '1', 0.0, 250.0),
    FeatureSpec('flow_speed', 'deg/s', 0.0),
    FeatureSpec('flow_less_rotation', 'deg/s', 0.0),
    FeatureSpec('looming', '1/s'),
    FeatureSpec('looming_max', '1/s'),
)
"""
`luminance` is that of the newest picture: the mean of linearised sRGB with Rec. 709 weights.
The rest are means over the last WINDOW_S; `luminance_sd` is the standard deviation over it and
`looming_max` the greatest value, over it and over the parts of the picture: what comes at one.

`contrast` is the standard deviation of luminance over the picture (RMS contrast, Peli 1990),
`brightness` the mean CIE L* / 100, `saturation` the mean CIE chroma C*ab / 100, `colourfulness` as
Hasler & Suesstrunk 2003 (0 none, 59 quite, 109 extremely). `flow_less_rotation` is what the head's
turning does not explain: the wearer's own translation and what moves. `looming` is the relative
rate of expansion, half the divergence: the inverse of the time to contact (Lee 1976); negative
when things recede. What comes at one is seen when it covers about a sixth of the picture's
width: three points of the grid.
"""

MOST_SIDE = 640
"""Pictures longer than that are thinned out to it first."""

WORKING_SIDE = 160
DARK, BRIGHT = 8, 250
"""Grey levels at or beyond which a pixel is taken for clipped."""

FULL_EXPOSURE = 0.5
"""Share of pixels that must not be clipped for a picture to count fully."""

EMPTY_ROWS = 0.04

_LEVELS = np.arange(256) / 255.0
LINEAR = np.where(
    _LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""Linear intensity of each 8 bit sRGB level (IEC 61966-2-1)."""

LUMINANCE_OF_BGR = np.array([0.0722, 0.7152, 0.2126])
"""Rec. 709 weights of blue, green and red."""

_GRID = (16, 12)
_WINDOW_PX = 9
_LEVELS_OF_PYRAMID = 3
_LEAST_TEXTURE = 2e-4
_LONGEST_RETURN_PX = 0.7
LEAST_TRACKS = 8
LEAST_TRACKED = 0.5
_LEAST_NEIGHBOURS = 7
_LEAST_EXPLAINED = 0.8


@dataclass(frozen=True)
class PictureLook:
    """
    One picture, digested. Colour features are NaN for a grey one.

    ``grey`` uint8 [h, w], the working picture; ``clipped`` share of pixels too dark or too bright
    to tell; ``empty`` share of rows at the bottom that hold one single value.
    """

    stamp_s: float
    luminance: float
    contrast: float
    brightness: float
    saturation: float
    colourfulness: float
    clipped: float
    is_dark: bool
    empty: float
    grey: np.ndarray


@dataclass(frozen=True)
class Tracks:
    """
    Points followed from one picture to the next.

    ``start``, ``end`` [N, 2] in pixels from the middle of the working picture divided by its
    width; ``cell`` [N] which point of the grid it is, row by row; ``found`` share of the textured
    points that could be followed there and back.
    """

    start: np.ndarray
    end: np.ndarray
    cell: np.ndarray
    found: float
    step_s: float


@dataclass(frozen=True)
class Flow:
    """
    Mean angular speed as seen and less head rotation (deg/s), relative expansion (1/s).

    ``looming`` is that of the whole picture, ``local_looming`` the greatest of any part of it.
    """

    speed: float
    less_rotation: float
    looming: float
    local_looming: float


def look_at(image: np.ndarray, stamp_s: float) -> PictureLook:
    """
    Digest a picture, uint8 [H, W] grey or [H, W, 3] in the order blue, green, red.

    :raises ValueError: another type or shape, or fewer than 16 pixels on a side
    """
    picture = np.asarray(image)
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or (
            picture.ndim == 3 and picture.shape[2] != 3):
        raise ValueError(f'picture of {picture.dtype} {list(picture.shape)}: give uint8 [H, W] or '
                         '[H, W, 3]')
    if min(picture.shape[:2]) < 16:
        raise ValueError(f'picture of {list(picture.shape[:2])} pixels: give at least 16 x 16')
    every = -(-max(picture.shape[:2]) // MOST_SIDE)
    picture = np.ascontiguousarray(picture[::every, ::every])
    if picture.ndim == 3 and _is_grey(picture):
        picture = np.ascontiguousarray(picture[..., 0])
    small = _working(picture)
    return _look_at_grey(picture, small, stamp_s) if picture.ndim == 2 else _look_at_colour(
        picture, small, stamp_s)


def track(before: PictureLook, after: PictureLook) -> Tracks:
    """
    Follow a grid of points (pyramidal Lucas & Kanade 1981; Bouguet 2000), there and back.

    Points without texture are left out; those that do not come back to where they began are lost.

    :raises ValueError: the working pictures differ in size
    """
    if before.grey.shape != after.grey.shape:
        raise ValueError(f'pictures of {before.grey.shape} and {after.grey.shape} pixels')
    height, width = after.grey.shape
    x, y = np.meshgrid(*((np.arange(n) + 0.5) / n * side - 0.5
                         for n, side in zip(_GRID, (width, height), strict=True)))
    points = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)[:, None]
    ends, textured = _follow(before.grey, after.grey, points)
    step_s = after.stamp_s - before.stamp_s
    if not textured.any():
        none = np.empty((0, 2))
        return Tracks(none, none, np.empty(0, dtype=np.int64), float('nan'), step_s)
    starts, ends = points[textured], ends[textured]
    back, is_back = _follow(after.grey, before.grey, ends)
    inside = (ends[:, 0] >= 0.0).all(axis=1) & (ends[:, 0] <= (width - 1, height - 1)).all(axis=1)
    returned = is_back & (np.linalg.norm(back - starts, axis=2)[:, 0] < _LONGEST_RETURN_PX)
    # A point that leaves the picture is no sign that the pictures do not belong together.
    found = float(np.mean(returned[inside])) if inside.any() else float('nan')
    kept = inside & returned
    middle = (0.5 * (width - 1), 0.5 * (height - 1))
    return Tracks(
        (starts[kept, 0] - middle) / width, (ends[kept, 0] - middle) / width,
        np.flatnonzero(textured)[kept],
        found if textured.sum() >= LEAST_TRACKS else float('nan'), step_s)


def _follow(
        one: np.ndarray, other: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where points [N, 1, 2] of one picture are in the other, and which have texture."""
    ends, status, _ = cv2.calcOpticalFlowPyrLK(
        one, other, points, None, winSize=(_WINDOW_PX, _WINDOW_PX),  # type: ignore[call-overload]
        maxLevel=_LEVELS_OF_PYRAMID, minEigThreshold=_LEAST_TEXTURE)
    return ends, status[:, 0] > 0


def flow(tracks: Tracks, focal: float, rotation: np.ndarray | None) -> Flow:
    """
    Return what tracks say about motion; NaN where too few points were followed.

    :param focal: focal length divided by the width of the picture
    :param rotation: matrix from the camera's axes after to those before (x the way it looks, y
        left, z up); None: unknown
    """
    nan = float('nan')
    if len(tracks.start) < LEAST_TRACKS:
        return Flow(nan, nan, nan, nan)
    start, end = (_rays(points, focal) for points in (tracks.start, tracks.end))
    seen = np.degrees(_angle(start, end)).mean() / tracks.step_s
    # Rows: ray_before = R ray_after; what stands still ends where it began.
    end = end @ (_turning(start, end) if rotation is None else rotation).T
    less_rotation = nan
    if rotation is not None:
        less_rotation = float(np.degrees(_angle(start, end)).mean() / tracks.step_s)
    before, after = (-rays[:, 1:] / rays[:, :1] for rays in (start, end))
    whole = _expansion(before, after)
    greatest = max(whole, _local_expansion(before, after, tracks.cell))
    return Flow(float(seen), less_rotation, whole / tracks.step_s, greatest / tracks.step_s)


def _turning(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """
    Return the rotation [3, 3] that best takes rays [N, 3] back to where they began (Kabsch 1976).

    It contains sideways motion too, so it is good for `looming` but for no speed.
    """
    u, _, v = np.linalg.svd(start.T @ end)
    return u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v))]) @ v


def _expansion(before: np.ndarray, after: np.ndarray) -> float:
    """
    Return the logarithm of the growth from points [N, 2] to [N, 2] on the image plane.

    Least squares of shift, turning about three axes and growth, once more without outliers.
    """
    x, y = before.T
    one, zero = np.ones_like(x), np.zeros_like(x)
    rows_x = np.stack([x, one, zero, -y, 1.0 + x * x, x * y], axis=1)
    rows_y = np.stack([y, zero, one, x, x * y, 1.0 + y * y], axis=1)
    moved = after - before
    kept = np.ones(len(x), dtype=bool)
    for _ in range(2):
        rows = np.concatenate([rows_x[kept], rows_y[kept]])
        growth, *others = np.linalg.lstsq(rows, moved[kept].T.ravel(), rcond=1e-4)[0]
        coefficients = np.array([growth, *others])
        error = np.hypot(rows_x @ coefficients - moved[:, 0], rows_y @ coefficients - moved[:, 1])
        kept = error <= 2.5 * np.median(error) + 1e-4
    return float(np.log(max(1.0 + growth, 1e-2)))


def _local_expansion(before: np.ndarray, after: np.ndarray, cell: np.ndarray) -> float:
    """
    Return the logarithm of the greatest growth among neighbourhoods of 3 x 3 grid points.

    One that does not explain how its points move apart (an edge in depth, a point that was lost)
    does not count; 0 where none does.
    """
    grid = np.full((2, 2, _GRID[0] * _GRID[1]), np.nan)
    grid[0][:, cell], grid[1][:, cell] = before.T, (after - before).T
    parts = np.lib.stride_tricks.sliding_window_view(
        grid.reshape(2, 2, _GRID[1], _GRID[0]), (3, 3), axis=(2, 3))
    # [place or motion, x or y, neighbourhoods, points]
    parts = parts.reshape(2, 2, -1, 9)
    parts = parts[:, :, np.isfinite(parts[0, 0]).sum(axis=1) >= _LEAST_NEIGHBOURS]
    if parts.shape[2] == 0:
        return 0.0
    parts = parts - np.nanmean(parts, axis=3, keepdims=True)
    place, motion = np.nan_to_num(parts)
    growth = (place * motion).sum(axis=(0, 2)) / (place ** 2).sum(axis=(0, 2))
    explained = growth ** 2 * (place ** 2).sum(axis=(0, 2))
    counts = (growth > 0.0) & (explained > _LEAST_EXPLAINED * (motion ** 2).sum(axis=(0, 2)))
    return float(np.log1p(growth[counts].max())) if counts.any() else 0.0


def _rays(points: np.ndarray, focal: float) -> np.ndarray:
    """Return unit rays [N, 3] (x ahead, y left, z up) of points [N, 2] (right, down) in widths."""
    rays = np.stack([np.full(len(points), focal), -points[:, 0], -points[:, 1]], axis=1)
    return rays / np.linalg.norm(rays, axis=1)[:, None]


def _angle(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return 2.0 * np.arcsin(np.clip(0.5 * np.linalg.norm(one - other, axis=1), 0.0, 1.0))


def _working(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[:2]
    scale = WORKING_SIDE / max(width, height)
    if scale >= 1.0:
        return picture
    size = max(16, round(width * scale)), max(16, round(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def _is_grey(picture: np.ndarray) -> bool:
    """Return whether the channels are equal everywhere: a grey camera's picture in colour."""
    sample = picture[::4, ::4]
    if not (np.array_equal(sample[..., 0], sample[..., 1])
            and np.array_equal(sample[..., 0], sample[..., 2])):
        return False
    return bool(np.array_equal(picture[..., 0], picture[..., 1])
                and np.array_equal(picture[..., 0], picture[..., 2]))


def _histogram(channel: int, picture: np.ndarray) -> np.ndarray:
    """Return the share of pixels at each of the 256 levels of a channel."""
    counts = cv2.calcHist([picture], [channel], None, [256], [0, 256])[:, 0]
    return counts / counts.sum()


def _look_at_grey(picture: np.ndarray, small: np.ndarray, stamp_s: float) -> PictureLook:
    nan = float('nan')
    share = _histogram(0, picture)
    small_share = _histogram(0, small)
    luminance = float(share @ LINEAR)
    small_mean = float(small_share @ LINEAR)
    return PictureLook(
        stamp_s=stamp_s, luminance=min(luminance, 1.0),
        contrast=float(np.sqrt(small_share @ (LINEAR - small_mean) ** 2)),
        brightness=float(share @ _lightness(LINEAR)), saturation=nan, colourfulness=nan,
        clipped=_clipped(share), is_dark=_is_dark(share), empty=_empty_rows(picture), grey=small)


def _look_at_colour(picture: np.ndarray, small: np.ndarray, stamp_s: float) -> PictureLook:
    # Luminance is linear in the channels, so three histograms give its mean exactly.
    shares = [_histogram(channel, picture) for channel in range(3)]
    luminance = float(sum(
        weight * (share @ LINEAR) for weight, share in zip(LUMINANCE_OF_BGR, shares, strict=True)))
    linear = cv2.LUT(small, LINEAR)
    per_pixel = linear.reshape(-1, 3) @ LUMINANCE_OF_BGR.astype(np.float32)
    # Means over colours need no more pixels than these.
    few = np.ascontiguousarray(small[::2, ::2])
    lab = cv2.cvtColor(few, cv2.COLOR_BGR2LAB).reshape(-1, 3)
    chroma = lab[:, 1:].astype(np.float32) - 128.0
    green = _histogram(0, cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    return PictureLook(
        stamp_s=stamp_s, luminance=min(luminance, 1.0), contrast=float(per_pixel.std()),
        brightness=float(lab[:, 0].mean()) / 255.0,
        saturation=float(np.hypot(chroma[:, 0], chroma[:, 1]).mean()) / 100.0,
        colourfulness=_colourfulness(few), clipped=_clipped(green), is_dark=_is_dark(green),
        empty=_empty_rows(picture), grey=cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))


def _colourfulness(picture: np.ndarray) -> float:
    """Return M3 of Hasler & Suesstrunk (2003) of a picture [H, W, 3] (BGR, 0 to 255)."""
    blue, green, red = picture.reshape(-1, 3).astype(np.float32).T
    red_green = red - green
    yellow_blue = 0.5 * (red + green) - blue
    return float(np.hypot(red_green.std(), yellow_blue.std())
                 + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def _lightness(luminance: np.ndarray) -> np.ndarray:
    """Return CIE L* / 100 of relative luminance (CIE 15:2004)."""
    return np.where(
        luminance > 216.0 / 24389.0, 1.16 * np.cbrt(luminance) - 0.16,
        luminance * 24389.0 / 2700.0)


def _clipped(share: np.ndarray) -> float:
    return float(share[:DARK + 1].sum() + share[BRIGHT:].sum())


def _is_dark(share: np.ndarray) -> bool:
    return bool(share[:DARK + 1].sum() > share[BRIGHT:].sum())


def _empty_rows(picture: np.ndarray) -> float:
    """Return the share of rows, from the bottom, that repeat one value: a frame cut short."""
    height = picture.shape[0]
    empty = 0
    while empty < height and (picture[height - 1 - empty] == picture[-1, 0]).all():
        empty += 1
    return empty / height
