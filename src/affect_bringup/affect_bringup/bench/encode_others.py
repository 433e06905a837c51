# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What encoders of lids, head, body and scene make of signals whose answers are known.

All but the pupils is synthetic, made here: it says that the quantities are measured right, and
nothing about people. The pupils are those of ceap360vr.
"""

from collections.abc import Callable
import os

from affect_bringup.bench.bench_row import BenchRow
from affect_encoders.body_expression import BodyExpressionEncoder
from affect_encoders.encoder import Encoder
from affect_encoders.eye_expression import EyeExpressionEncoder
from affect_encoders.head_motion import HeadMotionEncoder
from affect_encoders.scene import SceneEncoder
from affect_learning import affect_data
from affect_learning.check_pupil_light import light_shares
from affect_learning.session.data_root import SessionError
from affect_sensors.simulation.wearer import SimulatedWearer
import cv2
import numpy as np

GRAVITY_M_S2 = 9.80665
IMU_RATES_HZ = (50.0, 60.0, 100.0, 120.0, 200.0, 400.0, 1000.0)
LID_RATES_HZ = (30.0, 60.0, 120.0, 200.0)
SPEEDS_M_S = (0.2, 0.5, 1.0)
GROWTHS_HZ = (-0.3, 0.1, 0.3, 0.6)
TURN_RAD_S = 0.5

_LIGHT = {
    'ours': 'our formula and reflex, one constant (stray light) chosen on these data',
    'ours_gain_fitted_elsewhere': 'ours times a gain of other people and other films',
    'theirs_fitted_here': "the data set's pd_luminance: a line for each person on these films",
    'theirs_fitted_elsewhere': 'a line in the grey level, of other people and other films',
    'null_light_of_another_film': 'null: ours with the light of each other film',
    'null_elapsed_time': 'null: mean course of other people in other films',
    'ceiling_others_at_that_second': 'what a film explains: the other people at that second'}


def rows() -> list[BenchRow]:
    """Return errors on signals with known answers, and what light explains of real pupils."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*head_rows(), *lid_rows(), *body_rows(), *scene_rows(), *pupil_rows()]
    finally:
        cv2.setNumThreads(threads)


def head_rows() -> list[BenchRow]:
    """Return errors of nods, shakes and tremor, and in how many ticks wrong units are named."""
    rates, powers, tremors = [], [], []
    for rate_hz in IMU_RATES_HZ:
        for swing_hz, tremor_hz in ((1.3, 10.0), (2.0, 8.5), (3.4, 6.0)):
            for axis, name in ((1, 'nod'), (2, 'shake')):
                t, turning, force = _still_head(rate_hz)
                turning[:, axis] += np.sin(2.0 * np.pi * swing_hz * t)
                turning[:, 0] += 0.1 * np.sin(2.0 * np.pi * tremor_hz * t)
                found = _features(HeadMotionEncoder(), t[-1], push=(t, turning, force))
                rates.append(abs(found[f'{name}_rate'] - swing_hz))
                powers.append(abs(found[f'{name}_power'] / 0.5 - 1.0))
                tremors.append(abs(found['tremor_power_4_12hz'] / 0.005 - 1.0))
    how = ('nods and shakes of 1.3, 2 and 3.4 Hz and 1 rad/s, tremor of 6 to 10 Hz and 0.1 rad/s, '
           f'at {", ".join(f"{r:g}" for r in IMU_RATES_HZ)} Hz; greatest error')
    named = {unit: np.mean([_complaints(seed, unit) for seed in range(1, 5)])
             for unit in ('rad/s and m/s^2', 'deg/s', 'g')}
    return [
        BenchRow('encode_others/head_swing_rate_error', _round(max(rates)), '1/s',
                 f'{how}; counted over 5 s', 0.3),
        BenchRow('encode_others/head_swing_power_error', _round(max(powers)), 'share', how, 0.02),
        BenchRow('encode_others/head_tremor_power_error', _round(max(tremors)), 'share', how,
                 0.05),
        *(BenchRow(f'encode_others/head_complaints_{name}', _round(named[unit]), 'share of ticks',
                   f'60 s of four simulated wearers in {unit}: how often another unit or other '
                   'axes are said', limit, most=name == 'right_units')
          for name, unit, limit in (('right_units', 'rad/s and m/s^2', 0.0),
                                    ('deg_s', 'deg/s', 0.9), ('g', 'g', 0.9)))]


