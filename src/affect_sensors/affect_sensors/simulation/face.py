# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Face of the simulated wearer: a shaded grey head whose features move as action units do.

Lip corners rise with valence (AU 12, with it the cheeks, AU 6) and fall without (AU 15), brows
rise with arousal (AU 1+2), lower when it is unpleasant (AU 4) and their inner ends rise when it is
so without arousal (AU 1, as in sadness), lids open with arousal (AU 5)
(Ekman & Friesen, FACS 1978; mapping to valence and arousal after Russell 1980). The still head is
a height field under a lamp; brows, cheeks and jaw move by warping it, eyes and lips are drawn
anew. Proportions are near those of people (Farkas, Anthropometry of the Head and Face, 1994), so
that face trackers take it for a face. It is a drawing, not a person.
"""

from dataclasses import dataclass

import cv2
import numpy as np

WIDTH, HEIGHT = 320, 240
_MIDDLE = 160.0
_EYE = np.array([30.0, 106.0])  # from the middle to the side, and row
_EYE_HALF = 15.0
_BROW_ROW = 90.0
_NOSE_ROW = 150.0
_MOUTH_ROW = 173.0
_MOUTH_HALF = 24.0
_CHIN_ROW = 214.0
_NO_MOVE_PX, _NO_FOLD = 0.02, 0.001
"""What is less, nobody sees."""
_LID_X = np.linspace(-1.0, 1.0, 17)
_LID_ARCH = 1.0 - _LID_X ** 2
_LIP_X = np.linspace(-1.0, 1.0, 25)
_LIP_ARCH = 1.0 - _LIP_X ** 2
_LIP_BEND = np.abs(_LIP_X) ** 1.8
_LIP_BOW = 1.2 * np.exp(-(_LIP_X / 0.12) ** 2) - 0.5
_SHIFT = 4
"""Sub-pixel bits of OpenCV's drawing functions."""

# What can move lies in here: columns, rows.
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 244, 60, 240


@dataclass(frozen=True)
class FaceShape:
    """What moves in a face; [0, 1] unless said otherwise."""

    smile: float = 0.0
    """[-1, 1]: lip corners down to up."""
    brow_raise: float = 0.0
    brow_lower: float = 0.0
    brow_inner: float = 0.0
    """How far the inner ends of the brows are up."""
    openness: float = 1.0
    jaw_open: float = 0.0
    azimuth_deg: float = 0.0
    elevation_deg: float = 0.0


def face_shape(
    valence: float, arousal: float, *, openness: float = 1.0, speaking: float = 0.0,
    azimuth_deg: float = 0.0, elevation_deg: float = 0.0,
) -> FaceShape:
    """Return the face that shows an affect."""
    displeased = max(-valence, 0.0)
    return FaceShape(
        smile=float(np.clip(valence, -1.0, 1.0)),
        brow_raise=float(np.clip(arousal, 0.0, 1.0) * (1.0 - 0.5 * displeased)),
        brow_lower=float(np.clip(displeased * 0.5 * (1.0 + arousal), 0.0, 1.0)),
        brow_inner=float(np.clip(-displeased * arousal, 0.0, 1.0)),
        openness=openness,
        jaw_open=float(np.clip(0.6 * speaking + 0.25 * max(arousal, 0.0), 0.0, 1.0)),
        azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)


