# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Pictures of what the sensors of the simulated wearer give, to be looked at.

    python -m affect_sensors.simulation.contact_sheet OUT_DIR [--seed 1]

writes face.png, eyes.png, world.png, cloud.png, voice.png and signals.png. Green lines are truth.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
import sys

from affect_sensors.simulation.affect_trajectory import AffectTrajectory
from affect_sensors.simulation.eye_image import EyeRenderer
from affect_sensors.simulation.eye_look import EyeLook
from affect_sensors.simulation.eye_truth import eye_truth
from affect_sensors.simulation.eye_truth import with_lid_cover
from affect_sensors.simulation.face import face_shape
from affect_sensors.simulation.face import FaceRenderer
from affect_sensors.simulation.geometry import rotation
from affect_sensors.simulation.scene import LoomingBall
from affect_sensors.simulation.voice import SimulatedVoice
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.simulation.world_image import WorldRenderer
from affect_sensors.sources.simulated_gaze import tracked_gaze
import cv2
import numpy as np

_GREEN = (0, 200, 0)
_EYE_SIZE = (320, 240)
_RATE_HZ = 16000
_PLOT = (1200, 120)


def faces(seed: int) -> np.ndarray:
    """Return the face of three people in six moods, speaking, and in a blink."""
    rows = []
    for person in range(seed, seed + 3):
        renderer = FaceRenderer(person)
        shapes = [
            ('neutral', face_shape(0.0, 0.0)), ('pleased', face_shape(0.8, 0.3)),
            ('sad', face_shape(-0.8, -0.4)), ('angry', face_shape(-0.8, 0.8)),
            ('surprised', face_shape(0.2, 1.0)), ('speaking', face_shape(0.0, 0.0, speaking=1.0)),
            ('blink', face_shape(0.0, 0.0, openness=0.0)),
            ('to the left', face_shape(0.0, 0.0, azimuth_deg=18.0))]
        rows.append(np.hstack([
            _titled(renderer.draw(shape, i), f'{person} {name}')
            for i, (name, shape) in enumerate(shapes)]))
    return np.vstack(rows)


def eyes(seed: int) -> np.ndarray:
    """Return three people's eyes under lids that cover more and more, and looking about."""
    rows = []
    for person in range(seed, seed + 3):
        side = 'left' if person % 2 else 'right'
        renderer, row = EyeRenderer(person, side, _EYE_SIZE), []
        for cover in (0.0, 0.3, 0.5, 1.0):
            look = with_lid_cover(EyeLook(4.0, 1.0, 4.0), cover, side, _EYE_SIZE)
            row.append(_eye(renderer, look, side, f'{person} {side} {100 * cover:.0f} % covered'))
        for azimuth, elevation, pupil in ((18.0, 0.0, 3.0), (-15.0, -10.0, 6.0)):
            look = EyeLook(azimuth, elevation, pupil)
            row.append(_eye(renderer, look, side, f'{azimuth:g} {elevation:g} deg {pupil:g} mm'))
        rows.append(np.hstack(row))
    return np.vstack(rows)


def worlds(seed: int) -> np.ndarray:
    """Return what three people see: dark and bright, drab and colourful, and what looms."""
    rows = []
    for person in range(seed, seed + 3):
        renderer = WorldRenderer(person)
        ahead = np.eye(3)
        rows.append(np.hstack([_titled(image, f'{person} {name}') for name, image in (
            ('5 cd/m2', renderer.draw(ahead, 5.0)), ('50 cd/m2', renderer.draw(ahead, 50.0)),
            ('250 cd/m2', renderer.draw(ahead, 250.0)),
            ('displeased', renderer.draw(ahead, 50.0, colourfulness=0.5)),
            ('pleased', renderer.draw(ahead, 50.0, colourfulness=1.5)),
            ('looking left, a ball', renderer.draw(
                rotation(0.0, 0.0, 0.3), 50.0, ball=LoomingBall(17.0, 3.0, 1.0, 0.2, 1.0, 0.1))),
        )]))
    return np.vstack(rows)


def clouds(seed: int) -> np.ndarray:
    """Return the depth camera's points, from the camera and from the side, at four times."""
    wearer, rows = SimulatedWearer(seed), []
    # Which coordinates are shown, and where their middle is.
    for axes, middle_m, name in (((0, 1), (0.0, 0.1), 'camera'), ((2, 1), (0.6, 0.1), 'side')):
        row = []
        for t in (0.0, 10.0, 20.0, 30.0):
            points = wearer.cloud(t, int(t))
            image = np.zeros((300, 300, 3), np.uint8)
            x, y = np.round(150.0 + 220.0 * (points[:, axes] - middle_m)).T
            near = np.clip(255.0 * (1.0 - points[:, 2] / 2.0), 40.0, 255.0)
            inside = (x >= 0) & (x < 300) & (y >= 0) & (y < 300)
            image[y[inside].astype(int), x[inside].astype(int)] = near[inside, None]
            row.append(_titled(image, f'{t:g} s from {name}'))
        rows.append(np.hstack(row))
    return np.vstack(rows)