def lid_rows() -> list[BenchRow]:
    """Return errors of PERCLOS, and of rate and duration of blinks of known length."""
    perclos, rates, durations = [], [], []
    for rate_hz in LID_RATES_HZ:
        for blink_s, every_s in ((0.2, 4.0), (0.4, 3.0), (0.6, 5.0)):
            t = np.arange(1, round(90.0 * rate_hz) + 1) / rate_hz
            eyes = np.tile([1.0, 0.1, 0.0, 4.0, 0.9], (t.size, 1))
            eyes[:, 3] += np.random.default_rng(0).normal(0.0, 0.02, t.size)
            eyes[np.mod(t, every_s) < blink_s - 1e-6, 0] = 0.0
            found = _features(EyeExpressionEncoder(), 84.0, push=(t, eyes, eyes))
            perclos.append(abs(found['perclos'] - blink_s / every_s))
            rates.append(abs(found['blink_rate'] - 1.0 / every_s))
            durations.append(abs(found['blink_duration'] - blink_s))
    how = (f'blinks of 0.2, 0.4 and 0.6 s at {", ".join(f"{r:g}" for r in LID_RATES_HZ)} Hz; '
           'greatest error')
    return [
        BenchRow('encode_others/perclos_error', _round(max(perclos)), 'share of time', how, 0.01),
        BenchRow('encode_others/blink_rate_error', _round(max(rates)), '1/s', how, 0.02),
        BenchRow('encode_others/blink_duration_error', _round(max(durations)), 's',
                 f'{how}; a step at 30 Hz is 0.033 s', 0.034)]


def body_rows() -> list[BenchRow]:
    """Return errors of the speed of hands, of a cloud and of joints, and of approach."""
    clouds, joints, approach = [], [], []
    for speed in SPEEDS_M_S:
        found = _features(BodyExpressionEncoder(), 4.0, *_clouds(lambda t, v=speed: _swing(t, v)))
        clouds.append(abs(found['quantity_of_motion'] / speed - 1.0))
        found = _features(BodyExpressionEncoder(), 4.0, *_joints(lambda t, v=speed: _swing(t, v)))
        joints.append(abs(found['quantity_of_motion'] / speed - 1.0))
        found = _features(BodyExpressionEncoder(), 4.0, *_clouds(
            lambda t: 0.0, wall=lambda t, v=speed: 4.0 - 0.4 * v * t))
        approach.append(abs(found['approach_speed'] - 0.4 * speed))
    how = f'two hands at {", ".join(f"{s:g}" for s in SPEEDS_M_S)} m/s, turning about each second'
    return [
        BenchRow('encode_others/body_speed_error_cloud', _round(max(clouds)), 'share',
                 f'{how}, 4000 points at 10 Hz; greatest error', 0.2),
        BenchRow('encode_others/body_speed_error_joints', _round(max(joints)), 'share',
                 f'{how}, joints at 30 Hz; greatest error', 0.2),
        BenchRow('encode_others/body_approach_error', _round(max(approach)), 'm/s',
                 'a wall that comes nearer at 0.08 to 0.4 m/s; greatest error', 0.05)]


def scene_rows() -> list[BenchRow]:
    """Return errors of luminance, of looming, and what a turning head leaves of the flow."""
    light = []
    for level in (20, 90, 128, 200, 245):
        picture = np.full((240, 320, 3), level, np.uint8)
        picture[::2] += 1
        found = _features(SceneEncoder(), 1.0, push_image=(picture, 1.0))
        exact = np.mean([((v / 255.0 + 0.055) / 1.055) ** 2.4 for v in (level, level + 1)])
        light.append(abs(found['luminance'] / exact - 1.0))
    looming = [abs(_features(SceneEncoder(), 3.0, *_plane(growth_hz=g))['looming'] - g)
               for g in GROWTHS_HZ]
    turned = _features(SceneEncoder(), 3.0, *_plane(turn_rad_s=TURN_RAD_S))
    left = turned['flow_less_rotation'] / turned['flow_speed']
    return [
        BenchRow('encode_others/scene_luminance_error', _round(max(light)), 'share',
                 'grey pictures of five levels against IEC 61966-2-1; greatest error', 0.01),
        BenchRow('encode_others/scene_looming_error', _round(max(looming)), '1/s',
                 f'a textured plane that grows by {", ".join(f"{g:g}" for g in GROWTHS_HZ)} a '
                 'second; greatest error', 0.03),
        BenchRow('encode_others/scene_flow_left_of_rotation', _round(left), 'share',
                 f'a head that turns at {TURN_RAD_S:g} rad/s before a textured plane: flow less '
                 'head rotation over flow as seen', 0.1)]


def pupil_rows() -> list[BenchRow]:
    """Return which share of pupils' variance within a person light takes away, with nulls."""
    os.environ.setdefault('AFFECT_DATA', os.path.join('..', 'shared', 'data'))
    try:
        found = light_shares(person for _, person in affect_data.ceap_recordings())
    except SessionError as error:
        return [BenchRow(f'encode_others/pupil_{name}', None, 'share of variance', str(error))
                for name in _LIGHT]
    made = []
    for name, how in _LIGHT.items():
        values = np.array(list(found[name].values()))
        low, middle, high = np.percentile(values[:, 0], [25, 50, 75])
        made.append(BenchRow(
            f'encode_others/pupil_{name}', _round(middle), 'share of variance',
            f'{how}; ceap360vr, {len(values)} people x 8 films, within a person, each second 3 to '
            f'57, median (quartiles {low:.3f}, {high:.3f}); within films '
            f'{np.median(values[:, 1]):.3f}', None, most=False))
    return made