class FaceRenderer:
    """Draws grey faces of 240 x 320; build, skin, hair and light depend on the seed."""

    def __init__(self, seed: int) -> None:
        rng = np.random.Generator(np.random.PCG64([seed & (1 << 64) - 1, 7]))
        self._skin = float(rng.uniform(150.0, 195.0))
        self._iris = float(rng.uniform(45.0, 90.0))
        self._lip = float(rng.uniform(0.60, 0.72))
        self._still = _still_head(rng, self._skin)
        self._folds = {name: _cropped(fold, _NO_FOLD) for name, fold in _folds().items()}
        self._moves = {name: _cropped(move, _NO_MOVE_PX) for name, move in _moves().items()}
        y, x = np.mgrid[_TOP:_BOTTOM, _LEFT:_RIGHT].astype(np.float32)
        self._here = np.stack([x, y])
        self._grain = rng.normal(0.0, 2.0, (HEIGHT + 64, WIDTH + 64)).astype(np.int8)

    def draw(self, shape: FaceShape, frame: int = 0) -> np.ndarray:
        """Return the image, uint8 [240, 320]; ``frame`` picks the sensor noise."""
        image = self._still.copy()
        image[_TOP:_BOTTOM, _LEFT:_RIGHT] = self._skin_moved(shape)
        for side in (-1, 1):
            self._eye(image, side, shape)
        self._mouth(image, shape)
        soft = image[_TOP:_BOTTOM, _LEFT:_RIGHT]
        cv2.GaussianBlur(soft, (3, 3), 0.7, dst=soft)
        dy, dx = frame * 37 % 64, frame * 23 % 64
        return cv2.add(
            image, self._grain[dy:dy + HEIGHT, dx:dx + WIDTH], dtype=cv2.CV_8U)

    def _skin_moved(self, shape: FaceShape) -> np.ndarray:
        amounts = {
            'brow_raise': shape.brow_raise, 'brow_lower': shape.brow_lower,
            'brow_inner': shape.brow_inner,
            'smile': max(shape.smile, 0.0), 'frown': max(-shape.smile, 0.0),
            'jaw_open': shape.jaw_open}
        source = self._here.copy()
        shade = np.ones(source.shape[1:], np.float32)
        for name, amount in amounts.items():
            if amount > 0.0:
                where, move = self._moves[name]
                source[:, *where] -= np.float32(amount) * move
                if name in self._folds:
                    where, fold = self._folds[name]
                    shade[where] -= np.float32(amount) * fold
        moved = cv2.remap(
            self._still, source[0], source[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return cv2.multiply(moved, shade, dtype=cv2.CV_8U)

    def _eye(self, image: np.ndarray, side: int, shape: FaceShape) -> None:
        centre = np.array([_MIDDLE + side * _EYE[0], _EYE[1]])
        opening = 6.6 * float(np.clip(shape.openness, 0.0, 1.4))
        # A raised cheek pushes the lower lid up.
        below = 0.5 * opening * (1.0 - 0.4 * max(shape.smile, 0.0))
        x = _LID_X
        arch = _LID_ARCH * (1.0 - 0.15 * side * x)
        # The outer corner is a little higher; a shut lid sags to where the lower one is.
        corners = centre[1] + 0.8 - 0.5 * side * x
        sag = 2.2 * (1.0 - min(shape.openness, 1.0)) * _LID_ARCH
        columns = centre[0] + _EYE_HALF * x
        upper = _points(columns, corners - opening * arch + sag)
        lower = _points(columns, corners + np.maximum(below * arch, sag))
        outline = np.concatenate([upper, lower[::-1]])
        if opening > 0.8:
            x0, y0 = (int(v) for v in centre - (20, 14))
            patch = image[y0:y0 + 28, x0:x0 + 40]
            opened = patch.copy()
            self._fill(opened, outline - (x0, y0), 0.5 * (205.0 + self._skin))
            # Seen from the front: the wearer's left is the image's right.
            pupil = centre - (x0, y0) + (
                0.24 * shape.azimuth_deg, -0.2 * shape.elevation_deg - 0.8)
            self._disc(opened, pupil, 6.2, 0.6 * self._iris)
            self._disc(opened, pupil, 5.3, self._iris)
            self._disc(opened, pupil, 2.7, 12)
            self._disc(opened, pupil + np.array([1.8, -1.8]), 1.0, 245)
            # The upper lid shades the ball.
            self._line(opened, upper - (x0, y0) + (0.0, 1.5), 0.5 * self._skin, 2)
            mask = np.zeros(patch.shape, np.uint8)
            self._fill(mask, outline - (x0, y0), 255)
            cv2.copyTo(opened, mask, patch)
        crease = upper[2:-2] - (0.0, 2.5 + 0.25 * opening)
        self._line(image, crease, 0.68 * self._skin, 1)
        self._line(image, lower, 0.62 * self._skin, 1)
        self._line(image, upper, 46, 2)

    def _mouth(self, image: np.ndarray, shape: FaceShape) -> None:
        smile, frown = max(shape.smile, 0.0), max(-shape.smile, 0.0)
        arch = _LIP_ARCH
        half = _MOUTH_HALF + 8.5 * smile + 1.0 * frown - 3.0 * shape.jaw_open
        bend = _LIP_BEND
        drop = 22.0 * shape.jaw_open
        # Open, the corners hang between the lips.
        row = _MOUTH_ROW - 10.0 * smile * bend + 5.5 * frown * bend + 2.0 * smile
        row = row + 0.45 * drop * bend
        thick = 1.0 - 0.25 * smile - 0.15 * frown
        inner_top = row - 0.5 * smile * arch
        inner_bottom = row - 0.5 * smile * arch + drop * arch
        top = inner_top - 6.5 * thick * arch ** 0.6 + _LIP_BOW * arch
        bottom = inner_bottom + 8.5 * thick * arch ** 0.7
        columns = _MIDDLE + half * _LIP_X

        def curve(rows: np.ndarray) -> np.ndarray:
            return _points(columns, rows)

        self._fill(image, np.concatenate([curve(bottom + 2.5 * arch), curve(bottom)[::-1]]),
                   0.84 * self._skin)
        self._fill(image, np.concatenate([curve(top), curve(inner_top + 1.0)[::-1]]),
                   0.92 * self._lip * self._skin)
        self._fill(image, np.concatenate([curve(inner_bottom - 0.5), curve(bottom)[::-1]]),
                   1.08 * self._lip * self._skin)
        if drop > 1.0:
            cavity = np.concatenate([curve(inner_top), curve(inner_bottom)[::-1]])
            self._fill(image, cavity, 28)
            teeth = np.minimum(inner_top + 5.0, inner_bottom - 0.5)
            inner = slice(6, -6)
            self._fill(image, np.concatenate(
                [curve(inner_top + 0.5)[inner], curve(teeth)[inner][::-1]]), 0.8 * self._skin)
        self._line(image, curve(inner_top), 0.3 * self._skin, 2 if drop <= 1.0 else 1)

    @staticmethod
    def _fill(image: np.ndarray, points: np.ndarray, grey: float) -> None:
        cv2.fillPoly(
            image, [np.round(points * 2 ** _SHIFT).astype(np.int32)], grey, cv2.LINE_AA, _SHIFT)

    @staticmethod
    def _line(image: np.ndarray, points: np.ndarray, grey: float, thickness: int) -> None:
        cv2.polylines(
            image, [np.round(points * 2 ** _SHIFT).astype(np.int32)], False, grey, thickness,
            cv2.LINE_AA, _SHIFT)

    @staticmethod
    def _disc(image: np.ndarray, centre: np.ndarray, radius: float, grey: float) -> None:
        x, y = (round(float(v) * 2 ** _SHIFT) for v in centre)
        cv2.circle(
            image, (x, y), round(radius * 2 ** _SHIFT), grey, -1, cv2.LINE_AA, _SHIFT)


def _points(columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return places in the image, [N, 2]."""
    out = np.empty((len(columns), 2))
    out[:, 0], out[:, 1] = columns, rows
    return out


def _cropped(
    values: np.ndarray, less_than: float,
) -> tuple[tuple[slice, slice], np.ndarray]:
    """Return where in its last two axes an array is not about zero, and what is there."""
    matters = np.abs(values) >= less_than
    if values.ndim == 3:
        matters = matters.any(axis=0)
    rows, columns = (np.flatnonzero(matters.any(axis=axis)) for axis in (1, 0))
    where = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    return where, np.ascontiguousarray(values[..., *where])


def _blob(
    x: np.ndarray, y: np.ndarray, column: float, row: float, wide: float, high: float,
) -> np.ndarray:
    return np.exp(-((x - column) / wide) ** 2 - ((y - row) / high) ** 2)


def _step(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """Rise smoothly from 0 at ``low`` to 1 at ``high``."""
    share = np.clip((value - low) / (high - low), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def _still_head(rng: np.random.Generator, skin: float) -> np.ndarray:
    """Return head, hair and background without eyes and lips, uint8 [240, 320]."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    u = x - _MIDDLE
    build = float(rng.uniform(0.96, 1.04))
    lamp = np.array([rng.uniform(-0.35, 0.35), -0.45, 1.0])
    lamp /= np.linalg.norm(lamp)
    background = np.full((HEIGHT, WIDTH), 72.0, np.float32) + 0.1 * x
    background += cv2.GaussianBlur(
        rng.normal(0.0, 60.0, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 7.0)

    # From the temples to the chin the head narrows.
    narrow = 1.0 - 0.20 * _step(y, 130.0, _CHIN_ROW + 8.0) ** 1.3
    round_ = (u / (70.0 * build * narrow)) ** 2 + ((y - 122.0) / 95.0) ** 2
    height = 62.0 * np.sqrt(np.clip(1.0 - round_, 0.0, 1.0))
    ridge = _step(y, 96.0, _NOSE_ROW - 8.0) * (1.0 - _step(y, _NOSE_ROW - 6.0, _NOSE_ROW + 3.0))
    height += 15.0 * ridge * np.exp(-(u / (6.0 + 5.0 * _step(y, 115.0, 145.0))) ** 2)
    for side in (-1.0, 1.0):
        height += 4.0 * _blob(u, y, side * 9.0, _NOSE_ROW - 5.0, 5.0, 5.0)
        height += 3.0 * _blob(u, y, side * 28.0, _BROW_ROW + 1.0, 18.0, 6.0)
        height -= 7.0 * _blob(u, y, side * _EYE[0], _EYE[1] - 1.0, 17.0, 9.0)
        height += 3.0 * _blob(u, y, side * _EYE[0], _EYE[1], 12.0, 7.0)
        height += 5.0 * _blob(u, y, side * 36.0, 140.0, 20.0, 16.0)
    height += 3.0 * _blob(u, y, 0.0, _MOUTH_ROW - 4.0, 22.0, 9.0)
    height -= 3.5 * _blob(u, y, 0.0, _MOUTH_ROW + 16.0, 20.0, 5.0)
    height += 5.0 * _blob(u, y, 0.0, _CHIN_ROW - 12.0, 18.0, 11.0)
    down, across = np.gradient(cv2.GaussianBlur(height, (0, 0), 1.5))
    light = (-across * lamp[0] - down * lamp[1] + lamp[2]) / np.sqrt(across ** 2 + down ** 2 + 1.0)
    face = skin * (0.42 + 0.68 * np.clip(light, 0.0, 1.0))
    face *= 1.0 - 0.16 * _blob(u, y, 0.0, _MOUTH_ROW + 15.0, 16.0, 3.5)
    face *= 1.0 - 0.18 * _blob(u, y, 0.0, _NOSE_ROW + 4.0, 11.0, 3.0)
    for side in (-1.0, 1.0):
        face *= 1.0 - 0.55 * _blob(u, y, side * 6.5, _NOSE_ROW, 3.5, 2.2)
        face *= 1.0 - 0.12 * _blob(u, y, side * 16.0, _EYE[1] + 1.0, 5.0, 10.0)
        face *= 1.0 - 0.10 * _blob(u, y, side * _EYE[0], _EYE[1] + 10.0, 14.0, 4.0)
    _paint_brows(face, rng)

    image = background
    neck = _step(-np.abs(u), -36.0, -31.0) * _step(y, 185.0, 195.0)
    shoulders = _step(y - 226.0 - 0.0016 * u ** 2, -2.0, 2.0)
    image = image + neck * (skin * (0.42 + 0.1 * lamp[2]) - image)
    image = image + shoulders * (55.0 - image)
    for side in (-1.0, 1.0):
        ear = _step(-((u - side * 71.0 * build) / 9.0) ** 2 - ((y - 116.0) / 19.0) ** 2,
                    -1.15, -0.85)
        image = image + ear * (0.72 * skin - image)
    head = _step(-round_, -1.02, -0.97)
    image = image * (1.0 - head) + face * head
    dark = float(rng.uniform(28.0, 60.0))
    strands = cv2.GaussianBlur(
        rng.normal(0.0, 40.0, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.2, sigmaY=7.0)
    cap = _step(-(u / (79.0 * build)) ** 2 - ((y - 106.0) / 98.0) ** 2, -1.03, -0.97)
    hairline = _step(y - 58.0 - 0.012 * u ** 2 + 30.0 * _step(np.abs(u), 58.0, 74.0), -4.0, 3.0)
    hair = cap * (1.0 - hairline) * _step(-y, -150.0, -130.0)
    image = image * (1.0 - hair) + (dark + strands) * hair
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.8), 0.0, 255.0).astype(np.uint8)


def _paint_brows(face: np.ndarray, rng: np.random.Generator) -> None:
    """Draw the hairs of both brows into a float image."""
    strength = float(rng.uniform(3.0, 4.2))
    layer = np.zeros(face.shape, np.uint8)
    for side in (-1.0, 1.0):
        for along in np.linspace(0.0, 1.0, 60):
            thick = strength * (0.35 + 0.65 * np.sin(np.pi * min(0.25 + 0.75 * along, 1.0)))
            column = _MIDDLE + side * (12.0 + 36.0 * along)
            row = _BROW_ROW + 1.5 - 5.0 * np.sin(np.pi * 0.62 * along) + 3.0 * along ** 3
            lean = side * (1.0 + 3.0 * along)
            ends = np.array([[column, row + 0.6 * thick], [column + lean, row - 0.6 * thick]])
            ends += rng.normal(0.0, 0.3, (2, 2))
            (x0, y0), (x1, y1) = np.round(ends * 2 ** _SHIFT).astype(int).tolist()
            cv2.line(layer, (x0, y0), (x1, y1), 190, 1, cv2.LINE_AA, _SHIFT)
    face *= 1.0 - 0.8 * cv2.GaussianBlur(layer, (0, 0), 0.8).astype(np.float32) / 255.0


def _moves() -> dict[str, np.ndarray]:
    """Return where the skin goes at full strength, pixels float32 [2, H, W] by what moves it."""
    y, x = np.mgrid[_TOP:_BOTTOM, _LEFT:_RIGHT].astype(np.float32)
    u = x - _MIDDLE
    still = np.zeros_like(u)
    brow = _blob(np.abs(u), y, 30.0, _BROW_ROW - 4.0, 26.0, 12.0)
    inner = _blob(np.abs(u), y, 15.0, _BROW_ROW, 18.0, 11.0)
    corner = _blob(np.abs(u), y, _MOUTH_HALF + 3.0, _MOUTH_ROW, 16.0, 13.0)
    cheek = _blob(np.abs(u), y, 36.0, 146.0, 20.0, 18.0)
    jaw = _step(y, _MOUTH_ROW - 4.0, _MOUTH_ROW + 26.0) * (
        1.0 - _step(y, _CHIN_ROW + 2.0, _CHIN_ROW + 26.0)) * (1.0 - _step(np.abs(u), 50.0, 74.0))
    side = np.sign(u)
    return {
        'brow_raise': np.stack([still, -11.0 * brow]),
        'brow_lower': np.stack([-5.0 * side * inner, 13.0 * inner]),
        'brow_inner': np.stack([-1.5 * side * inner, -8.0 * inner]),
        'smile': np.stack([7.0 * side * corner, -8.0 * corner - 5.0 * cheek]),
        'frown': np.stack([1.0 * side * corner, 7.0 * corner]),
        'jaw_open': np.stack([still, 17.0 * jaw]),
    }


def _folds() -> dict[str, np.ndarray]:
    """Return how much darker skin gets where it folds, shares float32 [H, W]."""
    y, x = np.mgrid[_TOP:_BOTTOM, _LEFT:_RIGHT].astype(np.float32)
    u = np.abs(x - _MIDDLE)
    # From the wing of the nose past the corner of the mouth.
    fold = np.exp(-((u - 17.0 - 0.6 * (y - _NOSE_ROW)) / 4.0) ** 2) * _step(
        y, _NOSE_ROW - 6.0, _NOSE_ROW + 4.0) * (1.0 - _step(y, _MOUTH_ROW - 8.0, _MOUTH_ROW + 8.0))
    frown = np.exp(-((u - 4.0) / 2.5) ** 2) * _step(y, 78.0, 84.0) * (1.0 - _step(y, 94.0, 102.0))
    lines = sum(np.exp(-((y - row) / 1.6) ** 2) for row in (68.0, 74.0)) * (
        1.0 - _step(u, 26.0, 44.0))
    return {'smile': 0.24 * fold, 'brow_lower': 0.14 * frown, 'brow_raise': 0.10 * lines}