def voices(seed: int) -> np.ndarray:
    """Return spectrograms up to 5 kHz of one person calm, neutral, excited and stressed."""
    rows = []
    for name, arousal, stress in (
            ('calm', -0.8, 0.0), ('neutral', 0.0, 0.0), ('excited', 0.8, 0.2),
            ('stressed', 0.3, 1.0)):
        point = {'at_s': 0.0, 'arousal': arousal, 'stress': stress}
        voice = SimulatedVoice(
            seed, AffectTrajectory(seed, {'duration_s': 8.0, 'points': [point]}))
        sound = voice.samples(0, 4 * _RATE_HZ)
        frames = np.lib.stride_tricks.sliding_window_view(sound, 512)[::53] * np.hanning(512)
        power = 10.0 * np.log10(np.abs(np.fft.rfft(frames)) ** 2 + 1e-9)[:, :160]
        image = np.clip((power + 40.0) * 3.2, 0.0, 255.0).astype(np.uint8).T[::-1]
        said = voice.utterance(0)
        rows.append(_titled(
            np.ascontiguousarray(image), f'{name}: {said.text if said else "(silence)"}'))
    return np.vstack(rows)


def signals(seed: int) -> np.ndarray:
    """Return half a minute of the other sensors, with what drives them."""
    wearer = SimulatedWearer(seed)
    t = np.arange(0.0, 30.0, 1.0 / 120.0)
    truth, seen = wearer.eyes.samples(0, len(t)), tracked_gaze(wearer)
    affect = wearer.affect.at(t)
    motion = wearer.head.samples(0, 6000)
    return np.vstack([
        _plot('valence (black), arousal, walking', [affect.valence, affect.arousal,
                                                    affect.walking]),
        _plot('azimuth, deg: tracker (black), truth', [
            seen.samples(0, len(t))['azimuth_deg'], truth['azimuth_deg']]),
        _plot('openness', [truth['openness']]),
        _plot('pupil, mm', [truth['left_pupil_mm']]),
        _plot('log luminance', [np.log(wearer.scene.luminance_cd_m2(t))]),
        _plot('angular velocity, rad/s (pitch black, yaw)', [motion[:, 1], motion[:, 2]]),
        _plot('specific force up, m/s2', [motion[:, 5]]),
        _plot('BVP', [wearer.wrist.bvp(0, 1920)]),
        _plot('EDA, uS', [wearer.wrist.eda(0, 120)])])


def _eye(renderer: EyeRenderer, look: EyeLook, side: str, title: str) -> np.ndarray:
    truth = eye_truth(look, side, _EYE_SIZE)
    image = _titled(renderer.draw(look), title)
    if not truth.is_closed:
        cv2.ellipse(image, (
            truth.centre_px, (truth.longer_axis_px, truth.shorter_axis_px), truth.angle_deg),
            _GREEN, 1, cv2.LINE_AA)
    return image


def _titled(image: np.ndarray, title: str) -> np.ndarray:
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    for colour, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(image, title, (5, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, colour, width,
                    cv2.LINE_AA)
    return image


def _plot(title: str, curves: Iterable[np.ndarray]) -> np.ndarray:
    """Return curves over time in one picture, to one scale."""
    width, height = _PLOT
    image = np.full((height, width, 3), 255, np.uint8)
    curves = list(curves)
    low = min(float(np.nanmin(c)) for c in curves)
    high = max(float(np.nanmax(c)) for c in curves)
    for curve, colour in reversed(list(zip(
            curves, ((0, 0, 0), (200, 80, 0), (0, 140, 0)), strict=False))):
        x = np.linspace(0.0, width - 1.0, len(curve))
        y = height - 4.0 - (height - 24.0) * (curve - low) / max(high - low, 1e-9)
        line = np.stack([x, y], axis=-1)
        # What is unknown is left out.
        for part in np.split(line, np.flatnonzero(np.isnan(y))):
            known = part[~np.isnan(part[:, 1])]
            cv2.polylines(image, [known.round().astype(np.int32)], False, colour, 1)
    return _titled(image, f'{title} [{low:.3g}, {high:.3g}]')


SHEETS = {
    'face': faces, 'eyes': eyes, 'world': worlds, 'cloud': clouds, 'voice': voices,
    'signals': signals}


def main(args: list[str] | None = None) -> int:
    """Write the sheets."""
    parser = argparse.ArgumentParser(
        description='Write pictures of what the sensors of the simulated wearer give.')
    parser.add_argument('out', type=Path, help='folder to write into; it is made if need be')
    parser.add_argument('--seed', type=int, default=1, help='which wearer')
    options = parser.parse_args(args)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for name, draw in SHEETS.items():
            path = options.out / f'{name}.png'
            _, png = cv2.imencode('.png', draw(options.seed))
            path.write_bytes(png.tobytes())
            print(path)
    except OSError as error:
        print(f"'{options.out}' cannot be written to: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