def _features(encoder: Encoder, tick_s: float, *calls: tuple, **call: tuple) -> dict[str, float]:
    """Return the features by name after calls (method, arguments), or one by keyword."""
    for method, arguments in (*calls, *call.items()):
        getattr(encoder, method)(*arguments)
    encoding = encoder.encode(tick_s)
    return dict(zip(encoder.info.feature_names, encoding.features.astype(float), strict=True))


def _still_head(rate_hz: float, seconds: float = 12.0) -> tuple[np.ndarray, ...]:
    t = np.arange(1, round(seconds * rate_hz) + 1) / rate_hz
    rng = np.random.default_rng(0)
    force = rng.normal(0.0, 0.02, (t.size, 3)) + np.array([0.0, 0.0, GRAVITY_M_S2])
    return t, rng.normal(0.0, 0.005, (t.size, 3)), force


def _complaints(seed: int, unit: str, seconds: int = 60) -> float:
    """Return in what share of a wearer's ticks, one a second from 5 on, something is said."""
    samples = SimulatedWearer(seed).head.samples(0, 200 * seconds)
    t, turning, force = np.arange(len(samples)) / 200.0, samples[:, :3], samples[:, 3:]
    encoder, said = HeadMotionEncoder(), []
    for k in range(1, seconds):
        part = slice(200 * (k - 1), 200 * k)
        encoder.push(t[part], np.degrees(turning[part]) if unit == 'deg/s' else turning[part],
                     force[part] / GRAVITY_M_S2 if unit == 'g' else force[part])
        if k >= 5:
            said.append(encoder.encode(float(k)).reason != '')
    return float(np.mean(said))


def _swing(t_s: float, speed_m_s: float) -> float:
    """Return how high (m) what goes up and down at one speed is, turning about each second."""
    return speed_m_s * (0.5 - abs((t_s / 2.0) % 1.0 - 0.5) * 2.0)


def _still_imu(seconds: float, turn_rad_s: float = 0.0) -> tuple[str, tuple]:
    t = np.arange(0.0, seconds + 0.005, 0.005)
    return 'push_imu', (t, np.tile([0.0, 0.0, turn_rad_s, 0.0, 0.0, GRAVITY_M_S2], (t.size, 1)))


def _clouds(
    height: Callable[[float], float], wall: Callable[[float], float] = lambda t: 2.5,
) -> list[tuple[str, tuple]]:
    """Return 4 s of two balls for hands that are so high, and a wall so far away."""
    calls: list[tuple[str, tuple]] = [_still_imu(4.0)]
    for k in range(1, 41):
        t, rng = k / 10.0, np.random.default_rng(k)
        parts = []
        for side in (-0.25, 0.25):
            ray = rng.normal(size=(1000, 3))
            ray *= 0.06 / np.linalg.norm(ray, axis=1)[:, None]
            parts.append(ray + np.array([0.5, side, height(t) - 0.35]))
        parts.append(np.stack([
            np.full(2000, wall(t)), rng.uniform(-2.0, 2.0, 2000), rng.uniform(-1.0, 1.0, 2000)],
            axis=1))
        cloud = np.concatenate(parts)
        calls.append(('push_cloud', (cloud + rng.normal(0.0, 0.003, cloud.shape), t)))
    return calls


def _joints(height: Callable[[float], float]) -> list[tuple[str, tuple]]:
    """Return 4 s of two hands that are so high, with a tracker's noise of 2 mm."""
    rng = np.random.default_rng(0)
    return [_still_imu(4.0), *(('push_joints', ({
        f'{side}_hand': np.array([0.4, y, height(k / 30.0) - 0.4]) + rng.normal(0.0, 0.002, 3)
        for side, y in (('left', 0.25), ('right', -0.25))}, k / 30.0)) for k in range(1, 121))]


def _plane(growth_hz: float = 0.0, turn_rad_s: float = 0.0) -> list[tuple[str, tuple]]:
    """Return 3 s of a textured plane that grows, or that a head turning left looks at."""
    rng = np.random.default_rng(0)
    octaves = (2.0 ** k * cv2.resize(cv2.GaussianBlur(
        rng.normal(size=(1200 >> k, 1600 >> k, 3)), (0, 0), 2.0), (1600, 1200)) for k in range(6))
    texture = cv2.normalize(sum(octaves), None, 20, 235, cv2.NORM_MINMAX).astype(np.uint8)
    focal_px = 160.0 / np.tan(np.radians(35.0))
    camera = np.array([[focal_px, 0.0, 159.5], [0.0, focal_px, 119.5], [0.0, 0.0, 1.0]])
    calls: list[tuple[str, tuple]] = [_still_imu(3.0, turn_rad_s)]
    for k in range(1, 31):
        t = k / 10.0
        growth = float(np.exp(growth_hz * (t - 1.5)))
        plane = np.array([[focal_px / growth, 0.0, 799.5], [0.0, focal_px / growth, 599.5],
                          [0.0, 0.0, 1.0]])
        turned = cv2.Rodrigues(np.array([0.0, -turn_rad_s * (t - 1.5), 0.0]))[0]
        calls.append(('push_image', (cv2.warpPerspective(
            texture, plane @ turned @ np.linalg.inv(camera), (320, 240),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT), t)))
    return calls


def _round(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None
