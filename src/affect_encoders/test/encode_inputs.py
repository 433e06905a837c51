# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Files of every modality whose content is known, as a stranger's programs write them."""

from pathlib import Path

from body_signals import minimum_jerk
from body_signals import pulse_wave
from cloud_signals import cloud
import cv2
import numpy as np
import soundfile
from voice_signals import RATE_HZ
from voice_signals import speech_like

GAZE_HZ = 120.0
PHYSIO_HZ = 64.0


def gaze(seconds: float = 12.0) -> dict[str, np.ndarray]:
    """Return t [N], azimuth and elevation of a saccade of 8 degrees a second, with noise."""
    t = np.arange(round(seconds * GAZE_HZ)) / GAZE_HZ
    rng = np.random.default_rng(0)
    azimuth = sum(8.0 * (-1) ** k * minimum_jerk(t, k + 0.5, 0.05) for k in range(int(seconds)))
    return {
        't': t, 'azimuth': azimuth + rng.normal(0.0, 0.03, t.size),
        'elevation': rng.normal(0.0, 0.03, t.size)}


def imu(seconds: float = 12.0, rate_hz: float = 100.0) -> dict[str, np.ndarray]:
    """Return t [N], turns in rad/s and forces in m/s^2, of a head that nods once a second."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    rng = np.random.default_rng(1)
    turns = rng.normal(0.0, 0.01, (t.size, 3))
    turns[:, 1] += 0.8 * np.sin(2.0 * np.pi * t)
    forces = np.array([0.0, 0.0, 9.80665]) + rng.normal(0.0, 0.02, (t.size, 3))
    return {'t': t, **{f'w{axis}': turns[:, i] for i, axis in enumerate('xyz')},
            **{f'a{axis}': forces[:, i] for i, axis in enumerate('xyz')}}


def pulse(seconds: float = 60.0, rate_hz: float = PHYSIO_HZ) -> dict[str, np.ndarray]:
    """Return t [N] and the pulse wave of 75 beats a minute."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return {'t': t, 'bvp': 50.0 * pulse_wave(t, np.arange(0.4, seconds, 0.8))}


def write_csv(path: Path, columns: dict[str, np.ndarray], *, delimiter: str = ',',
              decimal: str = '.') -> Path:
    """Write columns of equal length under their names."""
    lines = [delimiter.join(columns)]
    for row in zip(*columns.values(), strict=True):
        cells = ['' if v != v else f'{v:.9g}' if isinstance(v, float) else str(v) for v in row]
        lines.append(delimiter.join(cell.replace('.', decimal) for cell in cells))
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return path


def face_picture(px: int = 48) -> np.ndarray:
    """Return something like a face, uint8 [px, px]."""
    rows, columns = np.mgrid[0:px, 0:px] / px
    picture = 170.0 - 90.0 * (((rows - 0.5) / 0.48) ** 2 + ((columns - 0.5) / 0.38) ** 2 > 1.0)
    for x in (0.33, 0.67):
        picture -= 110.0 * np.exp(-((rows - 0.4) ** 2 + (columns - x) ** 2) / 0.004)
    picture -= 90.0 * np.exp(-((rows - 0.75) / 0.05) ** 2 - ((columns - 0.5) / 0.15) ** 2)
    return np.clip(picture, 0.0, 255.0).astype(np.uint8)


def write_inputs(folder: Path) -> dict[str, Path]:
    """Write an input of every modality and return their paths."""
    g, m, p = gaze(), imu(), pulse()
    t = g['t']
    np.savez(folder / 'clouds.npz', t_s=np.arange(12) / 10.0, xyz=np.stack([
        cloud(seed=k, points=2000)[:900] for k in range(12)]))
    cv2.imwrite(str(folder / 'face.png'), face_picture())
    cv2.imwrite(str(folder / 'scene.png'), np.random.default_rng(2).integers(
        0, 255, (120, 160, 3), dtype=np.uint8))
    soundfile.write(folder / 'voice.wav', speech_like(3.0), RATE_HZ)
    (folder / 'words.txt').write_text('I am so happy about this\n', encoding='utf-8')
    return {
        'body_expression': folder / 'clouds.npz',
        'eye_expression': write_csv(folder / 'lids.csv', {
            't_s': t, 'left_openness': 1.0 - 0.02 * np.sin(t),
            'left_pupil_diameter_mm': 3.5 + 0.1 * np.sin(t) + g['elevation']}),
        'eye_movement': write_csv(folder / 'gaze.csv', {
            't_s': t, 'azimuth_deg': g['azimuth'], 'elevation_deg': g['elevation']}),
        'facial_expression': folder / 'face.png',
        'head_motion': write_csv(folder / 'imu.csv', {
            't_s': m['t'], **{f'gyro_{a}_rad_s': m[f'w{a}'] for a in 'xyz'},
            **{f'accel_{a}_m_s2': m[f'a{a}'] for a in 'xyz'}}),
        'physiology': write_csv(folder / 'wrist.csv', {'t_s': p['t'], 'bvp': p['bvp']}),
        'scene': folder / 'scene.png',
        'speech': folder / 'words.txt',
        'voice': folder / 'voice.wav',
    }
